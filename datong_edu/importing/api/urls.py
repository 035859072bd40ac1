"""Addresses of imports in the API."""

from rest_framework.routers import SimpleRouter

from datong_edu.importing.api import views

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("imports", views.Imports, basename="imports")
urlpatterns = router.urls

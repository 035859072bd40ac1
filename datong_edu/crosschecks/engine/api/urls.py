"""Addresses of the findings in the API."""

from rest_framework.routers import SimpleRouter

from datong_edu.crosschecks.engine.api import views

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("findings", views.Findings, basename="findings")
urlpatterns = router.urls

"""Addresses of the base books in the API."""

from rest_framework.routers import SimpleRouter

from datong_edu.registry.api import views

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("schools", views.Schools, basename="schools")
router.register("persons", views.Persons, basename="persons")
router.register("enrolments", views.Enrolments, basename="enrolments")
urlpatterns = router.urls

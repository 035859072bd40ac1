"""Addresses of schools."""

from django.urls import path

from schools.views import SchoolList

app_name = "schools"
urlpatterns = [path("", SchoolList.as_view(), name="list")]

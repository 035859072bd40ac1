"""Addresses of the overview."""

from django.urls import path

from datong_edu.dashboards.views import OverviewPage

app_name = "dashboards"
urlpatterns = [path("", OverviewPage.as_view(), name="overview")]

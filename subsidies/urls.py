"""Addresses of aid."""

from django.urls import path

from subsidies.views import AwardList

app_name = "subsidies"
urlpatterns = [path("", AwardList.as_view(), name="list")]

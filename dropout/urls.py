"""Addresses of the dropout ledger."""

from django.urls import path

from dropout.views import CaseList

app_name = "dropout"
urlpatterns = [path("", CaseList.as_view(), name="list")]

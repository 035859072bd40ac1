"""Addresses of 标准与依据."""

from django.urls import path

from datong_edu.standards.views import StandardAdd, StandardDetail, StandardList

app_name = "standards"
urlpatterns = [
    path("", StandardList.as_view(), name="list"),
    path("<slug:key>/", StandardDetail.as_view(), name="detail"),
    path("<slug:key>/add/", StandardAdd.as_view(), name="add"),
]

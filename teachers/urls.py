"""Addresses of teachers."""

from django.urls import path

from teachers.views import AllowanceList, PostList

app_name = "teachers"
urlpatterns = [
    path("", AllowanceList.as_view(), name="list"),
    path("posts/", PostList.as_view(), name="posts"),
]

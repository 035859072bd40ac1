"""Addresses of meals."""

from django.urls import path

from nutrition.views import MealMonthList

app_name = "nutrition"
urlpatterns = [path("", MealMonthList.as_view(), name="list")]

"""Meals: the monthly report of every school."""

from django.apps import AppConfig


class NutritionConfig(AppConfig):
    name = "nutrition"
    label = "nutrition"
    verbose_name = "营养改善"

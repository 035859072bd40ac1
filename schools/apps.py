"""What is done with schools: mergers and, later, assets and construction."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    label = "schools"
    verbose_name = "学校布局"

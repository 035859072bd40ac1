"""Django application of the demonstration city."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Owns no table: it writes files, sends them through the importer and scores the findings."""

    name = "datong_edu.demo"
    label = "demo"
    verbose_name = "演示城市"

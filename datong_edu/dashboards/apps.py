"""Configuration of the figures on the wall."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """态势总览: reads every room, is read by none."""

    name = "datong_edu.dashboards"
    label = "dashboards"
    verbose_name = "态势总览"

    def ready(self) -> None:
        """Make the refresh known as a kind of job."""
        from datong_edu.dashboards import tasks  # noqa: F401  models must be loaded first

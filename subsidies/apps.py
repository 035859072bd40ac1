"""Aid: the scheme catalogue and the award lines of every pupil."""

from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    label = "subsidies"
    verbose_name = "学生资助"

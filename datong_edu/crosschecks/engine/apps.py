"""Configuration of the cross-check engine."""

from django.apps import AppConfig


class CrossChecksConfig(AppConfig):
    """交叉比对: runs, findings and what is done about them; knows no rule."""

    name = "datong_edu.crosschecks.engine"
    label = "crosschecks"
    verbose_name = "交叉比对"

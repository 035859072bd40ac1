"""Configuration of the room of dated amounts and thresholds."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """标准与依据: amounts, ratios, day limits and their documents."""

    name = "datong_edu.standards"
    label = "standards"
    verbose_name = "标准与依据"

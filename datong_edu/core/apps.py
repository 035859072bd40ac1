"""The ground floor of the house: terms, numbers, encryption, jobs and the audit trail."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "datong_edu.core"
    label = "core"
    verbose_name = "基础"

"""The ground floor of the house: terms, numbers, encryption, jobs and the audit trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "datong_edu.core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Let the wall be put up after migrations."""
        from datong_edu.core.wall.building import build  # needs the models

        post_migrate.connect(build, sender=self)

"""Dropout prevention: the ledger of children out of school."""

from django.apps import AppConfig


class DropoutConfig(AppConfig):
    name = "dropout"
    label = "dropout"
    verbose_name = "控辍保学"

    def ready(self) -> None:
        """Put the room's panel on every person's file."""
        from datong_edu.web.panels import register
        from dropout import panels  # models are ready only now

        register(panels.PANEL)

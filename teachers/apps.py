"""Teachers: posts and the rural living allowance."""

from django.apps import AppConfig


class TeachersConfig(AppConfig):
    name = "teachers"
    label = "teachers"
    verbose_name = "教师队伍"

    def ready(self) -> None:
        """Put the room's panel on every person's file."""
        from datong_edu.web.panels import register
        from teachers import panels  # models are ready only now

        register(panels.PANEL)

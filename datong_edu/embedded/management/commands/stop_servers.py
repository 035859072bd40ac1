"""Stop the embedded database of this data folder."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from datong_edu.embedded.postgres import EmbeddedPostgres


class Command(BaseCommand):
    """``manage.py stop_servers``; the next command that needs the database starts it again."""

    help = "停止内置数据库"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Stop it if it runs."""
        EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).stop()
        self.stdout.write("内置数据库已停止。")

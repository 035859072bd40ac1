"""Commands of the portal: what they change is on record under the user they act for."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from datong_edu.core import history

SERVICE_USERNAME = "command_line"
"""The account 命令行, for which a command acts when no `--by` is given."""


class PortalCommand(BaseCommand):
    """Base of every command that touches data: the history tells its name and user."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run under a context of the history."""
        username = options.get("by") or SERVICE_USERNAME
        found = get_user_model().objects.filter(username=username).values_list("pk", flat=True).first()
        name = type(self).__module__.rpartition(".")[2]
        with history.context(source="command", command=name, user=found, username=username):
            return super().execute(*args, **options)

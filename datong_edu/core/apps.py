"""The ground floor of the house: terms, numbers, encryption, jobs and the audit trail."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "datong_edu.core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Notice wrong keys at the first connection; keep chain and wall in line with the tables."""
        from datong_edu.core import sealed_columns
        from datong_edu.core.keys import require_once  # the settings are complete only now
        from datong_edu.core.wall.building import build  # needs the models

        sealed_columns.declare_blob("core.StoredBlob", "cipher", kind_in="kind")
        connection_created.connect(require_once, dispatch_uid="core.keys")
        post_migrate.connect(watch_events, sender=self, dispatch_uid="core.chain")
        post_migrate.connect(build, sender=self, dispatch_uid="core.wall")


def watch_events(*, using: str, **_: Any) -> None:
    """Tables of events that migrations have just made join the audit chain."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('audit_watch') IS NOT NULL")
        if cursor.fetchone()[0]:  # not when a migration before the chain was asked for
            cursor.execute("SELECT audit_watch()")

"""History of protected tables: one decorator, statement level, so that bulk SQL is caught as well.

Events are only ever added.  Each carries the number of the transaction that wrote it, its deed, and at commit
the events of a deed are digested into one link for each county (`core/migrations/chain.sql`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

import pghistory
import pgtrigger
from django.db import connection, models
from pghistory import runtime
from pghistory.models import Event as PlainEvent

from datong_edu.core.sensitive import EncryptedField

M = TypeVar("M", bound=type[models.Model])


class AuditDeed(models.Func):
    """The number of the present transaction in the audit trail, which the table's trigger has just taken."""

    template = "NULLIF(current_setting('audit.deed', true), '')::bigint"
    output_field = models.BigIntegerField()


def deed_field() -> models.BigIntegerField:
    """The column of every event that says which transaction wrote it; the database fills it."""
    return models.BigIntegerField("留痕号", db_default=AuditDeed(), editable=False)


class Event(PlainEvent):
    """One change of one row of a protected table."""

    audit_deed = deed_field()

    class Meta:
        abstract = True


def protected(model: M) -> M:
    """Track every insert, update and delete of a model in an event table, whoever makes it.

    A ciphertext that changes beside an unchanged blind index is the same value under another key: no event.
    """
    level = pghistory.Statement
    fields = model._meta.local_fields
    sealed = [field.name for field in fields if isinstance(field, EncryptedField)]
    update = pgtrigger.AnyChange(exclude=sealed) if sealed else None
    tracker = pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level, condition=update)
        if update
        else pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
        base_model=Event,
    )
    return tracker(model)


def _spare_percent_signs(execute: Any, sql: Any, params: Any, many: bool, around: Any) -> Any:
    """pghistory gives every statement parameters of its own, so one without any must double its %."""
    injects: Any = runtime._can_inject_variable  # untyped
    if params is None and isinstance(sql, str) and injects(around["cursor"], sql):
        sql = sql.replace("%", "%%")
    return execute(sql, params, many, around)


@contextmanager
def context(*, source: str, **told: Any) -> Iterator[runtime.Context]:
    """Say who changes rows and why: `source` (page, job, command, api, import …), `user`, `reason` …

    Unlike pghistory's own, one inside another is a context of its own that also tells what the outer one
    told, so that what is written under one deed is never mixed with another's.
    """
    with connection.execute_wrapper(_spare_percent_signs), pghistory.context() as outer:
        before = runtime._tracker.value
        mine = runtime.Context(id=uuid4(), metadata={**outer.metadata, "source": source, **told})
        runtime._tracker.value = mine
        try:
            yield mine
        finally:
            runtime._tracker.value = before

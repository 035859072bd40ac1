"""Writing the audit trail: synchronous, inside the deed's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models

from datong_edu.core.models import AuditEvent
from datong_edu.core.wall import standing

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit, User

_source: ContextVar[str] = ContextVar("source", default="page")


@contextmanager
def written_from(source: str) -> Iterator[None]:
    """Events inside say that they came from here, whichever action writes them."""
    before = _source.set(source)
    try:
        yield
    finally:
        _source.reset(before)


def record(
    *,
    action: str,
    by: "User | None",
    subject: models.Model | None = None,
    county: "Unit | None" = None,
    source: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one event; `detail` must hold keys and counts, never a number in clear."""
    with standing.as_user(by.pk if by is not None else None):
        return AuditEvent.objects.create(
            action=action,
            actor=by if by is not None and by.pk else None,
            county=county,
            subject_type=subject._meta.label_lower if subject is not None else "",
            subject_id=str(subject.pk) if subject is not None else "",
            source=source or _source.get(),
            detail=detail or {},
        )

"""History of protected tables: one decorator, statement level, so that bulk SQL is caught as well."""

from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def protected(model: M) -> M:
    """Track every insert, update and delete of a model in an event table, whoever makes it."""
    level = pghistory.Statement
    tracker = pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
    )
    return tracker(model)

"""Every door of the portal with what it declares, read from where each is defined; no list is kept by hand.

The page 权限一览 shows what hangs on each permission, and the house rules fail on a door that says nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from celery import Celery, current_app
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from datong_edu.core import jobs
from datong_edu.core.access import Access, access_of, needs
from datong_edu.web.tables import PortalTable

ROOMS = ("datong_edu", "subsidies", "dropout", "teachers", "schools", "nutrition")


@dataclass(frozen=True)
class Listed:
    """One door: its name in the code, its words on the page 权限一览 where it has some, what it declares."""

    name: str
    access: Access | None
    words: str = ""


Patterns = Iterable[URLPattern | URLResolver]


def routes(patterns: Patterns | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the resolver: its whole route and its pattern."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route, each


def views(patterns: Patterns | None = None) -> Iterator[Listed]:
    """Every URL pattern; of an API viewset every action."""
    for route, pattern in routes(patterns):
        view: Any = pattern.callback
        words = str(getattr(getattr(view, "view_class", None), "title", "") or "")
        actions = getattr(view, "actions", None) or {}
        for action in dict.fromkeys(actions.values()):
            yield Listed(f"{route} {action}", access_of(view.cls, action), words)
        if not actions:
            yield Listed(route, access_of(view), words)


def tasks(app: Celery = current_app) -> Iterator[Listed]:
    """Every Celery task of ours, then every kind of job."""
    app.loader.import_default_modules()
    for name, task in sorted(app.tasks.items()):
        if not name.startswith("celery."):
            yield Listed(name, getattr(task, "access", None))
    for kind, access in sorted(jobs.ACCESS.items()):
        yield Listed(kind, access, settings.FOLLOW_UP_LABELS.get(kind, ""))


def models() -> Iterator[Listed]:
    """Every model of the rooms; the event tables of their history are the audit's."""
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in ROOMS and not hasattr(model, "pgh_tracked_model"):
            yield of_model(model)


def of_model(model: type[Model]) -> Listed:
    """What one model says."""
    return Listed(model._meta.label, getattr(model, "access", None), str(model._meta.verbose_name))


def columns(tables: Iterable[type[PortalTable]] | None = None) -> Iterator[Listed]:
    """Every column of every list: the permission it leaves under; one kept on the screen is no door."""
    for table in all_tables() if tables is None else tables:
        for name, column in table.base_columns.items():
            if name in table.exports or not column.exclude_from_export:
                to = table.exports.get(name)
                yield Listed(f"{table.__name__}.{name}", needs(to) if to else None)


def all_tables(base: type[PortalTable] = PortalTable) -> Iterator[type[PortalTable]]:
    """Every list's table."""
    for table in base.__subclasses__():
        yield table
        yield from all_tables(table)

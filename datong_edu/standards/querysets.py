"""Questions about standards and their dated values."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Prefetch, Q

from datong_edu.standards.enums import DIMENSIONS


class StandardQuerySet(models.QuerySet[Any]):
    """Questions about notions."""

    def matching(self, words: str) -> "StandardQuerySet":
        """Standards whose key, title, description or any document's title or number holds the words."""
        if not words:
            return self
        sources = Q(values__source_title__icontains=words) | Q(values__source_number__icontains=words)
        own = Q(key__icontains=words) | Q(title__icontains=words) | Q(description__icontains=words)
        return self.filter(own | sources).distinct()

    def of_room(self, app: str) -> "StandardQuerySet":
        """Standards of one field of work; all when none is named."""
        return self.filter(app=app) if app else self

    def listed_on(self, on: date) -> list[Any]:
        """Standards with `values_on`: what each says on a day, in the order a clerk reads."""
        values = apps.get_model("standards.StandardValue").objects.in_force(on)
        values = values.select_related("standard", "county")
        standards = list(self.prefetch_related(Prefetch("values", queryset=values, to_attr="values_on")))
        for standard in standards:
            standard.values_on.sort(key=lambda value: value.place)
        return standards


class StandardValueQuerySet(models.QuerySet[Any]):
    """Questions about values; city-wide public knowledge, so there is no county scope."""

    def covering(self, on: date) -> "StandardValueQuerySet":
        """Rows whose days hold the day, ends included."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)

    def in_force(self, on: date) -> "StandardValueQuerySet":
        """Values that hold on a day; a standard that has ended is absent.  For joins in SQL."""
        return self.covering(on).exclude(number=None, text="")

    def of_scope(self, **scope: Any) -> "StandardValueQuerySet":
        """Values of exactly one scope: a missing dimension means everybody."""
        exact = {name: scope.get(name, "") for name in DIMENSIONS}
        return self.filter(**exact, county=scope.get("county"))

    def overlapping(self, from_on: date, until_on: date | None) -> "StandardValueQuerySet":
        """Values in force on any day from `from_on` to before `until_on` (None: for ever)."""
        reaching = self.filter(Q(until_on=None) | Q(until_on__gt=from_on))
        return reaching.filter(from_on__lt=until_on) if until_on else reaching

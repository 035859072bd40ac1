"""The summary as a page reads it: one query, computed first when it is missing or old."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet, Subquery

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.scope import scope_of
from datong_edu.crosschecks.engine.models import FindingLog
from datong_edu.dashboards import summary
from datong_edu.dashboards.figures import Group
from datong_edu.dashboards.models import Snapshot

_FIELDS = (
    "figure", "part", "county_id", "term_id", "value", "amount", "due_on", "as_of_on", "computed_at",
)  # fmt: skip


class Line(NamedTuple):
    """One row of the summary."""

    figure: str
    part: str
    county: int
    term: str | None
    value: int
    amount: Decimal
    due_on: date | None
    as_of_on: date
    computed_at: datetime


@dataclass(frozen=True)
class Total:
    """A figure summed over some rows: number, yuan, and the earliest deadline among them."""

    value: int = 0
    amount: Decimal = Decimal(0)
    due_on: date | None = None


class Wall:
    """The figures of some counties; `total` sums what its arguments leave open."""

    def __init__(self, counties: Sequence[Unit], lines: Sequence[Line]) -> None:
        self.counties = counties
        self._by_figure: dict[str, list[Line]] = defaultdict(list)
        self._by_place: dict[tuple[str, int | None, str | None], list[Line]] = defaultdict(list)
        for line in lines:
            self._by_figure[line.figure].append(line)
            for county in (None, line.county):
                self._by_place[line.figure, county, None].append(line)
                if line.term is not None:
                    self._by_place[line.figure, county, line.term].append(line)
        marks = self._by_figure[summary.COMPUTED]
        self.computed_at = min((mark.computed_at for mark in marks), default=None)
        self.as_of_on = min((mark.as_of_on for mark in marks), default=None)

    def total(
        self,
        figure: str,
        *,
        parts: Collection[str] | None = None,
        county: int | None = None,
        term: str | None = None,
    ) -> Total:
        """Sum of a figure over the parts, county and term given, over all of them where not given."""
        held = self._by_place.get((figure, county, term), [])
        found = held if parts is None else [line for line in held if line.part in parts]
        days = [line.due_on for line in found if line.due_on]
        return Total(
            sum(line.value for line in found),
            sum((line.amount for line in found), Decimal(0)),
            min(days, default=None),
        )

    def parts(self, figure: str, *, term: str | None = None) -> list[str]:
        """Parts a figure has, in their order."""
        return sorted({line.part for line in self._by_figure[figure] if term in (None, line.term)})

    def terms(self, figure: str) -> list[str]:
        """Terms a figure has, oldest first."""
        return sorted({line.term for line in self._by_figure[figure] if line.term})

    def has(self, figure: str, *, county: int, term: str, parts: Collection[str]) -> bool:
        """Whether the summary holds every one of these parts."""
        held = {line.part for line in self._by_place.get((figure, county, term), [])}
        return held.issuperset(parts)

    def is_old(self, group: Group, *, today: date, event: int) -> bool:
        """Whether a group was never computed for a county, or on another day, or before the latest event."""
        marks = [line for line in self._by_figure[summary.COMPUTED] if line.part == group.value]
        if len(marks) < len(self.counties) or any(mark.as_of_on != today for mark in marks):
            return True
        return group == Group.FINDINGS and any(mark.value < event for mark in marks)


def wall_for(user: User, *, today: date) -> Wall:
    """The figures of the counties in somebody's sight, as of a day; what is old is computed once."""
    counties = list(_counties_of(user))
    event = getattr(counties[0], "event", None) or 0 if counties else 0
    wall = _read(counties)
    old = [group for group in Group if wall.is_old(group, today=today, event=event)]
    if old:
        summary.refresh(counties=[county.pk for county in counties], today=today, groups=old)
        wall = _read(counties)
    return wall


def _counties_of(user: User) -> QuerySet[Unit]:
    """Counties in sight, each with the number of the latest event of any finding."""
    scope = scope_of(user)
    reach = Q() if scope.city else Q(pk__in=scope.county_ids)
    newest = FindingLog.objects.whole_city().order_by("-pk").values("pk")[:1]
    return Unit.objects.counties().filter(reach).annotate(event=Subquery(newest))


def _read(counties: Sequence[Unit]) -> Wall:
    rows = Snapshot.objects.whole_city().filter(county__in=[county.pk for county in counties])
    return Wall(counties, [Line(*row) for row in rows.order_by().values_list(*_FIELDS)])

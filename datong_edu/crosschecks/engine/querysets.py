"""Questions to the findings ledger."""

from datetime import date, timedelta
from typing import Self

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When

from datong_edu.accounts.scope import Scope, ScopedQuerySet
from datong_edu.crosschecks.engine.enums import OPEN, Severity, Status

QUEUES: dict[str, str] = {
    "todo": "待核",
    "assigned": "已派学校",
    "confirmed": "属实待整改",
    "overdue": "超期",
    "week": "本周到期",
    "fixed": "已整改",
    "false_alarm": "误报",
}
"""Tabs of the worklist: key and words.  A finding may stand in several of them."""


def _queue(queue: str, today: date) -> Q:
    """Condition of one tab."""
    is_open = Q(status__in=OPEN)
    return {
        "todo": Q(status=Status.PENDING, assigned_to=None),
        "assigned": Q(status=Status.PENDING, assigned_to__isnull=False),
        "confirmed": Q(status=Status.CONFIRMED),
        "overdue": is_open & Q(due_on__lt=today),
        "week": is_open & Q(due_on__gte=today, due_on__lte=today + timedelta(days=7)),
        "fixed": Q(status=Status.FIXED),
        "false_alarm": Q(status=Status.FALSE_ALARM),
    }[queue]


class FindingQuerySet(ScopedQuerySet):
    """Findings; a school sees those at it and those handed to it."""

    def inside(self, scope: Scope) -> Q:
        """Findings of a county of the scope, at a school of it, or assigned to one."""
        reach = super().inside(scope)
        if scope.school_codes:
            reach |= Q(assigned_to__code__in=scope.school_codes)
        return reach

    def open(self) -> Self:
        """待核 or 属实: somebody has to act."""
        return self.filter(status__in=OPEN)

    def overdue(self, today: date) -> Self:
        """Open past their deadline."""
        return self.filter(_queue("overdue", today))

    def for_queue(self, queue: str, today: date) -> Self:
        """One tab of the worklist; an unknown tab is the first."""
        return self.filter(_queue(queue if queue in QUEUES else "todo", today))

    def for_rule(self, code: str) -> Self:
        """Findings of one rule; all without a code."""
        return self.filter(rule_code=code) if code else self

    def for_person(self, person_id: int) -> Self:
        """Findings about one person, open ones first."""
        return self.filter(person=person_id).most_urgent_first()

    def most_urgent_first(self) -> Self:
        """Open before closed, nearest deadline first, graver first."""
        return self.order_by(
            Case(When(status__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()),
            "due_on",
            Case(
                When(severity=Severity.HIGH, then=Value(0)),
                When(severity=Severity.MEDIUM, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            "id",
        )

    def queue_counts(self, today: date) -> dict[str, int]:
        """Number of findings in every tab, in one query."""
        return self.aggregate(**{name: Count("pk", filter=_queue(name, today)) for name in QUEUES})

    def chip_counts(self) -> dict[str, int]:
        """Number of findings of each rule among these, for the chips above the list."""
        rows = self.order_by("rule_code").values_list("rule_code").annotate(Count("pk"))
        return dict(rows)

    def by_county(self) -> dict[int, int]:
        """Number of findings of each county among these, for the tiles."""
        rows = self.order_by("county").values_list("county").annotate(Count("pk"))
        return dict(rows)

    def money_at_stake(self) -> dict[str, object]:
        """Number and sum in yuan of these findings."""
        return self.aggregate(count=Count("pk"), amount=Sum("amount"))

"""What the aid list can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from datong_edu.core.codes import AwardKind, AwardStatus, Stage
from datong_edu.registry.filters import CountyFilter, PersonLineFilter, TermFilter
from subsidies.models import AwardLine
from subsidies.reference import CATALOGUE

GRANTED = Q(kind__in=(AwardKind.NORMAL, AwardKind.BACKPAY))
REACHED = Q(status__in=(AwardStatus.PAID, AwardStatus.WAIVED))

SHOWN = {
    "approved": "应发",
    "paid": "已发",
    "unpaid": "未到位",
    "pupils": "受助学生（每人一行）",
}
"""Views of the ledger behind the leader's figures; recoveries are in none of them."""


class AwardFilter(PersonLineFilter):
    """Scheme, state, kind, term, stage; `show` is set by the tabs."""

    unit = CountyFilter()
    term = TermFilter(field_name="term_id")
    scheme = django_filters.ChoiceFilter(
        field_name="scheme_id", label="资助项目", choices=[(line[0], line[1]) for line in CATALOGUE]
    )
    stage = django_filters.ChoiceFilter(label="学段", choices=Stage.choices)
    status = django_filters.ChoiceFilter(label="发放状态", choices=AwardStatus.choices)
    kind = django_filters.ChoiceFilter(label="发放类型", choices=AwardKind.choices)
    show = django_filters.ChoiceFilter(label="口径", choices=list(SHOWN.items()), method="as_shown")

    off_form = ("show",)

    class Meta:
        model = AwardLine
        fields = ("unit", "term", "scheme", "stage", "status", "kind")

    def as_shown(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Lines due, paid, not yet paid, or each aided pupil by the first line of the term in the county."""
        if value == "approved":
            return rows.filter(GRANTED)
        if value == "paid":
            return rows.filter(GRANTED & REACHED)
        if value == "unpaid":
            return rows.filter(GRANTED).exclude(REACHED)
        earlier = AwardLine.objects.whole_city().filter(
            GRANTED & REACHED,
            person=OuterRef("person"),
            county=OuterRef("county"),
            term=OuterRef("term"),
            pk__lt=OuterRef("pk"),
        )
        return rows.filter(GRANTED & REACHED).exclude(Exists(earlier))

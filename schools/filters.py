"""What the school list can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from datong_edu.core.codes import Ownership, SchoolKind, Seat
from datong_edu.registry.filters import CountyFilter
from datong_edu.registry.models import School
from datong_edu.web.filters import PortalFilterSet


class SchoolFilter(PortalFilterSet):
    """County, kind, seat, ownership; `closed` is set by the tabs."""

    unit = CountyFilter()
    kind = django_filters.ChoiceFilter(label="办学类型", choices=SchoolKind.choices)
    seat = django_filters.ChoiceFilter(label="驻地类别", choices=Seat.choices)
    ownership = django_filters.ChoiceFilter(label="公办民办", choices=Ownership.choices)
    closed = django_filters.ChoiceFilter(
        label="办学状况", choices=[("0", "在办"), ("1", "已撤并")], method="by_closure"
    )

    text_paths = ("name", "code")
    search_label = "学校名称、标识码"
    off_form = ("closed",)

    class Meta:
        model = School
        fields = ("unit", "kind", "seat", "ownership")

    def by_closure(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Schools at work, or closed ones."""
        return rows.filter(closed_on__isnull=value == "0")

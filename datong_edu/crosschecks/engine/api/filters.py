"""Filters of the API over the findings."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from datong_edu.core.divisions import COUNTIES
from datong_edu.crosschecks.engine.enums import Severity, Status
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.web.api.filtering import PublicIdFilters
from datong_edu.web.api.identifiers import SCHOOL


class FindingFilters(PublicIdFilters):
    """Findings by rule, state, whom and where they are about, term and deadline."""

    rule_code = django_filters.CharFilter(max_length=6, lookup_expr="iexact", help_text="规则代码，如 C01")
    status = django_filters.ChoiceFilter(choices=Status.choices, help_text="状态")
    severity = django_filters.ChoiceFilter(choices=Severity.choices, help_text="严重程度")
    is_open = django_filters.BooleanFilter(method="by_open", help_text="是否未办结")
    person_id = django_filters.UUIDFilter(field_name="person__uid", help_text="人员")
    school_id = django_filters.UUIDFilter(method="by_school", help_text="学校")
    county_code = django_filters.ChoiceFilter(
        field_name="county__code",
        choices=[(county.code, county.name) for county in COUNTIES],
        help_text="GB/T 2260 县区代码",
    )
    term = django_filters.CharFilter(field_name="term_id", max_length=11, help_text="学期代码")
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", help_text="期限早于")

    class Meta:
        model = Finding
        fields = ()

    def by_open(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Open, or everything else."""
        found: QuerySet[Any] = rows.open() if value else rows.exclude(pk__in=rows.open().values("pk"))
        return found

    def by_school(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """At a school."""
        return self.by_key(rows, "school", SCHOOL, value)

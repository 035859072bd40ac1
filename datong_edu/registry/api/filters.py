"""Filters of the API over the base books."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from datong_edu.core import clock, national
from datong_edu.core.codes import Category, SchoolKind, Stage
from datong_edu.registry.filters import COUNTY_CHOICES
from datong_edu.registry.models import Enrolment, HardshipSpell, Person, School
from datong_edu.web.api.filtering import PublicIdFilters
from datong_edu.web.api.identifiers import SCHOOL

STATUS_CHOICES = [(code, name) for name, code in national.ENROLMENT_STATUS.items()]
_STATUS = dict(STATUS_CHOICES)


class SchoolFilters(PublicIdFilters):
    """Schools by code, name, county, kind, and whether closed."""

    code = django_filters.CharFilter(max_length=12, help_text="学校标识码")
    name = django_filters.CharFilter(lookup_expr="icontains", max_length=60, help_text="名称的一部分")
    county_code = django_filters.ChoiceFilter(
        field_name="county__code", choices=COUNTY_CHOICES, help_text="GB/T 2260 县区代码"
    )
    kind = django_filters.ChoiceFilter(choices=SchoolKind.choices, help_text="办学类型码")
    is_closed = django_filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", exclude=True, help_text="是否已撤并"
    )

    class Meta:
        model = School
        fields = ()


class PersonFilters(PublicIdFilters):
    """People by name, birthday, school and hardship; by number only through lookup."""

    name = django_filters.CharFilter(method="by_name", max_length=20, help_text="姓名的一部分")
    birth_on = django_filters.DateFilter(help_text="出生日期")
    school_id = django_filters.UUIDFilter(method="by_school", help_text="今天在这所学校有学籍")
    category = django_filters.ChoiceFilter(
        method="by_category", choices=Category.choices, help_text="今天有效的困难类别"
    )

    class Meta:
        model = Person
        fields = ()

    def by_name(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        """Part of the name."""
        found: QuerySet[Any] = rows.named(value)
        return found

    def by_school(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Enrolled there today, as far as the client may see."""
        places = Enrolment.objects.visible_to(self.request.user).current()
        at = self.by_key(places, "school", SCHOOL, value)
        return rows.filter(Exists(at.filter(person=OuterRef("pk"))))

    def by_category(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With a category today, wherever it was stated."""
        spells = HardshipSpell.objects.whole_city().active_on(clock.today())
        return rows.filter(Exists(spells.filter(person=OuterRef("pk"), category=value)))


class EnrolmentFilters(PublicIdFilters):
    """Enrolments by person, school, county, stage, grade, state and day."""

    person_id = django_filters.UUIDFilter(field_name="person__uid", help_text="人员")
    school_id = django_filters.UUIDFilter(method="by_school", help_text="学校")
    county_code = django_filters.ChoiceFilter(
        field_name="county__code", choices=COUNTY_CHOICES, help_text="GB/T 2260 县区代码"
    )
    stage = django_filters.ChoiceFilter(choices=Stage.choices, help_text="学段")
    grade = django_filters.NumberFilter(min_value=1, max_value=12, help_text="年级")
    status = django_filters.ChoiceFilter(
        method="by_status", choices=STATUS_CHOICES, help_text="学生当前状态代码"
    )
    standing_on = django_filters.DateFilter(method="by_day", help_text="这一天有效的学籍")
    is_current = django_filters.BooleanFilter(
        field_name="until_on", lookup_expr="isnull", help_text="是否现行学籍"
    )

    class Meta:
        model = Enrolment
        fields = ()

    def by_school(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """At a school."""
        return self.by_key(rows, "school", SCHOOL, value)

    def by_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a state."""
        return rows.filter(status=_STATUS[value])

    def by_day(self, rows: Any, name: str, value: Any) -> QuerySet[Any]:
        """The registry's word on a day."""
        found: QuerySet[Any] = rows.standing_on(value)
        return found

"""Filters of the desk: people by name, number or school; findings by queue, rule, place and deadline.

The parameter names of the findings (`rule`, one or several codes; `unit`, `term`, `status`, `overdue`,
`assigned`, `severity`, `queue`) are a contract: every figure of the overview links to the list with them.
"""

import re
from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Right

from datong_edu.core.codes import Category, SchoolKind, Stage, stages_of_kind
from datong_edu.core.divisions import COUNTIES
from datong_edu.crosschecks.engine.enums import Severity, Status
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.crosschecks.engine.querysets import QUEUES
from datong_edu.registry.models import Enrolment, HardshipSpell, HouseholdMembership, Person, PersonIdentifier
from datong_edu.web import preferences
from datong_edu.web.filters import PortalFilterSet

_TAIL = re.compile(r"^\d{3}[\dXx]$")

ALL = "all"
OPEN_STATUS = "open"
ANSWERED = "answered"
STATUS_CHOICES = [(OPEN_STATUS, "未办结"), (ANSWERED, "已核实"), *Status.choices]
QUEUE_CHOICES = [*QUEUES.items(), (ALL, "全部")]
UNIT_CHOICES = [(county.code, county.name) for county in COUNTIES]
STAGE_CHOICES = [
    (stage.value, stage.label) for stage in Stage if stage not in (Stage.COL, Stage.UNI, Stage.PG)
]


class PersonSearch(PortalFilterSet):
    """Search box over people: part of a name, a whole number, or the last four of an ID number."""

    number_paths: ClassVar[dict[str, str]] = {
        "id_no": "value_index",
        "student_no": "value_index",
        "disability_no": "value_index",
    }
    person_path: ClassVar[str] = "pk"
    search_label = "姓名、身份证或后四位、学籍号"

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word is part of the name, or the last four of the ID number."""
        found = self.people(rows)
        for word in value.split():
            if _TAIL.match(word):
                found = found.alias(end=Right("id_no_masked", 4)).filter(end=word.upper())
            else:
                found = found.named(word)
        return self.of_people(rows, found)

    def by_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whose number it is, now or before."""
        found = super().by_number(PersonIdentifier.objects.whole_city(), name, value)
        return rows.filter(**{f"{self.person_path}__in": found.order_by().values("person")})

    def people(self, rows: QuerySet[Any]) -> Any:
        """People to search among."""
        return Person.objects.visible_to(self.request.user)

    def of_people(self, rows: QuerySet[Any], found: QuerySet[Any]) -> QuerySet[Any]:
        """Rows about some people."""
        return rows.filter(**{f"{self.person_path}__in": found.order_by().values("pk")})

    def enrolled(self) -> QuerySet[Any]:
        """Registry rows of today in sight, of the person of the outer row."""
        places: QuerySet[Any] = Enrolment.objects.visible_to(self.request.user).current()
        return places.filter(person=OuterRef(self.person_path))


class PeopleFilter(PersonSearch):
    """People: search, school, stage, hardship, and who is meant at all."""

    off_form = ("who",)

    school = django_filters.CharFilter(method="by_school", label="学校")
    stage = django_filters.ChoiceFilter(method="by_stage", label="学段", choices=STAGE_CHOICES)
    category = django_filters.ChoiceFilter(method="by_category", label="困难身份", choices=Category.choices)
    who = django_filters.ChoiceFilter(
        method="by_who", choices=[("pupil", "在籍学生"), ("outside", "户内适龄未见学籍")]
    )

    class Meta:
        model = Person
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["school"].widget.attrs["placeholder"] = "学校"

    def people(self, rows: QuerySet[Any]) -> Any:
        """The rows themselves are people."""
        return rows

    def of_people(self, rows: QuerySet[Any], found: QuerySet[Any]) -> QuerySet[Any]:
        """Those found."""
        return found

    def by_school(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Enrolled today at a school of this code, or whose name contains the text."""
        text = value.strip()
        at = Q(school__code=text) | Q(school__name__icontains=text)
        return rows.filter(Exists(self.enrolled().filter(at)))

    def by_stage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Enrolled today in a stage."""
        return rows.filter(Exists(self.enrolled().filter(stage=value)))

    def by_category(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With a hardship category on the portal's day."""
        today = preferences.surroundings(self.request).today
        spells = HardshipSpell.objects.whole_city().active_on(today)
        return rows.filter(Exists(spells.filter(person=OuterRef("pk"), category=value)))

    def by_who(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Pupils of today, or children of poverty households of school age without a registry row."""
        if value == "pupil":
            return rows.filter(Exists(self.enrolled()))
        today = preferences.surroundings(self.request).today
        first_year = today.year if today.month >= 9 else today.year - 1
        anywhere = Enrolment.objects.whole_city().current().filter(person=OuterRef("pk"))
        at_home = HouseholdMembership.objects.visible_to(self.request.user).filter(person=OuterRef("pk"))
        born = Q(
            birth_on__year__gte=first_year - 15,
            birth_on__lt=today.replace(year=first_year - 6, month=9, day=1),
        )
        return rows.filter(born, Exists(at_home), ~Exists(anywhere))


class FindingFilter(PersonSearch):
    """Findings: everything a link of the overview or a chip may ask for."""

    person_path = "person"
    off_form = ("rule", "term", "status", "overdue", "assigned", "queue")

    rule = django_filters.CharFilter(method="by_rule")
    term = django_filters.CharFilter(field_name="term_id")
    queue = django_filters.ChoiceFilter(method="by_queue", choices=QUEUE_CHOICES)
    status = django_filters.ChoiceFilter(method="by_status", choices=STATUS_CHOICES)
    overdue = django_filters.ChoiceFilter(method="by_overdue", choices=[("1", "超期")])
    assigned = django_filters.ChoiceFilter(method="by_assigned", choices=[("1", "已派学校")])
    unit = django_filters.ChoiceFilter(method="by_unit", label="县区", choices=UNIT_CHOICES)
    stage = django_filters.ChoiceFilter(method="by_stage", label="学段", choices=STAGE_CHOICES)
    school = django_filters.CharFilter(method="by_school", label="学校")
    severity = django_filters.ChoiceFilter(label="严重程度", choices=Severity.choices)
    due = django_filters.ChoiceFilter(
        method="by_due", label="期限", choices=[("late", "已超期"), ("3", "3 天内"), ("7", "7 天内")]
    )

    class Meta:
        model = Finding
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["school"].widget.attrs["placeholder"] = "学校"

    @property
    def today(self) -> Any:
        """The portal's day."""
        return preferences.surroundings(self.request).today

    def by_queue(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One tab of the worklist."""
        return rows if value == ALL else rows.for_queue(value, self.today)  # type: ignore[attr-defined]

    def by_rule(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of one rule, or of several with commas between their codes."""
        return rows.filter(rule_code__in=value.upper().split(","))

    def by_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A status, everything somebody still has to act on, or everything looked into."""
        if value == ANSWERED:
            return rows.exclude(status=Status.PENDING)
        return rows.open() if value == OPEN_STATUS else rows.filter(status=value)  # type: ignore[attr-defined]

    def by_overdue(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open past the deadline."""
        return rows.overdue(self.today)  # type: ignore[attr-defined]

    def by_assigned(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Handed to a school."""
        return rows.filter(assigned_to__isnull=False)

    def by_unit(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of one county."""
        return rows.filter(county__code=value)

    def by_stage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """About a pupil of a stage; a finding without a person by what its school teaches."""
        kinds = [kind for kind in SchoolKind.values if Stage(value) in stages_of_kind(kind)]
        pupil = Exists(self.enrolled().filter(stage=value))
        return rows.filter(pupil | Q(person=None, school__kind__in=kinds))

    def by_school(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """At a school of this code, or whose name contains the text."""
        text = value.strip()
        return rows.filter(Q(school__code=text) | Q(school__name__icontains=text))

    def by_due(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the days left."""
        if value == "late":
            return rows.filter(due_on__lt=self.today)
        return rows.filter(due_on__gte=self.today, due_on__lte=self.today + timedelta(days=int(value)))

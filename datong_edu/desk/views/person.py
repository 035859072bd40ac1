"""一人一档: everything known about one person, on one page, every reading of it on record."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.core.models import AuditEvent
from datong_edu.desk.auditing import action_words
from datong_edu.desk.comparison import compare
from datong_edu.desk.facts import PersonFacts
from datong_edu.desk.matrix import matrix_of
from datong_edu.desk.reach import Reach
from datong_edu.desk.sealed_numbers import numbers_of
from datong_edu.desk.timeline import timeline_of
from datong_edu.desk.views.finding import Doubt, doubt_of
from datong_edu.registry.models import NumberReveal, Person
from datong_edu.standards import lookup
from datong_edu.web.grades import grade_words
from datong_edu.web.panels import panels_for
from datong_edu.web.parts import Badge, Fact, Subject
from datong_edu.web.views import ScopedDetailView
from subsidies.models import Scheme

TERMS_SHOWN = 5
TRACE_DAYS = 30
TRACES_SHOWN = 12


@dataclass(frozen=True)
class Trace:
    """One line of the access log."""

    at: Any
    who: str
    what: str
    why: str = ""


class PersonFile(ScopedDetailView):
    """One person's file; a person out of sight does not exist."""

    model = Person
    slug_field = slug_url_kwarg = "uid"
    context_object_name = "person"
    required_permission = Permission.VIEW_PERSONS
    template_name = "desk/person.html"
    nav = "desk:people"

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Person:
        """The person; the reading is written down before anything is shown."""
        person: Person = super().get_object(queryset)
        self.facts = PersonFacts(person, self.user)
        read = county_of_reading(self.facts)
        audit.record(action="read_person", by=self.user, subject=person, county=read)
        return person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Header, matrix, comparison, timeline, findings, origins, log and the rooms' own panels."""
        facts, user = self.facts, self.user
        chosen = self.around.term
        terms = [term for term in self.around.terms if chosen is None or term.starts_on <= chosen.starts_on]
        shown = list(reversed(terms[:TERMS_SHOWN]))
        titles = {scheme.code: scheme.title for scheme in Scheme.objects.all()}
        today = self.around.today
        return super().get_context_data(
            **{
                "subject": subject_of(facts, today),
                "matrix": matrix_of(facts, shown, titles, lookup.book()),
                "compare": compare(facts),
                "timeline": timeline_of(facts),
                "doubts": self._doubts(),
                "origins": facts.sourced(),
                "traces": traces_of(facts),
                "trace_days": TRACE_DAYS,
                "panels": self._panels(facts.person, user),
                "today": today,
                "reveal": user.may(Permission.REVEAL_NUMBER) and bool(numbers_of(facts)),
                **kwargs,
            }
        )

    def _doubts(self) -> list[Doubt]:
        if not self.user.may(Permission.VIEW_FINDINGS):
            return []
        return [doubt_of(finding, self.user) for finding in self.facts.findings if finding.is_open]

    def _panels(self, person: Person, user: User) -> list[dict[str, Any]]:
        """Panels of the rooms that have something to say."""
        told = []
        for panel in panels_for(user):
            context = panel.load(person, user)
            if context is not None:
                told.append({"title": panel.title, "template": panel.template, "panel": context})
        return told


def county_of_reading(facts: PersonFacts) -> Unit | None:
    """The county under whose eyes the person is read: that of a fact in sight."""
    row = facts.enrolment or facts.membership
    return row.county if row else facts.reach.county


def subject_of(facts: PersonFacts, today: Any) -> Subject:
    """Who it is: masked numbers, school, household, guardian and tags."""
    person, pupil, member = facts.person, facts.enrolment, facts.membership
    born = f"{person.birth_on:%Y-%m} 生 · {_age(person.birth_on, today)} 岁" if person.birth_on else ""
    lines = [Fact("身份证", person.id_no_masked)]
    if pupil:
        lines += [
            Fact("学籍号", pupil.student_no_masked),
            Fact("学校", f"{pupil.school} {grade_words(pupil.stage, pupil.grade, pupil.class_no)}"),
            Fact("住宿", pupil.get_boarding_display()),
            Fact("状态", pupil.get_status_display() if pupil.until_on is None else "学籍已转走"),
            Fact("监护人", f"{pupil.guardian} {pupil.phone_masked}".strip()),
        ]
    else:
        lines.append(Fact("学籍", "所辖范围内未见学籍"))
    if member:
        house = member.household
        lines += [
            Fact("户籍", f"{member.county}{house.town}{house.village}"),
            Fact("户主", f"{house.head_name}（{member.relation or '关系未填'}）"),
        ]
    tags = [Badge(spell.get_category_display(), "blue") for spell in facts.categories_on(today)]
    if pupil and pupil.boarding == "boarder":
        tags.append(Badge("寄宿生", "blue"))
    if count := sum(finding.is_open for finding in facts.findings):
        tags.append(Badge(f"{count} 个未结问题", "red"))
    note = " · ".join(part for part in (person.sex, born) if part)
    return Subject(person.name, note, lines, tags)


def traces_of(facts: PersonFacts) -> list[Trace]:
    """Who read this file in the last days, latest first; people of other counties by their unit alone."""
    since = timezone.now() - timedelta(days=TRACE_DAYS)
    label = Person._meta.label_lower
    events = AuditEvent.objects.filter(subject_type=label, subject_id=str(facts.person.pk), at__gte=since)
    rows = list(events.select_related("actor", "actor__unit").order_by("-id")[:TRACES_SHOWN])
    keys = [row.detail["look"] for row in rows if row.action == "reveal_number"]
    # Whoever may read the file may know who looked at its numbers, and why.
    looks = NumberReveal.objects.whole_city().in_bulk(keys) if keys else {}
    return [_trace(row, facts.reach, looks) for row in rows]


def _trace(event: AuditEvent, reach: Reach, looks: dict[int, NumberReveal]) -> Trace:
    what, who = action_words(event.action), _reader(event, reach)
    look = looks.get(event.detail.get("look", 0))
    if look is None:
        return Trace(event.at, who, what)
    return Trace(event.at, who, f"查看完整{look.label}", look.reason)


def _reader(event: AuditEvent, reach: Reach) -> str:
    if event.actor is None:
        return "系统"
    unit = event.actor.unit
    county = unit.county if unit else None
    known = (
        reach.scope.city or event.actor.pk == reach.user.pk or (county is not None and reach.holds(county.pk))
    )
    return f"{unit or ''} {event.actor if known else '工作人员'}".strip()


def _age(born: Any, today: Any) -> int:
    return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))

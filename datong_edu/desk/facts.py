"""Everything the rooms know about one person, as far as one user may see it.

Facts of counties outside the user's scope stay out, with one exception: hardship categories and their days
follow the person across a county's border, because whoever teaches the child has to act on them.  Where such
a spell was written down (file, sheet, row) is shown in its own county only.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.core.codes import Boarding, EnrolmentStatus
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.reach import Reach, reach_of
from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.models import ImportedFact
from datong_edu.registry.models import Enrolment, HardshipSpell, HouseholdMembership, LifeEvent, Person
from datong_edu.web import numbers
from datong_edu.web.grades import grade_words
from subsidies.models import AwardLine


@dataclass(frozen=True)
class Origin:
    """Where a fact was written down: `text` names file, sheet and row; `on` the day it was brought in."""

    roster: str
    file: str
    place: str
    on: date | None

    @property
    def text(self) -> str:
        """学籍名单 · 浑源县学籍.xlsx · Sheet1 第 812 行."""
        return " · ".join(part for part in (self.roster, self.file, self.place) if part)


@dataclass(frozen=True)
class Sourced:
    """One fact in words with its origin."""

    book: str
    text: str
    origin: Origin


BY_HAND = Origin("手工登记", "", "", None)


def origin_of(fact: ImportedFact) -> Origin:
    """Origin of an imported fact; it must have been read with its batch."""
    batch = fact.source_batch
    if batch is None:
        return BY_HAND
    roster = ROSTERS[batch.kind].title if batch.kind in ROSTERS else "名册"
    row = f"第 {numbers.count(fact.source_row)} 行" if fact.source_row else ""
    return Origin(
        roster,
        batch.file_name,
        f"{fact.source_sheet} {row}".strip(),
        timezone.localtime(batch.applied_at or batch.created_at).date(),
    )


class PersonFacts:
    """Facts about one person in the sight of one user; each book is read once, when first asked for."""

    def __init__(self, person: Person, user: User) -> None:
        self.person = person
        self.user = user
        self.reach: Reach = reach_of(user)

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """Registry rows, latest first."""
        return self._of(
            Enrolment, "school", "county", order=(F("until_on").desc(nulls_first=True), "-since_on", "-pk")
        )

    @cached_property
    def memberships(self) -> list[HouseholdMembership]:
        """Rows of the poverty register."""
        return self._of(HouseholdMembership, "household", "county", order=("-pk",))

    @cached_property
    def spells(self) -> list[HardshipSpell]:
        """Hardship categories, from every county."""
        rows = HardshipSpell.objects.whole_city().filter(person=self.person)
        return list(rows.select_related("county", "source_batch").order_by("-since_on", "pk"))

    @cached_property
    def awards(self) -> list[AwardLine]:
        """Aid lines, latest term first."""
        return self._of(
            AwardLine,
            "scheme",
            "term",
            "roll_term",
            "school",
            order=("-term__starts_on", "scheme__order", "pk"),
        )

    @cached_property
    def life_events(self) -> list[LifeEvent]:
        """Death and moves."""
        return self._of(LifeEvent, order=("-happened_on",))

    @cached_property
    def findings(self) -> list[Finding]:
        """Findings about the person, open ones first."""
        rows = Finding.objects.visible_to(self.user).for_person(self.person.pk)
        return list(rows.select_related("school", "county", "assigned_to"))

    @property
    def enrolment(self) -> Enrolment | None:
        """The registry's present word, or its last one."""
        return self.enrolments[0] if self.enrolments else None

    @property
    def membership(self) -> HouseholdMembership | None:
        """The poverty register's latest row."""
        return self.memberships[0] if self.memberships else None

    def categories_on(self, day: date) -> list[HardshipSpell]:
        """One spell of each category that holds on a day."""
        held: dict[str, HardshipSpell] = {}
        for spell in self.spells:
            if spell.since_on <= day and (spell.until_on is None or spell.until_on >= day):
                held.setdefault(spell.category, spell)
        return list(held.values())

    def standing_on(self, day: date) -> Enrolment | None:
        """The registry's word on a day."""
        for row in self.enrolments:
            if row.since_on <= day and (row.until_on is None or row.until_on > day):
                return row
        return None

    def sourced(self, term_code: str = "") -> list[Sourced]:
        """Every fact in words with its origin; aid of one term only when a term is given."""
        lines = [Sourced("学籍", enrolment_words(row), origin_of(row)) for row in self.enrolments]
        lines += [Sourced("脱贫户", membership_words(row), origin_of(row)) for row in self.memberships]
        lines += [
            Sourced("困难身份", spell_words(row), origin_of(row))
            for row in self.spells
            if self.reach.holds(row.county_id)
        ]
        awards = [row for row in self.awards if term_code in ("", row.term_id)]
        lines += [Sourced("资助", award_words(row), origin_of(row)) for row in awards]
        lines += [Sourced("死亡迁出", event_words(row), origin_of(row)) for row in self.life_events]
        return lines

    def _of(self, model: Any, *joins: str, order: tuple[Any, ...]) -> list[Any]:
        rows = model.objects.visible_to(self.user).filter(person=self.person)
        return list(rows.select_related(*joins, "source_batch").order_by(*order))


def enrolment_words(row: Enrolment) -> str:
    """浑源三中 初二(4)，寄宿，在读."""
    boarding = Boarding(row.boarding).label if row.boarding else ""
    status = EnrolmentStatus(row.status).label + (f"（{row.status_event}）" if row.status_event else "")
    grade = grade_words(row.stage, row.grade, row.class_no)
    return "，".join(part for part in (f"{row.school} {grade}", boarding, status) if part)


def membership_words(row: HouseholdMembership) -> str:
    """王庄堡镇某村，户主张某（之子），已脱贫（享受政策），在校生状况：八年级."""
    house = row.household
    head = f"户主{house.head_name}" if house.head_name else ""
    relation = f"（{row.relation}）" if row.relation and row.relation != "户主" else ""
    said = f"在校生状况：{row.student_status}" if row.student_status else ""
    parts = (f"{house.town}{house.village}", f"{head}{relation}" if head else "", house.poverty_attr, said)
    return "，".join(part for part in parts if part) or f"户编号 {house.household_no}"


def spell_words(row: HardshipSpell) -> str:
    """低保，2019-01-01 起 or 2019-01-01 至 2020-06-30，浑源县."""
    until = f"至 {row.until_on:%Y-%m-%d}" if row.until_on else "起"
    return f"{row.get_category_display()}，{row.since_on:%Y-%m-%d} {until}，{row.county}"


def award_words(row: AwardLine) -> str:
    """2020 秋季 义务教育寄宿生生活补助 625 元，已发放."""
    told = f"{row.term} {row.scheme} {numbers.yuan(row.amount)} 元，{row.get_status_display()}"
    return f"{told}（{row.get_kind_display()}）" if row.kind != "normal" else told


def event_words(row: LifeEvent) -> str:
    """死亡 2020-06-01."""
    return f"{row.get_kind_display()} {row.happened_on:%Y-%m-%d}"

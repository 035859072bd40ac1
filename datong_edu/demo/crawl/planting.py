"""Rows of one territory, in every model with rows of persons."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from datong_edu.accounts.models import Unit, User
from datong_edu.core import audit
from datong_edu.core.models import Term
from datong_edu.core.names import name_key
from datong_edu.core.sensitive import columns_for
from datong_edu.crosschecks.engine.enums import EventKind, RunState, Status
from datong_edu.crosschecks.engine.models import Finding, FindingLog, Run, Waiver
from datong_edu.dashboards.models import Snapshot
from datong_edu.demo.crawl.canaries import Territory
from datong_edu.registry import models as registry
from datong_edu.registry.search import name_grams
from datong_edu.web.api.identifiers import ENROLMENT, SCHOOL
from dropout.models import DropoutCase
from nutrition.models import MealMonth
from schools.models import Merger
from subsidies.models import AwardLine
from teachers.models import AllowanceLine, Post

TERM, TODAY, SINCE = "2020-2021-1", date(2020, 12, 15), date(2020, 9, 1)


@dataclass
class Planted:
    """A territory with what was planted there; `objects` by the name of what an address asks for."""

    territory: Territory
    county: Unit | None
    school: registry.School | None = None
    head: User | None = None
    """Heads the county, where it is one."""
    objects: dict[str, Any] = field(default_factory=dict)


def plant_rows(planted: Planted, school: registry.School) -> None:
    """A pupil with every fact, a teacher, a finding with its log, and figures of one school."""
    land, county = planted.territory, school.county
    planted.school = school
    text = f"{land.word}说明"
    registry.SchoolAlias.objects.create(school=school, county=county, name=f"{land.place}旧校")
    person = _person(land, county, f"{land.word}童")
    sealed = _copy(person, "id_no") | _sealed(land, "student_no") | _sealed(land, "phone")
    guardian = columns_for("guardian_id", "id_no", land.number("id_no")) | {"guardian": f"{land.word}父"}
    of = {"person": person, "county": county}
    named = of | {"name": person.name, "sex": "男"}
    pupil = registry.Enrolment.objects.create(
        **named, **sealed, **guardian, school=school, id_type="居民身份证", birth_on=person.birth_on,
        stage="PRI", grade=5, boarding="boarder", status="在读", since_on=SINCE, address=f"{land.word}村",
    )  # fmt: skip
    registry.PersonIdentifier.objects.create(
        person=person, kind="id_no", **columns_for("value", "id_no", land.number("id_no"))
    )
    home = registry.Household.objects.create(
        household_no=f"{land.area}{school.pk:06}", county=county, head_name=f"{land.word}户主",
        village=f"{land.word}村", poverty_attr="已脱贫（享受政策）", exit_year=2019,
    )  # fmt: skip
    registry.HouseholdMembership.objects.create(
        **named, **_copy(person, "id_no"), household=home, member_no=f"{home.household_no}01",
        birth_on=person.birth_on, relation="之子", health=text[:10],
    )  # fmt: skip
    registry.HardshipSpell.objects.create(**of, category="jdlk", source="poverty", since_on=date(2016, 1, 1))
    registry.LifeEvent.objects.create(**of, kind="move_out", name=person.name, happened_on=SINCE, note=text)
    term = Term.objects.get(code=TERM)
    AwardLine.objects.create(
        **named, **sealed, **guardian, **_sealed(land, "account"), scheme_id="CE_BOARD", term=term,
        roll_term=term, school=school, line_no=f"L{school.pk:06}", kind="normal", status="paid",
        amount=Decimal(500), paid_on=TODAY, stage="PRI", grade=5, holder=f"{land.word}父",
    )  # fmt: skip
    DropoutCase.objects.create(
        **named, **_copy(person, "id_no"), **_sealed(land, "phone"), school=school, type="suspected",
        guardian=f"{land.word}父", owner=f"{land.word}师", note=text,
    )  # fmt: skip
    _teacher(land, school)
    MealMonth.objects.create(
        school=school, county=county, month="2020-10", enrolled=100, beneficiaries=100, days=17,
        person_days=1700, standard=Decimal(4),
    )  # fmt: skip
    planted.objects |= {"person": person, "school": school}
    planted.objects |= {"school_id": SCHOOL.of(school.pk), "enrolment_id": ENROLMENT.of(pupil.pk)}
    planted.objects["finding"] = _finding(planted, person, school, term)


def plant_looks(planted: Planted) -> None:
    """A number that was looked at, a figure of the wall, a merger, and an event of the trail."""
    land, person, school = planted.territory, planted.objects["person"], planted.objects["school"]
    county, head = school.county, _head(planted)
    look = registry.NumberReveal.objects.create(
        person=person, key="id_no", label="身份证号", reason=f"{land.word}核对", county=county, by=head
    )
    Snapshot.objects.create(
        figure="crawl", part=land.word, county=county, value=1, as_of_on=TODAY, computed_at=look.at
    )
    closed = registry.School.objects.create(
        code=f"3199{school.pk:06}", name=f"{land.place}撤并学校", county=county, kind="211", seat="乡村",
        closed_on=SINCE,
    )  # fmt: skip
    Merger.objects.create(closed_school=closed, receiver=school, county=county, merged_on=SINCE)
    event = audit.record(
        action="read_person", by=head, subject=person, county=county, detail={"note": f"{land.word}留痕"}
    )
    event.refresh_from_db()
    planted.objects |= {"deed": int(event.audit_deed), "county": county.pk}


def _head(planted: Planted) -> User:
    assert planted.head is not None
    return planted.head


def _person(land: Territory, county: Unit, name: str, born: date = date(2010, 5, 1)) -> registry.Person:
    return registry.Person.objects.create(
        name=name, name_key=name_key(name), name_grams=list(name_grams(name)), sex="男", birth_on=born,
        county_ids=[county.pk], id_state="valid", **_sealed(land, "id_no"),
    )  # fmt: skip


def _teacher(land: Territory, school: registry.School) -> None:
    who = _person(land, school.county, f"{land.word}师", date(1985, 3, 3))
    of = {"person": who, "school": school, "county": school.county, "name": who.name}
    Post.objects.create(**of, id_no_masked=who.id_no_masked, status="on_post", as_of_on=date(2020, 9, 30))
    AllowanceLine.objects.create(
        **of, **_sealed(land, "account"), year=2020, seat="乡村", monthly=Decimal(300), months=4,
        amount=Decimal(1200), id_no_masked=who.id_no_masked,
    )  # fmt: skip


def _finding(planted: Planted, person: registry.Person, school: registry.School, term: Term) -> Finding:
    land, county, head = planted.territory, school.county, _head(planted)
    run = Run.objects.create(as_of_on=TODAY, term=term, county=county, state=RunState.DONE)
    finding = Finding.objects.create(
        rule_code="C01", subject_kind="enrolment", subject_id=str(person.pk), fingerprint=uuid4(),
        digest=uuid4(), person=person, school=school, county=county, term=term, severity="H",
        summary=f"{land.word}应享未享", evidence=[["困难身份", f"{land.word}脱贫"]], found_on=TODAY,
        due_on=date(2020, 12, 30), first_run=run,
    )  # fmt: skip
    FindingLog.objects.create(
        finding=finding, county=county, kind=EventKind.ANSWERED, status=Status.PENDING, by=head,
        note=f"{land.word}答复",
    )  # fmt: skip
    Waiver.objects.create(
        finding=finding, county=county, reason=f"{land.word}豁免", until_on=date(2021, 6, 30), granted_by=head
    )
    return finding


def _sealed(land: Territory, kind: str) -> dict[str, Any]:
    return columns_for(kind, kind, land.number(kind))


def _copy(row: Any, name: str) -> dict[str, Any]:
    return {column: getattr(row, column) for column in (name, f"{name}_index", f"{name}_masked")}

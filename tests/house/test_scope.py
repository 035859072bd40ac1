"""Scope over every address: foreign and missing answer alike, no page shows a neighbour, nobody writes above.

Addresses come from the URL resolver; what they are asked with is planted in another county.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from datong_edu.accounts.models import PortalSession, Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.accounts.scope import Scope, ScopedQuerySet
from datong_edu.core.blobs import Content, keep
from datong_edu.core.sensitive import unseal
from datong_edu.crosschecks.engine import runner
from datong_edu.desk.comparing.actions import RESULT
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import NumberExport, Person
from datong_edu.web import doors, middleware
from tests import factories as make

pytestmark = pytest.mark.django_db
CANARY = "邻县秘童"
MISSING = "00000000-0000-0000-0000-000000000000"
BOOKS = (
    "registry_", "subsidies_awardline", "dropout_", "teachers_", "nutrition_", "schools_", "importing_",
    "crosschecks_finding", "crosschecks_waiver", "accounts_grant", "standards_",
)  # fmt: skip
LOOKS = {"registry_numberreveal"}


class Neighbour:
    """灵丘: a child with a canary for a name in every book, a finding, a batch, a kept file, an export."""

    def __init__(self) -> None:
        make.load_reference()
        county = make.county("140224")
        self.head = make.user(Role.COUNTY_HEAD, county, name="灵丘负责人")
        school = make.school(county=county, name=f"{CANARY}小学")
        who = make.person(name=CANARY, county_ids=[county.pk])
        self.person: Person = who
        self.number = unseal("id_no", who.id_no or b"", who.id_no_index or UUID(int=0))
        pupil = make.enrolment(of=who, school=school, county=county, name=CANARY)
        make.award(pupil)
        make.dropout_case(who, county=county, name=CANARY)
        make.allowance(who, school=school, name=CANARY)
        make.post(who, school=school, name=CANARY)
        make.meal_month(school=school)
        self.finding = make.finding(county=county, person=who, summary=f"{CANARY}应享未享")
        self.batch = self._batch(county, county)
        self.city_batch = self._batch(make.city(), None)
        self.file = keep(kind=RESULT, content=Content(f"{CANARY}.xlsx", b"x"), by=self.head)
        self.export = NumberExport.objects.create(
            listing="subsidies:list", narrowing=b"", rows=1, reason=f"{CANARY}用途", county=county,
            requested_by=self.head,
        )  # fmt: skip
        self.session = PortalSession.objects.create(
            session_key="neighbour", session_data="", user=self.head, uid=UUID(int=7),
            began_at=timezone.now(), seen_at=timezone.now(), expire_date=timezone.now() + timedelta(hours=1),
        )  # fmt: skip

    def _batch(self, unit: Unit, county: Unit | None) -> ImportBatch:
        return ImportBatch.objects.create(
            kind="student_registry", unit=unit, county=county, file_name=f"{CANARY}.xlsx", file_size=1,
            file_sha256="0" * 64, state=BatchState.DISCARDED, created_by=self.head,
        )  # fmt: skip

    @property
    def uids(self) -> list[UUID]:
        rows = (self.person, self.finding, self.batch, self.city_batch, self.file, self.export, self.session)
        return [row.uid for row in rows if row.uid]


@pytest.fixture
def neighbour(db: None) -> Neighbour:
    """The other county."""
    made = Neighbour()
    runner.run(as_of=make.term().census_on)
    return made


def _enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _addresses() -> Iterator[str]:
    for door in doors.views():
        route = door.name.split(" ")[0]
        if not route.startswith(("admin/", "api/")) and "(?P" not in route and "^" not in route:
            yield "/" + route


def _with(route: str, uid: Any) -> str:
    filled = re.sub(r"<uuid:\w+>", str(uid), route)
    filled = filled.replace("<int:seq>", "1").replace("<slug:purpose>", "errors").replace("<slug:kind>", "x")
    return re.sub(r"<int:\w+>", "999999", re.sub(r"<slug:\w+>", "CE_BOARD", filled))


def _said(answer: Any, uid: Any) -> tuple[int, str]:
    """Status and words of an answer, without what differs from one request to the next."""
    text = _text_of(answer).replace(str(uid), "UID")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"X-CSRFToken": "\w+"', "", text)
    return answer.status_code, f"{answer.headers.get('Location', '').replace(str(uid), 'UID')} {text}"


def _text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return str(content.decode(errors="replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def _user(office: str) -> User:
    if office == "school":
        return make.user(Role.SCHOOL_CLERK, make.school_unit(make.school()))
    return make.user(Role(office), make.county())


SLOW = pytest.mark.slow
OFFICES = pytest.mark.parametrize(
    "office",
    [Role.COUNTY_CLERK, pytest.param(Role.COUNTY_HEAD, marks=SLOW), pytest.param("school", marks=SLOW)],
)
LOOKERS = pytest.mark.parametrize(
    "role",
    [Role.AUDITOR, pytest.param(Role.CITY_STAFF, marks=SLOW), pytest.param(Role.LEADER, marks=SLOW)],
)


@OFFICES
def test_foreign_and_missing_answer_alike(neighbour: Neighbour, office: str) -> None:
    client, asked, unlike = _enter(_user(office)), 0, []
    for route in (route for route in _addresses() if "<uuid:" in route):
        for verb in (client.get, client.post):
            missing = _said(verb(_with(route, MISSING)), MISSING)
            for uid in neighbour.uids:
                asked += 1
                if _said(verb(_with(route, uid)), uid) != missing:
                    unlike.append(f"{verb.__name__} {route}")
    assert asked > 300
    assert not unlike, f"a foreign object must answer as a missing one does: {sorted(set(unlike))}"


@OFFICES
def test_no_page_list_or_export_shows_the_neighbour(neighbour: Neighbour, office: str) -> None:
    client, asked, leaks = _enter(_user(office)), 0, []
    for route in (route for route in _addresses() if "<" not in route):
        for query in ("", "?export=xlsx", f"?q={CANARY}", "?unit=140224&county=140224"):
            text = _text_of(client.get(route + query))
            asked += 1
            if f"{CANARY}小学" in text or neighbour.number in text or _tells(text):
                leaks.append(f"{route}{query}")
    assert asked > 100
    assert not leaks, f"shows a row of another county: {leaks}"


def _tells(text: str) -> bool:
    """Whether the canary stands anywhere but in the box it was typed into and in addresses."""
    return CANARY in re.sub(rf'(?:value|title)="{CANARY}"|“{CANARY}”', "", text)


def test_canaries_are_there_to_be_found(neighbour: Neighbour) -> None:
    """The city, whose scope they lie in, meets them on every list: else the test above proves nothing."""
    client = _enter(make.user(Role.CITY_STAFF, make.city()))
    lists = (
        "/desk/people/",
        "/desk/findings/",
        "/aid/",
        "/dropout/",
        "/teachers/",
        "/teachers/posts/",
        "/schools/",
    )
    for address in lists:
        assert CANARY in client.get(address).content.decode(), address
        assert CANARY in _text_of(client.get(f"{address}?export=xlsx")), address


def test_with_the_scope_switched_off_the_neighbour_shows(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the same questions find the canaries as soon as the guard is gone."""
    client = _enter(_user(Role.COUNTY_CLERK))
    pages = ("/aid/", "/dropout/", "/desk/people/", f"/desk/people/{neighbour.person.uid}/")
    assert not any(_tells(_text_of(client.get(page))) for page in pages)
    whole = Scope(city=True)
    within = ScopedQuerySet.within
    monkeypatch.setattr(ScopedQuerySet, "within", lambda rows, scope: within(rows, whole))
    monkeypatch.setattr(middleware, "behind", lambda wall: nullcontext())  # and the database's own wall
    assert all(_tells(_text_of(client.get(page))) for page in pages)


@LOOKERS
def test_who_looks_at_the_whole_city_reads_masked(neighbour: Neighbour, role: Role) -> None:
    client, shown = _enter(make.user(role, make.city())), []
    for route in _addresses():
        for uid in (neighbour.person.uid, neighbour.finding.uid) if "<uuid:" in route else (MISSING,):
            for query in ("", "?export=xlsx"):
                if neighbour.number in _text_of(client.get(_with(route, uid) + query)):
                    shown.append(route + query)
    assert not shown, f"a whole number on {shown}"


@LOOKERS
def test_city_and_auditor_write_no_row_of_a_county(neighbour: Neighbour, role: Role) -> None:
    client, wrote, asked = _enter(make.user(role, make.city())), [], 0
    form = {"deed": "confirm", "note": "市级改动", "reason": "市级改动", "number": "id_no", "act": "assign"}
    for route in _addresses():
        if route.endswith("/run/"):  # the city may set off a cross-check, which is no edit of a row
            continue
        for uid in neighbour.uids if "<uuid:" in route else (MISSING,):
            before = _written()
            client.post(_with(route, uid), form)
            asked += 1
            if _written() != before:
                wrote.append(route)
    assert asked > 100
    assert not wrote, f"{role} changed rows by {sorted(set(wrote))}"


def test_rows_without_a_county_are_the_citys(neighbour: Neighbour) -> None:
    page = f"/import/{neighbour.city_batch.uid}/"
    assert _enter(make.user(Role.COUNTY_CLERK, make.county())).get(page).status_code == 404
    assert _enter(make.user(Role.OPERATOR, make.city())).get(page).status_code == 200


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {table: n for table, n in cursor.fetchall() if table.startswith(BOOKS) and table not in LOOKS}

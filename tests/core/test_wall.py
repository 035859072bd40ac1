"""The second wall: what each database role sees and may do, whatever the application's own scope says."""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from itertools import cycle, islice
from threading import Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import Unit
from datong_edu.accounts.roles import Role
from datong_edu.accounts.scope import ScopedQuerySet
from datong_edu.accounts.walls import wall_of
from datong_edu.core import jobs
from datong_edu.core.access import users
from datong_edu.core.models import AuditLink
from datong_edu.core.wall import building, policies, roles
from datong_edu.core.wall.roles import Reach
from datong_edu.core.wall.standing import NOBODY, WORKER, Wall, behind, standing
from datong_edu.importing.models import ImportBatch
from datong_edu.registry import number_exports
from datong_edu.registry.models import Enrolment, HardshipSpell, Person, PersonIdentifier, School
from datong_edu.web import middleware
from subsidies.models import AwardLine
from tests import factories as make

HUNYUAN, GUANGLING = "140225", "140223"
PERSONAL = (Person, PersonIdentifier, Enrolment, HardshipSpell, AwardLine)


class Two:
    """A child in each of two counties, and a third who is at school in one and poor in the other."""

    def __init__(self) -> None:
        make.load_reference()
        self.here, self.there = make.county(HUNYUAN), make.county(GUANGLING)
        self.school_here, self.school_there = make.school(county=self.here), make.school(county=self.there)
        both = [self.here.pk, self.there.pk]
        self.mine = self._child("界内甲", self.school_here, [self.here.pk])
        self.foreign = self._child("界外乙", self.school_there, [self.there.pk])
        self.shared = self._child("两地丙", self.school_here, both)
        for child, county in (
            (self.mine, self.here),
            (self.foreign, self.there),
            (self.shared, self.there),
        ):
            make.spell(child.person, county=county)
            make.identifier(child.person, make.id_number())
        for child in (self.mine, self.foreign):
            make.award(child)
            make.finding(person=child.person, county=child.county, school=child.school)

    def _child(self, name: str, school: School, counties: list[int]) -> Enrolment:
        return make.enrolment(school=school, of=make.person(name=name, county_ids=counties))


@pytest.fixture
def two(db: None) -> Two:
    return Two()


def seen(model: type[Any]) -> set[int]:
    """Keys of all rows that the database shows, whatever the application would."""
    return set(model._base_manager.values_list("pk", flat=True))


# --- who sees what ------------------------------------------------------------------------------------------


def test_county_sees_its_children_with_all_facts_about_them(two: Two) -> None:
    with behind(Wall(Reach.COUNTY, frozenset({two.here.pk}))):
        assert seen(Person) == {two.mine.person_id, two.shared.person_id}
        assert seen(Enrolment) == {two.mine.pk, two.shared.pk}
        assert set(HardshipSpell._base_manager.values_list("person", flat=True)) == seen(Person)
        assert set(PersonIdentifier._base_manager.values_list("person", flat=True)) == seen(Person)


def test_child_who_is_poor_in_another_county_is_seen_from_there_too(two: Two) -> None:
    with behind(Wall(Reach.COUNTY, frozenset({two.there.pk}))):
        assert seen(Person) == {two.foreign.person_id, two.shared.person_id}


def test_school_sees_its_own_pupils_only(two: Two) -> None:
    other = make.enrolment(school=make.school(county=two.here))
    wall = Wall(Reach.SCHOOL, school_codes=frozenset({two.school_here.code}))
    with behind(wall):
        assert seen(Enrolment) == {two.mine.pk, two.shared.pk}
        assert other.person_id not in seen(Person)
        assert seen(ImportBatch) == set()


@pytest.mark.parametrize("wall", [Wall(Reach.CITY), WORKER])
def test_city_and_worker_see_all(two: Two, wall: Wall) -> None:
    before = {model: seen(model) for model in PERSONAL}
    with behind(wall):
        assert {model: seen(model) for model in PERSONAL} == before


def test_nobody_sees_no_personal_row(two: Two) -> None:
    with behind(NOBODY):
        assert [model for model in PERSONAL if seen(model)] == []


def test_report_reads_places_and_no_person(two: Two) -> None:
    with behind(Wall(Reach.REPORT)):
        assert seen(School)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            seen(Person)


@pytest.mark.parametrize(
    ("role", "reach"),
    [
        (Role.COUNTY_CLERK, Reach.COUNTY), (Role.CITY_STAFF, Reach.CITY), (Role.SYSTEM_ADMIN, Reach.COUNTY),
        (Role.SCHOOL_CLERK, Reach.SCHOOL),
    ],
)  # fmt: skip
def test_offices_decide_which_wall_stands(two: Two, role: Role, reach: Reach) -> None:
    units = {Role.COUNTY_CLERK: two.here, Role.SCHOOL_CLERK: make.school_unit(two.school_here)}
    wall = wall_of(make.user(role, units.get(role, make.city())))
    assert wall.reach == reach
    assert wall.county_ids == ({two.here.pk} if role == Role.COUNTY_CLERK else frozenset())


# --- what may be written ------------------------------------------------------------------------------------


def test_no_row_of_another_county_is_written(two: Two) -> None:
    with behind(Wall(Reach.COUNTY, frozenset({two.here.pk}))):
        assert Enrolment._base_manager.filter(pk=two.foreign.pk).update(class_no="9") == 0
        assert AwardLine._base_manager.filter(county=two.there).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            HardshipSpell._base_manager.filter(person=two.mine.person).update(
                county=two.there, person=two.foreign.person
            )
    two.foreign.refresh_from_db()
    assert two.foreign.class_no != "9"


@pytest.mark.parametrize("reach", [*roles.OF_THE_WEB, Reach.WORKER])
def test_no_role_changes_a_history(two: Two, reach: Reach) -> None:
    with behind(Wall(reach, frozenset({two.here.pk}))):
        for deed in ("UPDATE registry_personevent SET name = 'x'", "DELETE FROM core_auditevent",
                     "TRUNCATE registry_person CASCADE", "DROP TABLE registry_person"):  # fmt: skip
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(deed)


@pytest.mark.django_db
def test_no_role_owns_a_table_of_ours_or_passes_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND pg_get_userbyid(relowner) = ANY(%s)",
            [list(roles.ALL)],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin)",
            [list(roles.ALL)],
        )
        assert cursor.fetchall() == []


# --- every table --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_table_with_personal_rows_stands_behind_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        walled = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename, count(*) FROM pg_policies WHERE schemaname = 'public' GROUP BY 1")
        counted = dict(cursor.fetchall())
    personal = {
        model._meta.db_table
        for model in apps.get_models()
        if (
            hasattr(model._default_manager.all(), "scoped")
            or getattr(getattr(model, "pgh_tracked_model", None) or model, "personal_fields", ())
        )
        and not getattr(getattr(model, "pgh_tracked_model", None) or model, "outside_wall", "")
    }
    assert personal - walled == set()
    assert {policy.table for policy in policies.policies()} == walled
    assert {table: counted.get(table) for table in walled} == dict.fromkeys(walled, 20)


@pytest.mark.django_db
def test_building_again_changes_nothing() -> None:
    assert not building.build()


# --- pages with the application's filter out of the way -----------------------------------------------------


@pytest.fixture
def without_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the application's own filter away."""

    def everything(self: ScopedQuerySet, scope: object) -> ScopedQuerySet:
        rows = self.all()
        rows.scoped = True
        return rows

    monkeypatch.setattr(ScopedQuerySet, "within", everything)


def pages_of(two: Two) -> str:
    """What a clerk of the first county is shown, the file of the foreign child among it."""
    client = Client()
    client.force_login(make.user(Role.COUNTY_CLERK, two.here))
    addresses = [reverse("desk:people"), reverse("desk:findings"), reverse("desk:people") + "?q=界外"]
    addresses.append(reverse("desk:person", args=[two.foreign.person.uid]))
    answers = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} <= {200, 404}
    return "".join(answer.content.decode() for answer in answers)


def test_wall_alone_lets_no_foreign_child_through(two: Two, without_scope: None) -> None:
    told = pages_of(two)
    assert "界内甲" in told
    assert not re.search("界外乙", told)


def test_without_wall_and_scope_the_foreign_child_is_shown(
    two: Two, without_scope: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "behind", lambda wall: nullcontext())
    assert "界外乙" in pages_of(two)


# --- jobs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_author", "found"), [(True, 2), (False, 3)])
def test_job_for_its_author_sees_what_the_author_sees(
    two: Two, monkeypatch: pytest.MonkeyPatch, as_author: bool, found: int
) -> None:
    told: list[int] = []
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs, "ACCESS", {})
    monkeypatch.setattr(jobs, "AS_AUTHOR", set())
    jobs.job("test.count", users("counts"), as_author=as_author)(lambda run: told.append(len(seen(Person))))
    asked = jobs.enqueue("test.count", by=make.user(Role.COUNTY_CLERK, two.here), county=two.here)
    jobs.run(asked.pk)
    assert told == [found]


def test_jobs_whose_result_is_their_authors_are_behind_the_authors_wall() -> None:
    assert {"desk.compare", number_exports.KIND} <= jobs.AS_AUTHOR


def test_links_of_another_county_are_not_seen(db: None) -> None:
    make.load_reference()
    here = make.county(HUNYUAN).pk
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditlink DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO core_auditlink (county, number, deed, at, events, parts, contexts, hash)"
            " SELECT c, 1, 900000 + c, now(), 1, '{}', '{}', '' FROM unnest(%s) c",
            [[here, here + 1, 0]],
        )
    with behind(Wall(Reach.COUNTY, frozenset({here}))):
        assert set(AuditLink._base_manager.values_list("county", flat=True)) == {here}
    with behind(wall_of(make.user(Role.AUDIT_ADMIN, make.city()))):
        assert set(AuditLink._base_manager.values_list("county", flat=True)) >= {here, here + 1, 0}


# --- one connection, many scopes ----------------------------------------------------------------------------


def visible(request: HttpRequest) -> HttpResponse:
    """Answer with the counties whose aid the database shows."""
    rows = set(AwardLine._base_manager.values_list("county_id", flat=True))
    return HttpResponse(" ".join(str(county) for county in sorted(rows)))


class AsCounty(middleware.RowSecurity):
    """The wall of the county a request names."""

    def wall(self, request: HttpRequest) -> Wall:
        """A county by its key."""
        return Wall(Reach.COUNTY, frozenset({int(request.GET["county"])}))


def ask(counties: Iterator[Unit], wrong: list[str]) -> None:
    answer = AsCounty(visible)
    for county in counties:
        request = HttpRequest()
        request.GET = {"county": str(county.pk)}  # type: ignore[assignment]
        told = answer(request).content.decode()
        if told != str(county.pk):
            wrong.append(f"{county.pk}: {told}")
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("requests", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_requests_in_turn_on_kept_connections_bleed_no_scope(requests: int) -> None:
    two, wrong = Two(), list[str]()
    counties = (two.here, two.there)
    orders = [islice(cycle(counties[::step]), requests // 4) for step in (1, -1, 1, -1)]
    threads = [Thread(target=ask, args=(order, wrong)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_wall_set_for_the_session_would_bleed(two: Two) -> None:
    wall = Wall(Reach.COUNTY, frozenset({two.here.pk}))
    with connection.cursor() as cursor:
        cursor.execute(wall.before.replace("true)", "false)") + "SELECT 1")
        assert seen(Person) != set()
        assert two.foreign.person_id not in seen(Person)
        cursor.execute("RESET ROLE")


def test_wall_ends_with_its_block_inside_a_transaction(two: Two) -> None:
    with behind(NOBODY):
        assert seen(Person) == set()
    assert seen(Person) != set()
    assert standing() is None


def test_rollback_to_a_savepoint_keeps_the_wall(two: Two) -> None:
    with behind(Wall(Reach.COUNTY, frozenset({two.here.pk}))):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing")
        assert two.foreign.person_id not in seen(Person)


def test_rows_that_stream_are_read_behind_the_wall(two: Two) -> None:
    def answer(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(str(pk) for model in (Person,) for pk in sorted(seen(model)))

    request = HttpRequest()
    request.GET = {"county": str(two.here.pk)}  # type: ignore[assignment]
    told = b"".join(AsCounty(answer)(request)).decode()
    assert told == "".join(str(pk) for pk in sorted({two.mine.person_id, two.shared.person_id}))


@pytest.mark.django_db(transaction=True)
def test_copy_and_server_side_cursor_stand_behind_the_wall_outside_a_transaction_too() -> None:
    two, told = Two(), StringIO()
    with behind(Wall(Reach.COUNTY, frozenset({two.here.pk}))):
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert("COPY (SELECT count(*) FROM registry_person) TO STDOUT", told)
        assert told.getvalue() == "2\n"
        people = Person._base_manager.order_by("pk").iterator(chunk_size=1)
        assert [person.pk for person in people] == sorted({two.mine.person_id, two.shared.person_id})
    assert len(seen(Person)) == 3


def test_audit_office_reads_histories_and_no_business_row(two: Two) -> None:
    wall = wall_of(make.user(Role.AUDIT_ADMIN, make.city()))
    with behind(wall):
        assert seen(Person) == set()
        told = set(apps.get_model("registry.PersonEvent")._base_manager.values_list("pgh_obj", flat=True))
    assert {two.mine.person_id, two.foreign.person_id} <= told


def test_school_code_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no code of a school"):
        Wall(Reach.SCHOOL, school_codes=frozenset({"1'); DROP TABLE x; --"}))

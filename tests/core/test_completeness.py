"""Every change of a protected table by any path is exactly one event, with who, from where, and why."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from datong_edu.accounts.clients import create_client
from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core import commands, history, invariants, jobs
from datong_edu.core.access import machine
from datong_edu.core.models import Job
from datong_edu.core.sensitive import columns_for
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.models import Finding, Waiver
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import PersonIdentifier, SchoolAlias
from schools.models import Merger
from tests import factories as make

pytestmark = pytest.mark.django_db
CHANGED = {
    "User": "first_name", "Grant": "until_on", "StandardValue": "source_number", "ImportBatch": "message",
    "Finding": "summary", "Waiver": "reason", "SchoolAlias": "name", "Person": "name_pinyin",
    "ApiClient": "name",
}  # fmt: skip
"""The column a test changes; every fact of an import says which sheet it came from."""


@pytest.fixture
def city() -> User:
    """At least one row in every protected table."""
    make.load_reference()
    clerk = make.user()
    pupil = make.poor_child()
    make.award(pupil)
    make.member()
    make.post()
    make.allowance()
    make.meal_month()
    make.dropout_case()
    make.life_event(pupil.person)
    former = columns_for("value", "id_no", make.id_number())
    PersonIdentifier.objects.create(person=pupil.person, kind="id_no", **former)
    SchoolAlias.objects.create(school=pupil.school, county=pupil.county, name="老校名")
    Merger.objects.create(
        closed_school=make.school(name="撤并校"),
        receiver=pupil.school,
        county=pupil.county,
        merged_on="2020-08-01",
    )
    ImportBatch.objects.create(
        kind="student_registry", unit=make.county(), county=make.county(), file_name="名册.xlsx",
        file_size=1, file_sha256="0" * 64, created_by=clerk, file_kept_until=timezone.now(),
    )  # fmt: skip
    office = make.user(Role.SYSTEM_ADMIN, make.city())
    create_client(name="县学籍系统", unit=make.county(), scopes=["read"], until_on=None, by=office)
    runner.run(as_of=timezone.localdate())
    finding = Finding.objects.whole_city().first()
    if finding is None:
        runner.run(as_of=make.term().ends_on)
        finding = Finding.objects.whole_city().first()
    assert finding is not None
    Waiver.objects.create(
        finding=finding, county=finding.county, reason="理由", until_on=timezone.localdate(), granted_by=clerk
    )
    return clerk


def protected() -> Iterator[tuple[type[Model], type[Model]]]:
    """Protected models with their events."""
    for event in apps.get_models():
        tracked = getattr(event, "pgh_tracked_model", None)
        if tracked is not None:
            yield tracked, event


def by_orm(model: type[Model], column: str, value: Any) -> int:
    rows = list(model._base_manager.all())
    for row in rows:
        setattr(row, column, value)
        row.save()
    return len(rows)


def in_bulk(model: type[Model], column: str, value: Any) -> int:
    rows = list(model._base_manager.all())
    for row in rows:
        setattr(row, column, value)
    return int(model._base_manager.bulk_update(rows, [column]))


def by_copy_and_merge(model: type[Model], column: str, value: Any) -> int:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE merged AS SELECT id, {column} FROM {table} LIMIT 0")
        keys = model._base_manager.values_list("pk", flat=True)
        lines = "".join(f"{key}\t{value}\n" for key in keys)
        cursor.copy_expert("COPY merged FROM STDIN", StringIO(lines))
        cursor.execute(f"UPDATE {table} t SET {column} = m.{column} FROM merged m WHERE m.id = t.id")
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE merged")
    return changed


def by_sql(model: type[Model], column: str, value: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = '{value}'")
        return int(cursor.rowcount)


WAYS: tuple[Callable[[type[Model], str, Any], int], ...] = (by_orm, in_bulk, by_copy_and_merge, by_sql)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_changed_row_is_one_event_with_who_and_why(way: Callable[..., int], city: User) -> None:
    told = {"user": city.pk, "reason": "核实后更正"}
    rows, wrong = 0, []
    for model, event in protected():
        column = CHANGED.get(model.__name__, "source_sheet")
        value = "2099-12-31" if column == "until_on" else f"改{WAYS.index(way)}"
        before = event._base_manager.count()
        with history.context(source="page", **told), transaction.atomic():
            changed = way(model, column, value)
        rows += changed
        added = event._base_manager.order_by("-pgh_id")[: event._base_manager.count() - before]
        if not changed or len(added) != changed or len({one.pgh_obj_id for one in added}) != changed:
            wrong.append(f"{model.__name__}: {changed} rows, {len(added)} events")
        for one in added:
            said = one.pgh_context.metadata if one.pgh_context else {}
            if said != {"source": "page", **told} or one.pgh_label != "update":
                wrong.append(f"{model.__name__}: {said}")
    print(f"{way.__name__}: {rows} rows changed, missing and extra events: {len(wrong)}")  # noqa: T201  figure
    assert wrong == []
    assert rows > 20


def test_deleted_rows_are_events_too(city: User) -> None:
    checked = 0
    for model, event in protected():
        before = event._base_manager.count()
        try:
            with history.context(source="job", user=city.pk), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
                    gone = int(cursor.rowcount)
                connection.check_constraints()
                added = event._base_manager.count() - before
                assert event._base_manager.latest("pgh_id").pgh_label == "delete"
                assert added == gone > 0, model.__name__
                checked += 1
                transaction.set_rollback(True)
        except DatabaseError as kept:  # a row that others need, or that may never go, is no deletion
            if "violates foreign key" not in str(kept) and "pgtrigger" not in str(kept):
                raise
    assert checked >= 8


def differing() -> dict[str, int]:
    return {one.name: one.broken for one in invariants.rows_are_what_their_last_event_says() if one.broken}


def test_rows_are_what_their_last_event_says(city: User) -> None:
    told = list(invariants.rows_are_what_their_last_event_says())
    rows = sum(one.rows for one in told)
    print(f"{len(told)} tables, {rows} rows compared with their last event")  # noqa: T201  figure
    assert rows > 20
    assert differing() == {}
    with connection.cursor() as cursor:  # behind the back of the triggers
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE registry_person DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE registry_person SET name_pinyin = 'x' WHERE id = (SELECT max(id) FROM registry_person)"
        )
        cursor.execute("ALTER TABLE registry_person ENABLE TRIGGER USER")
    assert differing() == {"台账与留痕一致 registry_person": 1}


@pytest.mark.django_db(transaction=True)
def test_job_says_that_it_was_a_job_and_whose(city: User) -> None:
    def handler(run: jobs.JobRun) -> None:
        User.objects.filter(pk=city.pk).update(first_name="改")

    jobs.HANDLERS["test.completeness"] = handler
    jobs.ACCESS["test.completeness"] = machine("a test")
    try:
        queued: Job = jobs.enqueue("test.completeness", by=city)
        jobs.run(queued.pk)
    finally:
        del jobs.HANDLERS["test.completeness"], jobs.ACCESS["test.completeness"]
    event = apps.get_model("accounts.UserEvent")._base_manager.latest("pgh_id")
    assert event.pgh_context.metadata == {
        "source": "job", "user": city.pk, "job": queued.pk, "kind": "test.completeness",
    }  # fmt: skip


def test_command_says_its_name_and_user(city: User) -> None:
    class Command(commands.PortalCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            User.objects.filter(pk=city.pk).update(first_name="50%")

    Command().execute(no_color=False, force_color=False, skip_checks=True, by=city.username)
    event = apps.get_model("accounts.UserEvent")._base_manager.latest("pgh_id")
    said = event.pgh_context.metadata
    assert (said["source"], said["user"], said["command"]) == ("command", city.pk, "test_completeness")


def test_every_command_that_touches_data_is_a_portal_command() -> None:
    from django.core.management import get_commands, load_command_class

    without = {
        "setup",
        "dev",
        "stop_servers",
        "bench",
        "leak_crawl",
    }  # the last two have a database of their own
    found = {
        name: load_command_class(app, name)
        for name, app in get_commands().items()
        if isinstance(app, str) and app.startswith("datong_edu") and name not in without
    }
    assert len(found) > 8
    bare = [name for name, one in found.items() if not isinstance(one, commands.PortalCommand)]
    assert bare == [], "derive from core.commands.PortalCommand"
    assert all(isinstance(one, BaseCommand) for one in found.values())


def test_inner_context_tells_what_the_outer_one_told() -> None:
    outer: AbstractContextManager[Any] = history.context(source="command", user=1)
    with outer as first, history.context(source="import", batch=2) as second:
        assert first.id != second.id
        assert second.metadata == {"source": "import", "user": 1, "batch": 2}
    with history.context(source="page") as third:
        assert third.metadata == {"source": "page"}

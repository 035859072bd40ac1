"""Rules of access: every door says who may come through, in the words of one table; silence fails."""

from typing import Any

import django_tables2 as tables
import pytest
from celery import Celery
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import isolate_apps
from django.urls import path
from django.views import View
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from datong_edu.accounts.models import Unit
from datong_edu.accounts.roles import (
    ADMIN_ROLES,
    GROUPS,
    HELD_FOR,
    PERMISSIONS,
    Permission,
    Reach,
    Role,
    UnitKind,
)
from datong_edu.accounts.scope import ScopedQuerySet
from datong_edu.core import jobs
from datong_edu.core.access import Access, Door, declared, machine, needs, public, users, within
from datong_edu.core.sensitive import BlindIndexField, EncryptedField
from datong_edu.web import doors
from datong_edu.web.doorkeeper import Doorkeeper, opens_to
from datong_edu.web.doors import Listed
from datong_edu.web.tables import PortalTable, exported
from tests import factories as make
from tests.house.sources import models as our_models

REACH = {permission: group.reach for group in GROUPS for permission in group.permissions}


def silent(listed: Any) -> list[str]:
    """Doors that do not say who may come through, or name a permission that is none."""
    return [
        door.name
        for door in listed
        if door.access is None
        or (door.access.door == Door.PERMISSION and door.access.permission not in Permission.values)
        or (door.access.door in (Door.PUBLIC, Door.USERS, Door.MACHINE) and not door.access.reason)
    ]


def test_every_address_says_who_may_come() -> None:
    found = list(doors.views())
    assert len(found) > 60
    remedy = "give the view required_permission, or access = users(…) / public(…) with the reason"
    assert not silent(found), f"{remedy}: {silent(found)}"


def test_every_task_and_job_says_who_may_ask_for_it() -> None:
    found = list(doors.tasks())
    assert {"core.run_job", "importing.apply"} <= {door.name for door in found}
    remedy = "@shared_task(…, access=machine(…)) or @job(kind, needs(Permission.X))"
    assert not silent(found), f"{remedy}: {silent(found)}"


def test_every_model_says_who_may_read_it() -> None:
    assert not silent(doors.models()), (
        f"give the model access = needs(Permission.X): {silent(doors.models())}"
    )


def test_every_column_that_leaves_is_on_the_whitelist_of_its_table() -> None:
    found = [door for door in doors.columns() if door.name != "Silent.note"]
    assert len(found) > 80
    remedy = "name it in the table's exports, or keep it on the screen with exclude_from_export=True"
    assert not silent(found), f"{remedy}: {silent(found)}"


def test_no_column_that_leaves_reads_a_number_in_clear() -> None:
    sealed = []
    for table in doors.all_tables():
        model = table._meta.model
        for name in table.exports:
            step: Any = model
            for part in str(table.base_columns[name].accessor or name).replace(".", "__").split("__"):
                field = (
                    {f.name: f for f in step._meta.get_fields()}.get(part) if hasattr(step, "_meta") else None
                )
                if isinstance(field, EncryptedField | BlindIndexField):
                    sealed.append(f"{table.__name__}.{name}")
                step = getattr(field, "related_model", None)
    assert not sealed, f"export the masked column instead: {sealed}"


def test_every_whitelist_names_columns_that_exist() -> None:
    wrong = {
        f"{table.__name__}.{name}"
        for table in doors.all_tables()
        for name in table.exports
        if name not in table.base_columns
    }
    assert not wrong, f"no such column: {wrong}"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_model_whose_permission_reaches_rows_is_read_within_a_scope(model: type[models.Model]) -> None:
    access: Access = model.access  # type: ignore[attr-defined]
    if access.door == Door.PARENT:
        parent = model._meta.get_field(access.parent).related_model
        assert getattr(parent, "access", None), f"{model.__name__} hangs on {parent}, which declares nothing"
    unscoped = {"Run"}  # of the city or of one county; holds counts only
    if access.door == Door.PERMISSION and REACH[Permission(access.permission)] == Reach.ROWS:
        rows = model._default_manager.all()
        assert isinstance(rows, ScopedQuerySet) or model.__name__ in unscoped, "objects = ScopedManager()"


def test_table_of_offices_is_whole() -> None:
    assert set(PERMISSIONS) == set(HELD_FOR) == set(Role)
    assert sorted(REACH) == sorted(Permission), "each permission stands in one group"
    assert sum(len(group.permissions) for group in GROUPS) == len(Permission)
    assert {p for given in PERMISSIONS.values() for p in given} == set(Permission), "held by somebody"


def test_administrators_hold_no_permission_over_rows() -> None:
    reaching = {
        role: [p for p in PERMISSIONS[role] if REACH[p] == Reach.ROWS and p != Permission.VIEW_OVERVIEW]
        for role in ADMIN_ROLES
    }
    assert not any(reaching.values()), reaching


# With something silent in them the same checks fail.


class SilentView(View):
    """Says nothing."""


class SilentApi(APIView):
    """Says nothing."""


class HalfSilent(ViewSet):
    """Says something of one action only."""

    action_permissions = {"list": Permission.VIEW_PERSONS}

    def list(self, request: Any) -> None:
        """Declared."""

    def destroy(self, request: Any) -> None:
        """Not declared."""


class Silent(PortalTable):
    """One column on the whitelist, one not, one for the screen."""

    name = tables.Column()
    note = tables.Column()
    pick = tables.Column(exclude_from_export=True)
    exports = exported("name")


def test_silent_address_is_found() -> None:
    patterns = [
        path("function/", lambda request: HttpResponse()),
        path("class/", SilentView.as_view()),
        path("api/", SilentApi.as_view()),
        path("set/", HalfSilent.as_view({"get": "list", "delete": "destroy"})),
        path("open/", declared(public("a test"))(SilentView.as_view())),
        path("no-reason/", declared(users(""))(SilentView.as_view())),
        path("no-permission/", declared(needs("fly"))(SilentView.as_view())),
    ]
    assert silent(doors.views(patterns)) == [
        "function/", "class/", "api/", "set/ destroy", "no-reason/", "no-permission/",
    ]  # fmt: skip


def test_silent_task_and_job_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Celery("test", set_as_current=False)

    def nothing() -> None:
        """Any task."""

    app.task(nothing, name="test.silent")
    app.task(nothing, name="test.told", access=machine("a test"))
    monkeypatch.setattr(jobs, "ACCESS", {"test.job": None})
    assert silent(doors.tasks(app)) == ["test.silent", "test.job"]


@isolate_apps("datong_edu.core")
def test_silent_model_is_found() -> None:
    class Quiet(models.Model):  # noqa: DJ008  never shown
        class Meta:
            app_label = "core"

    class Told(models.Model):  # noqa: DJ008  never shown
        access = within("parent")

        class Meta:
            app_label = "core"

    assert silent(map(doors.of_model, (Quiet, Told))) == ["core.Quiet"]


def test_silent_column_is_found() -> None:
    assert silent(doors.columns([Silent])) == ["Silent.note"]


# What a door declares is what it asks.


def _asked(view: Any, user: Any) -> Any:
    request = RequestFactory().get("/page/")
    request.user = user
    return Doorkeeper(lambda request: HttpResponse()).process_view(request, view, (), {})


@pytest.fixture
def reference(db: None) -> None:
    """Units and terms."""
    make.load_reference()


@pytest.mark.usefixtures("reference")
def test_wall_asks_what_the_view_declares() -> None:
    clerk = make.user(Role.COUNTY_CLERK, make.county())

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(PermissionDenied):  # silence is shut, for strangers and for offices
        _asked(view, clerk)
    with pytest.raises(PermissionDenied):
        _asked(view, AnonymousUser())
    view.access = needs(Permission.IMPORT_ROSTERS)  # type: ignore[attr-defined]
    assert _asked(view, clerk) is None
    assert _asked(view, AnonymousUser()).status_code == 302
    view.access = needs(Permission.MANAGE_USERS)  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        _asked(view, clerk)
    view.access = public("a test")  # type: ignore[attr-defined]
    assert _asked(view, AnonymousUser()) is None


def test_door_for_the_clock_opens_to_nobody() -> None:
    assert not opens_to(machine("beat"), AnonymousUser())
    assert not opens_to(None, AnonymousUser())


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("role", Role)
def test_pages_open_to_the_offices_the_table_names(role: Role) -> None:
    """Every address without parameters × every office: 403 exactly where the table withholds it."""
    kind = next(iter(sorted(HELD_FOR[role])))
    unit = {"city": make.city, "county": make.county, "school": lambda: make.school_unit(make.school())}[
        kind
    ]()
    user = make.user(role, unit)
    client, wrong, asked = Client(), [], 0
    client.force_login(user)
    for door in doors.views():
        if "<" in door.name or "^" in door.name or door.name.startswith("admin/") or "(?" in door.name:
            continue
        assert door.access is not None
        if door.access.door != Door.PERMISSION or " " in door.name:  # actions of the API know no log-in
            continue
        status, asked = client.get(f"/{door.name}").status_code, asked + 1
        if (status == 403) == user.may(Permission(door.access.permission)):
            wrong.append(f"/{door.name} answers {status}")
    assert asked > 10
    assert not wrong, wrong


def _unit_for(role: Role) -> Unit:
    kinds = HELD_FOR[role]
    if UnitKind.CITY in kinds:
        return make.city()
    return make.county() if UnitKind.COUNTY in kinds else make.school_unit(make.school())


@pytest.mark.usefixtures("reference")
def test_job_whose_author_lost_the_office_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    monkeypatch.setitem(jobs.HANDLERS, "test.office", lambda run: ran.append(1))
    monkeypatch.setitem(jobs.ACCESS, "test.office", needs(Permission.IMPORT_ROSTERS))
    clerk = make.user(Role.COUNTY_CLERK, make.county())
    leader = make.user(Role.LEADER, make.city())
    for author, expected in ((clerk, [1]), (leader, [1])):
        job = jobs.enqueue("test.office", by=author)
        jobs.run(job.pk)
        assert ran == expected
    job.refresh_from_db()
    assert job.message == jobs.NO_LONGER_ALLOWED
    monkeypatch.setitem(jobs.ACCESS, "test.office", None)
    jobs.run(jobs.enqueue("test.office", by=clerk).pk)
    assert ran == [1]


def test_listed_doors_are_read_from_the_code() -> None:
    assert Listed("importing.apply", needs(Permission.IMPORT_ROSTERS)) in list(doors.tasks())

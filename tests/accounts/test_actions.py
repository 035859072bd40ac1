"""Offices are given by somebody else, written down, and the demo log-ins are kept private."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from datong_edu.accounts.actions import (
    DEMO_LOGINS,
    create_demo_users,
    grant_role,
    service_account,
    user_called,
)
from datong_edu.accounts.models import Grant, Unit, User
from datong_edu.accounts.roles import PERMISSIONS, Permission, Role
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
SINCE = date(2020, 9, 1)


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()


def test_office_is_granted_and_written_down() -> None:
    admin, user = make.user(Role.SYSTEM_ADMIN, make.city()), User.objects.create(username="new")
    grant = grant_role(user=user, role=Role.COUNTY_HEAD, unit=make.county(), since_on=SINCE, by=admin)
    assert (grant.granted_by, grant.until_on) == (admin, None)
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor, event.county) == ("grant_role", admin, make.county())
    assert event.detail == {"role": "county_head"}


def test_nobody_gives_an_office_to_themselves() -> None:
    admin = make.user(Role.SYSTEM_ADMIN, make.city())
    with pytest.raises(PortalError, match="不能给自己授权"):
        grant_role(user=admin, role=Role.COUNTY_HEAD, unit=make.county(), since_on=SINCE, by=admin)


def test_database_holds_that_nobody_gives_an_office_to_themselves() -> None:
    user = make.user(Role.CITY_STAFF, make.city())
    office = {"user": user, "role": Role.LEADER, "unit": make.city(), "since_on": SINCE, "granted_by": user}
    with pytest.raises(IntegrityError, match="grant_not_to_oneself"), transaction.atomic():
        Grant.objects.create(**office)


def test_database_refuses_the_same_office_twice_at_a_time() -> None:
    user = make.user(Role.COUNTY_CLERK)
    with pytest.raises(IntegrityError, match="grant_no_overlap"), transaction.atomic():
        Grant.objects.create(user=user, role=Role.COUNTY_CLERK, unit=make.county(), since_on=SINCE)


def test_audit_trail_only_grows() -> None:
    grant_role(user=make.user(), role=Role.COUNTY_HEAD, unit=make.county(), since_on=SINCE, by=None)
    for deed in (AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(action="x")):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            deed()


def test_service_account_is_made_once_and_cannot_log_in() -> None:
    first = service_account()
    assert first == service_account() == user_called(None)
    assert not first.has_usable_password()
    assert not first.may(Permission.MANAGE_USERS)


def test_unknown_or_dismissed_user_is_refused() -> None:
    user = make.user(username="gone")
    User.objects.filter(pk=user.pk).update(is_active=False)
    for name in ("gone", "never"):
        with pytest.raises(PortalError, match="没有用户"):
            user_called(name)


def test_demo_logins_work_and_are_kept_for_the_owner_only(settings: object, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path  # type: ignore[attr-defined]
    passwords = create_demo_users(school=make.school_unit(make.school()))
    path = tmp_path / "demo_logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert {login["username"] for login in kept} == {row[0] for row in DEMO_LOGINS} | {
        "school_clerk",
        "principal",
    }
    assert len(set(passwords.values())) == len(kept)
    for login in kept:
        user = User.objects.get(username=login["username"])
        assert user.check_password(login["password"])
        assert user.role_labels == login["role"]
    assert create_demo_users(school=Unit.objects.get(users__username="principal")) == passwords


def test_city_edits_no_county_row_and_reviewers_import_nothing() -> None:
    importing = {role for role, may in PERMISSIONS.items() if Permission.IMPORT_ROSTERS in may}
    assert importing == {Role.COUNTY_CLERK, Role.API_CLIENT, Role.OPERATOR}
    revealing = {role for role, may in PERMISSIONS.items() if Permission.REVEAL_NUMBER in may}
    county = {Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_HEAD}
    assert revealing == county | {Role.OPERATOR}
    assert {role for role, may in PERMISSIONS.items() if Permission.SEE_NUMBERS in may} == {Role.OPERATOR}
    assert set(PERMISSIONS) == set(Role)

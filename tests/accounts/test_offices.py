"""Users and offices: created, granted, ended, disabled by the system administrator; 三员 are three people."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from datong_edu.accounts import actions
from datong_edu.accounts.models import Grant, PortalSession, User
from datong_edu.accounts.roles import THREE_ADMINISTRATORS, Permission, Role
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.core.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
SINCE = date(2020, 9, 1)


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()


@pytest.fixture
def admin() -> User:
    """The system administrator."""
    return make.user(Role.SYSTEM_ADMIN, make.city())


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """Log somebody in, identity proved a moment ago."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def _apart(first: Role, second: Role) -> None:
    unit = make.city()
    user = make.user(first, unit)
    where = make.county() if second == Role.COUNTY_CLERK else unit
    Grant.objects.create(user=user, role=second, unit=where, since_on=SINCE)


@pytest.mark.parametrize("three", THREE_ADMINISTRATORS)
@pytest.mark.parametrize("other", [*THREE_ADMINISTRATORS, Role.COUNTY_CLERK, Role.CITY_STAFF, Role.AUDITOR])
def test_database_holds_that_three_administrators_are_three_people(three: Role, other: Role) -> None:
    if three == other:
        return
    for pair in ((three, other), (other, three)):
        if pair[0] == Role.COUNTY_CLERK:
            continue
        with pytest.raises(IntegrityError, match="三员"), transaction.atomic():
            _apart(*pair)


def test_business_offices_may_be_held_together() -> None:
    _apart(Role.CITY_STAFF, Role.COUNTY_CLERK)


def test_administrator_after_the_business_office_is_over_is_lawful() -> None:
    user = User.objects.create(username="changed")
    Grant.objects.create(
        user=user, role=Role.COUNTY_CLERK, unit=make.county(), since_on=SINCE, until_on=SINCE
    )
    Grant.objects.create(
        user=user, role=Role.AUDIT_ADMIN, unit=make.city(), since_on=SINCE + timedelta(days=1)
    )
    with (
        pytest.raises(IntegrityError, match="三员"),
        transaction.atomic(),
    ):  # nor may the old one grow into it
        Grant.objects.filter(user=user, role=Role.COUNTY_CLERK).update(until_on=None)


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.COUNTY_CLERK, "140200"), (Role.SYSTEM_ADMIN, "140225"), (Role.PRINCIPAL, "140225")],
)
def test_database_holds_that_an_office_fits_its_unit(role: Role, unit: str) -> None:
    where = make.city() if unit == "140200" else make.county(unit)
    with pytest.raises(IntegrityError, match="该级单位"), transaction.atomic():
        Grant.objects.create(
            user=User.objects.create(username="misplaced"), role=role, unit=where, since_on=SINCE
        )


def test_refusal_of_the_database_reaches_the_administrator_in_words(admin: User) -> None:
    clerk = make.user(Role.COUNTY_CLERK)
    with pytest.raises(PortalError, match="三员"):
        actions.grant_role(user=clerk, role=Role.AUDIT_ADMIN, unit=make.city(), since_on=SINCE, by=admin)
    with pytest.raises(PortalError, match="已有同一任职"):
        actions.grant_role(user=clerk, role=Role.COUNTY_CLERK, unit=make.county(), since_on=SINCE, by=admin)
    assert clerk.grants.count() == 1


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR, Role.COUNTY_HEAD])
def test_only_the_system_administrator_grants(role: Role) -> None:
    unit = make.county() if role == Role.COUNTY_HEAD else make.city()
    other, user = make.user(role, unit), make.user()
    with pytest.raises(PortalError, match="不能管理用户"):
        actions.grant_role(user=user, role=Role.LEADER, unit=make.city(), since_on=SINCE, by=other)


def test_ended_office_counts_no_longer_and_stays_on_record(admin: User) -> None:
    clerk = make.user(Role.COUNTY_CLERK)
    grant = clerk.grants.get()
    actions.end_grant(grant=grant, reason="调离岗位", by=admin)
    assert not User.objects.get(pk=clerk.pk).may(Permission.IMPORT_ROSTERS)
    grant.refresh_from_db()
    assert (grant.ended_by, grant.end_reason) == (admin, "调离岗位")
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor, event.subject_id) == ("end_grant", admin, str(clerk.pk))
    with pytest.raises(Conflict):
        actions.end_grant(grant=grant, reason="再来一次", by=admin)
    actions.grant_role(  # the same office may be given anew the same day
        user=clerk, role=Role.COUNTY_CLERK, unit=make.county(), since_on=timezone.localdate(), by=admin
    )


def test_nobody_ends_their_own_office(admin: User) -> None:
    with pytest.raises(PortalError, match="自己"):
        actions.end_grant(grant=admin.grants.get(), reason="不干了", by=admin)
    with pytest.raises(IntegrityError, match="grant_not_ended_by_oneself"), transaction.atomic():
        admin.grants.update(ended_at=timezone.now(), ended_by=admin)


def test_new_user_must_change_the_one_time_password(admin: User, browse: Callable[[User], Client]) -> None:
    page = browse(admin).post(
        reverse("new_user"), {"username": "new.clerk", "name": "新人", "unit": "浑源县"}
    )
    password = page.context["password"]
    assert page["Cache-Control"] == "no-store, private"
    user = User.objects.get(username="new.clerk")
    assert not user.permissions
    actions.grant_role(user=user, role=Role.SCHOOL_CLERK, unit=_school(), since_on=SINCE, by=admin)
    client = Client()
    assert client.post("/login/", {"username": "new.clerk", "password": password}).status_code == 302
    for address in ("/", "/desk/", "/account/"):
        assert client.get(address)["Location"] == reverse("password_change"), address
    own = "own-words-of-2020"
    form = {"old_password": password, "new_password1": own, "new_password2": own}
    assert client.post(reverse("password_change"), form).status_code == 302
    assert client.get("/desk/").status_code == 200
    assert password not in str(list(AuditEvent.objects.values()))


def _school() -> Any:
    return make.school_unit(make.school())


def test_disabled_user_is_out_at_once_and_back_when_enabled(
    admin: User, browse: Callable[[User], Client]
) -> None:
    clerk = make.user(Role.COUNTY_CLERK)
    his, hers = browse(clerk), browse(admin)
    assert his.get("/desk/").status_code == 200
    hers.post(reverse("set_user_active", args=[clerk.pk, "disable"]))
    assert his.get("/desk/").status_code == 302
    assert not PortalSession.objects.filter(user=clerk).exists()
    assert hers.post(reverse("set_user_active", args=[clerk.pk, "disable"])).status_code == 409
    hers.post(reverse("set_user_active", args=[clerk.pk, "enable"]))
    assert User.objects.get(pk=clerk.pk).is_active
    assert hers.post(reverse("set_user_active", args=[clerk.pk, "promote"])).status_code == 404
    deeds = AuditEvent.objects.filter(subject_id=str(clerk.pk)).values_list("action", flat=True)
    assert {"disable_user", "enable_user"} <= set(deeds)


def test_administrator_neither_disables_nor_renews_themselves(
    admin: User, browse: Callable[[User], Client]
) -> None:
    client = browse(admin)
    for address in (
        reverse("set_user_active", args=[admin.pk, "disable"]),
        reverse("renew_password", args=[admin.pk]),
    ):
        assert client.post(address).status_code == 400
    assert User.objects.get(pk=admin.pk).is_active


def test_renewed_password_ends_sessions_and_keeps_the_phone(
    admin: User, browse: Callable[[User], Client]
) -> None:
    clerk = make.user(Role.COUNTY_CLERK)
    his = browse(clerk)
    page = browse(admin).post(reverse("renew_password", args=[clerk.pk]))
    clerk.refresh_from_db()
    assert clerk.check_password(page.context["password"])
    assert his.get("/desk/").status_code == 302


def test_deeds_ask_for_confirmation_first(admin: User) -> None:
    client, clerk = Client(), make.user(Role.COUNTY_CLERK)
    client.force_login(admin)
    session = client.session
    session["confirmed"] = 0
    session.save()
    for address in (
        reverse("grant_office"),
        reverse("end_office", args=[clerk.grants.get().pk]),
        reverse("new_user"),
        reverse("renew_password", args=[clerk.pk]),
        reverse("set_user_active", args=[clerk.pk, "disable"]),
    ):
        assert client.post(address)["Location"].startswith(reverse("confirm")), address
    assert User.objects.get(pk=clerk.pk).is_active


def test_form_grants_and_the_list_shows_it(admin: User, browse: Callable[[User], Client]) -> None:
    client, user = browse(admin), User.objects.create(username="li", name="李经办")
    form = {
        "user": user.pk,
        "role": Role.COUNTY_REVIEWER,
        "unit": "140225",
        "since_on": timezone.localdate(),
        "until_on": timezone.localdate() + timedelta(days=20),
        "reason": "人事〔2020〕1号",
    }
    assert client.post(reverse("grant_office"), form | {"role": Role.PRINCIPAL}).status_code == 422
    assert client.post(reverse("grant_office"), form | {"unit": "没有这个县"}).status_code == 422
    assert client.post(reverse("grant_office"), form | {"until_on": "2050-01-01"}).status_code == 422
    assert client.post(reverse("grant_office"), form | {"user": admin.pk}).status_code == 422
    assert client.post(reverse("grant_office"), form)["Location"] == reverse("offices")
    assert "该用户在这段时间已有同一任职" in client.post(reverse("grant_office"), form).content.decode()
    text = client.get(reverse("offices"), {"q": "李经办", "show": "soon"}).content.decode()
    assert "人事〔2020〕1号" in text
    assert "即将到期" in text
    auditor = browse(make.user(Role.AUDITOR, make.city()))
    assert "人事〔2020〕1号" in auditor.get(reverse("offices"), {"q": "浑源"}).content.decode()
    assert auditor.get(reverse("grant_office")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AUDITOR, 200),
        (Role.SYSTEM_ADMIN, 200),
        (Role.SECURITY_ADMIN, 200),
        (Role.AUDIT_ADMIN, 200),
        (Role.CITY_STAFF, 403),
        (Role.LEADER, 403),
    ],
)
def test_rights_are_read_by_auditors_and_the_three(
    browse: Callable[[User], Client], role: Role, status: int
) -> None:
    answer = browse(make.user(role, make.city())).get(reverse("rights"))
    assert answer.status_code == status
    if status == 200:
        text = answer.content.decode()
        assert all(permission.label in text for permission in Permission)
        assert all(role.label in text for role in Role)


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_the_same_moment_are_still_kept_apart() -> None:
    user = User.objects.create(username="twice")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def give(role: Role) -> None:
        try:
            with transaction.atomic():
                start.wait(5)
                Grant.objects.create(user=user, role=role, unit=make.city(), since_on=SINCE)
                outcomes.append("given")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(role,)) for role in THREE_ADMINISTRATORS[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Grant.objects.filter(user=user).count() == 1, outcomes


def test_auditor_of_a_county_reads_the_offices_of_that_county_only() -> None:
    make.user(Role.COUNTY_CLERK, make.county("140224"), name="灵丘人员")
    make.user(Role.COUNTY_CLERK, make.county(), name="浑源人员")
    client = Client()
    for unit, sees_all in ((make.county(), False), (make.city(), True)):
        client.force_login(make.user(Role.AUDITOR, unit))
        text = client.get(reverse("offices")).content.decode()
        assert "浑源人员" in text
        assert ("灵丘人员" in text) == sees_all

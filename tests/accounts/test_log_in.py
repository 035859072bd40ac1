"""The way in: password and code, lockout by name and address, and one answer for every failure."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from datong_edu.accounts import lockout, second_factor
from datong_edu.accounts.actions import grant_role
from datong_edu.accounts.models import PortalSession, TotpUse, User
from datong_edu.accounts.roles import PERMISSIONS, SECOND_FACTOR, Role
from datong_edu.core.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-for-tests"
WRONG = "用户名或密码不正确，或账号暂不可用"
GuardOff = Callable[[Any], None]


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()


def person(role: Role = Role.SCHOOL_CLERK, **given: Any) -> User:
    """A user with the password of these tests."""
    if role in (Role.SCHOOL_CLERK, Role.PRINCIPAL):
        unit = make.school_unit(make.school())
    else:
        unit = make.county() if role.value.startswith("county") else make.city()
    user = make.user(role, unit, **given)
    user.password = make_password(PASSWORD)
    user.save()
    return user


def knock(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    """Step one."""
    return client.post("/login/", {"username": username, "password": password}, **extra)


def show(client: Client, code: str, **extra: Any) -> Any:
    """Step two."""
    return client.post("/login/code/", {"code": code}, **extra)


def is_in(client: Client) -> bool:
    """Whether a page behind the log-in opens."""
    return client.get("/account/").status_code == 200


def with_phone(role: Role = Role.COUNTY_CLERK, **given: Any) -> tuple[User, str]:
    """A user with a phone bound, and its secret."""
    user, secret = person(role, **given), second_factor.plain_secret()
    second_factor.bind(user, secret)
    return user, secret


def code_of(secret: str, *, later: int = 0) -> str:
    """What the phone shows now, or `later` steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def actions_of(user: User) -> list[str]:
    """Events about a user, oldest first."""
    events = AuditEvent.objects.filter(subject_type="accounts.user", subject_id=str(user.pk))
    return list(events.order_by("pk").values_list("action", flat=True))


# --- the two steps


@pytest.mark.parametrize("role", list(Role))
def test_every_office_that_reveals_or_administers_needs_a_code(role: Role) -> None:
    weighty = {
        Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_HEAD, Role.STANDARDS_OFFICER, Role.AUDITOR,
        Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OPERATOR,
    }  # fmt: skip
    assert bool(PERMISSIONS[role] & SECOND_FACTOR) == (role in weighty)


def test_office_without_weight_enters_by_password(client: Client) -> None:
    user = person(Role.LEADER)
    assert knock(client, user.username)["Location"] == "/"
    assert is_in(client)
    assert actions_of(user) == ["login"]


def test_password_alone_lets_nobody_with_weight_in(client: Client) -> None:
    user, secret = with_phone()
    assert knock(client, user.username)["Location"] == "/login/code/"
    assert not is_in(client)
    assert show(client, code_of(secret))["Location"] == "/"
    assert is_in(client)
    assert AuditEvent.objects.get(action="login").detail["factor"] == "code"


def test_target_survives_both_steps_and_never_leads_elsewhere(client: Client) -> None:
    user, secret = with_phone()
    client.post("/login/", {"username": user.username, "password": PASSWORD, "next": "/desk/findings/"})
    assert show(client, code_of(secret))["Location"] == "/desk/findings/"
    client.post("/logout/")
    client.post("/login/", {"username": user.username, "password": PASSWORD, "next": "//evil.example/"})
    assert show(client, code_of(secret, later=1))["Location"] == "/"


def test_first_log_in_binds_a_phone(client: Client) -> None:
    user = person(Role.COUNTY_HEAD)
    knock(client, user.username)
    assert client.get("/login/code/")["Location"] == "/login/phone/"
    page = client.get("/login/phone/").content.decode()
    assert "data:image" not in page
    assert "style=" not in page
    secret = re.search(r'<code class="dt-code">([A-Z2-7 ]+)</code>', page)
    assert secret is not None
    plain = secret[1].replace(" ", "")
    drawn = client.get("/login/phone.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"style" not in drawn.content
    assert "no-store" in drawn["Cache-Control"]
    assert "验证码不正确" in client.post("/login/phone/", {"code": "000000"}).content.decode()
    assert not is_in(client)
    done = client.post("/login/phone/", {"code": code_of(plain)})
    codes = re.findall(r'<code class="dt-code">(\d{8})</code>', done.content.decode())
    assert len(codes) == 10
    assert is_in(client)
    assert actions_of(user) == ["login_failed", "enrol_second_factor", "login"]
    client.post("/logout/")
    knock(client, user.username)
    assert show(client, codes[3])["Location"] == "/"
    client.post("/logout/")
    knock(client, user.username)
    assert "验证码不正确" in show(client, codes[3]).content.decode()


def test_bound_phone_is_not_bound_over(client: Client) -> None:
    user, _ = with_phone()
    knock(client, user.username)
    assert client.get("/login/phone/")["Location"] == "/login/code/"
    assert client.get("/login/phone.svg")["Location"] == "/login/code/"
    assert client.post("/login/phone/", {"code": "000000"}).status_code == 403


@pytest.mark.parametrize("form", [{}, {"code": ""}, {"code": "not a code"}])
def test_bound_phone_is_not_bound_over_by_a_broken_form_either(client: Client, form: dict[str, str]) -> None:
    user, _ = with_phone()
    knock(client, user.username)
    assert client.post("/login/phone/", form).status_code == 403
    assert client.put("/login/phone/").status_code == 403


def test_step_two_needs_step_one_and_does_not_wait_for_ever(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, secret = with_phone()
    assert show(client, code_of(secret))["Location"] == "/login/"
    knock(client, user.username)
    late = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert client.get("/login/code/")["Location"] == "/login/"


def test_changed_password_or_dismissal_ends_a_log_in_under_way(client: Client) -> None:
    user, secret = with_phone()
    for change in ({"password": make_password("another-long-word")}, {"is_active": False}):
        User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD), is_active=True)
        knock(client, user.username)
        User.objects.filter(pk=user.pk).update(**change)
        assert show(client, code_of(secret))["Location"] == "/login/"


def test_office_granted_to_somebody_logged_in_ends_the_session(client: Client) -> None:
    user, admin = person(Role.LEADER), person(Role.SYSTEM_ADMIN)
    knock(client, user.username)
    assert is_in(client)
    since = make.term().starts_on
    grant_role(user=user, role=Role.AUDITOR, unit=make.city(), since_on=since, by=admin)
    assert not is_in(client)


def test_secrets_are_sealed_in_database_and_session(client: Client) -> None:
    user = person(Role.COUNTY_HEAD)
    knock(client, user.username)
    page = client.get("/login/phone/").content.decode()
    plain = re.search(r'<code class="dt-code">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")  # type: ignore[index]
    kept = client.session["pending"]["sealed"]
    assert plain not in kept
    done = client.post("/login/phone/", {"code": code_of(plain)}).content.decode()
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    for secret in (plain, *re.findall(r">(\d{8})<", done)):
        assert secret not in rows
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM mfa_authenticator")
        assert plain not in cursor.fetchone()[0]


def test_only_the_pages_of_the_portal_exist() -> None:
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert not {name for name in names if name.startswith(("account_", "mfa_", "socialaccount"))}
    for name in ("account_login", "account_signup", "mfa_index", "admin:mfa_authenticator_changelist"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_administration_has_no_log_in_of_its_own(client: Client) -> None:
    user = person(Role.SYSTEM_ADMIN, is_staff=True, is_superuser=True)
    answer = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert answer["Location"].startswith("/login/")
    assert not is_in(client)


# --- a code counts once


def test_code_counts_once(client: Client) -> None:
    user, secret = with_phone()
    code = code_of(secret)
    knock(client, user.username)
    assert show(client, code)["Location"] == "/"
    thief = Client()
    knock(thief, user.username)
    assert show(thief, code).status_code == 200
    assert not is_in(thief)


def test_code_counts_twice_without_the_guard(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "_take", lambda row, step: True)
    user, secret = with_phone()
    code = code_of(secret)
    for browser in (client, Client()):
        knock(browser, user.username)
        assert show(browser, code)["Location"] == "/"


def test_older_code_does_not_count_after_a_newer(client: Client) -> None:
    user, secret = with_phone()
    knock(client, user.username)
    assert show(client, code_of(secret, later=1))["Location"] == "/"
    assert second_factor.verify(user, code_of(secret)) == ""


def test_used_code_survives_an_empty_cache() -> None:
    user, secret = with_phone()
    code = code_of(secret)
    assert second_factor.verify(user, code) == "totp"
    cache.clear()
    assert second_factor.verify(user, code) == ""


def race(deed: Callable[[], Any], runners: int = 2) -> list[Any]:
    """The same deed at the same moment, each on a connection of its own."""
    start, found = Barrier(runners), []

    def run() -> None:
        try:
            start.wait(10)
            found.append(deed())
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["phone", "recovery"])
def test_of_parallel_requests_with_one_code_one_gets_in(way: str) -> None:
    user, secret = with_phone()
    code = code_of(secret) if way == "phone" else second_factor.recovery_codes(user)[0]
    assert sorted(race(lambda: bool(second_factor.verify(user, code)), 6)) == [False] * 5 + [True]

    browsers = [Client() for _ in range(4)]
    code = code_of(secret, later=1) if way == "phone" else second_factor.recovery_codes(user)[0]
    for browser in browsers:
        knock(browser, user.username)
    waiting = list(browsers)
    race(lambda: show(waiting.pop(), code), 4)
    assert sum(is_in(browser) for browser in browsers) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_all_get_in_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "_take", lambda row, step: True)
    user, secret = with_phone()
    code = code_of(secret)
    assert race(lambda: bool(second_factor.verify(user, code)), 3) == [True] * 3


# --- lockout


def guesses_past(client: Client, user: User, tries: int, **extra: Any) -> int:
    """Wrong passwords, then the right one: how many of `tries` right ones got in."""
    for _ in range(5):
        knock(client, user.username, "wrong", **extra)
    return sum(knock(client, user.username, **extra).status_code == 302 for _ in range(tries))


def test_brute_force_gets_nowhere_past_the_lockout(client: Client) -> None:
    user = person()
    assert guesses_past(client, user, 20) == 0
    assert actions_of(user).count("lockout") == 1
    assert actions_of(user).count("login_failed") == 25


def test_brute_force_gets_in_without_the_guard(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout.Lockout, "get_failures", lambda *_: 0)
    assert guesses_past(client, person(), 1) == 1


def test_lock_holds_from_every_address_and_browser(client: Client) -> None:
    user = person()
    for number in range(5):
        knock(client, user.username, "wrong", REMOTE_ADDR=f"10.0.0.{number}", HTTP_USER_AGENT=str(number))
    assert knock(client, user.username, REMOTE_ADDR="10.9.9.9").status_code == 200
    assert not is_in(client)


def test_forged_forwarding_header_changes_nothing(client: Client) -> None:
    names = [person().username for _ in range(30)]
    for number, name in enumerate(names):
        knock(client, name, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    entered = [knock(client, name, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 302 for name in names]
    assert sum(entered) == 0
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}


def test_forged_forwarding_header_works_where_everybody_is_trusted(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("0.0.0.0/0")]
    names = [person().username for _ in range(26)]
    for number, name in enumerate(names):
        knock(client, name, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert knock(client, names[0], HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 302


def spray(client: Client, names: list[str]) -> int:
    """One wrong password for each name, then the right ones: how many got in."""
    for name in names:
        knock(client, name, "Password2020")
    return sum(knock(client, name).status_code == 302 for name in names)


def test_spraying_gets_nowhere_past_the_lockout(client: Client) -> None:
    assert spray(client, [person().username for _ in range(25)]) == 0


def test_spraying_works_without_the_guard(client: Client, settings: Any) -> None:
    settings.AXES_ENABLED = False
    assert spray(client, [person().username for _ in range(25)]) > 0


def test_own_log_in_does_not_wipe_the_slate_of_a_sprayer(client: Client) -> None:
    own, victims = person(), [person().username for _ in range(24)]
    for name in victims:
        knock(client, name, "Password2020")
    assert knock(client, own.username).status_code == 302
    client.post("/logout/")
    knock(client, "nobody", "Password2020")
    assert knock(client, victims[0]).status_code == 200


def test_wrong_codes_lock_too(client: Client) -> None:
    user, secret = with_phone()
    knock(client, user.username)
    for _ in range(5):
        show(client, "000000")
    assert show(client, code_of(secret)).status_code == 200
    assert WRONG in knock(Client(), user.username).content.decode()
    assert "lockout" in actions_of(user)


def test_right_password_does_not_forgive_wrong_codes(client: Client) -> None:
    user, secret = with_phone()
    for _ in range(5):
        knock(client, user.username)
        show(client, "000000")
    assert knock(client, user.username).status_code == 200
    assert show(client, code_of(secret)).status_code == 200
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_slip_past_the_count() -> None:
    user = person()
    race(lambda: knock(Client(), user.username, "wrong"), 12)
    counted = sum(AccessAttempt.objects.values_list("failures_since_start", flat=True))
    assert counted == 5


def test_lock_ends_by_itself(client: Client) -> None:
    user = person()
    assert guesses_past(client, user, 1) == 0
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert knock(client, user.username).status_code == 302


def failures(client: Client) -> dict[str, Callable[[], Any]]:
    """Every way to fail."""
    locked, gone, there = person(), person(is_active=False), person()
    for _ in range(5):
        knock(client, locked.username, "wrong", REMOTE_ADDR="10.0.0.1")
    return {
        "unknown": lambda: knock(client, "nobody-at-all"),
        "wrong": lambda: knock(client, there.username, "wrong"),
        "locked": lambda: knock(client, locked.username),
        "disabled": lambda: knock(client, gone.username),
    }


def test_failures_answer_alike(client: Client) -> None:
    answers = {}
    for name, fail in failures(client).items():
        answer = fail()
        text = re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.content.decode())
        answers[name] = (answer.status_code, text, sorted(answer.headers))
    assert WRONG in answers["wrong"][1]
    assert len({str(answer) for answer in answers.values()}) == 1


def test_failures_take_as_long(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ways, hashed = failures(client), []
    worked = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or worked(*given)
    )
    counts = {}
    for name, fail in ways.items():
        hashed.clear()
        fail()
        counts[name] = len(hashed)
    assert set(counts.values()) == {1}, counts


def test_names_that_were_tried_are_not_kept_in_clear(client: Client) -> None:
    number = make.id_number()
    knock(client, number, "secret-word-typed")
    kept = str(list(AccessAttempt.objects.values())) + str(list(AuditEvent.objects.values()))
    assert number not in kept
    assert "secret-word-typed" not in kept


def test_system_administrator_unlocks(client: Client) -> None:
    user, admin = person(), person(Role.SYSTEM_ADMIN)
    guesses_past(Client(), user, 1)
    client.force_login(admin)
    page = client.get("/log-ins/locks/").content.decode()
    assert user.username in page
    assert client.post("/log-ins/unlock/", {"kind": "name", "key": "x"}).status_code == 404
    form = {"kind": "name", "key": lockout.key_of(user.username)}
    assert client.post("/log-ins/unlock/", form)["Location"] == "/log-ins/locks/"
    event = AuditEvent.objects.get(action="unlock")
    assert (event.actor, event.subject_id) == (admin, str(user.pk))
    assert knock(Client(), user.username).status_code == 302
    client.force_login(person(Role.SECURITY_ADMIN))
    assert client.get("/log-ins/locks/").status_code == 403


def test_security_administrator_resets_a_lost_phone(client: Client) -> None:
    user, secret = with_phone()
    browser = Client()
    knock(browser, user.username)
    show(browser, code_of(secret))
    admin = person(Role.SECURITY_ADMIN)
    client.force_login(admin)
    assert user.username in client.get("/log-ins/second-factors/").content.decode()
    assert client.post(f"/log-ins/second-factors/{user.pk}/reset/").status_code == 302
    assert not is_in(browser)
    assert not TotpUse.objects.exists()
    assert actions_of(user)[-2:] == ["reset_second_factor", "end_session"]
    assert not PortalSession.objects.filter(user=user).exists()
    assert client.post(f"/log-ins/second-factors/{admin.pk}/reset/").status_code == 400
    client.force_login(person(Role.SYSTEM_ADMIN))
    assert client.post(f"/log-ins/second-factors/{user.pk}/reset/").status_code == 403


def test_failed_log_in_keeps_no_field_of_the_form(client: Client) -> None:
    number = make.id_number()
    form = {"username": person().username, "password": "wrong", "id_no": number}
    client.post(f"/login/?from={number[:6]}", form)
    attempt = AccessAttempt.objects.get()
    assert (attempt.get_data, attempt.post_data) == ("", "")

"""Sessions end: unused, too old, ended by hand, after a new password; weighty deeds ask again who it is."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from datong_edu.accounts import second_factor, session_store, sessions
from datong_edu.accounts.addresses import client_address
from datong_edu.accounts.models import PortalSession, User
from datong_edu.accounts.roles import Role
from datong_edu.core.access import users
from datong_edu.core.models import AuditEvent
from datong_edu.web.confirming import NeedsConfirmation
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-for-tests"


class Weighty(NeedsConfirmation):
    """A deed that asks for confirmation."""

    access = users("a test")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return HttpResponse("form")

    def post(self, request: HttpRequest) -> HttpResponse:
        """The deed."""
        return HttpResponse("done")


urlpatterns = [path("", include("datong_edu.urls")), path("weighty/", Weighty.as_view())]


class Clock:
    """The time as sessions see it."""

    def __init__(self) -> None:
        self.moved = timedelta(0)
        self.start = timezone.now()

    def now(self) -> datetime:
        """The moved time."""
        return self.start + self.moved


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock to be moved by the test."""
    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved.now)
    return moved


@pytest.fixture
def user(db: None) -> User:
    """A leader, who needs no code."""
    make.load_reference()
    made = make.user(Role.LEADER, make.city())
    made.password = make_password(PASSWORD)
    made.save()
    return made


def enter(user: User, **extra: Any) -> Client:
    """A browser logged in through the door."""
    client = Client()
    answer = client.post("/login/", {"username": user.username, "password": PASSWORD}, **extra)
    assert answer.status_code == 302
    return client


def opens(client: Client, **extra: Any) -> bool:
    """Whether a page behind the log-in opens."""
    return client.get("/account/", **extra).status_code == 200


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


# --- limits


@pytest.mark.parametrize(("idle", "lives"), [(29, True), (31, False)])
def test_session_ends_when_idle(user: User, clock: Clock, idle: int, lives: bool) -> None:
    client = enter(user)
    clock.moved = minutes(idle)
    assert opens(client) is lives


def test_session_in_use_goes_on_until_twelve_hours(user: User, clock: Clock) -> None:
    client = enter(user)
    for step in range(1, 36):
        clock.moved = minutes(20 * step)
        assert opens(client)
    clock.moved = minutes(12 * 60 + 1)
    assert not opens(client)


def test_session_that_is_saved_again_and_again_still_ends_after_twelve_hours(
    user: User, clock: Clock
) -> None:
    client = enter(user)
    for step in range(1, 37):
        clock.moved = minutes(20 * step - 1)
        client.post("/confirm/", {"proof": PASSWORD})
    assert opens(client)
    clock.moved = minutes(12 * 60 + 1)
    assert not opens(client)


@pytest.mark.parametrize("limit", ["SESSION_IDLE", "SESSION_LONGEST"])
def test_session_lives_on_without_the_limit(user: User, clock: Clock, settings: Any, limit: str) -> None:
    settings.SESSION_IDLE = settings.SESSION_LONGEST = timedelta(days=3)
    client = enter(user)
    clock.moved = timedelta(days=2)
    assert opens(client)


def test_limit_holds_for_htmx_and_json_alike(user: User, clock: Clock) -> None:
    client = enter(user)
    clock.moved = minutes(31)
    fragment = client.get("/account/", headers={"HX-Request": "true", "HX-Current-URL": "/account/"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/account/")
    assert not opens(client, headers={"Accept": "application/json"})
    assert client.post("/account/sessions/end/").status_code == 302
    assert PortalSession.objects.filter(user=user).count() == 1


def test_ten_fragments_write_once(user: User, clock: Clock, django_assert_num_queries: Any) -> None:
    client = enter(user)
    clock.moved = minutes(2)
    assert opens(client)
    before = PortalSession.objects.get(user=user).seen_at
    clock.moved = minutes(2.5)
    assert opens(client)
    assert PortalSession.objects.get(user=user).seen_at == before


def test_session_without_a_stamp_is_no_log_in(user: User) -> None:
    client = enter(user)
    session = client.session
    del session[session_store.ENTRY]
    session.save()
    assert not opens(client)


def test_cookie_ends_with_the_browser_and_is_out_of_reach_of_scripts(user: User) -> None:
    cookie = enter(user).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == (
        "", "", True, "Lax",
    )  # fmt: skip


def test_key_changes_at_the_log_in(user: User) -> None:
    client = Client()
    client.get("/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    assert client.session.session_key != session.session_key
    assert "planted" not in client.session


# --- one's own sessions


def test_own_sessions_are_listed_and_ended(user: User) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36"
    here, there = enter(user), enter(user, REMOTE_ADDR="10.2.3.4", HTTP_USER_AGENT=agent)
    text = here.get("/account/").content.decode()
    assert "10.2.3.4" in text
    assert "谷歌内核浏览器，视窗电脑" in text
    assert text.count("本次登录") == 1
    uid = sessions.running(user).exclude(session_key=here.session.session_key).get().uid
    assert here.post(f"/account/sessions/{uid}/end/")["Location"] == "/account/"
    assert opens(here)
    assert not opens(there)
    event = AuditEvent.objects.get(action="end_session")
    assert (event.actor, event.detail) == (user, {"sessions": 1})


def test_all_others_end_at_once(user: User) -> None:
    here, others = enter(user), [enter(user) for _ in range(3)]
    here.post("/account/sessions/end/")
    assert opens(here)
    assert not any(opens(other) for other in others)


def test_sessions_of_others_do_not_exist(user: User) -> None:
    other = make.user(Role.LEADER, make.city())
    other.password = make_password(PASSWORD)
    other.save()
    mine, theirs = enter(user), enter(other)
    uid = sessions.running(other).get().uid
    for foreign in (uid, uuid4()):
        assert mine.post(f"/account/sessions/{foreign}/end/").status_code == 404
    assert opens(theirs)
    assert mine.get("/account/sessions/end/").status_code == 405


def test_log_out_ends_the_row_and_is_on_record(user: User) -> None:
    client = enter(user)
    client.post("/logout/")
    assert not PortalSession.objects.filter(user=user).exists()
    assert AuditEvent.objects.filter(action="logout", actor=user).count() == 1


# --- password


def change(client: Client, new: str, old: str = PASSWORD) -> Any:
    """Ask for a new password."""
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/password/", form)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short-one", "密码太短，至少 10 位"),
        ("password1234", "这个密码太常见了"),
        ("9481726350918", "密码只包含数字"),
        ("leader-of-datong", "太相似"),
    ],
)
def test_weak_password_is_refused_in_chinese(user: User, new: str, words: str) -> None:
    User.objects.filter(pk=user.pk).update(username="leader-of-datong1")
    user.refresh_from_db()
    text = change(enter(user), new).content.decode()
    assert words in text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_new_password_ends_the_other_sessions_and_is_on_record(user: User) -> None:
    here, there = enter(user), enter(user)
    assert change(here, "another-long-word-2020")["Location"] == "/password/done/"
    assert opens(here)
    assert not opens(there)
    assert AuditEvent.objects.filter(action="change_password", actor=user).count() == 1


def test_guessing_the_old_password_locks(user: User) -> None:
    client = enter(user)
    for _ in range(5):
        assert "旧密码" in change(client, "another-long-word-2020", old="wrong").content.decode()
    assert change(client, "another-long-word-2020").status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# --- confirmation


@pytest.mark.urls("tests.accounts.test_sessions")
class TestConfirmation:
    """Deeds that ask again."""

    def test_fresh_log_in_counts_for_ten_minutes(self, user: User, clock: Clock) -> None:
        client = enter(user)
        clock.moved = minutes(9)
        assert client.post("/weighty/").content == b"done"
        clock.moved = minutes(11)
        assert client.post("/weighty/")["Location"] == "/confirm/?next=%2Fweighty%2F"

    def test_deed_is_done_without_the_guard(self, user: User, clock: Clock, settings: Any) -> None:
        settings.CONFIRMED_FOR = minutes(60)
        client = enter(user)
        clock.moved = minutes(11)
        assert client.post("/weighty/").content == b"done"

    def test_password_confirms(self, user: User, clock: Clock) -> None:
        client = enter(user)
        clock.moved = minutes(11)
        refused = client.post("/confirm/", {"proof": "wrong", "next": "/weighty/"})
        assert refused.status_code == 422
        assert "密码或验证码不正确" in refused.content.decode()
        assert client.get("/weighty/").status_code == 302
        assert client.post("/confirm/", {"proof": PASSWORD, "next": "/weighty/"})["Location"] == "/weighty/"
        assert client.get("/weighty/").content == b"form"
        assert AuditEvent.objects.filter(action="confirm_identity", actor=user).count() == 1

    def test_code_confirms_once(self, user: User, clock: Clock) -> None:
        second_factor.bind(user, second_factor.plain_secret())
        client = Client()
        client.force_login(user)
        clock.moved = minutes(11)
        code, _ = second_factor.present_code(user)
        assert client.post("/confirm/", {"proof": code, "next": "/weighty/"})["Location"] == "/weighty/"
        assert client.post("/confirm/", {"proof": code}).status_code == 422

    def test_guessing_locks(self, user: User, clock: Clock) -> None:
        client = enter(user)
        clock.moved = minutes(11)
        for _ in range(5):
            client.post("/confirm/", {"proof": "wrong"})
        assert client.post("/confirm/", {"proof": PASSWORD}).status_code == 422

    def test_way_back_stays_in_the_portal(self, user: User) -> None:
        answer = enter(user).post("/confirm/", {"proof": PASSWORD, "next": "https://evil.example/"})
        assert answer["Location"] == "/"

    def test_htmx_moves_the_whole_page(self, user: User, clock: Clock) -> None:
        client = enter(user)
        clock.moved = minutes(11)
        answer = client.post("/weighty/", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == "/confirm/?next=%2Fweighty%2F"

    def test_recovery_codes_are_renewed_after_confirmation_only(self, user: User, clock: Clock) -> None:
        second_factor.bind(user, second_factor.plain_secret())
        before = second_factor.recovery_codes(user)
        client = Client()
        client.force_login(user)
        clock.moved = minutes(11)
        assert client.post("/account/recovery-codes/")["Location"].startswith("/confirm/")
        assert second_factor.recovery_codes(user) == before
        client.post("/confirm/", {"proof": PASSWORD})
        text = client.post("/account/recovery-codes/").content.decode()
        after = second_factor.recovery_codes(user)
        assert len(after) == 10
        assert all(code in text for code in after)
        assert not set(before) & set(after)


# --- addresses


@pytest.mark.parametrize(
    ("near", "written", "trusted", "found"),
    [
        ("203.0.113.9", "", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.1, 10.0.0.6", "10.0.0.0/8", "198.51.100.1"),
        ("10.0.0.5", "nonsense", "10.0.0.0/8", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.0/8", "10.0.0.5"),
        ("2001:db8:1:2:aaaa::1", "", "", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "", "", "203.0.113.9"),
        ("", "198.51.100.1", "", None),
    ],
)
def test_address_is_the_connections_own_unless_a_trusted_proxy_says(
    settings: Any, near: str, written: str, trusted: str, found: str | None
) -> None:
    settings.TRUSTED_PROXIES = [ip_network(trusted)] if trusted else []
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": near, "HTTP_X_FORWARDED_FOR": written}
    assert client_address(request) == found

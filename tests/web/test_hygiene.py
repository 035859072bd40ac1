"""Manners of every answer: headers, numbers in addresses, limits that stay, refusals without a trace.

Each guard has a test in which it is switched off, and then the check fails.
"""

import os
import re
import subprocess
import sys
from base64 import b64encode
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import User
from datong_edu.core.crypto import blind_index
from datong_edu.settings import env
from datong_edu.web import doors, limits
from datong_edu.web.middleware import holds_number
from datong_edu.web.models import UseCount
from tests import factories as make
from tests.house.addresses import addresses

NUMBER = "140225201005010012"


@pytest.fixture
def clerk(db: None) -> User:
    """浑源县's clerk, with a city around."""
    make.load_reference()
    return make.user()


@pytest.fixture
def visitor(clerk: User) -> Client:
    """The clerk's browser; it tells what a server would answer, failures too."""
    client = Client(raise_request_exception=False)
    client.force_login(clerk)
    return client


# --- settings of the city's servers -----------------------------------------------------------------------


def check_for_deployment(**changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` under the production settings."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return in_production(command, **changes)


def in_production(command: list[str], **changes: str) -> subprocess.CompletedProcess[str]:
    """A command under the production settings."""
    keys = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    given = {
        "DJANGO_SETTINGS_MODULE": "datong_edu.settings.prod",
        "DJANGO_SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "PORTAL_FIELD_KEY": b64encode(b"A" * 32).decode(),
        "PORTAL_FIELD_KEY_ID": "k1",
        "PORTAL_INDEX_KEY": b64encode(b"B" * 32).decode(),
        "DATABASE_URL": "postgres://portal:x@127.0.0.1:1/portal",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PORTAL_HOSTS": "portal.example",
        "PORTAL_DATA": str(settings.ASSETS_DIR.parent),
    }
    return subprocess.run(
        command,
        cwd=env.BASE_DIR,
        env=keys | given | changes,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_nothing_is_left_to_do_before_going_live() -> None:
    done = check_for_deployment()
    assert done.returncode == 0, done.stderr


def test_the_check_before_going_live_sees_an_open_door() -> None:
    done = check_for_deployment(PORTAL_SSL_REDIRECT="0")
    assert done.returncode != 0
    assert "security.W008" in done.stderr


def test_production_keeps_cookies_to_https() -> None:
    asks = (
        "from django.conf import settings as s; import django; django.setup();"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.DEBUG,"
        " s.SECURE_HSTS_SECONDS)"
    )
    done = in_production([sys.executable, "-c", asks])
    assert done.stdout.split() == ["True", "True", "True", "False", str(365 * 24 * 3600)], done.stderr


# --- headers of every answer ------------------------------------------------------------------------------


def faults_of(response: Any) -> list[str]:
    """What an answer lacks."""
    policy = response.get("Content-Security-Policy", "")
    found = {
        "a policy without inline code": "default-src 'none'" in policy and "unsafe" not in policy,
        "a nonce or no script": "'nonce-" in policy or "script-src 'self'" in policy,
        "no frames": "frame-ancestors 'none'" in policy and response.get("X-Frame-Options") == "DENY",
        "no copy": "no-store" in response.get("Cache-Control", ""),
        "no referrer elsewhere": response.get("Referrer-Policy") == "same-origin",
        "no sniffing": response.get("X-Content-Type-Options") == "nosniff",
        "an opener of its own": response.get("Cross-Origin-Opener-Policy") == "same-origin",
        "no camera": "camera=()" in response.get("Permissions-Policy", ""),
    }
    return [name for name, is_there in found.items() if not is_there]


def test_every_answer_has_its_headers(visitor: Client) -> None:
    asked = addresses()
    assert len(asked) > 60
    faults = {f"/{one}": found for one in asked if (found := faults_of(visitor.get(f"/{one}")))}
    assert not faults, faults


@pytest.mark.parametrize(
    "guard",
    [
        "csp.middleware.CSPMiddleware",
        "datong_edu.web.middleware.Headers",
        "datong_edu.web.middleware.NoStore",
    ],
)
def test_headers_are_missed_without_their_guard(db: None, settings: Any, guard: str) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != guard]
    assert faults_of(Client().get("/healthz"))


# --- forgery ------------------------------------------------------------------------------------------------


def open_to_forgery() -> list[str]:
    """Views that take a POST without a token of the form, from the URL resolver."""
    return [route for route, pattern in doors.routes() if getattr(pattern.callback, "csrf_exempt", False)]


def test_every_post_of_a_page_carries_its_token(clerk: User) -> None:
    assert [name for name in open_to_forgery() if not name.startswith("api/v1/")] == []
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)
    for route in ("import/new/", "desk/run/", "logout/", "preference/", "desk/people/"):
        assert client.post(f"/{route}").status_code == 403, route


def test_the_api_takes_no_cookie(visitor: Client) -> None:
    for name in open_to_forgery():
        if "<" in name or "^" in name or name.endswith("token"):
            continue
        answer = visitor.post(f"/{name}")
        assert answer.status_code in (401, 404, 405), name


# --- numbers in addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        f"/desk/people/?q={NUMBER}",
        f"/desk/people/{NUMBER}/",
        f"/desk/people/?q=G{NUMBER}",
        "/desk/people/?q=14022520100501001X",
        "/desk/people/?q=140225+20100501+0012",
        "/desk/people/?q=140225-20100501-0012",
        "/desk/people/?q=１４０２２５２０１００５０１００１２",
        "/desk/people/?q=%EF%BC%91%EF%BC%94%EF%BC%90%EF%BC%92%EF%BC%92%EF%BC%95201005010012",
        "/desk/people/?q=%31%34%30%32%32%35201005010012",
        "/desk/people/?q=%2531%2534%2530225201005010012",
        f"/api/v1/persons?name={NUMBER}",
        f"/api/v1/persons/{NUMBER}",
        f"/nowhere/{NUMBER}",
        "/aid/?q=6217001234567890123",
        f"/login/?next=/desk/people/%3Fq%3D{NUMBER}",
    ],
)
def test_a_number_in_an_address_is_refused_and_not_repeated(
    visitor: Client, capfd: pytest.CaptureFixture[str], address: str
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 400
    text = answer.content.decode() + str(answer.headers) + "".join(capfd.readouterr())
    assert not re.search(r"\d{6}[\s-]?2010|20100501|62170012", text)
    assert "号码" in answer.content.decode()


def test_ids_indexes_and_days_are_no_numbers(visitor: Client) -> None:
    index = blind_index("id_no", NUMBER).hex
    for address in (
        "/desk/people/01234567-0123-4123-8123-012345678901/",
        f"/desk/people/?number={index}",
        f"/desk/people/?number={index}.{index}",
        "/x/?from=2020-12-15&until=2020-12-31&term=2020-2021-1&school=3114000001&after=123456789",
        "/api/v1/persons?cursor=cD0xMjM0NTY3ODkwMTIzNDU%3D",
    ):
        assert not holds_number(address), address


def test_a_number_is_searched_by_post(visitor: Client) -> None:
    answer = visitor.post("/desk/people/", {"q": NUMBER})
    assert answer.status_code == 302
    assert NUMBER not in answer["Location"]
    assert visitor.get(answer["Location"]).status_code == 200


def test_without_the_guard_the_number_would_be_repeated(
    clerk: User, settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    guard = "datong_edu.web.middleware.NoNumbersInAddresses"
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != guard]
    client = Client()
    client.force_login(clerk)
    answer = client.get(f"/nowhere/{NUMBER}")
    assert NUMBER in answer.content.decode() + "".join(capfd.readouterr())


# --- limits -------------------------------------------------------------------------------------------------


def test_limits_hold_and_are_counted_in_the_database(visitor: Client, clerk: User, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"export": {3600: 2}, "search": {3600: 2}, "compare": {3600: 0}}
    export = [visitor.get("/aid/", {"export": "xlsx"}).status_code for _ in range(3)]
    search = [visitor.get("/desk/people/", {"q": "张"}).status_code for _ in range(3)]
    assert export == search == [200, 200, 429]
    form = {"file": SimpleUploadedFile("a.csv", "姓名\n张三\n".encode()), "columns": ["school"]}
    refused = visitor.post(reverse("desk:compare"), form)
    assert refused.status_code in (422, 429)
    answer = visitor.get("/aid/", {"export": "xlsx"})
    assert int(answer["Retry-After"]) > 0
    assert "频繁" in answer.content.decode()
    assert UseCount.objects.get(key=f"export:{clerk.pk}").used == 4
    other = make.user()
    visitor.force_login(other)
    assert visitor.get("/aid/", {"export": "xlsx"}).status_code == 200


def test_emptying_redis_resets_no_limit(clerk: User, settings: Any) -> None:
    import redis as client

    settings.LIMITS = settings.LIMITS | {"export": {3600: 1}}
    limits.spend("export", clerk.pk)
    address = (settings.CELERY_BROKER_URL).partition("?")[0].replace("redis+socket://", "unix://")
    with client.Redis.from_url(address) as server:
        server.flushall()
    with pytest.raises(limits.TooMany):
        limits.spend("export", clerk.pk)


def test_windows_end(clerk: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta

    settings.LIMITS = settings.LIMITS | {"export": {60: 1}}
    now = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)
    monkeypatch.setattr(limits.timezone, "now", lambda: now)
    assert limits.spend("export", clerk.pk).wait == 30
    with pytest.raises(limits.TooMany):
        limits.spend("export", clerk.pk)
    monkeypatch.setattr(limits.timezone, "now", lambda: now + timedelta(seconds=30))
    assert limits.spend("export", clerk.pk).left == 0
    monkeypatch.setattr(limits.timezone, "now", lambda: now + timedelta(days=3))
    assert limits.expire() == 2


# --- refusals -----------------------------------------------------------------------------------------------


def test_refusals_are_chinese_pages_without_a_trace(
    visitor: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("secret of the server")

    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answers = {
        403: visitor.get("/log-ins/locks/"),
        404: visitor.get("/nowhere/"),
        413: visitor.post("/preference/", {"name": "size", "value": "x" * 500}),
        400: visitor.post("/preference/", {"name": "nothing", "value": "x"}),
    }
    monkeypatch.setattr("datong_edu.desk.views.people.PeopleList.rows", fail)
    answers[500] = visitor.get("/desk/people/")
    for status, answer in answers.items():
        text = answer.content.decode()
        assert answer.status_code == status, (status, answer.status_code)
        assert re.search(r"<h1[^>]*>[\u4e00-\u9fff]+</h1>", text), status
        assert "Traceback" not in text
        assert "secret" not in text

"""Who asks: every office, a stranger, a disabled user, a log-in without its code yet, clients of the API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from datong_edu.accounts import second_factor, sessions
from datong_edu.accounts.actions import service_account
from datong_edu.accounts.clients import create_client
from datong_edu.accounts.log_in import BACKEND
from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import ADMIN_ROLES, HELD_FOR, PERMISSIONS, Permission, Role
from datong_edu.accounts.session_store import SessionStore
from datong_edu.demo.crawl.seeding import CITY, COUNTIES, NEIGHBOUR, OWN, Seeded, school_unit, worker

HOST = "localhost"
PASSWORD = "crawl-only-Long-word-7"


@dataclass(frozen=True)
class Caller:
    """Somebody who asks, and whose rows, staff and trail they may be told of, by place."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    rows: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    trail: frozenset[str] = frozenset()
    """Places whose history they read under 操作留痕, whatever rows they see."""
    permissions: frozenset[Permission] = frozenset()


class NotPending(AssertionError):
    """The log-in that should wait for its code does not."""


def callers(seeded: Seeded) -> Iterator[Caller]:
    """Everybody, each with a session or token of their own where they have one."""
    yield Caller("anonymous")
    county, city = seeded.places[OWN].county, Unit.objects.city()
    school = seeded.places[OWN].school
    assert county is not None
    assert school is not None
    units = {UnitKind.CITY: city, UnitKind.COUNTY: county, UnitKind.SCHOOL: school_unit(school)}
    for role in Role:
        for kind in sorted(HELD_FOR[role]):
            yield _office(role, UnitKind(kind), units[UnitKind(kind)])
    yield _disabled(county)
    yield _pending(county)
    for scopes in (["read", "import"], ["read"], ["import"]):
        yield _client(county, scopes)


def _office(role: Role, kind: UnitKind, unit: Unit) -> Caller:
    user = worker(f"crawl-{role}-{kind}", role, unit, name=f"岗位{role.label}")
    may = PERMISSIONS[role]
    whole = frozenset({*COUNTIES, CITY})
    area = frozenset(place for place, code in COUNTIES.items() if code == COUNTIES[OWN])
    staff = whole if kind == UnitKind.CITY else area
    rows = {UnitKind.CITY: whole, UnitKind.COUNTY: area, UnitKind.SCHOOL: area - {NEIGHBOUR}}[kind]
    return Caller(
        f"{role}.{kind}",
        {settings.SESSION_COOKIE_NAME: _session(user)},
        rows=frozenset() if role in ADMIN_ROLES else rows,
        staff=staff,
        trail=staff if Permission.VIEW_AUDIT in may else frozenset(),
        permissions=frozenset(may),
    )


def _session(user: User) -> str:
    """A whole log-in: password, code, and lately confirmed."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.stamp(session, second_factor=True)
    session.save()
    assert session.session_key is not None
    return session.session_key


def _disabled(county: Unit) -> Caller:
    """A county's head whose session goes on while the account was shut."""
    user = worker("crawl-disabled", Role.COUNTY_HEAD, county, name="停用人员")
    key = _session(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return Caller("disabled", {settings.SESSION_COOKIE_NAME: key})


def _pending(county: Unit) -> Caller:
    """A county's head who gave the password on the log-in page and not yet the code."""
    user = worker("crawl-pending", Role.COUNTY_HEAD, county, name="待验证人员")
    user.set_password(PASSWORD)
    user.save()
    second_factor.bind(user, second_factor.plain_secret())
    client = Client(HTTP_HOST=HOST)
    form = {"username": user.username, "password": PASSWORD}
    answer = client.post("/login/", form, secure=True)
    waits = answer.status_code == HTTPStatus.FOUND and "code" in answer["Location"]
    if not waits or SESSION_KEY in client.session:
        raise NotPending(f"/login/ answered {answer.status_code}")
    return Caller("pending", {name: morsel.value for name, morsel in client.cookies.items()})


def _client(county: Unit, scopes: list[str]) -> Caller:
    """A system of the county with a token for some scopes."""
    name = f"api.{'+'.join(scopes)}"
    made = create_client(
        name=name,
        unit=county,
        scopes=scopes,
        until_on=timezone.localdate() + timedelta(days=1),
        by=service_account(),
    )
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client.client_id,
        "client_secret": made.secret,
    }
    told = Client(HTTP_HOST=HOST).post("/api/v1/token", form, secure=True).json()
    area = frozenset(place for place, code in COUNTIES.items() if code == COUNTIES[OWN])
    return Caller(name, token=told["access_token"], rows=area, staff=area)

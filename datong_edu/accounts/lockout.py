"""Lockout after failed log-ins, over django-axes: counted in PostgreSQL by user name and by address.

Passwords, one-time codes and re-authentication count alike.  User names are kept as keyed fingerprints, for
people type numbers and passwords into the wrong box.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import connection, transaction
from django.db.models import Max, Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from datong_edu.accounts.addresses import client_address
from datong_edu.accounts.models import User
from datong_edu.core import audit, crypto

Credentials = dict[str, Any]
NAMES_PER_ADDRESS = settings.LOCKOUT_FAILURES_OF_ADDRESS // settings.LOCKOUT_FAILURES_OF_NAME


def name_key(request: HttpRequest | None, credentials: Credentials | None = None) -> str | None:
    """Keyed fingerprint of the user name that somebody tried."""
    name = (credentials or {}).get("username") or (request.POST.get("username") if request else None)
    return key_of(name) if name else None


def key_of(username: str) -> str:
    """Keyed fingerprint of a user name, as failures are counted under it."""
    return str(crypto.blind_index("username", username))


@contextmanager
def _fields_unsaid(request: HttpRequest) -> Iterator[None]:
    """Keep from axes what was sent: it would store every field of the form in clear."""
    sent, asked = request.POST, request.GET
    request.POST, request.GET = QueryDict(), QueryDict()
    try:
        yield
    finally:
        request.POST, request.GET = sent, asked


class Lockout(AxesDatabaseHandler):
    """The handler of axes with two limits, and with every failure in the audit trail."""

    def get_failures(self, request: HttpRequest, credentials: Credentials | None = None) -> int:
        """Failures that count: of the name, or of the address in units of the name's limit."""
        by_name, by_address = (
            attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(by_name, by_address // NAMES_PER_ADDRESS)

    def reset_user_attempts(self, request: HttpRequest, credentials: Credentials | None = None) -> int:
        """After a log-in: forget the failures of this name, never those of its address.

        Else somebody with one account could spray the others and wipe the slate in between.
        """
        forgotten, _ = AccessAttempt.objects.filter(username=name_key(request, credentials)).delete()
        return forgotten

    def user_login_failed(
        self, sender: Any, credentials: Credentials, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count the failure and write it down."""
        if request is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
            return
        with _fields_unsaid(request):
            super().user_login_failed(sender, credentials, request, **kwargs)
        tried = User.objects.filter(username=credentials.get("username")).first()
        detail = {"step": credentials.get("step", "password"), "ip": client_address(request)}
        audit.record(action="login_failed", by=None, subject=tried, detail=detail)
        # axes leaves the count empty for an attempt it had turned away before
        limit = settings.LOCKOUT_FAILURES_OF_NAME
        if (getattr(request, "axes_failures_since_start", None) or 0) >= limit:
            audit.record(action="lockout", by=None, subject=tried, detail=detail)


class Gate(AxesStandaloneBackend):
    """First authentication backend: turns the locked away, after as long as a wrong password takes."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raise when name or address is locked."""
        try:
            super().authenticate(request, **credentials)
        except AxesBackendPermissionDenied:
            User().set_password(credentials.get("password"))
            raise


@contextmanager
def one_at_a_time(request: HttpRequest, username: str) -> Iterator[None]:
    """Attempts on one name, and from one address, wait for each other, so that none slips past the count."""
    with transaction.atomic(), connection.cursor() as cursor:
        for key in (f"log-in from {client_address(request)}", f"log-in of {key_of(username)}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether the name or the request's address is locked now."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_failure(request: HttpRequest, username: str, *, step: str) -> None:
    """Count a failed proof that is not a password asked of a backend: a one-time code, a confirmation."""
    if is_locked(request, username):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # axes' own mark: do not count it again
    user_login_failed.send(__name__, credentials={"username": username, "step": step}, request=request)


@dataclass(frozen=True)
class Lock:
    """A name or an address that is locked; `key` is what `unlock` takes."""

    kind: str
    key: str
    label: str
    failures: int
    until: datetime


def locks() -> list[Lock]:
    """Everything locked now, latest first."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    names = {key_of(user.username): f"{user.username}（{user}）" for user in User.objects.all()}
    found = []
    for kind, column, limit in (
        ("name", "username", settings.LOCKOUT_FAILURES_OF_NAME),
        ("address", "ip_address", settings.LOCKOUT_FAILURES_OF_ADDRESS),
    ):
        tried = AccessAttempt.objects.filter(attempt_time__gte=since).exclude(**{column: None})
        counted = (
            tried.order_by().values(column).annotate(n=Sum("failures_since_start"), last=Max("attempt_time"))
        )
        for row in counted.filter(n__gte=limit):
            key = str(row[column])
            label = key if kind == "address" else names.get(key, "不存在的用户名")
            found.append(Lock(kind, key, label, row["n"], row["last"] + settings.AXES_COOLOFF_TIME))
    return sorted(found, key=lambda lock: lock.until, reverse=True)


@transaction.atomic
def unlock(*, kind: str, key: str, by: User) -> int:
    """Let a name or an address try again.  Returns the number of failures forgotten."""
    column = "ip_address" if kind == "address" else "username"
    forgotten, _ = AccessAttempt.objects.filter(**{column: key}).delete()
    locked = next((user for user in User.objects.all() if key_of(user.username) == key), None)
    detail = {"ip": key} if kind == "address" else {}
    audit.record(action="unlock", by=by, subject=locked, detail=detail)
    return forgotten

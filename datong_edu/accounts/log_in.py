"""The way in: password, then the second factor where the office asks for one, then a session.

Between the two steps nobody is logged in; the session only remembers who has to show a code.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from datong_edu.accounts import lockout, second_factor, sessions
from datong_edu.accounts.addresses import client_address
from datong_edu.accounts.models import User
from datong_edu.core import audit

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending"


@dataclass(frozen=True)
class Pending:
    """A log-in whose password was right; `sealed` is the secret offered to a phone not bound yet."""

    user: User
    target: str
    sealed: str


def prove_password(request: HttpRequest, username: str, password: str) -> User | None:
    """The user whose password it is; None for unknown, wrong, disabled and locked alike."""
    with lockout.one_at_a_time(request, username):
        user = authenticate(request, username=username, password=password)
    return user if isinstance(user, User) else None


def prove_code(request: HttpRequest, user: User, code: str) -> bool:
    """Whether a one-time or recovery code counts; failures count towards the lockout."""
    with lockout.one_at_a_time(request, user.username):
        if not lockout.is_locked(request, user.username) and second_factor.verify(user, code):
            return True
        lockout.count_failure(request, user.username, step="code")
        return False


def prove_phone(request: HttpRequest, pending: Pending, code: str) -> list[str]:
    """Bind the phone of a first log-in; returns its recovery codes, empty when the code is wrong."""
    user = pending.user
    with lockout.one_at_a_time(request, user.username):
        locked = lockout.is_locked(request, user.username)
        codes = [] if locked else second_factor.enrol(user=user, sealed=pending.sealed, code=code)
        if not codes:
            lockout.count_failure(request, user.username, step="enrol")
        return codes


def begin(request: HttpRequest, user: User, *, target: str) -> bool:
    """After the right password: log in, or remember who has to show a code.  Returns whether logged in."""
    enrolled = second_factor.is_enrolled(user)
    if not enrolled and not user.needs_second_factor:
        enter(request, user, factor="")
        return True
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "target": target,
        "sealed": "" if enrolled else second_factor.new_secret(),
    }
    return False


def pending(request: HttpRequest) -> Pending | None:
    """The log-in under way in this browser; None when there is none, or it took too long."""
    kept = request.session.get(PENDING)
    if not kept or timezone.now().timestamp() - kept["at"] > settings.PENDING_LOG_IN_MINUTES * 60:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return Pending(user, kept["target"], kept["sealed"])


def enter(request: HttpRequest, user: User, *, factor: str) -> None:
    """Log in: a new session, stamped, on record.  `factor` names the second factor shown, if any."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    sessions.stamp(request.session, request=request, second_factor=bool(factor))
    audit.record(
        action="login", by=user, subject=user, detail={"factor": factor, "ip": client_address(request)}
    )


def confirm(request: HttpRequest, user: User, proof: str) -> bool:
    """Prove again who sits at the browser, by password or, where a phone is bound, by its code."""
    is_code = "".join(proof.split()).isdecimal() and second_factor.is_enrolled(user)
    if is_code:
        proved = prove_code(request, user, proof)
    else:
        proved = prove_password(request, user.username, proof) == user
    if proved:
        sessions.confirm(request.session)
        audit.record(action="confirm_identity", by=user, subject=user)
    return proved

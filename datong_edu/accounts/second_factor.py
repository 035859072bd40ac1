"""The second factor: one-time codes of a phone (TOTP) and recovery codes, over allauth's MFA.

Secrets are sealed before they reach the database.  That a code was used is remembered in the database too: a
cache that is flushed would let it count twice.
"""

import base64
import time
from dataclasses import dataclass
from datetime import datetime

import qrcode
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from datong_edu.accounts import sessions
from datong_edu.accounts.models import Grant, TotpUse, User
from datong_edu.accounts.roles import PERMISSIONS, Role
from datong_edu.core import audit, crypto
from datong_edu.core.exceptions import PortalError

KIND = "second_factor"


class SealingAdapter(DefaultMFAAdapter):
    """MFA_ADAPTER: secrets and seeds go to the database under the field key."""

    def encrypt(self, text: str) -> str:
        """Sealed text, printable."""
        return base64.b64encode(crypto.encrypt_blob(KIND, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Its inverse."""
        return crypto.decrypt_blob(KIND, base64.b64decode(encrypted_text)).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """What the phone calls the account."""
        return user.get_username()


ADAPTER = SealingAdapter()


def is_enrolled(user: User) -> bool:
    """Whether a phone is bound to the account."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def plain_secret() -> str:
    """A fresh secret in Base32, as phones take it."""
    return generate_totp_secret()


def new_secret() -> str:
    """A fresh secret, sealed, to be kept in the session until the phone has proved that it knows it."""
    return ADAPTER.encrypt(plain_secret())


def spelled(sealed: str) -> str:
    """A sealed secret in groups of four, for those who type it into the phone."""
    plain = ADAPTER.decrypt(sealed)
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def picture(user: User, sealed: str) -> str:
    """The QR code that a phone reads the secret from, as SVG without any style."""
    code = qrcode.QRCode(border=2)
    code.add_data(ADAPTER.build_totp_url(user, ADAPTER.decrypt(sealed)))
    rows = code.get_matrix()
    dots = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dots}" fill="#000"/></svg>'
    )


@transaction.atomic
def enrol(*, user: User, sealed: str, code: str) -> list[str]:
    """Bind a phone that shows the right code; returns the recovery codes, empty when the code is wrong."""
    secret = ADAPTER.decrypt(sealed)
    step = _step_of(secret, code)
    if step is None:
        return []
    User.objects.select_for_update().get(pk=user.pk)
    if is_enrolled(user):
        raise PortalError("该账号已绑定手机验证器，请重新登录并输入验证码。")
    bind(user, secret, last_step=step)
    audit.record(action="enrol_second_factor", by=user, subject=user)
    return recovery_codes(user)


def bind(user: User, secret: str, *, last_step: int = 0) -> None:
    """Store a secret and a set of recovery codes."""
    factor = TOTP.activate(user, secret)
    TotpUse.objects.create(authenticator=factor.instance, last_step=last_step)
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    """The recovery codes not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(row).get_unused_codes() if row else []


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """A new set; the old codes no longer count."""
    User.objects.select_for_update().get(pk=user.pk)
    if not is_enrolled(user):
        raise PortalError("尚未绑定手机验证器，没有恢复代码。")
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    audit.record(action="renew_recovery_codes", by=user, subject=user)
    return recovery_codes(user)


@transaction.atomic
def verify(user: User, typed: str) -> str:
    """Take a code of the phone or a recovery code; returns which it was, empty when it does not count.

    A code counts once: its step must be later than the last one taken, and the database decides between two
    requests that bring it at the same time.
    """
    code = "".join(typed.split()).replace("-", "")
    for row in Authenticator.objects.filter(user=user).order_by("-type"):
        if row.type == Authenticator.Type.TOTP:
            step = _step_of(ADAPTER.decrypt(row.data["secret"]), code)
            taken = step is not None and _take(row, step)
        else:
            taken = RecoveryCodes(row).validate_code(code)
        if taken:
            row.record_usage()
            return str(row.type)
    return ""


def _take(row: Authenticator, step: int) -> bool:
    return bool(TotpUse.objects.filter(authenticator=row, last_step__lt=step).update(last_step=step))


def _step_of(secret: str, code: str) -> int | None:
    """The step near the present one that a code belongs to."""
    matching = [
        step
        for step in yield_hotp_counters_from_time()
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), code)
    ]
    return matching[-1] if matching else None


def present_code(user: User) -> tuple[str, int]:
    """A code that counts now and the seconds until it no longer does; for demo users and tests.

    After the present step was used it is the next one's, which counts already.
    """
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        raise PortalError(f"用户“{user.username}”没有绑定验证器。")
    now, period = int(time.time()), app_settings.TOTP_PERIOD
    used = TotpUse.objects.get(authenticator=row).last_step
    step = max(now // period, used + 1)
    if step > now // period + app_settings.TOTP_TOLERANCE:
        wait = (step - app_settings.TOTP_TOLERANCE) * period - now
        raise PortalError(f"刚用过两个验证码，请 {wait} 秒后再取。")
    code = format_hotp_value(hotp_value(ADAPTER.decrypt(row.data["secret"]), step))
    return code, (step + app_settings.TOTP_TOLERANCE + 1) * period - now


@transaction.atomic
def reset(*, user: User, by: User) -> None:
    """Take a lost phone off an account: it is bound anew at the next log-in, its sessions end now."""
    if by.pk == user.pk:
        raise PortalError("不能重置自己的二次验证，请由另一位安全管理员办理。")
    Authenticator.objects.filter(user=user).delete()
    audit.record(action="reset_second_factor", by=by, subject=user)
    sessions.end(user=user, by=by)


@dataclass(frozen=True)
class Holder:
    """A user on the page of second factors."""

    user: User
    roles: str
    is_needed: bool
    bound_at: datetime | None


def holders() -> list[Holder]:
    """Active users with offices, and since when their phone is bound; two queries however many they are."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    bound = dict(rows.values_list("user_id", "created_at"))
    held: dict[User, list[Role]] = {}
    grants = Grant.objects.held_on(timezone.localdate()).filter(user__is_active=True)
    for grant in grants.select_related("user", "user__unit").order_by(
        "user__unit__code", "user__username", "pk"
    ):
        held.setdefault(grant.user, []).append(Role(grant.role))
    return [
        Holder(
            user,
            "、".join(dict.fromkeys(role.label for role in roles)),
            any(permission.needs_second_factor for role in roles for permission in PERMISSIONS[role]),
            bound.get(user.pk),
        )
        for user, roles in held.items()
    ]

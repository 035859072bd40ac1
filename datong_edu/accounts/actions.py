"""Deeds on users and offices: creating, disabling, granting, ending; the demo city's log-ins; 命令行."""

import json
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from datong_edu.accounts import second_factor, sessions
from datong_edu.accounts.models import Grant, Unit, User
from datong_edu.accounts.roles import Permission, Role
from datong_edu.core import audit
from datong_edu.core.commands import SERVICE_USERNAME
from datong_edu.core.exceptions import Conflict, PortalError

GRANTS_SINCE = date(2016, 1, 1)
CLEAR_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"

DEMO_LOGINS: tuple[tuple[str, str, Role, str], ...] = (
    ("hunyuan_clerk", "演示经办", Role.COUNTY_CLERK, "140225"),
    ("hunyuan_reviewer", "演示审核", Role.COUNTY_REVIEWER, "140225"),
    ("hunyuan_head", "演示负责人", Role.COUNTY_HEAD, "140225"),
    ("lingqiu_clerk", "演示经办", Role.COUNTY_CLERK, "140224"),
    ("city_staff", "演示市级人员", Role.CITY_STAFF, "140200"),
    ("standards_officer", "演示标准管理员", Role.STANDARDS_OFFICER, "140200"),
    ("leader", "演示领导", Role.LEADER, "140200"),
    ("auditor", "演示审计员", Role.AUDITOR, "140200"),
    ("system_admin", "演示系统管理员", Role.SYSTEM_ADMIN, "140200"),
    ("security_admin", "演示安全管理员", Role.SECURITY_ADMIN, "140200"),
    ("audit_admin", "演示审计管理员", Role.AUDIT_ADMIN, "140200"),
)
DEMO_SCHOOL_LOGINS: tuple[tuple[str, str, Role], ...] = (
    ("school_clerk", "演示学校经办", Role.SCHOOL_CLERK),
    ("principal", "演示校长", Role.PRINCIPAL),
)


def grant_role(
    *,
    user: User,
    role: Role,
    unit: Unit,
    since_on: date,
    by: User | None,
    until_on: date | None = None,
    reason: str = "",
) -> Grant:
    """Give a user an office from one day to another; nobody gives one to themselves.

    `by` is a system administrator, or None for the set-up.  Raises PortalError when the office does not fit
    the unit, exists already, or would join what must be apart (三员): the database decides.
    """
    if by is not None:
        _ask_for_office(by)
        if by.pk == user.pk:
            raise PortalError("不能给自己授权，请由另一位系统管理员办理。")
    if until_on is not None and until_on < since_on:
        raise PortalError("截止日期不能早于起始日期。")
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                user=user,
                role=role,
                unit=unit,
                since_on=since_on,
                until_on=until_on,
                granted_by=by,
                reason=reason,
            )
            audit.record(
                action="grant_role",
                by=by,
                subject=user,
                county=unit.county,
                detail={"role": role},
            )
    except IntegrityError as error:
        raise PortalError(_sentence_of(error)) from error
    return grant


@transaction.atomic
def end_grant(*, grant: Grant, reason: str, by: User) -> None:
    """End an office at once; the row stays.  Nobody ends their own."""
    _ask_for_office(by)
    if by.pk == grant.user_id:
        raise PortalError("不能终止自己的任职，请由另一位系统管理员办理。")
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    if held.ended_at is not None:
        raise Conflict("这项任职已经终止。")
    held.ended_at, held.ended_by, held.end_reason = timezone.now(), by, reason
    held.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record(
        action="end_grant",
        by=by,
        subject=held.user,
        county=held.unit.county,
        detail={"role": held.role, "grant": held.pk},
    )


@transaction.atomic
def create_user(*, username: str, name: str, unit: Unit, by: User) -> tuple[User, str]:
    """A user without any office yet, and the one-time password, which is shown once and changed at log-in."""
    _ask_for_office(by)
    if User.objects.filter(username__iexact=username).exists():
        raise PortalError(f"用户名“{username}”已被使用，请换一个。")
    password = _one_time_password()
    user = User(username=username, name=name, unit=unit, must_change_password=True)
    user.set_password(password)
    user.save()
    audit.record(action="create_user", by=by, subject=user, county=unit.county)
    return user, password


@transaction.atomic
def renew_password(*, user: User, by: User) -> str:
    """A one-time password for who forgot theirs; all sessions end, the bound phone stays bound."""
    _ask_for_office(by, on=user)
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record(action="renew_password", by=by, subject=user)
    sessions.end(user=user, by=by)
    return password


@transaction.atomic
def set_active(*, user: User, is_active: bool, by: User) -> None:
    """Disable a user, whose sessions end at once, or enable them again; offices and history stay."""
    _ask_for_office(by, on=user)
    if user.is_active == is_active:
        raise Conflict("这个用户已经是该状态。")
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    audit.record(action="enable_user" if is_active else "disable_user", by=by, subject=user)
    if not is_active:
        sessions.end(user=user, by=by)


def _ask_for_office(by: User, on: User | None = None) -> None:
    if not by.may(Permission.MANAGE_USERS):
        raise PortalError("您的岗位不能管理用户和任职。")
    if on is not None and (on.pk == by.pk or on.username == SERVICE_USERNAME):
        raise PortalError("不能对自己的账号或命令行账号这样办理，请由另一位系统管理员办理。")


def _one_time_password() -> str:
    """Three groups of four characters without look-alikes, to be read out on the telephone: 59 bits."""
    return "-".join("".join(secrets.choice(CLEAR_CHARACTERS) for _ in range(4)) for _ in range(3))


def _sentence_of(error: IntegrityError) -> str:
    """What the database says of an office it refuses, in words."""
    told: Any = getattr(error.__cause__, "diag", None)
    if told is not None and told.constraint_name == "grant_offices_apart":
        return str(told.message_primary)
    return "该用户在这段时间已有同一任职。"


def service_account() -> User:
    """The account 命令行 under which commands run when no `--by` is given: it sees the whole city."""
    user, is_new = User.objects.get_or_create(
        username=SERVICE_USERNAME,
        defaults={"name": "命令行", "unit": Unit.objects.city()},
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        grant_role(
            user=user,
            role=Role.OPERATOR,
            unit=Unit.objects.city(),
            since_on=GRANTS_SINCE,
            by=None,
        )
    return user


def user_called(username: str | None) -> User:
    """The user a command runs as."""
    if not username:
        return service_account()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise PortalError(f"没有用户“{username}”，请检查 --by。")
    return user


@transaction.atomic
def create_demo_users(*, school: Unit | None = None) -> dict[str, str]:
    """Make the demo log-ins with random passwords and second factors; log-ins that exist keep theirs.

    They go to `demo_logins.json` (mode 0600) in the portal's data folder as a list of username, password,
    role and unit.  `school` is the unit of the two school log-ins; without it they are left out.
    """
    wanted = [(*row[:3], Unit.objects.get(code=row[3])) for row in DEMO_LOGINS]
    if school is not None:
        wanted += [(*row, school) for row in DEMO_SCHOOL_LOGINS]
    path = Path(settings.PORTAL_DATA) / "demo_logins.json"
    kept = json.loads(path.read_text()) if path.exists() else []
    passwords: dict[str, str] = {login["username"]: login["password"] for login in kept}
    for username, name, role, unit in wanted:
        user, is_new = User.objects.get_or_create(username=username, defaults={"name": name, "unit": unit})
        if is_new or username not in passwords:
            passwords[username] = secrets.token_urlsafe(9)
            user.set_password(passwords[username])
            user.save(update_fields=["password"])
        if is_new:
            grant_role(user=user, role=role, unit=unit, since_on=GRANTS_SINCE, by=None)
        if user.needs_second_factor and not second_factor.is_enrolled(user):
            second_factor.bind(user, second_factor.plain_secret())
    logins = [
        {"username": username, "password": passwords[username], "role": role.label, "unit": unit.name}
        for username, _, role, unit in wanted
    ]
    _write_private(path, json.dumps(logins, ensure_ascii=False, indent=1))
    return passwords


def demo_user(username: str) -> User:
    """A demo user whose codes `manage.py demo_code` may print; one without a phone is given a secret now."""
    names = {row[0] for row in (*DEMO_LOGINS, *DEMO_SCHOOL_LOGINS)}
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or username not in names:
        raise PortalError(f"没有演示用户“{username}”。可用：{'、'.join(sorted(names))}。")
    if not user.needs_second_factor:
        raise PortalError(f"演示用户“{username}”的岗位不要求验证码，输入密码即可登录。")
    if not second_factor.is_enrolled(user):
        second_factor.bind(user, second_factor.plain_secret())
    return user


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)

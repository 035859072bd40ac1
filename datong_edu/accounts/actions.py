"""Deeds on users: granting an office, making the demo city's log-ins, and the service account."""

import json
import os
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from datong_edu.accounts import second_factor
from datong_edu.accounts.models import Grant, Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core import audit
from datong_edu.core.commands import SERVICE_USERNAME
from datong_edu.core.exceptions import PortalError

GRANTS_SINCE = date(2016, 1, 1)

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


@transaction.atomic
def grant_role(*, user: User, role: Role, unit: Unit, since_on: date, by: User | None) -> Grant:
    """Give a user an office; nobody gives one to themselves."""
    if by is not None and by.pk == user.pk:
        raise PortalError("不能给自己授权，请由另一位系统管理员办理。")
    grant = Grant.objects.create(user=user, role=role, unit=unit, since_on=since_on, granted_by=by)
    audit.record(
        action="grant_role",
        by=by,
        subject=user,
        county=unit.county,
        detail={"role": role},
    )
    return grant


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

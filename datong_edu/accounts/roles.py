"""Roles, permissions, and the one table that joins them: what each office may do, and whose rows it sees.

Views, jobs, tasks, exports and models name one permission each where they are defined (`core.access`); who
holds it and how far it reaches stands here alone.

Duties follow the approval matrix of the aid work: the school clerk enters, the principal submits, the county
clerk reviews, the county reviewer checks, the county head approves; the city sees everything and edits no
county row; the auditor reads masked; system, security and audit administration lie with three people (三员).
"""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """A person's office; a user may hold several, each for one unit and for certain days."""

    SCHOOL_CLERK = "school_clerk", "学校经办"
    PRINCIPAL = "principal", "校长"
    COUNTY_CLERK = "county_clerk", "县经办"
    COUNTY_REVIEWER = "county_reviewer", "县审核"
    COUNTY_HEAD = "county_head", "县负责人"
    CITY_STAFF = "city_staff", "市级人员"
    STANDARDS_OFFICER = "standards_officer", "标准管理员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    API_CLIENT = "api_client", "接口客户端"
    OPERATOR = "operator", "命令行操作"


class UnitKind(models.TextChoices):
    """Levels of the unit tree."""

    CITY = "city", "市"
    COUNTY = "county", "县区"
    SCHOOL = "school", "学校"


class Permission(models.TextChoices):
    """One thing that may be done."""

    VIEW_PERSONS = "view_persons", "查看学生档案"
    VIEW_LEDGERS = "view_ledgers", "查看业务台账"
    VIEW_FINDINGS = "view_findings", "查看比对问题"
    ANSWER_FINDINGS = "answer_findings", "核实与答复比对问题"
    CLOSE_FINDINGS = "close_findings", "销号比对问题"
    IMPORT_ROSTERS = "import_rosters", "导入名册"
    EXPORT_ROWS = "export_rows", "导出所见"
    VIEW_OVERVIEW = "view_overview", "查看态势总览"
    RUN_CROSSCHECK = "run_crosscheck", "发起比对"
    VIEW_STANDARDS = "view_standards", "查看标准"
    MANAGE_STANDARDS = "manage_standards", "维护标准"
    VIEW_AUDIT = "view_audit", "查看操作留痕"
    MANAGE_USERS = "manage_users", "管理用户"
    MANAGE_SECURITY = "manage_security", "管理二次验证"
    VIEW_RIGHTS = "view_rights", "查看权限与任职"
    REVEAL_NUMBER = "reveal_number", "查看单个完整号码"
    SEE_NUMBERS = "see_numbers", "批量输出完整号码"
    REQUEST_NUMBERS = "request_numbers", "申请批量导出完整号码"
    APPROVE_NUMBERS = "approve_numbers", "批准批量导出完整号码"

    @property
    def needs_second_factor(self) -> bool:
        """Whether who holds it logs in with a one-time code besides the password."""
        return self in SECOND_FACTOR


class Reach(models.TextChoices):
    """Whose rows a permission opens."""

    ROWS = "rows", "任职单位范围内的记录"
    CITY = "city", "全市的操作记录"
    NONE = "none", "不涉及业务记录"


@dataclass(frozen=True)
class Group:
    """Permissions of one sort, as the page 权限一览 lists them."""

    title: str
    reach: Reach
    permissions: tuple[Permission, ...]


GROUPS = (
    Group(
        "查看",
        Reach.ROWS,
        (
            Permission.VIEW_PERSONS,
            Permission.VIEW_LEDGERS,
            Permission.VIEW_FINDINGS,
            Permission.VIEW_OVERVIEW,
        ),
    ),
    Group(
        "办理",
        Reach.ROWS,
        (
            Permission.IMPORT_ROSTERS,
            Permission.ANSWER_FINDINGS,
            Permission.CLOSE_FINDINGS,
            Permission.RUN_CROSSCHECK,
        ),
    ),
    Group(
        "导出与完整号码",
        Reach.ROWS,
        (
            Permission.EXPORT_ROWS,
            Permission.REVEAL_NUMBER,
            Permission.REQUEST_NUMBERS,
            Permission.APPROVE_NUMBERS,
            Permission.SEE_NUMBERS,
        ),
    ),
    Group("标准", Reach.NONE, (Permission.VIEW_STANDARDS, Permission.MANAGE_STANDARDS)),
    Group(
        "系统管理",
        Reach.NONE,
        (Permission.MANAGE_USERS, Permission.MANAGE_SECURITY, Permission.VIEW_RIGHTS),
    ),
    Group("审计", Reach.CITY, (Permission.VIEW_AUDIT,)),
)

SECOND_FACTOR = {
    Permission.REVEAL_NUMBER,
    Permission.REQUEST_NUMBERS,
    Permission.APPROVE_NUMBERS,
    Permission.SEE_NUMBERS,
    Permission.MANAGE_STANDARDS,
    Permission.VIEW_AUDIT,
    Permission.MANAGE_USERS,
    Permission.MANAGE_SECURITY,
}
"""What reveals, approves, releases or administers; a new permission of that sort is added here."""


_P = Permission
_READS = {_P.VIEW_PERSONS, _P.VIEW_LEDGERS, _P.VIEW_FINDINGS, _P.VIEW_STANDARDS}
_COUNTY = _READS | {
    _P.ANSWER_FINDINGS,
    _P.CLOSE_FINDINGS,
    _P.EXPORT_ROWS,
    _P.VIEW_OVERVIEW,
    _P.REVEAL_NUMBER,
}

_FULL_NUMBERS = {_P.REQUEST_NUMBERS, _P.APPROVE_NUMBERS}
"""Both may ask and both may approve, for a county has one of each; never the same person for one export."""

PERMISSIONS: dict[Role, set[Permission]] = {
    Role.SCHOOL_CLERK: _READS | {_P.ANSWER_FINDINGS},
    Role.PRINCIPAL: _READS | {_P.ANSWER_FINDINGS},
    Role.COUNTY_CLERK: _COUNTY | {_P.IMPORT_ROSTERS, _P.RUN_CROSSCHECK},
    Role.COUNTY_REVIEWER: _COUNTY | _FULL_NUMBERS,
    Role.COUNTY_HEAD: _COUNTY | _FULL_NUMBERS | {_P.RUN_CROSSCHECK},
    Role.CITY_STAFF: _READS | {_P.EXPORT_ROWS, _P.VIEW_OVERVIEW, _P.RUN_CROSSCHECK},
    Role.STANDARDS_OFFICER: {_P.VIEW_STANDARDS, _P.MANAGE_STANDARDS, _P.VIEW_OVERVIEW},
    Role.LEADER: _READS | {_P.VIEW_OVERVIEW},
    Role.AUDITOR: _READS | {_P.VIEW_OVERVIEW, _P.VIEW_AUDIT, _P.EXPORT_ROWS, _P.VIEW_RIGHTS},
    Role.SYSTEM_ADMIN: {_P.MANAGE_USERS, _P.VIEW_STANDARDS, _P.VIEW_RIGHTS},
    Role.SECURITY_ADMIN: {_P.MANAGE_SECURITY, _P.VIEW_STANDARDS, _P.VIEW_RIGHTS},
    Role.AUDIT_ADMIN: {_P.VIEW_AUDIT, _P.VIEW_STANDARDS, _P.VIEW_RIGHTS},
    Role.API_CLIENT: {_P.VIEW_PERSONS, _P.VIEW_LEDGERS, _P.VIEW_FINDINGS, _P.IMPORT_ROSTERS},
    Role.OPERATOR: set(_P) - {_P.MANAGE_USERS, _P.MANAGE_SECURITY} - _FULL_NUMBERS,
}

_AREA = frozenset({UnitKind.CITY, UnitKind.COUNTY})
HELD_FOR: dict[Role, frozenset[UnitKind]] = {
    Role.SCHOOL_CLERK: frozenset({UnitKind.SCHOOL}),
    Role.PRINCIPAL: frozenset({UnitKind.SCHOOL}),
    Role.COUNTY_CLERK: frozenset({UnitKind.COUNTY}),
    Role.COUNTY_REVIEWER: frozenset({UnitKind.COUNTY}),
    Role.COUNTY_HEAD: frozenset({UnitKind.COUNTY}),
    Role.CITY_STAFF: frozenset({UnitKind.CITY}),
    Role.STANDARDS_OFFICER: frozenset({UnitKind.CITY}),
    Role.LEADER: _AREA,
    Role.AUDITOR: _AREA,
    Role.SYSTEM_ADMIN: frozenset({UnitKind.CITY}),
    Role.SECURITY_ADMIN: frozenset({UnitKind.CITY}),
    Role.AUDIT_ADMIN: frozenset({UnitKind.CITY}),
    Role.API_CLIENT: frozenset({UnitKind.COUNTY}),
    Role.OPERATOR: frozenset({UnitKind.CITY}),
}
"""Kinds of unit each office is held for; the unit is the scope of what the office sees."""

ADMIN_ROLES = {
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
    Role.STANDARDS_OFFICER,
}
"""Offices without any business row in sight."""

THREE_ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""三员: three different people, who hold no other office beside; a trigger of the database holds it."""

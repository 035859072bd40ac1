"""权限一览: the one table of offices and permissions as it stands, with what hangs on each permission."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from datong_edu.accounts.roles import GROUPS, HELD_FOR, PERMISSIONS, Group, Permission, Role, UnitKind
from datong_edu.core.access import Door
from datong_edu.web import doors
from datong_edu.web.views import PortalPage


@dataclass(frozen=True)
class Column:
    """One office at the head of the table."""

    role: Role
    units: str
    needs_second_factor: bool


@dataclass(frozen=True)
class Line:
    """One permission: which offices hold it, and the pages, jobs and books that ask for it."""

    permission: Permission
    held: tuple[bool, ...]
    behind: tuple[str, ...]
    more: int


def roles() -> list[Column]:
    """Every office, in the order of the table."""
    return [
        Column(
            role,
            "、".join(kind.label for kind in UnitKind if kind in HELD_FOR[role]),
            any(permission.needs_second_factor for permission in PERMISSIONS[role]),
        )
        for role in Role
    ]


def table() -> list[tuple[Group, list[Line]]]:
    """Groups of permissions with their lines."""
    behind = _doors_by_permission()
    return [
        (
            group,
            [
                Line(
                    permission,
                    tuple(permission in PERMISSIONS[role] for role in Role),
                    tuple(sorted({door.words for door in behind.get(permission, ()) if door.words})),
                    sum(not door.words for door in behind.get(permission, ())),
                )
                for permission in group.permissions
            ],
        )
        for group in GROUPS
    ]


@cache
def _doors_by_permission() -> dict[str, list[doors.Listed]]:
    """Fixed while the portal runs: what is declared in the code."""
    found: dict[str, list[doors.Listed]] = {}
    for door in (*doors.views(), *doors.tasks(), *doors.models()):
        if door.access is not None and door.access.door == Door.PERMISSION:
            found.setdefault(door.access.permission, []).append(door)
    return found


class Rights(PortalPage):
    """Roles × permissions; for auditors and the three administrators."""

    required_permission = Permission.VIEW_RIGHTS
    template_name = "web/rights.html"
    title = "权限一览"
    subheading = "岗位能做什么、能看到哪些记录，以系统现行规则为准；没有列出的一律不允许"
    nav = "rights"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table."""
        return super().get_context_data(roles=roles(), groups=table(), **kwargs)

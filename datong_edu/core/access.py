"""Who may come through a door: every view, job, task, export column and model says so where it is defined.

A door names one permission; which offices hold a permission and whose rows are then in sight stands in
`accounts.roles`, the one table.  Doors without a permission say why: open to everybody (`public`), to whoever
is logged in and about nobody but themselves (`users`), to the clock (`machine`), or reached only through
another row (`within`).  What says nothing is shut: the doorkeeper answers 403, a job does not run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


class Door(Enum):
    """What a door asks of who comes."""

    PUBLIC = "public"
    USERS = "users"
    PERMISSION = "permission"
    MACHINE = "machine"
    PARENT = "parent"


@dataclass(frozen=True)
class Access:
    """A door: a permission, or the reason why there is none; `parent` is the field of the row it hangs on."""

    door: Door
    permission: str = ""
    reason: str = ""
    parent: str = ""


def needs(permission: str) -> Access:
    """Open to who holds a permission, a value of `accounts.roles.Permission`."""
    return Access(Door.PERMISSION, permission=permission)


def public(reason: str) -> Access:
    """Open to everybody, without a log-in."""
    return Access(Door.PUBLIC, reason=reason)


def users(reason: str) -> Access:
    """Open to whoever is logged in; holds nothing but their own, or what is no secret to any office."""
    return Access(Door.USERS, reason=reason)


def machine(reason: str) -> Access:
    """For the clock and for follow-ups of other deeds: no person's office is asked."""
    return Access(Door.MACHINE, reason=reason)


def within(parent: str) -> Access:
    """Rows read only through the row that the field `parent` points to."""
    return Access(Door.PARENT, parent=parent)


def declared(access: Access) -> Callable[[T], T]:
    """Decorator that declares the door of a function, or of a view that a library brings along."""

    def mark(view: T) -> T:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(view: Any, action: str = "") -> Access | None:
    """What a view says of itself; None when it says nothing.

    Asked are the function, then the site of an administration's page, then the class and its bases: the
    nearest `access` or `required_permission` counts.  `action` is the deed of an API viewset, which may need
    a permission of its own (`action_permissions`).
    """
    own: Access | None = getattr(view, "__dict__", {}).get("access") if not isinstance(view, type) else None
    if own is None and not isinstance(view, type):
        own = getattr(_site_of(view), "access", None) or getattr(
            getattr(view, "__func__", None), "access", None
        )
    if own is not None:
        return own
    declaring = view if isinstance(view, type) else getattr(view, "view_class", getattr(view, "cls", None))
    return _of_class(declaring, action) if declaring else None


def _site_of(view: Any) -> Any:
    return getattr(view, "admin_site", None) or getattr(
        getattr(view, "model_admin", None), "admin_site", None
    )


def _of_class(declaring: type, action: str) -> Access | None:
    for each in declaring.__mro__:
        said = vars(each)
        if action in said.get("action_permissions", {}):
            return needs(said["action_permissions"][action])
        if said.get("access") is not None:
            access: Access = said["access"]
            return access
        if said.get("required_permission"):
            return needs(said["required_permission"])
    return None

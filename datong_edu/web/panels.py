"""Panels of a person's file: a room registers its own, so that the desk needs no list of rooms.

A room calls `register(PersonPanel(...))` from its AppConfig.ready().
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission


@dataclass(frozen=True)
class PersonPanel:
    """One panel: `load(person, user)` gives the context of `template`, None when there is nothing."""

    key: str
    title: str
    template: str
    load: Callable[[Any, User], dict[str, Any] | None]
    permission: Permission
    order: int = 100


_panels: dict[str, PersonPanel] = {}


def register(panel: PersonPanel) -> None:
    """Add a panel to every person's file; the same key again replaces it."""
    _panels[panel.key] = panel


def panels_for(user: User) -> list[PersonPanel]:
    """Panels that a user may see, in order."""
    allowed = (panel for panel in _panels.values() if user.may(panel.permission))
    return sorted(allowed, key=lambda panel: (panel.order, panel.key))

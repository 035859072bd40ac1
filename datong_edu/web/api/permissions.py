"""May this call be made: the permission of the client's office and the scope of its token, both."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class MayCall(BasePermission):
    """Each action of a viewset names its permission and token scope; one without an entry is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether token and office both allow the action."""
        token: Any = request.auth
        if token is None or not request.user.is_authenticated:
            return False
        if view.action in (None, "metadata"):
            return True  # no action answers this method: the view refuses it with 405
        needed = view.allowed_by.get(view.action)
        if needed is None:
            return False
        scope, permission = needed
        return bool(token.allow_scopes([scope]) and request.user.may(permission))

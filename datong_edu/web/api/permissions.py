"""May this call be made: what the view declares for the client's office, and the scope of its token, both."""

from typing import Any

from rest_framework.request import Request

from datong_edu.web.doorkeeper import Declared


class MayCall(Declared):
    """Each action of a viewset declares its permission and the scope of its token; silence is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether token and office both allow the action."""
        token: Any = request.auth
        if token is None or not request.user.is_authenticated:
            return False
        if view.action in (None, "metadata"):
            return True  # no action answers this method: the view refuses it with 405
        allowed = super().has_permission(request, view)
        return bool(allowed and view.token_scope and token.allow_scopes([view.token_scope]))

"""The doorkeeper before every view: asks what the view itself declares, and shuts what declares nothing."""

from typing import Any, cast

import structlog
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views import View
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from datong_edu.accounts.models import User
from datong_edu.core.access import Access, Door, access_of

log = structlog.get_logger(__name__)


def opens_to(access: Access | None, user: Any) -> bool:
    """Whether a door opens to somebody; one that was not declared, or is for the clock, opens to nobody."""
    if access is None or access.door not in (Door.PUBLIC, Door.USERS, Door.PERMISSION):
        return False
    if access.door == Door.PUBLIC:
        return True
    if not getattr(user, "is_authenticated", False):
        return False
    return access.door == Door.USERS or cast(User, user).may(cast(Any, access.permission))


class Doorkeeper(LoginRequiredMiddleware):
    """Log-in first, then the permission the view declares (403).

    Views of the API know their caller only after their own authentication: `Declared` asks there.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the request through."""
        access = access_of(view_func)
        is_api = hasattr(view_func, "cls")
        if access is None and not is_api:
            view = getattr(view_func, "view_class", view_func)
            log.error("view_without_access", view=f"{view.__module__}.{view.__qualname__}")
            raise PermissionDenied
        if is_api or opens_to(access, request.user):
            return self._own_password_first(request, view_func, access)
        if not request.user.is_authenticated:
            answer: HttpResponseBase = self.handle_no_permission(request, view_func)
            return answer
        raise PermissionDenied

    def _own_password_first(
        self, request: HttpRequest, view: Any, access: Access | None
    ) -> HttpResponseBase | None:
        """Who came in with a one-time password sees nothing before they have chosen their own."""
        is_open = access is None or access.door == Door.PUBLIC
        takes_it = getattr(getattr(view, "view_class", None), "takes_one_time_password", False)
        if is_open or takes_it or not getattr(request.user, "must_change_password", False):
            return None
        return redirect("password_change")


class Declared(BasePermission):
    """The permission that an API view or viewset declares, for each action its own where it has one."""

    def has_permission(self, request: Request, view: View) -> bool:
        """What is not declared is refused."""
        return opens_to(access_of(type(view), getattr(view, "action", "") or ""), request.user)

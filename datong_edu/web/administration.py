"""Django's administration of small reference tables, behind the portal's own log-in."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.core.access import declared, needs, public

CLOSED = {"account", "mfa", "axes", "auth", "oauth2_provider"}
"""Apps whose rows are deeds of log-in: they are changed by our actions only, which write them down."""
CLOSED_MODELS = {"accounts.apiclient"}
"""The same, of an app that is open otherwise."""


class PortalAdmin(AdminSite):
    """The administration; it has no log-in of its own, which would know no second factor."""

    access = needs(Permission.MANAGE_USERS)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register what is not closed."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        kept = [
            model
            for model in models
            if model._meta.app_label not in CLOSED and model._meta.label_lower not in CLOSED_MODELS
        ]
        super().register(kept, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who administer users."""
        return super().has_permission(request) and cast(User, request.user).may(Permission.MANAGE_USERS)

    @declared(public("leads to the portal's own log-in page"))
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the portal's log-in."""
        return redirect_to_login(request.GET.get("next", "/"))

    def password_change(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the portal's own page, which asks for the old password and writes the change down."""
        return redirect("password_change")

    def password_change_done(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the portal's own page."""
        return redirect("password_change_done")

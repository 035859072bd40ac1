"""Base views: a page knows its title, asks for one permission, and turns refusals into Chinese sentences."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import DetailView, FormView, TemplateView, View
from django.views.generic.base import ContextMixin

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.core.access import Access, public, users
from datong_edu.core.exceptions import PortalError
from datong_edu.web import errors, navigation, preferences


@dataclass(frozen=True)
class PageHead:
    """What web/page.html says above the content; `nav` is the URL name of the bar's entry."""

    title: str
    heading: str
    subheading: str
    nav: str
    panel_beside: bool = False


class PortalView(ContextMixin, View):
    """Base of every view behind the log-in.

    It names the one permission it takes (`required_permission`), or says why it takes none (`access`); the
    doorkeeper asks before the view runs.  A PortalError raised below becomes a page or, for htmx, a message
    with status 422.
    """

    access: ClassVar[Access | None] = None

    required_permission: ClassVar[Permission | None] = None
    title: ClassVar[str] = ""
    subheading: ClassVar[str] = ""
    nav: ClassVar[str] = ""
    panel_beside: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refusals become answers."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except PortalError as error:
            return errors.refuse(request, error)

    @property
    def user(self) -> User:
        """Who asks; the log-in wall lets nobody else through."""
        return cast(User, self.request.user)

    @property
    def view_name(self) -> str:
        """URL name of this page."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def around(self) -> preferences.Surroundings:
        """Chosen term, terms on offer and the portal's day."""
        return preferences.surroundings(self.request)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asked for a part of a page already shown."""
        return (
            "HX-Request" in self.request.headers and "HX-History-Restore-Request" not in self.request.headers
        )

    def get_title(self) -> str:
        """Title of the page; the object's name where there is one."""
        return self.title

    def get_subheading(self) -> str:
        """Grey line beside the heading."""
        return self.subheading

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `page`."""
        match = self.request.resolver_match
        nav = self.nav or (match.view_name if match else "")
        head = PageHead(self.get_title(), self.get_title(), self.get_subheading(), nav, self.panel_beside)
        return super().get_context_data(**{"page": head, **kwargs})


class PortalPage(PortalView, TemplateView):
    """A page of its own template."""


class ScopedDetailView(PortalView, DetailView):
    """One object of a scoped model; outside the user's scope it does not exist (404)."""

    def get_queryset(self) -> QuerySet[Any]:
        """Rows the user may see."""
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(self.user)
        return rows

    def get_title(self) -> str:
        """The object's own name."""
        return self.title or str(getattr(self, "object", ""))


class PortalFormView(PortalView, FormView):
    """A form over one action.  `perform(form)` calls the action; its sentence is shown after the redirect.

    Invalid: 422 with the form again, for htmx only the `form` partial of the template.  What the action
    refuses stands at the field `refused_at`, at the head of the form (`NON_FIELD_ERRORS`), or, without
    either, on a page of its own.
    """

    success_message: ClassVar[str] = ""
    refused_at: ClassVar[str] = ""
    form_partial: ClassVar[str] = "form"

    def perform(self, form: BaseForm) -> Model | None:
        """Call the action with the cleaned data."""
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Deed done: message and redirect, for htmx by its own header."""
        try:
            self.object = self.perform(form)
        except PortalError as error:
            if not self.refused_at:
                raise
            form.add_error(self.refused_at, error.message)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return go_to(self.request, str(self.get_success_url()))

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """The form again, with its errors."""
        template = (
            f"{self.template_name}#{self.form_partial}" if self.is_fragment else str(self.template_name)
        )
        return render(self.request, template, self.get_context_data(form=form), status=422)


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that also works under htmx."""
    if "HX-Request" in request.headers:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url)


class Home(PortalView):
    """The root: the page a user arrives at."""

    access = users("leads on to the first page the user's offices open")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect, or say that no office is held."""
        page = navigation.first_page(self.user)
        if page is None:
            return errors.answer(request, errors.NO_OFFICE)
        return redirect(page.url)


class SetPreference(View):
    """Keep a display preference or the term in a cookie; works before log-in too."""

    access = public("size of type and colours, in a cookie of the browser's own")

    def post(self, request: HttpRequest) -> HttpResponse:
        """`name` and `value`, then back to `next`."""
        name, value = request.POST.get("name", ""), request.POST.get("value", "")
        if name not in preferences.COOKIES or not preferences.is_allowed(name, value):
            return errors.bad_request(request)
        target = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(
            target, {request.get_host()}, require_https=request.is_secure()
        ):
            target = "/"
        response = redirect(target)
        response.set_cookie(
            preferences.COOKIES[name],
            value,
            max_age=preferences.KEPT_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

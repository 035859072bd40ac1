"""Pages of 标准与依据: the list, one standard with its history, and the officer's form."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView

from datong_edu.accounts.roles import Permission
from datong_edu.core.clock import today
from datong_edu.standards import actions
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.forms import AddValueForm, StandardFilter
from datong_edu.standards.models import Standard
from datong_edu.web.views import PortalFormView, PortalPage, PortalView, go_to


class StandardList(PortalPage):
    """Every standard with what it says on a day; public knowledge, for everybody who has logged in."""

    required_permission = Permission.VIEW_STANDARDS
    template_name = "standards/list.html"
    title = "标准与依据"
    nav = "standards:list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The narrowed list."""
        form = StandardFilter(self.request.GET)
        chosen = form.cleaned_data if form.is_valid() else {}
        on = chosen.get("on") or today()
        standards = Standard.objects.matching(chosen.get("q", "")).of_room(chosen.get("app", ""))
        context = {
            "form": form,
            "on": on,
            "standards": standards.listed_on(on),
            "with_codes": self.user.may(Permission.MANAGE_STANDARDS),
        }
        return super().get_context_data(**kwargs) | context


class StandardDetail(PortalView, DetailView):
    """One standard: what holds today, what comes, what was, each with its document."""

    required_permission = Permission.VIEW_STANDARDS
    model = Standard
    slug_field = slug_url_kwarg = "key"
    template_name = "standards/detail.html"
    context_object_name = "standard"
    nav = "standards:list"

    def get_title(self) -> str:
        """The standard's name."""
        return str(self.object.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its values, each with where it stands today."""
        on = today()
        values = self.object.values.select_related("standard", "county", "added_by")
        history = [(value, value.phase_on(on)) for value in sorted(values, key=lambda value: value.place)]
        context = {
            "on": on,
            "history": history,
            "current": [value for value, phase in history if phase == "now" and not value.is_end],
            "may_add": self.user.may(Permission.MANAGE_STANDARDS),
        }
        return super().get_context_data(**kwargs) | context


class StandardAdd(PortalFormView):
    """The officer adds a dated value with its document."""

    required_permission = Permission.MANAGE_STANDARDS
    form_class = AddValueForm
    template_name = "standards/add.html"
    nav = "standards:list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the standard."""
        super().setup(request, *args, **kwargs)
        self.standard = get_object_or_404(Standard, key=kwargs["key"])

    def get_title(self) -> str:
        """What is being done, and to which standard."""
        return f"录入新值：{self.standard.title}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form depends on the standard's dimensions."""
        return super().get_form_kwargs() | {"standard": self.standard}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The standard and what it says today."""
        values = self.standard.values.in_force(today()).select_related("standard", "county")
        return super().get_context_data(**kwargs) | {"standard": self.standard, "values": values}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Add the value; a refusal stands above the form, which keeps what was typed."""
        arguments = form.arguments()  # type: ignore[attr-defined]
        try:
            value = actions.add_value(by=self.user, standard=self.standard, **arguments)
        except StandardsError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        done = f"已录入：{value.scope_words} {value.words}，自 {value.from_on} 起执行。"
        messages.success(self.request, done)
        return go_to(self.request, self.standard.get_absolute_url())

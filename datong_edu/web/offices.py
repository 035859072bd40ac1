"""任职一览: who holds which office for which unit and days, granted by whom; granting and ending."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property

from datong_edu.accounts import actions
from datong_edu.accounts.models import Grant, User
from datong_edu.accounts.roles import HELD_FOR, PERMISSIONS, Permission, Role, UnitKind
from datong_edu.core.commands import SERVICE_USERNAME
from datong_edu.web.confirming import NeedsConfirmation
from datong_edu.web.forms import UnitField
from datong_edu.web.views import PortalFormView, PortalPage

PER_PAGE = 50
LONGEST = timedelta(days=3 * 366)
SHOWN = {"": "现任", "soon": "30天内到期", "ended": "已到期或终止", "all": "全部"}


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class GrantForm(forms.Form):
    """Whom, what, where, from when to when, and why."""

    user = forms.ModelChoiceField(label="用户", queryset=User.objects.none())
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择岗位"), *Role.choices])
    unit = UnitField(label="任职单位")
    since_on = forms.DateField(label="起始日期", widget=_day())
    until_on = forms.DateField(
        label="截止日期（含当日）", widget=_day(), help_text="最长三年，到期自动失效。"
    )
    reason = forms.CharField(
        label="授权理由", max_length=200, min_length=4, help_text="如 人事调整通知文号，记入操作留痕。"
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = User.objects.filter(is_active=True).exclude(pk=by.pk).select_related("unit")
        field: Any = self.fields["user"]
        field.queryset = chosen.exclude(username=SERVICE_USERNAME).order_by("username")
        field.empty_label = "请选择用户"
        field.label_from_instance = lambda user: f"{user.username} {user}（{user.unit or '未定单位'}）"

    def clean(self) -> dict[str, Any]:
        """Days in order, not too long; the office fits the unit."""
        data = self.cleaned_data
        since, until = data.get("since_on"), data.get("until_on")
        if since and until and not since <= until <= since + LONGEST:
            self.add_error("until_on", "截止日期不能早于起始日期，也不能超过三年。")
        if data.get("role") and data.get("unit"):
            kinds = HELD_FOR[Role(data["role"])]
            if data["unit"].kind not in kinds:
                words = "或".join(kind.label for kind in sorted(kinds))
                self.add_error("unit", f"“{Role(data['role']).label}”只能任职于{words}级单位。")
        return data


class EndForm(forms.Form):
    """Why an office ends now."""

    reason = forms.CharField(label="终止理由", max_length=200, min_length=4)


def _in_sight(user: User) -> Q:
    """Offices somebody may read about: the city all, a county its own and those of its schools."""
    units = [
        grant.unit for grant in user.active_grants if Permission.VIEW_RIGHTS in PERMISSIONS[Role(grant.role)]
    ]
    if any(unit.kind == UnitKind.CITY for unit in units):
        return Q()
    counties = [unit.pk for unit in units]
    return Q(unit__in=counties) | Q(unit__parent__in=counties)


class Offices(PortalPage):
    """Every office, those held now first."""

    required_permission = Permission.VIEW_RIGHTS
    template_name = "web/offices.html"
    title = "任职一览"
    subheading = "谁在哪个单位任什么岗位、起止日期、由谁授权；到期或终止后立即失效"
    nav = "rights"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of offices; words narrow by user, name or unit."""
        today = timezone.localdate()
        words, shown = self.request.GET.get("q", "").strip()[:60], self.request.GET.get("show", "")
        page = Paginator(self._rows(words, shown), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **{
                "grants": page,
                "today": today,
                "soon": today + timedelta(days=30),
                "q": words,
                "show": shown if shown in SHOWN else "",
                "choices": SHOWN,
                "may_manage": self.user.may(Permission.MANAGE_USERS),
                **kwargs,
            }
        )

    def _rows(self, words: str, shown: str) -> Any:
        today = timezone.localdate()
        rows = Grant.objects.select_related("user", "unit", "granted_by", "ended_by").filter(
            _in_sight(self.user)
        )
        if shown == "ended":
            rows = rows.filter(Q(until_on__lt=today) | Q(ended_at__isnull=False))
        elif shown != "all":
            rows = rows.held_on(today)
        if shown == "soon":
            rows = rows.filter(until_on__lte=today + timedelta(days=30))
        if words:
            rows = rows.filter(
                Q(user__username__icontains=words)
                | Q(user__name__icontains=words)
                | Q(unit__name__icontains=words)
            )
        return rows.order_by(
            F("ended_at").desc(nulls_first=True), "unit__code", "role", "user__username", "pk"
        )


class GrantOffice(NeedsConfirmation, PortalFormView):
    """授权任职: by a system administrator, after re-authentication, never to oneself."""

    required_permission = Permission.MANAGE_USERS
    form_class = GrantForm
    template_name = "web/office_form.html"
    title = "授权任职"
    subheading = "不能给自己授权；系统、安全、审计管理员须由三人分别担任，且不兼任业务岗位"
    nav = "rights"
    success_message = "已授权任职。"
    refused_at = NON_FIELD_ERRORS
    success_url = reverse_lazy("offices")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whom the form must leave out."""
        return super().get_form_kwargs() | {"by": self.user}

    def get_initial(self) -> dict[str, Any]:
        """From today for a year; the user a link names."""
        today = timezone.localdate()
        asked = self.request.GET.get("user", "")
        user = {"user": asked} if asked.isdecimal() else {}
        return {"since_on": today, "until_on": today + timedelta(days=364), **user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the button says."""
        return super().get_context_data(**{"button": "授权", **kwargs})

    def perform(self, form: BaseForm) -> Grant:
        """Grant."""
        asked = dict(form.cleaned_data)
        return actions.grant_role(**asked | {"role": Role(asked["role"])}, by=self.user)


class EndOffice(NeedsConfirmation, PortalFormView):
    """终止任职."""

    required_permission = Permission.MANAGE_USERS
    form_class = EndForm
    template_name = "web/office_form.html"
    title = "终止任职"
    nav = "rights"
    success_message = "已终止任职，立即生效。"
    success_url = reverse_lazy("offices")

    @cached_property
    def grant(self) -> Grant:
        """The office of the address."""
        rows = Grant.objects.select_related("user", "unit")
        return get_object_or_404(rows, pk=self.kwargs["pk"], ended_at=None)

    def get_subheading(self) -> str:
        """Whose office."""
        return f"{self.grant.user} · {self.grant.unit} · {self.grant.get_role_display()}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, for an office that still runs."""
        _ = self.grant
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the button says."""
        return super().get_context_data(**{"button": "终止任职", **kwargs})

    def perform(self, form: BaseForm) -> Grant:
        """End."""
        actions.end_grant(grant=self.grant, reason=form.cleaned_data["reason"], by=self.user)
        return self.grant

"""用户: created, disabled, enabled and given a new one-time password by the system administrator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from datong_edu.accounts import actions
from datong_edu.accounts.models import Grant, User
from datong_edu.accounts.roles import Permission
from datong_edu.core.commands import SERVICE_USERNAME
from datong_edu.core.exceptions import PortalError
from datong_edu.web.confirming import NeedsConfirmation
from datong_edu.web.forms import UnitField
from datong_edu.web.views import PortalFormView, PortalPage

PER_PAGE = 50
STATES = {"enable": True, "disable": False}


class NewUserForm(forms.Form):
    """User name, name and unit; offices are granted afterwards."""

    username = forms.CharField(
        label="用户名",
        max_length=30,
        min_length=3,
        validators=[ASCIIUsernameValidator(message="用户名只能用字母、数字和 . _ - @ +。")],
        help_text="登录时输入，以字母、数字组成，如 hunyuan_zhang。",
    )
    name = forms.CharField(label="姓名", max_length=40)
    unit = UnitField(label="单位")


class Users(PortalPage):
    """Every log-in with its offices of today."""

    required_permission = Permission.MANAGE_USERS
    template_name = "web/users.html"
    title = "用户"
    subheading = "建立、停用和启用登录账号；岗位在“权限与任职”中授权"
    nav = "users"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of users; words narrow by user name, name or unit."""
        words = self.request.GET.get("q", "").strip()[:60]
        held = Grant.objects.held_on(timezone.localdate()).select_related("unit")
        rows = User.objects.exclude(username=SERVICE_USERNAME).select_related("unit")
        if words:
            rows = rows.filter(
                Q(username__icontains=words) | Q(name__icontains=words) | Q(unit__name__icontains=words)
            )
        rows = rows.prefetch_related(Prefetch("grants", queryset=held, to_attr="held_today"))
        page = Paginator(rows.order_by("-is_active", "username"), PER_PAGE)
        return super().get_context_data(
            people=page.get_page(self.request.GET.get("page")), q=words, me=self.user, **kwargs
        )


class NewUser(NeedsConfirmation, PortalFormView):
    """新建用户: the one-time password stands on the answer and nowhere else."""

    required_permission = Permission.MANAGE_USERS
    form_class = NewUserForm
    template_name = "web/user_form.html"
    title = "新建用户"
    subheading = "系统生成一次性密码，首次登录必须修改"
    nav = "users"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The password, once."""
        try:
            user, password = actions.create_user(**form.cleaned_data, by=self.user)
        except PortalError as error:
            form.add_error("username", error.message)
            return self.form_invalid(form)
        return _shown_once(self, user, password)


class RenewPassword(NeedsConfirmation):
    """重置密码."""

    required_permission = Permission.MANAGE_USERS
    title = "重置密码"
    nav = "users"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The new one-time password, once."""
        user = get_object_or_404(User, pk=pk, is_active=True)
        return _shown_once(self, user, actions.renew_password(user=user, by=self.user))

    def confirmed_next(self) -> str:
        """Back to the list."""
        return reverse("users")


class SetActive(NeedsConfirmation):
    """停用 and 启用."""

    required_permission = Permission.MANAGE_USERS

    def post(self, request: HttpRequest, pk: int, state: str) -> HttpResponse:
        """Do it and tell."""
        if state not in STATES:
            raise Http404
        user = get_object_or_404(User, pk=pk)
        actions.set_active(user=user, is_active=STATES[state], by=self.user)
        told = "已启用" if STATES[state] else "已停用，登录立即结束"
        messages.success(request, f"{user}（{user.username}）{told}。")
        return redirect("users")

    def confirmed_next(self) -> str:
        """Back to the list."""
        return reverse("users")


def _shown_once(page: Any, user: User, password: str) -> HttpResponse:
    context = page.get_context_data(made=user, password=password)
    answer = render(page.request, "web/one_time_password.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer

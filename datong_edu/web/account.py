"""One's own account: password, sessions, recovery codes; and the administrators' pages over log-ins."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from datong_edu.accounts import lockout, second_factor, sessions
from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.core.access import users
from datong_edu.web.confirming import NeedsConfirmation
from datong_edu.web.forms import NewPasswordForm
from datong_edu.web.views import PortalPage, PortalView


class ChangePassword(PasswordChangeView):
    """A new password; every other session ends, for their fingerprint of the password no longer fits."""

    access = users("one's own password")
    takes_one_time_password = True
    form_class = NewPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form asks the lockout."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Saved and on record."""
        answer = super().form_valid(form)
        user = self.request.user
        assert isinstance(user, User)
        if user.must_change_password:
            user.must_change_password = False
            user.save(update_fields=["must_change_password"])
        audit.record(action="change_password", by=user, subject=user)
        sessions.end(user=user, by=user, keep=self.request.session.session_key)
        return answer


class PasswordChanged(PortalPage):
    """What follows a change of password."""

    access = users("says that one's own password was changed")
    template_name = "registration/password_change_done.html"
    title = "密码已修改"


class Account(PortalPage):
    """登录与安全: where one is logged in, and what guards the account."""

    access = users("one's own sessions and phone")
    template_name = "registration/account.html"
    title = "登录与安全"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Sessions, this one marked."""
        return super().get_context_data(
            sessions=sessions.running(self.user),
            here=self.request.session.session_key,
            enrolled=second_factor.is_enrolled(self.user),
            codes_left=len(second_factor.recovery_codes(self.user)),
            **kwargs,
        )


class EndSession(PortalView):
    """End one of one's own sessions, or all but this one."""

    access = users("one's own sessions")

    def post(self, request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
        """Somebody else's session does not exist."""
        here = request.session.session_key
        ended = sessions.end(user=self.user, by=self.user, uid=uid, keep=here)
        if uid is not None and not ended:
            raise Http404
        messages.success(request, f"已结束 {ended} 个登录。" if ended else "没有其他登录。")
        return redirect("account")


class RenewRecoveryCodes(NeedsConfirmation):
    """A new set of recovery codes, shown once."""

    access = users("one's own recovery codes")

    def post(self, request: HttpRequest) -> HttpResponse:
        """The codes on a page of their own."""
        codes = second_factor.renew_recovery_codes(user=self.user)
        context = {"codes": codes, "target": reverse("account")}
        return render(request, "registration/recovery_codes.html", context)

    def confirmed_next(self) -> str:
        """Back to the button."""
        return reverse("account")


class Locks(PortalPage):
    """登录锁定: names and addresses locked now."""

    template_name = "registration/locks.html"
    title = "登录锁定"
    subheading = "连续登录失败的用户名和网络地址；最后一次失败半小时后自动解除"
    required_permission = Permission.MANAGE_USERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The locks."""
        return super().get_context_data(locks=lockout.locks(), **kwargs)


class Unlock(NeedsConfirmation):
    """Let a name or an address try again."""

    required_permission = Permission.MANAGE_USERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Unlock what is locked; anything else does not exist."""
        kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
        locked = next((lock for lock in lockout.locks() if (lock.kind, lock.key) == (kind, key)), None)
        if locked is None:
            raise Http404
        lockout.unlock(kind=kind, key=key, by=self.user)
        messages.success(request, f"已解除锁定：{locked.label}。")
        return redirect("locks")

    def confirmed_next(self) -> str:
        """Back to the list."""
        return reverse("locks")


class SecondFactors(PortalPage):
    """二次验证: who has a phone bound, and the way out for who has lost it."""

    template_name = "registration/second_factors.html"
    title = "二次验证"
    subheading = "岗位涉及查看完整号码、审批、发放或管理的用户，登录时须输入手机验证码"
    required_permission = Permission.MANAGE_SECURITY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Active users with their unit, and since when their phone is bound."""
        return super().get_context_data(people=second_factor.holders(), **kwargs)


class ResetSecondFactor(NeedsConfirmation):
    """Take a lost phone off an account."""

    required_permission = Permission.MANAGE_SECURITY

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Reset and tell."""
        user = get_object_or_404(User, pk=pk, is_active=True)
        second_factor.reset(user=user, by=self.user)
        messages.success(request, f"已重置 {user} 的二次验证，下次登录时重新绑定手机。")
        return redirect("second_factors")

    def confirmed_next(self) -> str:
        """Back to the list."""
        return reverse("second_factors")

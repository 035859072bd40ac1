"""Pages of the way in and out: password, code, first binding of a phone, log-out."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.generic import FormView, View
from django.views.generic.base import ContextMixin

from datong_edu.accounts import log_in, second_factor
from datong_edu.core import audit
from datong_edu.core.access import public, users
from datong_edu.core.exceptions import PortalError
from datong_edu.web import errors
from datong_edu.web.forms import CodeForm, PasswordForm

WRONG_CODE = "验证码不正确或已使用过，请等手机显示下一个验证码再输入。"


class LogIn(LoginView):
    """Step one: user name and password."""

    access = public("the log-in page")
    form_class = PasswordForm
    redirect_authenticated_user = True

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """In, or on to the second factor."""
        target = self.get_success_url()
        assert isinstance(form, PasswordForm)
        if log_in.begin(self.request, form.get_user(), target=target):
            return redirect(target)
        return redirect("log_in_code")


class LogOut(LogoutView):
    """The way out, on record."""

    access = users("one's own session")
    takes_one_time_password = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write down who leaves, then leave."""
        if request.user.is_authenticated:
            audit.record(action="logout", by=request.user, subject=request.user)
        return super().post(request, *args, **kwargs)


class PendingView(ContextMixin, View):
    """A page between password and session; without a log-in under way it leads back to step one."""

    access = public("between password and session; asks for the log-in under way itself")
    pending: log_in.Pending

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find out who is on the way in."""
        found = log_in.pending(request)
        if found is None:
            return redirect("login")
        self.pending = found
        try:
            return super().dispatch(request, *args, **kwargs)
        except PortalError as error:
            return errors.refuse(request, error)


class EnterCode(PendingView, FormView):
    """Step two for who has a phone bound; the others bind it first."""

    form_class = CodeForm
    template_name = "registration/code.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The box for the code."""
        return redirect("bind_phone") if self.pending.sealed else super().get(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """In, when the code counts."""
        pending = self.pending
        if pending.sealed or not log_in.prove_code(self.request, pending.user, form.cleaned_data["code"]):
            form.add_error("code", WRONG_CODE)
            return self.form_invalid(form)
        log_in.enter(self.request, pending.user, factor="code")
        return redirect(pending.target)


class BindPhone(PendingView, FormView):
    """Step two of the first log-in: the phone reads the secret and shows a code; recovery codes follow."""

    form_class = CodeForm
    template_name = "registration/bind_phone.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Picture and box."""
        return super().get(request, *args, **kwargs) if self.pending.sealed else redirect("log_in_code")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only who has no phone yet binds one, whatever else the form holds."""
        if not self.pending.sealed:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Bound: in, with the recovery codes on this one page."""
        codes = log_in.prove_phone(self.request, self.pending, form.cleaned_data["code"])
        if not codes:
            form.add_error("code", WRONG_CODE)
            return self.form_invalid(form)
        log_in.enter(self.request, self.pending.user, factor="binding")
        context = {"codes": codes, "target": self.pending.target}
        return render(self.request, "registration/recovery_codes.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret in letters, for phones without a camera."""
        return super().get_context_data(spelled=second_factor.spelled(self.pending.sealed), **kwargs)


class PhonePicture(PendingView):
    """The QR code, as an image of its own: the page itself carries nothing inline."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """SVG."""
        if not self.pending.sealed:
            return redirect("log_in_code")
        drawn = second_factor.picture(self.pending.user, self.pending.sealed)
        return HttpResponse(drawn, content_type="image/svg+xml")

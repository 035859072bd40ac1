"""Proving again who one is before a weighty deed: release, reveal, full export, change of roles."""

from typing import Any
from urllib.parse import urlencode

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from datong_edu.accounts import log_in, sessions
from datong_edu.core.access import users
from datong_edu.web.forms import ProofForm
from datong_edu.web.views import PortalFormView, PortalView, go_to


class NeedsConfirmation(PortalView):
    """Base of a view that is only reached by who proved their identity in the last minutes.

    Others go to the confirmation and come back to `confirmed_next`, by default the page itself.  A POST is
    not repeated for them: they come back to the form.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The doorkeeper has asked for the permission: who may not do it is not asked for a password."""
        if not sessions.is_confirmed(request.session):
            back = urlencode({"next": self.confirmed_next()})
            return go_to(request, f"{reverse('confirm')}?{back}")
        return super().dispatch(request, *args, **kwargs)

    def confirmed_next(self) -> str:
        """Where to go on afterwards."""
        return self.request.get_full_path()


class Confirm(PortalFormView):
    """Password or code once more."""

    access = users("proves who is logged in")
    form_class = ProofForm
    template_name = "registration/confirm.html"
    title = "确认身份"
    subheading = "接下来的操作涉及完整号码或权限，请再次证明是您本人"

    def form_valid(self, form: BaseForm) -> Any:
        """On to where the user wanted to go."""
        if not log_in.confirm(self.request, self.user, form.cleaned_data["proof"]):
            form.add_error("proof", "密码或验证码不正确，或尝试次数过多。请核对后重试。")
            return self.form_invalid(form)
        return go_to(self.request, self._target())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carries the target along."""
        return super().get_context_data(next=self._target(), **kwargs)

    def _target(self) -> str:
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or "/"
        host = {self.request.get_host()}
        safe = url_has_allowed_host_and_scheme(wanted, host, require_https=self.request.is_secure())
        return wanted if safe else "/"

"""Forms of log-in, confirmation and password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db.models import Q

from datong_edu.accounts import log_in
from datong_edu.accounts.models import Unit, User


class PasswordForm(AuthenticationForm):
    """First step of the log-in; every failure reads the same."""

    def clean(self) -> dict[str, Any]:
        """Ask for the user, one attempt at a time."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password and self.request is not None:
            self.user_cache = log_in.prove_password(self.request, name, password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class UnitField(forms.CharField):
    """A unit as an administrator types it: its whole name or its code."""

    def __init__(self, **options: Any) -> None:
        remedy = "填单位名称或代码，如 浑源县、140225；学校填学校标识码。"
        super().__init__(**{"max_length": 60, "help_text": remedy, **options})

    def clean(self, value: Any) -> Any:
        """The unit; namesakes are told apart by their codes."""
        typed = super().clean(value)
        found = list(Unit.objects.filter(Q(code=typed) | Q(name=typed))[:2])
        if not found:
            raise forms.ValidationError(f"没有叫“{typed}”的单位，请填单位全称或代码。")
        if len(found) > 1:
            raise forms.ValidationError("有几个同名单位，请改填单位代码。")
        return found[0]


class CodeForm(forms.Form):
    """A one-time code or a recovery code."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        error_messages={
            "required": "请输入验证码。",
            "max_length": "验证码为 6 位数字，恢复代码为 8 位数字。",
        },
    )


class ProofForm(forms.Form):
    """Password or code, once more."""

    proof = forms.CharField(
        label="密码或验证码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        help_text="输入登录密码；已绑定手机验证器的，也可输入 6 位验证码。",
        error_messages={"required": "请输入密码或验证码。"},
    )


class NewPasswordForm(PasswordChangeForm):
    """Change of password; guesses at the old one count towards the lockout."""

    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user: User, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request
        self.fields["new_password1"].help_text = password_validators_help_text_html()

    def clean_old_password(self) -> str:
        """The present password, asked of the lockout as at the log-in."""
        old: str = self.cleaned_data["old_password"]
        if log_in.prove_password(self.request, self.user.username, old) != self.user:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old

"""What a clerk sends about a finding, and to see a full number."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.http import url_has_allowed_host_and_scheme

from datong_edu.registry.reveals import LONG_NUMBER, SealedNumber


class Deed(TextChoices):
    """The buttons under the evidence."""

    CONFIRM = "confirm", "属实"
    FALSE_ALARM = "false_alarm", "误报"
    ASSIGN = "assign", "派给学校"
    CLOSE = "close", "办结"
    REOPEN = "reopen", "重新打开"
    LEDGER = "ledger", "列入控辍台账"


class DeedForm(forms.Form):
    """One deed with its note; `back` is a page of this portal to return to."""

    deed = forms.ChoiceField(choices=Deed.choices, error_messages={"required": "请选择要办理的事项。"})
    note = forms.CharField(required=False, max_length=500, error_messages={"max_length": "说明最多 500 字。"})
    school = forms.CharField(required=False, max_length=12)
    back = forms.CharField(required=False, max_length=300)

    @property
    def first_fault(self) -> str:
        """The first thing wrong, as a sentence."""
        return next((str(text) for texts in self.errors.values() for text in texts), "")

    def clean_back(self) -> str:
        """Only a path of this portal."""
        path: str = self.cleaned_data["back"]
        return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""


class RevealForm(forms.Form):
    """Which number of the file, and what for."""

    number = forms.ChoiceField(
        label="号码",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择要查看的号码。", "invalid_choice": "该档案没有这个号码。"},
    )
    reason = forms.CharField(
        label="理由",
        min_length=4,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="例如：银行退票，与家长核对账号。理由会显示在该生档案的访问记录里，请不要写号码。",
        error_messages={
            "required": "请填写查看的理由。",
            "min_length": "请把理由写清楚，至少 4 个字。",
            "max_length": "理由最多 100 字。",
        },
    )

    def __init__(self, *args: Any, numbers: Sequence[SealedNumber], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, f"{one.label} {one.masked}") for one in numbers]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Without numbers: it is read by everybody who opens the file."""
        reason: str = self.cleaned_data["reason"]
        if LONG_NUMBER.search(reason):
            raise forms.ValidationError("理由会公开在档案的访问记录里，请不要写号码。")
        return reason

"""What a clerk sends about a finding."""

from django import forms
from django.db.models import TextChoices
from django.utils.http import url_has_allowed_host_and_scheme


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

"""Forms of the standards pages."""

from datetime import timedelta
from typing import Any

from django import forms

from datong_edu.accounts.models import Unit
from datong_edu.standards.declarations import Source
from datong_edu.standards.enums import DIMENSION_CODES, DIMENSIONS, Room
from datong_edu.standards.models import Standard


def _day() -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "max": "2099-12-31"})


class StandardFilter(forms.Form):
    """What the list shows: a field of work, words, and the day on which values hold."""

    app = forms.ChoiceField(label="业务", required=False, choices=[("", "全部业务"), *Room.choices])
    q = forms.CharField(label="名称、代码或文号", required=False, max_length=60)
    on = forms.DateField(label="执行日期", required=False, widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class AddValueForm(forms.Form):
    """A dated value with its document, for one standard."""

    value = forms.CharField(label="取值", required=False, max_length=200)
    ends = forms.BooleanField(label="自执行日期起停止执行（不填取值）", required=False)
    from_on = forms.DateField(label="执行日期（当日起）", widget=_day())
    last_on = forms.DateField(
        label="截止日期（含当日）",
        required=False,
        widget=_day(),
        help_text="一般不填；同一范围以后再录入新值时自动截止。",
    )
    county = forms.ModelChoiceField(
        label="县区", required=False, queryset=Unit.objects.counties(), empty_label="全市"
    )
    source_title = forms.CharField(label="依据文件标题", max_length=200)
    source_number = forms.CharField(
        label="文号", max_length=60, help_text="如 财教〔2024〕181号；暂不清楚时写“待核实”。"
    )
    source_link = forms.URLField(label="文件链接", required=False, max_length=300, assume_scheme="https")

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        self.fields["value"].help_text = f"{standard.get_value_type_display()}，单位：{standard.unit}。"
        for name in standard.dimensions:
            self.fields[name] = _dimension_field(name)
        self.order_fields([*standard.dimensions, "county", "value", "ends", "from_on", "last_on"])

    def clean(self) -> dict[str, Any]:
        """A value, or the word that the standard ends; never both, never neither by oversight."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("value")) == data["ends"]:
            self.add_error("value", "请填写取值；要停止执行时，勾选“停止执行”并留空取值。")
        return data

    def arguments(self) -> dict[str, Any]:
        """The action's arguments."""
        data = self.cleaned_data
        last_on = data["last_on"]
        return {
            "written": data["value"],
            "from_on": data["from_on"],
            "until_on": last_on and last_on + timedelta(days=1),
            "county": data["county"],
            "source": Source(data["source_title"], data["source_number"], data["source_link"]),
            **{name: data[name] for name in self.standard.dimensions},
        }


def _dimension_field(name: str) -> forms.Field:
    """A choice for a closed dimension, words for an open one."""
    codes = DIMENSION_CODES.get(name)
    if codes is None:
        return forms.CharField(label=DIMENSIONS[name], required=False, max_length=20)
    return forms.ChoiceField(label=DIMENSIONS[name], required=False, choices=[("", "不区分"), *codes.items()])

"""The list of batches."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils import timezone

from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.enums import BatchState
from datong_edu.importing.forms import roster_choices
from datong_edu.importing.models import ImportBatch
from datong_edu.web import numbers
from datong_edu.web.filters import PortalFilterSet
from datong_edu.web.tables import TIGHT_CELL, BadgeColumn, PortalTable, exported

TONES: dict[str, str] = {
    BatchState.MAPPING: "amber",
    BatchState.READY: "amber",
    BatchState.UPLOADED: "blue",
    BatchState.CHECKING: "blue",
    BatchState.APPLYING: "blue",
    BatchState.APPLIED: "green",
    BatchState.UNDONE: "",
    BatchState.REFUSED: "red",
}


class InstantColumn(tables.Column):
    """An instant in Datong's time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": TIGHT_CELL, **kwargs})

    def render(self, value: Any) -> str:
        """2020-12-15 08:30."""
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    value = render


class TallyColumn(tables.Column):
    """One of the counts of a batch; blank before its check."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        number = {"td": {"class": "dt-num"}, "th": {"class": "dt-num"}}
        super().__init__(*args, accessor="counts", **{"attrs": number, **kwargs})
        self.name_of_count = name

    def render(self, value: dict[str, int]) -> str:
        """1,203."""
        return numbers.count(value.get(self.name_of_count))

    def value(self, value: dict[str, int]) -> int | None:
        """A number in the workbook."""
        return value.get(self.name_of_count)


class BatchTable(PortalTable):
    """Who imported what, and how far it got."""

    created_at = InstantColumn("上传时间")
    kind = tables.Column("名册")
    file_name = tables.Column(
        "文件",
        linkify=lambda record: reverse("importing:batch", args=[record.uid]),
        attrs={"td": {"class": "dt-file"}},
    )
    continues = tables.Column("续传", attrs=TIGHT_CELL)
    unit = tables.Column("单位", accessor="unit__name", attrs=TIGHT_CELL)
    term = tables.Column("学期", accessor="term__label", attrs=TIGHT_CELL)
    new = TallyColumn("new", "新增")
    changed = TallyColumn("changed", "变更")
    unchanged = TallyColumn("unchanged", "无变化")
    refused = TallyColumn("refused", "错误")
    state = BadgeColumn("状态", tones=TONES)
    created_by = tables.Column("经办人", attrs=TIGHT_CELL)
    applied_at = InstantColumn("写入时间")

    exports = exported(
        "created_at", "kind", "file_name", "continues", "unit", "term", "new", "changed", "unchanged",
        "refused", "state", "created_by", "applied_at",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = ImportBatch
        fields = (
            "created_at", "kind", "file_name", "continues", "unit", "term", "new", "changed", "unchanged",
            "refused", "state", "created_by", "applied_at",
        )  # fmt: skip

    def render_kind(self, value: str) -> str:
        """学籍名单."""
        return ROSTERS[value].title if value in ROSTERS else value

    value_kind = render_kind

    def render_continues(self, value: ImportBatch) -> str:
        """续 3月5日的上传."""
        day = timezone.localtime(value.created_at)
        return f"续 {day.month}月{day.day}日的上传"

    value_continues = render_continues


class BatchFilter(PortalFilterSet):
    """By file name, kind and state."""

    text_paths = ("file_name",)
    search_label = "文件名"

    kind = django_filters.ChoiceFilter(label="名册", choices=roster_choices)
    state = django_filters.ChoiceFilter(label="状态", choices=BatchState.choices)

    class Meta:
        model = ImportBatch
        fields = ("kind", "state")
        form = forms.Form

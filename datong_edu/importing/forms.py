"""Forms of the import flow: the upload, and what each column is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.scope import scope_of
from datong_edu.core.models import Term
from datong_edu.importing.declare import ROSTERS, Roster
from datong_edu.importing.headings import is_lookalike, match_columns, normalise_heading
from datong_edu.importing.labels import field_label
from datong_edu.importing.layout import SheetLayout, SheetRole
from datong_edu.importing.mapping import Mapping
from datong_edu.importing.models import ImportBatch, RememberedMapping
from datong_edu.web.parts import Badge

SUFFIXES = ".xlsx,.xls,.et,.ods,.csv,.tsv,.txt"
LEFT_OUT = "（不导入）"
NAMELESS = "（没有列名）"


def roster_choices() -> list[tuple[str, str]]:
    """Kinds of rosters by title, as their rooms declared them."""
    return [(key, roster.title) for key, roster in ROSTERS.items()]


def rosters_by_room() -> list[tuple[str, list[tuple[str, str]]]]:
    """The same under the names of their rooms: 基础库, 学生资助 …"""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for key, roster in ROSTERS.items():
        room = apps.get_containing_app_config(type(roster).__module__)
        rooms.setdefault(str(room.verbose_name) if room else "其他", []).append((key, roster.title))
    return list(rooms.items())


def units_for(user: User) -> list[Unit]:
    """Units somebody may import for: their counties, or all counties and the city."""
    scope = scope_of(user)
    counties = Unit.objects.counties()
    if scope.city:
        return [Unit.objects.city(), *counties]
    return list(counties.filter(pk__in=scope.county_ids))


class UploadForm(forms.Form):
    """Which roster, for whom, for which term, and the file."""

    kind = forms.ChoiceField(label="名册种类", error_messages={"required": "请选择名册种类。"})
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None)
    term = forms.ModelChoiceField(Term.objects.none(), label="学期", required=False, empty_label="不分学期")
    file = forms.FileField(
        label="名册文件",
        max_length=300,
        widget=forms.ClearableFileInput(attrs={"accept": SUFFIXES}),
        error_messages={
            "required": "请选择要上传的文件。",
            "empty": "文件里没有内容，请重新导出后再上传。",
            "max_length": "文件名过长，请改短后再上传。",
            "missing": "没有收到文件，请重新选择。",
        },
    )

    is_full = forms.BooleanField(
        label="这是全量名册",
        required=False,
        help_text="名册列出了本县或本校的所有人；预览时列出不再出现的人，不会删除。",
    )

    def __init__(self, *args: Any, user: User, today: date, term: Term | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_for(user)
        self.fields["kind"].choices = [("", "请选择"), *rosters_by_room()]  # type: ignore[attr-defined]
        unit = self.fields["unit"]
        unit.queryset = Unit.objects.filter(pk__in=[one.pk for one in units])  # type: ignore[attr-defined]
        unit.initial = units[0].pk if units else None
        # Another unit has other schools in its templates; the list beside the form follows.
        unit.widget.attrs |= {
            "hx-get": reverse("importing:upload"),
            "hx-target": "#template-list",
            "hx-swap": "outerHTML",
        }
        self.only_unit = units[0] if len(units) == 1 else None
        if self.only_unit:
            unit.widget = forms.HiddenInput()
        begun = Term.objects.filter(starts_on__lte=today).order_by("-starts_on")
        self.fields["term"].queryset = begun  # type: ignore[attr-defined]
        self.fields["term"].initial = term.pk if term else None
        self.fields["term"].help_text = "资助、学籍等名册按学期导入；学校名单等不分学期。"
        limit = filesizeformat(settings.MAX_ROSTER_BYTES)
        self.fields[
            "file"
        ].help_text = f"Excel 或 WPS 表格（xlsx、xls、et、ods）或 csv，不超过 {limit}；不要带打开密码和宏。"

    def clean_file(self) -> UploadedFile:
        """Refuse what is over the limit before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.MAX_ROSTER_BYTES:
            limit = filesizeformat(settings.MAX_ROSTER_BYTES)
            raise forms.ValidationError(f"文件超过 {limit}，请按学校或乡镇拆分后分批上传。")
        return file

    def clean(self) -> dict[str, Any]:
        """A roster of a term needs one; the others are of no term, whatever is chosen."""
        cleaned = super().clean() or self.cleaned_data
        roster = ROSTERS.get(cleaned.get("kind", ""))
        if roster is not None and roster.needs_term and not cleaned.get("term"):
            self.add_error("term", f"{roster.title}要写明学期，请选择学期。")
        if roster is not None and roster.full_roll is None and cleaned.get("is_full"):
            self.add_error("is_full", f"{roster.title}不按全量比对，请去掉这一项。")
        return cleaned


class UndoForm(forms.Form):
    """Why a batch is taken back; writing it again needs no reason."""

    reason = forms.CharField(
        label="撤销原因",
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "例如：文件选错，应为秋季学期"}),
        error_messages={"required": "请写明撤销的原因。", "max_length": "原因请控制在 200 字以内。"},
    )

    def __init__(self, *args: Any, wants_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not wants_reason:
            del self.fields["reason"]


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file on the mapping page, with what it may be."""

    name: str
    letter: str
    heading: str
    samples: list[str]
    options: list[tuple[str, str]]
    chosen: str
    badge: Badge
    must_confirm: bool
    why: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class SheetGroup:
    """Sheets with the same headings, mapped together."""

    number: int
    sheets: list[SheetLayout]
    columns: list[ColumnChoice]
    wanted: tuple[frozenset[str], ...] = ()

    @property
    def names(self) -> str:
        """一年级、二年级."""
        return "、".join(sheet.name for sheet in self.sheets)

    @property
    def missing(self) -> list[str]:
        """Fields without which no row can be stored and for which no column is proposed."""
        chosen = {column.chosen for column in self.columns}
        lacking = min((fields - chosen for fields in self.wanted), key=len, default=frozenset())
        return sorted(field_label(name) for name in lacking)

    @property
    def to_confirm(self) -> list[ColumnChoice]:
        """Identity, money and account columns."""
        return [column for column in self.columns if column.must_confirm]

    @property
    def others(self) -> list[ColumnChoice]:
        """All other columns."""
        return [column for column in self.columns if not column.must_confirm]


class MappingSheet:
    """The questions of the mapping page, and the answers of its form."""

    def __init__(self, batch: ImportBatch, roster: Roster, sheets: list[SheetLayout]) -> None:
        self.batch, self.roster = batch, roster
        alike: dict[tuple[str, ...], list[SheetLayout]] = {}
        for sheet in sheets:
            if sheet.role is SheetRole.DATA:
                alike.setdefault(tuple(c.letter + c.heading for c in sheet.columns), []).append(sheet)
        self.alike = list(alike.values())

    def groups(self, samples: dict[str, dict[str, list[str]]]) -> list[SheetGroup]:
        """Every group of sheets with its columns."""
        remembered = set(
            RememberedMapping.objects.filter(unit=self.batch.unit, kind=self.roster.key).values_list(
                "heading", flat=True
            )
        )
        return [
            SheetGroup(
                number, sheets, self._columns(number, sheets, samples, remembered), self.roster.recognised_by
            )
            for number, sheets in enumerate(self.alike, start=1)
        ]

    def answers(self, posted: Any) -> Mapping:
        """The mapping that the form says, for every sheet of each group."""
        return {
            sheet.name: {c.letter: posted.get(f"s{number}-{c.letter}", "") for c in sheet.columns}
            for number, sheets in enumerate(self.alike, start=1)
            for sheet in sheets
        }

    def _columns(
        self,
        number: int,
        sheets: list[SheetLayout],
        samples: dict[str, dict[str, list[str]]],
        remembered: set[str],
    ) -> list[ColumnChoice]:
        sheet = sheets[0]
        chosen = self.batch.mapping.get(sheet.name, {})
        remarks = self.batch.layout.get("content", {}).get(sheet.name, {})
        fields = {column.field: column.aliases for column in self.roster.columns}
        matches = match_columns([c.heading for c in sheet.columns], fields)
        found = []
        for column, match in zip(sheet.columns, matches, strict=True):
            field_name = chosen.get(column.letter, "")
            known = normalise_heading(column.heading) in remembered
            declared = self.roster.column_for(field_name)
            remark = remarks.get(column.letter, {})
            by_content = bool(field_name) and remark.get("field") == field_name
            found.append(
                ColumnChoice(
                    name=f"s{number}-{column.letter}",
                    letter=column.letter,
                    heading=column.heading or NAMELESS,
                    samples=samples.get(sheet.name, {}).get(column.letter, []),
                    options=self._options(column.heading),
                    chosen=field_name,
                    badge=Badge(f"按内容判断 {remark['confidence']}%", "amber")
                    if by_content
                    else _confidence(field_name, known, match is not None and match.field == field_name),
                    must_confirm=by_content or (declared is not None and declared.confirm),
                    why=remark["why"] if by_content else "",
                    doubt=remark.get("doubt", "") if field_name else "",
                )
            )
        return found

    def _options(self, heading: str) -> list[tuple[str, str]]:
        """What a column may be; never a field that its heading only looks like."""
        offered = [
            (column.field, field_label(column.field))
            for column in self.roster.columns
            if not is_lookalike(heading, column.field)
        ]
        return [("", LEFT_OUT), *offered]


def _confidence(field_name: str, known: bool, matches: bool) -> Badge:
    """How the proposal came about."""
    if known:
        return Badge("上次确认", "green")
    if field_name and matches:
        return Badge("列名一致", "blue")
    return Badge("已选择", "blue") if field_name else Badge("待选择", "")

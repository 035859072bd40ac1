"""Tables of the desk: the worklist of findings and the people."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from datong_edu.core.codes import Boarding, Category
from datong_edu.crosschecks.engine.checks import CHECKS
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.wording import STATUS_TONES, place_words, tail
from datong_edu.registry.models import Person
from datong_edu.registry.tables import PersonFileColumn
from datong_edu.web.grades import grade_words
from datong_edu.web.tables import (
    TIGHT_CELL,
    BadgeColumn,
    CountColumn,
    DayColumn,
    DeadlineColumn,
    MaskedColumn,
    MoneyColumn,
    PortalTable,
    exported,
)

PICK_CELL = {"td": {"class": "dt-pick"}, "th": {"class": "dt-pick"}}
PICK_ALL = SafeString(
    '<input type="checkbox" class="form-check-input" data-dt-pick-all aria-label="选中本页全部" />'
)


def rule_words(code: str) -> str:
    """The short name of a rule; its code when the rule has retired."""
    return CHECKS[code].chip if code in CHECKS else code


class FindingTable(PortalTable):
    """One doubt a line.

    `with_pick` adds the boxes of the bulk bar, `with_county` the county, `with_kind` the name of the rule.
    """

    pick = tables.Column(PICK_ALL, accessor="uid", exclude_from_export=True, attrs=PICK_CELL)
    who = tables.Column("对象", accessor="pk", attrs=TIGHT_CELL)
    id_no = MaskedColumn("身份证号", accessor="person__id_no_masked", visible=False)
    county = tables.Column("县区", attrs=TIGHT_CELL)
    place = tables.Column("学校／年级", accessor="pk", attrs={"td": {"class": "dt-place"}})
    rule = tables.Column("问题类型", accessor="rule_code", visible=False)
    summary = tables.Column("问题")
    amount = MoneyColumn("金额（元）", orderable=True)
    found_on = DayColumn("发现日期", visible=False)
    due_on = DeadlineColumn("期限", orderable=True)
    status = BadgeColumn("状态", tones={status.value: tone for status, tone in STATUS_TONES.items()})
    assigned_to = tables.Column("核实学校", visible=False)
    person_file = PersonFileColumn()

    exports = exported(
        "who", "id_no", "county", "place", "rule", "summary", "amount", "found_on", "due_on", "status",
        "assigned_to", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = Finding
        fields = ()
        sequence = (
            "pick", "who", "id_no", "county", "place", "rule", "summary", "amount", "found_on", "due_on",
            "status", "assigned_to", "person_file",
        )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        with_pick: bool = True,
        with_county: bool = False,
        with_kind: bool = True,
        **kwargs: Any,
    ) -> None:
        self.with_kind = with_kind
        left_out = [name for name, wanted in (("pick", with_pick), ("county", with_county)) if not wanted]
        super().__init__(*args, exclude=left_out, **kwargs)

    def render_pick(self, value: Any, record: Finding) -> SafeString:
        """Box of a row."""
        return format_html(
            '<input type="checkbox" class="form-check-input" name="pick" value="{}" aria-label="选中 {}" />',
            value,
            _name_of(record),
        )

    def render_who(self, record: Finding) -> SafeString:
        """Name, sex and end of the number; the link that opens the evidence."""
        person = record.person
        note = f"{person.sex} {tail(person.id_no_masked)}".strip() if person else ""
        return format_html(
            '<a class="dt-row-link" href="{0}" hx-get="{0}" hx-target="#dt-panel"'
            ' hx-swap="innerHTML show:none" data-dt-open>{1}</a> <small class="dt-nowrap">{2}</small>',
            reverse("desk:finding", args=[record.uid]),
            _name_of(record),
            note,
        )

    def value_who(self, record: Finding) -> str:
        """The name alone."""
        return _name_of(record)

    def render_place(self, record: Finding) -> SafeString:
        """School and grade."""
        grade = place_words(getattr(record, "place", None))
        return format_html('{} <small class="dt-nowrap">{}</small>', record.school or "—", grade)

    def value_place(self, record: Finding) -> str:
        """School and grade in words."""
        return f"{record.school or ''} {place_words(getattr(record, 'place', None))}".strip()

    def render_rule(self, value: str) -> str:
        """The short name of the rule."""
        return rule_words(value)

    def render_summary(self, record: Finding) -> SafeString:
        """The sentence, behind the kind of the doubt where the list holds several."""
        if not self.with_kind:
            return format_html("{}", record.summary)
        return format_html("<small>{}</small> {}", rule_words(record.rule_code), record.summary)

    def value_summary(self, value: str) -> str:
        """The sentence alone."""
        return value


class PeopleTable(PortalTable):
    """People as the search finds them."""

    name = tables.Column("姓名")
    sex = tables.Column("性别")
    birth_on = DayColumn("出生日期")
    id_no_masked = MaskedColumn("身份证号")
    school = tables.Column("学校", accessor="pk")
    grade = tables.Column("年级", accessor="pk")
    boarding = tables.Column("就读方式", accessor="pk")
    categories = tables.Column("困难身份")
    open_findings = CountColumn("未结问题")
    student_no = tables.Column("学籍号", accessor="pk", visible=False)
    school_code = tables.Column("学校标识码", accessor="pk", visible=False)
    person_file = PersonFileColumn(accessor="uid")

    exports = exported(
        "name", "sex", "birth_on", "id_no_masked", "school", "grade", "boarding", "categories",
        "open_findings", "student_no", "school_code", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = Person
        fields = ()

    def render_name(self, record: Person) -> SafeString:
        """Link to the file."""
        return format_html(
            '<a class="dt-row-link" href="{}" data-dt-open>{}</a>',
            reverse("desk:person", args=[record.uid]),
            record.name,
        )

    def value_name(self, value: str) -> str:
        """The name."""
        return value

    def render_student_no(self, record: Person) -> str:
        """Masked, of the registry row of today."""
        return str((_place(record) or {}).get("student_no") or "")

    def render_school_code(self, record: Person) -> str:
        """Code of that school."""
        return str((_place(record) or {}).get("school_code") or "")

    def render_school(self, record: Person) -> str:
        """School of the registry row of today."""
        return str((_place(record) or {}).get("school") or "")

    def render_grade(self, record: Person) -> str:
        """Grade with class."""
        place = _place(record)
        return grade_words(place["stage"], place["grade"], place["class_no"]) if place else ""

    def render_boarding(self, record: Person) -> str:
        """寄宿 or 走读."""
        code = (_place(record) or {}).get("boarding")
        return Boarding(code).label if code else ""

    def render_categories(self, value: list[str]) -> SafeString:
        """Tags."""
        return format_html_join(
            " ", '<span class="dt-badge dt-badge-blue">{}</span>', ((label,) for label in _labels(value))
        )

    def value_categories(self, value: list[str]) -> str:
        """Tags in words."""
        return "、".join(_labels(value))

    def render_open_findings(self, value: int) -> SafeString | str:
        """Red when there is one."""
        return format_html('<b class="dt-red">{}</b>', value) if value else ""


def _labels(codes: list[str]) -> list[str]:
    return [Category(code).label for code in codes]


def _place(record: Person) -> dict[str, Any] | None:
    return getattr(record, "place", None)


def _name_of(record: Finding) -> str:
    return str(record.person or record.school or "—")

"""The dropout ledger as a list."""

import django_tables2 as tables

from datong_edu.registry.tables import PersonColumn, PersonFileColumn, SchoolCodeColumn
from datong_edu.web.grades import grade_words
from datong_edu.web.tables import (
    BadgeColumn,
    CountColumn,
    CountyColumn,
    DayColumn,
    MaskedColumn,
    PortalTable,
    exported,
)
from dropout.enums import CaseStatus
from dropout.models import DropoutCase


class CaseTable(PortalTable):
    """One child a row."""

    name = PersonColumn("姓名")
    id_no_masked = MaskedColumn("身份证号")
    county = CountyColumn()
    place = tables.Column("乡镇村", accessor="town", exclude_from_export=True)
    town = tables.Column("乡镇", visible=False)
    village = tables.Column("村", visible=False)
    school_code = SchoolCodeColumn()
    school = tables.Column("原就读学校", accessor="school__name")
    stage = tables.Column("学段")
    grade = tables.Column("年级")
    type = tables.Column("辍学类型")
    left_on = DayColumn("辍学时间", orderable=True)
    status = BadgeColumn(
        "状态",
        tones={
            CaseStatus.OPEN.value: "red",
            CaseStatus.PERSUADING.value: "amber",
            CaseStatus.RETURNED.value: "green",
            CaseStatus.CLOSED.value: "green",
        },
    )
    owner = tables.Column("劝返责任人")
    visits = CountColumn("劝返次数", orderable=True)
    returned_on = DayColumn("复学时间")
    closed_on = DayColumn("销号时间", orderable=True)
    person_file = PersonFileColumn()

    exports = exported(
        "name", "id_no_masked", "county", "town", "village", "school_code", "school", "stage", "grade",
        "type", "left_on", "status", "owner", "visits", "returned_on", "closed_on", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = DropoutCase
        fields = (
            "name", "id_no_masked", "county", "place", "school", "stage", "grade", "type", "left_on",
            "status", "owner", "visits", "returned_on", "closed_on", "town", "village", "school_code",
            "person_file",
        )  # fmt: skip

    def render_grade(self, value: int, record: DropoutCase) -> str:
        """初一, 六年级."""
        return grade_words(record.stage, value)

    def value_grade(self, value: int, record: DropoutCase) -> str:
        """七年级 as 初一."""
        return grade_words(record.stage, value)

    def render_place(self, value: str, record: DropoutCase) -> str:
        """Town and village."""
        return f"{value}{record.village}"

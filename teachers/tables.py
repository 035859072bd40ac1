"""The teachers' lists."""

import django_tables2 as tables

from datong_edu.core.codes import PostStatus
from datong_edu.registry.tables import PersonColumn, PersonFileColumn, SchoolCodeColumn
from datong_edu.web.tables import (
    BadgeColumn,
    CountColumn,
    CountyColumn,
    DayColumn,
    MaskedColumn,
    MoneyColumn,
    PortalTable,
    exported,
)
from teachers.models import AllowanceLine, Post


class AllowanceTable(PortalTable):
    """One teacher, school and year a row."""

    name = PersonColumn("姓名")
    id_no_masked = MaskedColumn("身份证号")
    county = CountyColumn()
    school_code = SchoolCodeColumn()
    school = tables.Column("学校", accessor="school__name", orderable=True)
    seat = tables.Column("驻地类别")
    year = tables.Column("年度", orderable=True)
    school_from_on = DayColumn("到岗时间")
    monthly = MoneyColumn("月标准（元）", orderable=True)
    months = CountColumn("月数")
    amount = MoneyColumn("金额（元）", orderable=True)
    account_masked = MaskedColumn("银行账号")
    person_file = PersonFileColumn()

    exports = exported(
        "name", "id_no_masked", "county", "school_code", "school", "seat", "year", "school_from_on",
        "monthly", "months", "amount", "account_masked", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = AllowanceLine
        fields = (
            "name", "id_no_masked", "county", "school", "seat", "year", "school_from_on",
            "monthly", "months", "amount", "account_masked", "school_code",
            "person_file",
        )  # fmt: skip


class PostTable(PortalTable):
    """One teacher at one school a row."""

    name = PersonColumn("姓名")
    id_no_masked = MaskedColumn("身份证号")
    sex = tables.Column("性别")
    county = CountyColumn()
    school_code = SchoolCodeColumn()
    school = tables.Column("学校", accessor="school__name", orderable=True)
    stage = tables.Column("任教学段")
    subject = tables.Column("任教学科")
    rank = tables.Column("职称")
    establishment = tables.Column("编制类型")
    status = BadgeColumn(
        "在岗状态",
        tones={PostStatus.SECONDED.value: "amber", PostStatus.ON_ROLL_OFF_POST.value: "red"},
    )
    school_from_on = DayColumn("到校时间", orderable=True)
    school_until_on = DayColumn("离岗时间")
    as_of_on = DayColumn("名册日期", orderable=True)
    person_file = PersonFileColumn()

    exports = exported(
        "name", "id_no_masked", "sex", "county", "school_code", "school", "stage", "subject", "rank",
        "establishment", "status", "school_from_on", "school_until_on", "as_of_on", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = Post
        fields = (
            "name", "id_no_masked", "sex", "county", "school", "stage", "subject", "rank",
            "establishment", "status", "school_from_on", "school_until_on", "as_of_on",
            "school_code", "person_file",
        )  # fmt: skip

"""The aid list."""

import django_tables2 as tables

from datong_edu.core.codes import AwardKind, AwardStatus
from datong_edu.registry.tables import PersonColumn, PersonFileColumn, SchoolCodeColumn
from datong_edu.web.tables import (
    TIGHT_CELL,
    BadgeColumn,
    CountyColumn,
    DayColumn,
    MaskedColumn,
    MoneyColumn,
    PortalTable,
    exported,
)
from subsidies.models import AwardLine


class AwardTable(PortalTable):
    """One ledger line a row."""

    line_no = tables.Column("行号", visible=False)
    batch_no = tables.Column("批次号", visible=False)
    roll_term = tables.Column("学年学期", accessor="roll_term__label", visible=False)
    name = PersonColumn("姓名")
    id_no_masked = MaskedColumn("身份证号")
    county = CountyColumn()
    school_code = SchoolCodeColumn()
    school = tables.Column("学校", accessor="school__name", orderable=True)
    stage = tables.Column("学段")
    scheme = tables.Column("资助项目", accessor="scheme__title")
    term = tables.Column("所属学期", accessor="term__label", attrs=TIGHT_CELL)
    amount = MoneyColumn("金额（元）", orderable=True)
    kind = BadgeColumn("发放类型", tones={AwardKind.BACKPAY.value: "blue", AwardKind.RECOVERY.value: "amber"})
    status = BadgeColumn(
        "发放状态", tones={AwardStatus.FAILED.value: "red", AwardStatus.PENDING.value: "amber"}
    )
    paid_on = DayColumn("发放日期", orderable=True)
    fail_reason = tables.Column("失败原因")
    person_file = PersonFileColumn()

    exports = exported(
        "line_no", "batch_no", "roll_term", "name", "id_no_masked", "county", "school_code", "school",
        "stage", "scheme", "term", "amount", "kind", "status", "paid_on", "fail_reason", "person_file",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = AwardLine
        fields = (
            "name", "id_no_masked", "county", "school", "stage", "scheme", "term", "amount", "kind",
            "status", "paid_on", "fail_reason", "school_code", "line_no", "batch_no", "roll_term",
            "person_file",
        )  # fmt: skip

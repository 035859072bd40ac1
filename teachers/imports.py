"""Rosters of teachers: R14 教师花名册, R15 乡村教师生活补助, R16 特岗支教轮岗, and what is paid to them."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import (
    NO_LEDGER_YET,
    Column,
    Conflict,
    Context,
    Derived,
    FullRoll,
    Row,
    Target,
    roster,
)
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_FOR_MONEY,
    NAME,
    NOTE,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    TEACHER_AGES,
    PersonRoster,
    same,
    sealed,
)
from teachers.models import AllowanceLine, Post

AID_PLANS = {
    "励耕": "励耕计划",
    "励耕计划": "励耕计划",
    "励耕行动": "励耕计划",
    "润雨": "润雨计划",
    "润雨计划": "润雨计划",
    "润雨行动": "润雨计划",
}
"""Plans of the China Education Development Foundation for teachers in need, as files call them."""


def month_of_year(cell: c.Cell) -> str | None:
    """A month with its year, `2020-09`, or alone, `09`, when the row has a column for the year."""
    try:
        number = c.whole(low=1, high=12, units=("月", "月份"))(cell)
    except c.Refuse:
        return c.month(cell)
    return None if number is None else f"{number:02}"


@roster
class Teachers(PersonRoster):
    """R14 教师花名册: who stood at which school on the roster's day."""

    key = "r14_teachers"
    title = "教师花名册"
    ages = TEACHER_AGES
    recognised_by = (frozenset({"name", "id_no", "school"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_FOR_MONEY,
        Column("nation", c.optional(c.nation)),
        Column("rank", c.optional(c.text(40))),
        Column("stage", c.optional(c.stage)),
        Column("subject", c.optional(c.text(40))),
        Column("establishment", c.optional(c.text(40))),
        Column("on_establishment", c.optional(c.on_establishment), "boolean"),
        Column("special_post", c.optional(c.flag), "boolean"),
        Column("head_teacher", c.optional(c.flag), "boolean"),
        Column("work_from", c.month),
        Column("school_from", c.day, "date"),
        Column("school_to", c.day, "date"),
        Column("post_status", c.optional(c.post_status)),
        Column("exempt_reason", c.optional(c.text(60))),
        Column("as_of", c.day, "date"),
        NOTE,
    )
    derived = (*PERSON_COLUMNS, Derived("as_of_on", "date"))
    conflicts = (Conflict(("id_no_index", "school_id", "as_of_on"), "id_no"),)
    targets = (
        Target(
            Post,
            ("person_id", "school_id", "as_of_on"),
            same(
                "person_id",
                "school_id",
                "county_id",
                "as_of_on",
                "name",
                "id_no_masked",
                "sex",
                "rank",
                "stage",
                "subject",
                "establishment",
                "on_establishment",
                "special_post",
                "head_teacher",
                "work_from",
                school_from_on="school_from",
                school_until_on="school_to",
                status="post_status",
            ),
        ),
    )

    full_roll = FullRoll(
        Post,
        {"person_id": "person_id"},
        "t.school_until_on IS NULL AND t.as_of_on = (SELECT max(o.as_of_on) FROM teachers_post o"
        " WHERE o.school_id = t.school_id AND o.as_of_on < %(as_of)s)",
        same_if_refused={"name": "name"},
    )

    def finish(self, row: Row, context: Context) -> None:
        """School; the day the roster speaks of is its term's census unless it says one."""
        super().finish(row, context)
        self.find_school(row, context)
        row.values["as_of_on"] = row.values.get("as_of") or context.as_of


@roster
class RuralAllowance(PersonRoster):
    """R15 乡村教师生活补助名册: person + school + year."""

    key = "r15_rural_allowance"
    title = "乡村教师生活补助名册"
    ages = TEACHER_AGES
    recognised_by = (frozenset({"name", "id_no", "months", "amount"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        Column("seat", c.optional(c.seat)),
        NAME,
        ID_NO_FOR_MONEY,
        Column("school_from", c.day, "date"),
        Column("year", c.year, "smallint"),
        Column("monthly", c.required(c.money(rate=True), "AMOUNT_MISSING"), "numeric"),
        Column(
            "months", c.required(c.whole(low=1, high=12, units=("个月", "月")), "NUMBER_MISSING"), "smallint"
        ),
        Column("amount", c.required(c.money(), "AMOUNT_MISSING"), "numeric"),
        Column("account", c.account, sealed="account"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "school_id", "year"), "id_no"),)
    targets = (
        Target(
            AllowanceLine,
            ("person_id", "school_id", "year"),
            sealed("account")
            | same(
                "person_id",
                "school_id",
                "county_id",
                "year",
                "name",
                "id_no_masked",
                "seat",
                "monthly",
                "months",
                "amount",
                school_from_on="school_from",
            ),
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """School, year, and whether months times rate is the sum."""
        super().finish(row, context)
        self.find_school(row, context)
        values = row.values
        values["year"] = values.get("year") or context.as_of.year
        if c.amount_mismatch(values.get("monthly"), values.get("months"), values.get("amount")):
            row.warn("AMOUNT_MISMATCH", "amount")


@roster
class Postings(PersonRoster):
    """R16 特岗、支教、轮岗、顶岗台账: who was sent where and since when; person + kind + start."""

    key = "posts"
    title = "特岗支教轮岗台账"
    ages = TEACHER_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "id_no", "post_kind"}),)
    columns = (
        SEQ,
        COUNTY,
        NAME,
        ID_NO_FOR_MONEY,
        SEX,
        Column("subject", c.optional(c.text(40))),
        Column("sending_code", c.optional(c.text(20))),
        Column("sending_school", c.optional(c.text(100))),
        Column("receiving_code", c.school_code, value_field="school_code"),
        Column("receiving_school", c.school_name, value_field="school"),
        Column("post_kind", c.required(c.post_kind, "TYPE_UNKNOWN")),
        Column("cohort", c.optional(c.year), "smallint"),
        Column("from_date", c.required(c.day, "DATE_INVALID"), "date"),
        Column("to_date", c.day, "date"),
        Column("assessment", c.optional(c.text(20))),
        Column("current_status", c.optional(c.text(40))),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "post_kind", "from_date"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The receiving school, and the order of the days."""
        super().finish(row, context)
        self.find_school(row, context)
        if c.out_of_order(row.values["from_date"], row.values["to_date"]) is not None:
            row.refuse("DATE_ORDER", "to_date")


@roster
class SpecialPostPay(PersonRoster):
    """特岗教师工资补助名册: for which months of a year; person + year."""

    key = "tg_subsidy"
    title = "特岗教师工资补助名册"
    ages = TEACHER_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "id_no", "from_month", "to_month"}),)
    columns = (
        SEQ,
        COUNTY,
        NAME,
        ID_NO_FOR_MONEY,
        Column("year", c.required(c.year, "DATE_INVALID"), "smallint"),
        Column("from_month", c.required(month_of_year, "DATE_INVALID")),
        Column("to_month", c.required(month_of_year, "DATE_INVALID")),
        Column(
            "months", c.required(c.whole(low=1, high=12, units=("个月", "月")), "NUMBER_MISSING"), "smallint"
        ),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "year"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """Months with their year, in order; the county is that of the post, where the file does not say."""
        super().finish(row, context)
        self.find_county(row, context, required=False)
        values = row.values
        for name in ("from_month", "to_month"):
            if values[name] and len(values[name]) == 2 and values["year"]:
                values[name] = f"{values['year']}-{values[name]}"
        if values["from_month"] and values["to_month"] and values["to_month"] < values["from_month"]:
            row.refuse("DATE_ORDER", "to_month")


@roster
class TeacherAid(PersonRoster):
    """励耕计划、润雨计划资助名册: person + plan + year."""

    key = "teacher_aid"
    title = "励耕润雨计划资助名册"
    ages = TEACHER_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "id_no", "plan", "amount"}),)
    columns = (
        SEQ,
        COUNTY,
        NAME,
        ID_NO_FOR_MONEY,
        Column("plan", c.required(c.lookup(AID_PLANS, "TYPE_UNKNOWN", refuse=True), "TYPE_UNKNOWN")),
        Column("year", c.required(c.year, "DATE_INVALID"), "smallint"),
        Column("amount", c.required(c.money(), "AMOUNT_MISSING"), "numeric"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "plan", "year"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The county is that of the teacher, where the file does not say."""
        super().finish(row, context)
        self.find_county(row, context, required=False)

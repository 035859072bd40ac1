"""Rosters of teachers: R14 教师花名册 and R15 乡村教师生活补助."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Conflict, Context, Derived, Row, Target, roster
from datong_edu.registry.imports import same, sealed
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import (
    COUNTY,
    NAME,
    NOTE,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    PersonRoster,
)
from teachers.models import AllowanceLine, Post

ID_NO = Column("id_no", c.required(c.identity(strict=True), "ID_MISSING"), sealed="id_no")


@roster
class Teachers(PersonRoster):
    """R14 教师花名册: who stood at which school on the roster's day."""

    key = "r14_teachers"
    title = "教师花名册"
    recognised_by = (frozenset({"name", "id_no", "school"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO,
        Column("nation", c.optional(c.nation)),
        Column("rank", c.optional(c.text(40))),
        Column("stage", c.optional(c.stage)),
        Column("subject", c.optional(c.text(40))),
        Column("establishment", c.optional(c.text(40))),
        Column("on_establishment", c.optional(c.flag), "boolean"),
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
    recognised_by = (frozenset({"name", "id_no", "months", "amount"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        Column("seat", c.optional(c.seat)),
        NAME,
        ID_NO,
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

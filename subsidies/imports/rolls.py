"""Rosters of money paid to pupils: R1 学前资助, R2 义教生活补助, and the aid system's roll of all schemes."""

from collections.abc import Mapping, Sequence

from datong_edu.accounts.models import Unit
from datong_edu.core.codes import Boarding, Stage
from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Conflict, Context, Derived, Row, Target, roster
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_FOR_MONEY,
    NAME,
    NOTE,
    PHONE,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    STUDENT_NO,
    same,
    sealed,
)
from subsidies.imports.lines import (
    ACCOUNT,
    ADDRESS,
    AMOUNT,
    BANK,
    CATEGORIES,
    CLASS,
    COMMON,
    DERIVED,
    GRADE,
    GUARDIAN,
    GUARDIAN_ID,
    HOLDER,
    NATION,
    PAID_BY,
    STAGE,
    TERM,
    AidRoster,
)
from subsidies.models import AwardLine
from subsidies.reference import CATALOGUE
from subsidies.schemes import scheme_called


@roster
class PreschoolAid(AidRoster):
    """R1 学前教育资助名册: person + scheme + term."""

    key = "r1_preschool_aid"
    title = "学前教育资助名册"
    recognised_by = PAID_BY
    ignored = ("补助标准",)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_FOR_MONEY,
        STAGE,
        Column("grade", c.grade, "smallint", aliases=("班级",)),
        CATEGORIES,
        GUARDIAN,
        GUARDIAN_ID,
        PHONE,
        ADDRESS,
        AMOUNT,
        TERM,
        BANK,
        ACCOUNT,
        HOLDER,
        NOTE,
    )
    derived = (*DERIVED, Derived("class_no", "smallint"))
    conflicts = (Conflict(("id_no_index", "term"), "id_no"),)
    targets = (
        Target(
            AwardLine,
            ("person_id", "scheme_id", "term_id", "line_no"),
            COMMON
            | sealed("guardian_id")
            | sealed("account")
            | sealed("phone")
            | same("guardian", "bank", "holder")
            | {"line_no": "''::text"},
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """The class of a kindergarten is its grade: 大班, 中班, 小班."""
        row.values["scheme_id"] = "PRE_AID"
        row.values["stage"] = row.values.get("stage") or Stage.PRE.value
        super().finish(row, context)


@roster
class LivingAllowance(AidRoster):
    """R2 义务教育生活补助名册, boarders and day pupils: person + scheme + term."""

    key = "r2_living_allowance"
    title = "义务教育生活补助名册"
    recognised_by = PAID_BY
    columns = (
        SEQ,
        TERM,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        NATION,
        STAGE,
        GRADE,
        CLASS,
        CATEGORIES,
        ID_NO_FOR_MONEY,
        STUDENT_NO,
        ADDRESS,
        Column("boarding", c.optional(c.boarding)),
        ACCOUNT,
        BANK,
        HOLDER,
        GUARDIAN,
        AMOUNT,
        PHONE,
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "scheme_id", "term"), "id_no"),)
    targets = (
        Target(
            AwardLine,
            ("person_id", "scheme_id", "term_id", "line_no"),
            COMMON
            | sealed("student_no")
            | sealed("account")
            | sealed("phone")
            | same("boarding", "bank", "holder", "guardian")
            | {"line_no": "''::text"},
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """Boarders and day pupils are two schemes."""
        boarding = row.values.get("boarding")
        row.values["scheme_id"] = "CE_NONBOARD" if boarding == Boarding.DAY else "CE_BOARD"
        if boarding is None:
            row.refuse("BOARDING_UNKNOWN", "boarding")
        super().finish(row, context)


class ManySchemes(AidRoster):
    """A list whose rows name their scheme."""

    def offered(self, unit: Unit | None) -> Mapping[str, Sequence[str]]:
        """The schemes of the catalogue that pupils get."""
        titles = [line[1] for line in CATALOGUE if scheme_called(line[1]) == line[0]]
        return {**super().offered(unit), "scheme": titles}


LEDGER_LINE = (
    COMMON
    | sealed("student_no")
    | sealed("guardian_id")
    | sealed("account")
    | same(
        "line_no",
        "batch_no",
        "guardian",
        "bank",
        "holder",
        "fail_reason",
        kind="award_kind",
        status="award_status",
        paid_on="pay_date",
        term_id="own_term",
    )
)


@roster
class AidRoll(ManySchemes):
    """The aid system's ledger of all schemes: 行号 is the key, two lines for one pupil are two facts.

    Lines that came from other rolls have no 行号; the portal's own export names their person by 档案号.
    """

    key = "aid_roll"
    title = "资助发放明细"
    recognised_by = (frozenset({"line_no", "scheme", "amount"}),)
    columns = (
        Column("line_no", c.optional(c.text(40))),
        Column("batch_no", c.optional(c.text(40))),
        TERM,
        Column("own_term", c.term),
        Column("scheme", c.required(c.text(60), "TYPE_UNKNOWN")),
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_FOR_MONEY,
        STUDENT_NO,
        STAGE,
        GRADE,
        Column("category", c.optional(c.text(100)), value_field="category_words"),
        GUARDIAN,
        GUARDIAN_ID,
        Column("amount", c.required(c.money(negative=True), "AMOUNT_MISSING"), "numeric"),
        BANK,
        ACCOUNT,
        HOLDER,
        Column("award_status", c.award_status, aliases=("发放状态",)),
        Column("pay_date", c.day, "date"),
        Column("fail_reason", c.optional(c.text(100))),
        Column("award_kind", c.award_kind),
        NOTE,
    )
    derived = (*DERIVED, Derived("class_no", "smallint"))
    conflicts = (Conflict(("line_no",), "line_no"),)
    targets = (
        Target(
            AwardLine,
            ("line_no",),
            LEDGER_LINE,
            where="s.line_no IS NOT NULL",
        ),
        Target(
            AwardLine,
            ("person_id", "scheme_id", "term_id", "line_no"),
            LEDGER_LINE | {"line_no": "''::text"},
            where="s.line_no IS NULL",
            decides_new=True,
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """Scheme by its words; the term a 补发 line belongs to; 追回 is negative and nothing else is."""
        super().finish(row, context)
        values = row.values
        if (
            not values["line_no"]
            and not values["person_uid"]
            and not any(at == "line_no" for _, at in row.faults)
        ):
            row.refuse("NUMBER_MISSING", "line_no")
        values["own_term"] = values.get("own_term") or values["term"]
        values["scheme_id"] = scheme_called(values.get("scheme") or "", values.get("boarding"))
        if values["scheme_id"] is None and values.get("scheme"):
            row.refuse("TYPE_UNKNOWN", "scheme")
        amount = values.get("amount")
        if amount is not None and (amount < 0) is not (values.get("award_kind") == "recovery"):
            row.refuse("AMOUNT_INVALID", "amount")


@roster
class SystemList(ManySchemes):
    """资助名单 as 全国学生资助管理信息系统 exports it: several schemes; person + scheme + term."""

    key = "aid_system_list"
    title = "资助系统资助名单"
    recognised_by = (frozenset({"name", "id_no", "scheme", "amount"}),)
    ignored = ("审核状态", "学校审核状态", "县级审核状态", "录入时间", "资助标准")
    columns = (
        SEQ,
        TERM,
        Column("scheme", c.required(c.text(60), "TYPE_UNKNOWN")),
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_FOR_MONEY,
        STUDENT_NO,
        STAGE,
        GRADE,
        CLASS,
        Column("boarding", c.optional(c.boarding)),
        Column("category", c.optional(c.text(100)), value_field="category_words"),
        AMOUNT,
        BANK,
        ACCOUNT,
        HOLDER,
        Column("award_status", c.award_status, aliases=("发放状态",)),
        Column("pay_date", c.day, "date"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "scheme_id", "term"), "id_no"),)
    targets = (
        Target(
            AwardLine,
            ("person_id", "scheme_id", "term_id", "line_no"),
            COMMON
            | sealed("student_no")
            | sealed("account")
            | same("boarding", "bank", "holder", status="award_status", paid_on="pay_date")
            | {"line_no": "''::text"},
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """Scheme by its words; a list of the system holds sums paid, never recovered."""
        super().finish(row, context)
        values = row.values
        values["scheme_id"] = scheme_called(values.get("scheme") or "", values.get("boarding"))
        if values["scheme_id"] is None and values.get("scheme"):
            row.refuse("TYPE_UNKNOWN", "scheme")

"""Roster of R8 生源地信用助学贷款: one line for each contract."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import NO_LEDGER_YET, Column, Conflict, Context, Row, roster
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_FOR_MONEY,
    NAME,
    NOTE,
    SEQ,
    SEX,
    STUDENT_AGES,
    PersonRoster,
)


@roster
class StudentLoans(PersonRoster):
    """生源地贷款名册: contract number; colleges lie outside the city's school list."""

    key = "student_loans"
    title = "生源地信用助学贷款名册"
    ages = STUDENT_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "contract_no"}), frozenset({"name", "contract_amount"}))
    columns = (
        SEQ,
        COUNTY,
        NAME,
        ID_NO_FOR_MONEY,
        SEX,
        Column("college", c.optional(c.text(100))),
        Column("level_of_study", c.loan_level),
        Column("major", c.optional(c.text(60))),
        Column("enrol_year", c.year, "smallint"),
        Column("years", c.optional(c.text(20))),
        Column("contract_no", c.required(c.code(60), "NUMBER_MISSING")),
        Column("loan_round", c.optional(c.loan_round)),
        Column("applied_amount", c.money(), "numeric"),
        Column("contract_amount", c.required(c.money(), "AMOUNT_MISSING"), "numeric"),
        Column("paid_amount", c.money(), "numeric", aliases=("发放金额",)),
        Column("co_borrower", c.optional(c.name)),
        Column("co_borrower_id", c.identity(strict=False), sealed="id_no"),
        Column("relation", c.optional(c.guardian_relation)),
        Column("is_poor", c.optional(c.flag), "boolean", aliases=("是否建档立卡", "是否脱贫户")),
        Column("receipt_status", c.optional(c.text(30))),
        Column("loan_year", c.required(c.year, "DATE_INVALID"), "smallint"),
        NOTE,
    )
    conflicts = (Conflict(("contract_no",), "contract_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The county that took the application."""
        super().finish(row, context)
        self.find_county(row, context)

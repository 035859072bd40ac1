"""Rosters of what follows an approved roll: 批次台账, and R10 the lines a bank sends back."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import NO_LEDGER_YET, Column, Conflict, Context, Derived, Row, roster
from datong_edu.registry.rosters import COUNTY, NOTE, SEQ, PlacedRoster
from subsidies.imports.lines import ACCOUNT, TERM
from subsidies.schemes import scheme_called

PROGRAMMES: dict[str, tuple[str, ...]] = {
    "XQ": ("PRE_AID",),
    "YJ": ("CE_BOARD", "CE_NONBOARD"),
    "PZ": ("HS_GRANT",),
    "PM": ("HS_FEE",),
    "ZZ": ("VOC_GRANT",),
    "ZM": ("VOC_FEE",),
}
"""Schemes that a code of 项目 in the register of batches stands for."""
COMPULSORY_WORDS = ("义教", "义务教育")


@roster
class BatchRegister(PlacedRoster):
    """批次台账: sheet 批次 tells what was approved and shown to the public, sheet 银行文件 what was sent."""

    key = "batch_register"
    title = "资助批次台账"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"batch_no", "approved_amount"}), frozenset({"batch_no", "file_no"}))
    columns = (
        SEQ,
        Column("batch_no", c.required(c.code(40), "NUMBER_MISSING")),
        COUNTY,
        TERM,
        Column("scheme", c.optional(c.text(60))),
        Column("roster_count", c.people, "integer"),
        Column("roster_amount", c.money(), "numeric"),
        Column("approved_count", c.people, "integer"),
        Column("approved_amount", c.money(), "numeric"),
        Column("approved_date", c.day, "date"),
        Column("notice_from", c.day, "date"),
        Column("notice_to", c.day, "date"),
        Column("notice_mode", c.optional(c.text(60))),
        Column("file_no", c.code(60)),
        Column("file_count", c.people, "integer"),
        Column("amount", c.money(), "numeric"),
        Column("sent_date", c.day, "date"),
        NOTE,
    )
    derived = (Derived("county_id", "bigint"), Derived("approved_no"), Derived("scheme_ids", "text[]"))
    conflicts = (Conflict(("approved_no",), "batch_no"), Conflict(("file_no",), "file_no"))

    def finish(self, row: Row, context: Context) -> None:
        """A row of the one sheet or of the other, told by 文件号."""
        sends = row.has("file_no") and row.values["approved_amount"] is row.values["approved_count"] is None
        self.find_county(row, context, required=not sends)
        if sends:
            _require(row, file_no="NUMBER_MISSING", file_count="NUMBER_MISSING", amount="AMOUNT_MISSING")
            return
        values = row.values
        values["approved_no"] = values["batch_no"]
        values["term"] = values["term"] or (context.term.code if context.term else None)
        values["scheme_ids"] = schemes_of(values["scheme"] or "")
        _require(
            row,
            term="TERM_UNKNOWN",
            approved_count="NUMBER_MISSING",
            approved_amount="AMOUNT_MISSING",
        )
        if not values["scheme_ids"]:
            row.refuse("TYPE_UNKNOWN", "scheme")
        if c.out_of_order(values["notice_from"], values["notice_to"]) is not None:
            row.refuse("DATE_ORDER", "notice_to")


@roster
class BankReturn(PlacedRoster):
    """R10 银行回盘: the bank's word on each line sent; flow number, a later file only adds."""

    key = "r10_bank_return"
    title = "银行代发回盘明细"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"account", "amount", "result"}), frozenset({"flow_no", "amount"}))
    columns = (
        SEQ,
        Column("batch_no", c.optional(c.code(40))),
        Column("line_no", c.optional(c.code(40))),
        Column("holder", c.optional(c.text(60))),
        Column("id_no", c.required(c.identity(strict=True), "ID_MISSING"), sealed="id_no"),
        ACCOUNT,
        Column("amount", c.required(c.money(), "AMOUNT_MISSING"), "numeric"),
        Column("memo", c.optional(c.text(100))),
        Column("result", c.required(c.result, "RESULT_UNKNOWN")),
        Column("fail_reason", c.optional(c.text(100))),
        Column("pay_date", c.day, "date"),
        Column("flow_no", c.required(c.code(60), "FLOW_NO_MISSING")),
        COUNTY,
        NOTE,
    )
    derived = (Derived("county_id", "bigint"),)
    conflicts = (Conflict(("flow_no",), "flow_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The file's county; in a file of the whole city 批次号 and 行号 lead to it."""
        self.find_county(row, context, required=False)


def schemes_of(words: str) -> list[str]:
    """Schemes that 项目 names, by code or in words; [] when it names none."""
    code = words.strip().upper()
    if code in PROGRAMMES:
        return list(PROGRAMMES[code])
    found = scheme_called(words)
    if found is None and any(word in words for word in COMPULSORY_WORDS):
        return list(PROGRAMMES["YJ"])
    return [found] if found else []


def _require(row: Row, **keys: str) -> None:
    """Refuse a row whose field is blank although nothing was wrong with the cell."""
    blamed = {at for _, at in row.faults}
    for field, key in keys.items():
        if row.values[field] is None and field not in blamed:
            row.refuse(key, field)

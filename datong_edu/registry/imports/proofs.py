"""Roster of proofs 佐证: papers that clear a doubt about a pupil, one sheet for each kind."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import NO_LEDGER_YET, Column, Conflict, Context, Derived, Row, roster
from datong_edu.registry.enums import ProofKind
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import COUNTY, ID_NO_AS_EVIDENCE, NAME, NOTE, SEQ, STUDENT_NO, PersonRoster


@roster
class Proofs(PersonRoster):
    """佐证登记: the name of the sheet is the kind of paper; person + kind + day + line, evidence."""

    key = "proofs"
    title = "佐证登记"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (
        frozenset({"name", "id_no", "happened_date"}),
        frozenset({"name", "id_no", "old_id_no"}),
        frozenset({"name", "id_no", "line_no"}),
        frozenset({"name", "id_no", "note"}),
    )
    columns = (
        SEQ,
        Column("proof_kind", c.optional(c.text(30)), value_field="proof_words"),
        COUNTY,
        Column("school", c.optional(c.text(100))),
        NAME,
        ID_NO_AS_EVIDENCE,
        Column("old_id_no", c.optional(c.identity(strict=False)), sealed="id_no"),
        STUDENT_NO,
        Column("line_no", c.optional(c.code(40))),
        Column("happened_date", c.day, "date"),
        NOTE,
    )
    derived = (*PERSON_COLUMNS, Derived("proof", shown=True), Derived("about"), Derived("on_day"))
    conflicts = (Conflict(("id_no_index", "proof", "about", "on_day"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """County, kind of paper; 身份证更正 tells which number was the old one."""
        super().finish(row, context)
        self.find_county(row, context)
        values = row.values
        written = values["proof_words"] or row.sheet.strip()
        values["proof"] = written[:30]
        if written not in ProofKind.values:
            row.warn("TYPE_UNKNOWN", "proof_kind")
        values["about"] = values["line_no"] or ""
        values["on_day"] = str(values["happened_date"] or "")
        needs_old = values["proof"] == ProofKind.ID_CORRECTION and not values["old_id_no"]
        if needs_old and not any(at == "old_id_no" for _, at in row.faults):
            row.refuse("ID_MISSING", "old_id_no")

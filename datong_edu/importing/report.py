"""The answer of `import_roster --json`: one object that tells row by row what a file holds.

Field names and reason keys are the portal's contract with other systems; amounts are text with two decimals,
days ISO, unknown values null.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from datong_edu.importing.cells import shown
from datong_edu.importing.checking import Checked
from datong_edu.importing.declare import Roster, Row
from datong_edu.importing.layout import SheetRole
from datong_edu.importing.models import ImportBatch


class RowReport:
    """Collects the rows of a check as they pass."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.rows: list[Row] = []

    def __call__(self, row: Row, hidden: bool) -> None:
        """Keep a row; its fate in the sets is asked from staging afterwards."""
        self.rows.append(row)

    def build(self, batch: ImportBatch, checked: Checked) -> dict[str, Any]:
        """The whole object."""
        county = batch.unit.county
        found = {
            (sheet, number): list(zip(keys, fields, strict=True))
            for sheet, number, keys, fields in checked.stage.rows(
                f"SELECT sheet, row, fault_keys, fault_fields FROM {checked.stage.table} s"
                " WHERE cardinality(fault_keys) > 0"
            )
        }
        refused = checked.counts["refused"]
        report = {
            "file": batch.file_name,
            "roster": self.roster.key,
            "term": batch.term_id,
            "county_code": county.code if county else batch.unit.code,
            "outcome": "import",
        }
        if checked.encoding:
            report |= {"encoding": checked.encoding, "delimiter": checked.delimiter}
        return report | {
            "sheets": [self._sheet(sheet.description(), checked) for sheet in checked.sheets],
            "counts": {
                "data_rows": checked.accepted + refused,
                "accepted": checked.accepted,
                "rejected": refused,
            }
            | {name: checked.counts[name] for name in ("new", "changed", "unchanged")},
            **({"disappeared": checked.counts["disappeared"]} if batch.is_full else {}),
            "rejected": [
                self._reasons(row, found[row.sheet, row.number], checked)
                for row in self.rows
                if (row.sheet, row.number) in found
            ],
            "warnings": [
                self._reasons(row, row.notes, checked)
                for row in self.rows
                if row.notes and (row.sheet, row.number) not in found
            ],
            "normalised": [
                {"sheet": row.sheet, "row": row.number, "values": self._values(row)}
                for row in self.rows
                if (row.sheet, row.number) not in found
            ],
        }

    def _sheet(self, described: dict[str, Any], checked: Checked) -> dict[str, Any]:
        if described["role"] != SheetRole.DATA:
            return described
        chosen = checked.mapping.get(described["name"], {})
        columns = [
            {"col": c["col"], "heading": c["heading"], "field": chosen.get(c["col"]) or None}
            for c in described["columns"]
        ]
        return described | {"columns": columns}

    def _reasons(self, row: Row, pairs: list[tuple[str, str]], checked: Checked) -> dict[str, Any]:
        columns = self._columns(row.sheet, checked)
        reasons = []
        for key, field in dict.fromkeys(pairs):
            letter, heading = columns.get(field, (None, None))
            cell = shown(row.cell(field))
            reasons.append({"key": key, "column": letter, "heading": heading, "cell": cell})
        return {"sheet": row.sheet, "row": row.number, "reasons": reasons}

    @staticmethod
    def _columns(sheet: str, checked: Checked) -> dict[str, tuple[str, str]]:
        """Letter and heading of each field on a sheet."""
        layout = next(s for s in checked.sheets if s.name == sheet)
        chosen = checked.mapping.get(sheet, {})
        return {chosen[c.letter]: (c.letter, c.heading) for c in layout.columns if chosen.get(c.letter)}

    def _values(self, row: Row) -> dict[str, Any]:
        names = [column.name for column in self.roster.columns if column.name != "seq"]
        names += [derived.name for derived in self.roster.derived if derived.shown]
        return {name: plain(row.values.get(name)) for name in dict.fromkeys(names)}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value

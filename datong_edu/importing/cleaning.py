"""From the cells of a row to its values: the Python half of the check, row by row and pure.

What a row alone can tell is decided here, before anything is encrypted; what needs other rows or the ledgers
is decided in sets by `staging` and `merging`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datong_edu.importing.cells import shown
from datong_edu.importing.cleaners.base import Cleaner, Refuse, Warned
from datong_edu.importing.declare import Context, Roster, Row

RUNNING_NUMBER = "seq"
"""Field of the file's 序号, which says nothing about a row and is left out of comparisons."""
EXPLANATION = "错误说明"
"""Heading of the column that a marked workbook adds; what it wrote there is no part of a row either."""


@dataclass(frozen=True)
class SheetMapping:
    """Which column of a sheet holds which field: position, field and heading, by position."""

    name: str
    fields: dict[int, str]
    headings: dict[int, str]


class RowCleaner:
    """Cleans the rows of one sheet under its mapping."""

    def __init__(self, roster: Roster, context: Context, mapping: SheetMapping) -> None:
        self.roster, self.context, self.mapping = roster, context, mapping
        self.steps: list[tuple[int, str, str, Cleaner]] = []
        for position, field_name in mapping.fields.items():
            column = roster.column_for(field_name)
            if column is not None:
                self.steps.append((position, column.field, column.name, roster.cleaner(column, context)))
        self.width = 1 + max((position for position, *_ in self.steps), default=0)
        self.unsaid = {p for p, name in mapping.fields.items() if name == RUNNING_NUMBER}
        self.unsaid |= {p for p, heading in mapping.headings.items() if heading == EXPLANATION}
        self.empty = self._without_cells()

    def _without_cells(self) -> Row:
        """A row of nothing: what the columns say that this sheet does not have."""
        row = Row(self.mapping.name, 0, {derived.name: None for derived in self.roster.derived}, {})
        for column in self.roster.columns:
            row.values[column.name] = None
            if column.field not in self.mapping.fields.values():
                _take(row, column.field, column.name, self.roster.cleaner(column, self.context), None)
        return row

    def clean(self, number: int, cells: Sequence[Any]) -> Row:
        """Values, faults and warnings of one row."""
        empty = self.empty
        row = Row(empty.sheet, number, empty.values.copy(), {})
        row.faults, row.notes = empty.faults.copy(), empty.notes.copy()
        words = [cell if type(cell) is str else shown(cell) for cell in cells]
        said = words
        if self.unsaid:
            said = [text for position, text in enumerate(words) if position not in self.unsaid]
        row.said = "\x1f".join(said).rstrip("\x1f")
        missing = self.width - len(words)
        if missing > 0:
            cells = [*cells, *[""] * missing]
            words += [""] * missing
        for position, field_name, name, cleaner in self.steps:
            row.cells[field_name] = cells[position]
            row.sent[field_name] = words[position]
            _take(row, field_name, name, cleaner, cells[position])
        self.roster.finish(row, self.context)
        return row


def _take(row: Row, field_name: str, name: str, cleaner: Cleaner, cell: Any) -> None:
    """Put the value of one cell into its row, or the reason why there is none."""
    try:
        value = cleaner(cell)
    except Refuse as refusal:
        row.refuse(refusal.key, field_name)
        return
    if type(value) is Warned:
        for key in value.keys:
            row.warn(key, field_name)
        value = value.value
    row.values[name] = value

"""From the cells of a row to its values: the Python half of the check, row by row and pure.

What a row alone can tell is decided here, before anything is encrypted; what needs other rows or the ledgers
is decided in sets by `staging` and `merging`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datong_edu.importing.cells import shown
from datong_edu.importing.cleaners.base import Refuse, Warned
from datong_edu.importing.declare import Column, Context, Roster, Row

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
        self.steps: list[tuple[int, Column, Callable[[Any], Any]]] = []
        for position, field_name in mapping.fields.items():
            column = roster.column_for(field_name)
            if column is not None:
                self.steps.append((position, column, roster.cleaner(column, context)))
        self.unsaid = {p for p, name in mapping.fields.items() if name == RUNNING_NUMBER}
        self.unsaid |= {p for p, heading in mapping.headings.items() if heading == EXPLANATION}
        self.blank = {column.name: None for column in roster.columns}
        self.blank |= {derived.name: None for derived in roster.derived}
        self.absent = [
            (column, roster.cleaner(column, context))
            for column in roster.columns
            if column.field not in mapping.fields.values()
        ]

    def clean(self, number: int, cells: Sequence[Any]) -> Row:
        """Values, faults and warnings of one row."""
        row = Row(self.mapping.name, number, dict(self.blank), {})
        width = len(cells)
        words = [cell if type(cell) is str else shown(cell) for cell in cells]
        said = (text for position, text in enumerate(words) if position not in self.unsaid)
        row.said = "\x1f".join(said).rstrip("\x1f")
        for position, column, cleaner in self.steps:
            cell = cells[position] if position < width else ""
            row.cells[column.field] = cell
            row.sent[column.field] = words[position] if position < width else ""
            self._take(row, column, cleaner, cell)
        for column, cleaner in self.absent:
            self._take(row, column, cleaner, None)
        self.roster.finish(row, self.context)
        return row

    @staticmethod
    def _take(row: Row, column: Column, cleaner: Callable[[Any], Any], cell: Any) -> None:
        try:
            value = cleaner(cell)
        except Refuse as refusal:
            row.refuse(refusal.key, column.field)
            return
        if isinstance(value, Warned):
            for key in value.keys:
                row.warn(key, column.field)
            value = value.value
        row.values[column.name] = value

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
from datong_edu.importing.headings import EXPLANATION
from datong_edu.importing.layout.groups import FROM_TAB

RUNNING_NUMBER = "seq"
"""Field of the file's 序号, which says nothing about a row and is left out of comparisons."""
MOST_REMEMBERED = 2_000
"""Distinct texts of a column worth remembering: grades, schools, relations; never names or numbers."""
UNKNOWN = object()


@dataclass(frozen=True)
class SheetMapping:
    """Which column of a sheet holds which field: position, field and heading, by position."""

    name: str
    fields: dict[int, str]
    headings: dict[int, str]


class RowCleaner:
    """Cleans the rows of one sheet under its mapping."""

    def __init__(self, roster: Roster, context: Context, mapping: SheetMapping) -> None:
        self.whole, self.context, self.mapping = roster, context, mapping
        self.roster = roster.sheet_like(mapping.fields.values())
        self.steps: list[_Step] = []
        for position, field_name in mapping.fields.items():
            column = self.roster.column_for(field_name)
            if column is not None:
                cleaner = self.roster.cleaner(column, context)
                self.steps.append(_Step(position, column.field, column.name, cleaner))
        self.places = {step.field: step.position for step in self.steps}
        self.width = 1 + max(self.places.values(), default=0)
        self.unsaid = {p for p, name in mapping.fields.items() if name == RUNNING_NUMBER}
        # Nor is what the portal added: a summary sheet repeats the rows of sheets called after their schools.
        added = (EXPLANATION, FROM_TAB)
        self.unsaid |= {p for p, heading in mapping.headings.items() if heading in added}
        self.fingerprint = repr((sorted(mapping.fields.items()), sorted(self.unsaid))).encode()
        self.empty = self._without_cells()

    def _without_cells(self) -> Row:
        """A row of nothing: what the columns say that this sheet does not have."""
        row = Row(self.mapping.name, 0, {derived.name: None for derived in self.whole.derived})
        row.values |= {column.name: None for column in self.whole.columns}
        if FROM_TAB in self.mapping.headings.values():
            row.warn("TAKEN_FROM_SHEET_NAME", "school")
        if self.roster is not self.whole:
            row.values["part"] = self.roster.key
            if self.roster.ledger_missing:
                row.warn("NO_LEDGER_YET", next(iter(self.mapping.fields.values()), ""))
        for column in self.roster.columns:
            row.values[column.name] = None
            if column.field not in self.mapping.fields.values():
                _Step(0, column.field, column.name, self.roster.cleaner(column, self.context)).take(row, None)
        return row

    def clean(self, number: int, cells: Sequence[Any]) -> Row:
        """Values, faults and warnings of one row."""
        return self.judge(self.read(number, cells))

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        """The texts of one row; it has no values yet."""
        words = [cell if type(cell) is str else shown(cell) for cell in cells]
        said = words
        if self.unsaid:
            said = [text for position, text in enumerate(words) if position not in self.unsaid]
        text = "\x1f".join(said).rstrip("\x1f")
        missing = self.width - len(words)
        if missing > 0:
            cells = [*cells, *[""] * missing]
            words += [""] * missing
        return Row(self.empty.sheet, number, {}, self.places, cells, words, text)

    def judge(self, row: Row) -> Row:
        """Give a row its values, faults and warnings."""
        empty, cells = self.empty, row.cells
        values = row.values = empty.values.copy()
        row.faults, row.notes = empty.faults.copy(), empty.notes.copy()
        for step in self.steps:
            cell = cells[step.position]
            value = step.known.get(cell, UNKNOWN) if type(cell) is str else UNKNOWN
            if value is UNKNOWN:
                step.take(row, cell)
            else:
                values[step.name] = value
        self.roster.finish(row, self.context)
        return row


class _Step:
    """One column's cleaning: where its cell stands, where its value goes, and the good texts it has met.

    A column of few distinct texts is answered from memory; one whose texts hardly repeat forgets them.
    """

    __slots__ = ("cleaner", "field", "known", "met", "name", "position", "remembers")

    def __init__(self, position: int, field_name: str, name: str, cleaner: Cleaner) -> None:
        self.position, self.field, self.name, self.cleaner = position, field_name, name, cleaner
        self.known: dict[str, Any] = {}
        self.remembers = True

    def take(self, row: Row, cell: Any) -> None:
        """Put the value of one cell into its row, or the reason why there is none."""
        try:
            value = self.cleaner(cell)
        except Refuse as refusal:
            row.refuse(refusal.key, self.field)
            return
        if type(value) is Warned:
            for key in value.keys:
                row.warn(key, self.field)
            value = value.value
        elif self.remembers and type(cell) is str and type(value) is not list:
            self.known[cell] = value
            if len(self.known) > MOST_REMEMBERED:
                self.remembers = False
                self.known.clear()
        row.values[self.name] = value

"""Sorting the rows below the headings: data goes on, everything else is counted with its reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from datong_edu.importing.cells import Value
from datong_edu.importing.gate.kinds import Word
from datong_edu.importing.headings import normalise_heading
from datong_edu.importing.layout.below import OtherHeadings, RepeatedHeadings, refuse_other_table
from datong_edu.importing.layout.groups import Groups, with_column_for_schools
from datong_edu.importing.layout.header import (
    SEARCHED_ROWS,
    Header,
    any_header,
    find_header,
    with_nameless_columns,
)
from datong_edu.importing.layout.vocabulary import Column, Vocabulary
from datong_edu.importing.reader.book import Merge, Sheet, column_index

SUM_LABEL = re.compile(r"^(?P<of>.*?)(?P<sum>小计|合计|总计|共计|累计|总合计)(?:[:：].{0,20}|[（(].*[)）])?$")
SUBTOTAL = re.compile(r"小计|本页|分计")
RUNNING_NUMBER = re.compile(r"^(?:序号|编号|NO|项次|行号)$")
NOTE = re.compile(
    r"^(?:[*※]?(?:附?注|说明|备注|填写说明|填表说明)[:：1-9一、.．（(]"
    r"|(?:制表|编制|填表|填报|编报|经办|审核|复核|审批|负责|校长|园长|局长|主管|领导|单位|学校|联系|日期|时间|签字|盖章|签章|公章)"
    r"[^0-9]{0,12}[:：]"
    r"|第.{1,4}页|.*(?:签字|盖章|签章)[)）]?[:：]?$)"
)
# A sum stands within the first columns of its table; wide labels are merged from there.
LABEL_COLUMNS = 6


class SheetRole(Word):
    """Whether a sheet is read."""

    DATA = "data"
    IGNORE = "ignore"


class RowReason(Word):
    """Why a row is not data."""

    TITLE = "TITLE"
    REPEATED_HEADER = "REPEATED_HEADER"
    SUBTOTAL = "SUBTOTAL"
    TOTAL = "TOTAL"
    GROUP = "GROUP"
    NOTE = "NOTE"
    BLANK = "BLANK"


class IgnoredRow(NamedTuple):
    """A row that is not data."""

    row: int
    reason: RowReason


class Row(NamedTuple):
    """A data row: its number on the sheet from 1, whether it is hidden, its cells from column A."""

    number: int
    hidden: bool
    cells: list[Value]


class Table(NamedTuple):
    """What rows are sorted from: the sheet, the headings the roster knows, the first rows' school."""

    sheet: Sheet
    vocabulary: Vocabulary
    school: str


@dataclass(slots=True)
class SheetLayout:
    """How one sheet is built.  The counts are complete once `rows()` has been walked to its end.

    `expected_rows` is known before: the rows below the headings, totals and notes among them; 0 when unknown.
    """

    name: str
    role: SheetRole
    hidden: bool
    header_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    first_data_row: int | None = None
    last_data_row: int | None = None
    data_rows: int = 0
    ignored_rows: list[IgnoredRow] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: int = 0
    expected_rows: int = 0
    sheet: Table | None = None

    @classmethod
    def of(cls, sheet: Sheet, vocabulary: Vocabulary) -> "SheetLayout":
        """Look for the roster's headings in the first rows of a sheet."""
        top = list(islice(sheet.rows(), sheet.above, sheet.above + SEARCHED_ROWS))
        header = find_header(top, sheet.merges, vocabulary, above=sheet.above)
        is_whole = header is not None
        if header is None and vocabulary.has_schools:
            header = find_header(top, sheet.merges, vocabulary, above=sheet.above, with_school=True)
        if header is None:
            return cls._under(sheet, None, vocabulary)
        header = with_nameless_columns(header, top, above=sheet.above)
        grouped, school = with_column_for_schools(header, sheet, top, vocabulary)
        if not is_whole and grouped is header:
            return cls._under(sheet, None, vocabulary)
        return cls._under(sheet, grouped, vocabulary, school)

    @classmethod
    def under_any_heading(cls, sheet: Sheet) -> "SheetLayout":
        """Take the first row that looks like one of headings, whatever it says."""
        return cls._under(
            sheet, any_header(list(islice(sheet.rows(), SEARCHED_ROWS))), Vocabulary(frozenset())
        )

    @classmethod
    def _under(
        cls, sheet: Sheet, header: Header | None, vocabulary: Vocabulary, school: str = ""
    ) -> "SheetLayout":
        if header is None:
            return cls(sheet.name, SheetRole.IGNORE, sheet.hidden)
        return cls(
            sheet.name, SheetRole.DATA, sheet.hidden, header_rows=header.rows, columns=header.columns,
            hidden_columns=sorted(sheet.hidden_columns), formulas=sheet.formulas,
            expected_rows=max(0, sheet.last_row - header.rows[-1]), sheet=Table(sheet, vocabulary, school),
        )  # fmt: skip

    @classmethod
    def from_description(cls, about: dict[str, Any]) -> "SheetLayout":
        """Name, role and headings of a sheet as `description` kept them."""
        columns = [Column(column_index(c["col"]), c["col"], c["heading"]) for c in about.get("columns", ())]
        return cls(
            about["name"],
            SheetRole(about["role"]),
            about["hidden"],
            header_rows=tuple(about.get("header_rows", ())),
            columns=tuple(columns),
            data_rows=about.get("data_rows", 0),
        )

    def rows(self) -> Iterator[Row]:
        """The data rows of the sheet, from top to bottom; nothing for a sheet that is not read."""
        if self.role is SheetRole.IGNORE or self.sheet is None:
            return
        self.first_data_row = self.last_data_row = None
        self.data_rows, self.ignored_rows, self.hidden_rows = 0, [], []
        sorter = _Sorter(self, self.sheet)
        for row in sorter.data():
            self.first_data_row = self.first_data_row or row.number
            self.last_data_row = row.number
            self.data_rows += 1
            if row.hidden:
                self.hidden_rows.append(row.number)
            yield row

    def description(self) -> dict[str, object]:
        """The layout as it is reported and kept with a batch."""
        about: dict[str, object] = {"name": self.name, "role": str(self.role), "hidden": self.hidden}
        if self.role is SheetRole.IGNORE:
            return about
        return about | {
            "header_rows": list(self.header_rows),
            "first_data_row": self.first_data_row,
            "last_data_row": self.last_data_row,
            "data_rows": self.data_rows,
            "ignored_rows": [{"row": row, "reason": str(reason)} for row, reason in self.ignored_rows],
            "hidden_rows": self.hidden_rows,
            "columns": [{"col": column.letter, "heading": column.heading} for column in self.columns],
        }


class _Sorter:
    """Walks a sheet once and tells data rows from the others."""

    def __init__(self, layout: SheetLayout, table: Table) -> None:
        self.layout, self.sheet = layout, table.sheet
        self.width = layout.columns[-1].index + 1
        self.first = layout.columns[0]
        number = next((c for c in layout.columns if RUNNING_NUMBER.match(normalise_heading(c.heading))), None)
        self.number_column = number.index if number else None
        self.headings = RepeatedHeadings()
        self.other = OtherHeadings(layout.columns, table.vocabulary)
        self.groups = Groups.of(layout.columns, table.vocabulary)
        self.groups.school = table.school
        self.titles: set[str] = set()
        merges = self.sheet.merges
        self.wide = {merge.top for merge in merges if merge.right - merge.left + 1 > max(2, self.width // 2)}
        self.fill = _MergedDown(merges, after=layout.header_rows[-1])

    def data(self) -> Iterator[Row]:
        """Data rows; the layout's list of ignored rows grows meanwhile."""
        ignored, hidden = self.layout.ignored_rows, self.sheet.hidden_rows
        first, last = self.layout.header_rows[0], self.layout.header_rows[-1]
        blanks: list[int] = []
        total = 0
        for number, cells in enumerate(self.sheet.rows(), start=1):
            if number <= last:
                if number > self.sheet.above:
                    self._above(number, cells, first)
                continue
            reason = self._reason(number, cells)
            self.fill.pass_row(number, cells)
            if reason is RowReason.BLANK:
                blanks.append(number)
                continue
            if blanks:
                # Blank rows among data are spacers; below the last data they belong to the notes.
                below = RowReason.NOTE if reason is RowReason.NOTE else RowReason.BLANK
                ignored += [IgnoredRow(row, below) for row in blanks]
                blanks = []
            if reason is not None:
                ignored.append(IgnoredRow(number, reason))
                continue
            total += 1
            yield Row(number, number in hidden, self._fitted(number, cells))

    def _above(self, number: int, cells: list[Value], first: int) -> None:
        if number < first:
            self.layout.ignored_rows.append(IgnoredRow(number, RowReason.TITLE))
            text = _line(cells)
            if text:
                self.titles.add(text)
            return
        self.headings.add(cells)

    def _fitted(self, number: int, cells: list[Value]) -> list[Value]:
        if len(cells) > self.width:
            del cells[self.width :]
        elif len(cells) < self.width:
            cells.extend([""] * (self.width - len(cells)))
        self.fill.into(number, cells)
        if self.groups.column is not None:
            self.groups.put_into(cells)
        return cells

    def _reason(self, number: int, cells: list[Value]) -> RowReason | None:
        """Why a row is not data, or None for data."""
        filled = [at for at, cell in enumerate(cells) if cell != ""]
        few = len(filled) <= 3 + self.width // 8
        if few:
            filled = [at for at in filled if _bare(cells[at])]
            if self._is_group(number, cells, filled):
                return RowReason.GROUP
            if not filled or (filled == [self.number_column] and _line(cells) not in self.titles):
                lone = bool(filled) and self._is_lone_note(number, cells, filled[0])
                return RowReason.NOTE if lone else RowReason.BLANK
        if self.headings.has(cells):
            return RowReason.REPEATED_HEADER
        if self.other.has(cells):
            refuse_other_table(self.layout.name, number)
        label = self._sum_label(cells, filled)
        if label:
            return label
        if few:
            return self._reason_of_few(number, cells, filled)
        return None

    def _is_group(self, number: int, cells: list[Value], filled: list[int]) -> bool:
        if self.groups.column is None or not filled:
            return False
        start = cells[filled[0]]
        is_remark = (
            not isinstance(start, str) or bool(NOTE.match(_bare(start))) or _line(cells) in self.titles
        )
        return self.groups.take_up(cells, filled, is_wide=number in self.wide, is_remark=is_remark)

    def _reason_of_few(self, number: int, cells: list[Value], filled: list[int]) -> RowReason | None:
        text = _line(cells)
        if text in self.titles:
            return RowReason.TITLE
        start = cells[filled[0]]
        if isinstance(start, str) and NOTE.match(_bare(start)):
            return RowReason.NOTE
        if len(filled) == 1 and self._is_lone_note(number, cells, filled[0]):
            return RowReason.NOTE
        return None

    def _is_lone_note(self, number: int, cells: list[Value], at: int) -> bool:
        """Whether a row's only cell is a remark: merged wide, or a text where the running number belongs."""
        if not isinstance(cells[at], str) or not str(cells[at]).strip():
            return False
        if number in self.wide:
            return True
        text = _bare(cells[at])
        in_number = at == self.number_column and not text.isascii()
        return in_number or (at == self.first.index and len(text) > 12)

    def _sum_label(self, cells: list[Value], filled: list[int]) -> RowReason | None:
        for at in filled[:2]:
            cell = cells[at]
            if at - self.first.index >= LABEL_COLUMNS or not isinstance(cell, str) or "计" not in cell:
                continue
            label = SUM_LABEL.match(_bare(cell))
            # "浑源县第一小学小计" may be long, but then little else stands in the row.
            if label and (len(label["of"]) <= 2 or len(filled) * 2 <= self.width):
                part = SUBTOTAL.search(label[0]) or (
                    label["of"] and not re.match("总|全|本|以上", label["of"])
                )
                return RowReason.SUBTOTAL if part else RowReason.TOTAL
        return None


class _MergedDown:
    """Values of cells merged downwards, for the rows they cover and no further."""

    def __init__(self, merges: list[Merge], *, after: int) -> None:
        down = (merge for merge in merges if merge.bottom > merge.top > after)
        self.waiting = sorted(down, reverse=True)
        self.active: list[tuple[int, int, Value]] = []

    def pass_row(self, number: int, cells: list[Value]) -> None:
        """Take up the ranges that begin in this row, drop those that ended above it."""
        if self.active:
            self.active = [entry for entry in self.active if entry[0] >= number]
        while self.waiting and self.waiting[-1].top <= number:
            merge = self.waiting.pop()
            if merge.top == number and merge.left < len(cells) and cells[merge.left] != "":
                self.active.append((merge.bottom, merge.left, cells[merge.left]))

    def into(self, number: int, cells: list[Value]) -> None:
        """Fill the blank cells of a row that a range from above covers."""
        for bottom, column, value in self.active:
            if bottom >= number and column < len(cells) and cells[column] == "":
                cells[column] = value


def _bare(cell: Value) -> str:
    return "".join(str(cell).split())


def _line(cells: list[Value]) -> str:
    return "".join(_bare(cell) for cell in cells if cell != "")

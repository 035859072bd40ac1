"""OpenDocument spreadsheets, read by a streaming parser that never repeats what the file only counts.

A cell or row may say it stands a million times; repetitions are only unrolled while they hold values, within
the limits of an area.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import CellError, MissingFormula, Value
from datong_edu.importing.gate.archive import DAMAGED, UNREADABLE, UNSAFE
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader.book import Merge, Sheet, Workbook, check_area

NUMBERS = frozenset(("float", "currency", "percentage"))
CELLS = frozenset(("table-cell", "covered-table-cell"))
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "Err:")


def read_ods(data: bytes, limits: Limits) -> Workbook:
    """Open an .ods workbook; raises `RefusedFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
            return Workbook([table.sheet() for table in _tables(content, limits)])
    except DefusedXmlException as error:
        raise RefusedFile("UNSAFE_XML", UNSAFE) from error
    except (*UNREADABLE, ParseError, KeyError, ValueError) as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error


class _Table:
    """One sheet while it is being read."""

    def __init__(self, name: str, *, hidden: bool, limits: Limits) -> None:
        self.name, self.hidden, self.limits = name, hidden, limits
        self.rows: list[list[Value]] = []
        self.blanks = 0
        self.hidden_rows: set[int] = set()
        self.merges: list[Merge] = []
        self.formulas = 0
        self.width = 0

    def add(self, row: Element) -> None:
        """Append a row element, as often as it says."""
        times = max(1, int(_attribute(row, "number-rows-repeated") or 1))
        number = len(self.rows) + self.blanks + 1
        cells = self._cells(row, number)
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            self.blanks += times
            return
        self.width = max(self.width, len(cells))
        check_area(self.name, last_row=number + times - 1, last_column=self.width - 1, limits=self.limits)
        self.rows.extend([] for _ in range(self.blanks))
        self.blanks = 0
        self.rows.extend(list(cells) for _ in range(times))
        if _attribute(row, "visibility") in {"collapse", "filter"}:
            self.hidden_rows.update(range(number, number + times))

    def _cells(self, row: Element, number: int) -> list[Value]:
        cells: list[Value] = []
        waiting = 0
        for cell in row:
            if _local(cell) not in CELLS:
                continue
            times = max(1, int(_attribute(cell, "number-columns-repeated") or 1))
            value = self._value(cell)
            down = int(_attribute(cell, "number-rows-spanned") or 1)
            across = int(_attribute(cell, "number-columns-spanned") or 1)
            left = len(cells) + waiting
            if down > 1 or across > 1:
                self.merges.append(Merge(number, left, number + down - 1, left + across - 1))
            if value == "":
                waiting += times
                continue
            check_area(self.name, last_row=number, last_column=left + times - 1, limits=self.limits)
            cells += [""] * waiting + [value] * times
            waiting = 0
        return cells

    def _value(self, cell: Element) -> Value:
        formula, kind = _attribute(cell, "formula"), _attribute(cell, "value-type")
        text = "\n".join("".join(part.itertext()) for part in cell if _local(part) == "p")
        if formula:
            self.formulas += 1
            if text.startswith(ERRORS):
                return CellError(text)
            if not kind:
                return MissingFormula("=" + formula.partition("=")[2])
        if kind in NUMBERS:
            return float(_attribute(cell, "value") or "nan")
        if kind == "boolean":
            return _attribute(cell, "boolean-value") == "true"
        if kind == "date":
            return _day(_attribute(cell, "date-value") or "") or text
        return text

    def sheet(self) -> Sheet:
        """The finished sheet."""
        return Sheet(
            self.name, partial(_copies, self.rows), hidden=self.hidden, hidden_rows=self.hidden_rows,
            merges=self.merges, formulas=self.formulas, last_row=len(self.rows),
        )  # fmt: skip


def _tables(content: IO[bytes], limits: Limits) -> list[_Table]:
    tables: list[_Table] = []
    hidden_styles: set[str] = set()
    for event, node in iterparse(content, events=("start", "end")):
        name = _local(node)
        if event == "end" and name == "style":
            if any(_attribute(part, "display") == "false" for part in node):
                hidden_styles.add(_attribute(node, "name") or "")
        elif event == "start" and name == "table":
            hidden = _attribute(node, "style-name") in hidden_styles
            tables.append(_Table(_attribute(node, "name") or "", hidden=hidden, limits=limits))
        elif event == "end" and name == "table-row" and tables:
            tables[-1].add(node)
            node.clear()
    return tables


def _copies(rows: list[list[Value]]) -> Iterator[list[Value]]:
    return (list(row) for row in rows)


def _day(text: str) -> date | datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.date() if moment.time() == time() else moment


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _attribute(node: Element, name: str) -> str | None:
    return next((value for key, value in node.items() if key.rpartition("}")[2] == name), None)

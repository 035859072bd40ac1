"""“XML 表格 2003” (SpreadsheetML 2003): one XML file that Excel 2003 and many report programs save as .xls.

Read by a streaming parser that refuses DOCTYPE and entities; gaps are filled within the limits of an area.
"""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import CellError, MissingFormula, Value
from datong_edu.importing.gate.archive import DAMAGED, UNSAFE
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader.book import Merge, Sheet, Workbook, check_area

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_xml_2003(data: bytes, limits: Limits, *, encoding: str) -> Workbook:
    """The worksheets of the file; raises `RefusedFile` DAMAGED, UNSAFE_XML or TOO_LARGE_UNPACKED."""
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    # The parser knows few encodings; the text goes in as UTF-8, without the declaration that says otherwise.
    content = io.BytesIO(DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))
    try:
        return Workbook([table.sheet() for table in _tables(content, limits)])
    except DefusedXmlException as error:
        raise RefusedFile("UNSAFE_XML", UNSAFE) from error
    except (ParseError, ValueError, OverflowError) as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error


class _Table:
    """One worksheet while it is being read."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.rows: list[list[Value]] = []
        self.hidden = False
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.columns = 0
        self.merges: list[Merge] = []
        self.formulas = 0

    def add_column(self, column: Element) -> None:
        """A `Column` element only matters when it hides something."""
        at = _number(column, "Index", self.columns + 1) - 1
        times = 1 + _number(column, "Span", 0)
        self.columns = at + times
        check_area(self.name, last_row=1, last_column=self.columns - 1, limits=self.limits)
        if column.get(f"{NAMESPACE}Hidden") == "1":
            self.hidden_columns.update(range(at, self.columns))

    def add_row(self, row: Element) -> None:
        """A `Row` element; `Index` skips blank rows."""
        number = _number(row, "Index", len(self.rows) + 1)
        cells = self._cells(row, number)
        if not any(cell != "" for cell in cells) and number > len(self.rows) + 1:
            return
        check_area(self.name, last_row=number, last_column=max(0, len(cells) - 1), limits=self.limits)
        self.rows.extend([] for _ in range(number - len(self.rows) - 1))
        self.rows.append(cells)
        if row.get(f"{NAMESPACE}Hidden") == "1":
            self.hidden_rows.add(number)

    def _cells(self, row: Element, number: int) -> list[Value]:
        cells: list[Value] = []
        for cell in row.iterfind(f"{NAMESPACE}Cell"):
            at = _number(cell, "Index", len(cells) + 1) - 1
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            check_area(self.name, last_row=number, last_column=at + across, limits=self.limits)
            cells += [""] * (at - len(cells))
            cells += [self._value(cell), *[""] * across]
            if across or down:
                self.merges.append(Merge(number, at, number + down, at + across))
        return cells

    def _value(self, cell: Element) -> Value:
        formula = cell.get(f"{NAMESPACE}Formula")
        data = cell.find(f"{NAMESPACE}Data")
        self.formulas += bool(formula)
        if data is None:
            return MissingFormula(formula) if formula else ""
        kind, text = data.get(f"{NAMESPACE}Type"), "".join(data.itertext())
        match kind:
            case "Number":
                return float(text)
            case "Boolean":
                return text == "1"
            case "Error":
                return CellError(text)
            case "DateTime":
                return _day(text) or text
        return text

    def sheet(self) -> Sheet:
        """The finished worksheet."""
        return Sheet(
            self.name, partial(_copies, self.rows), hidden=self.hidden, hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns, merges=self.merges, formulas=self.formulas,
        )  # fmt: skip


def _tables(content: io.BytesIO, limits: Limits) -> list[_Table]:
    tables: list[_Table] = []
    for event, node in iterparse(content, events=("start", "end"), forbid_dtd=True):
        name = node.tag.rpartition("}")[2]
        if event == "start":
            if name == "Worksheet":
                tables.append(_Table(node.get(f"{NAMESPACE}Name") or "", limits))
        elif not tables:
            continue
        elif name == "Row":
            tables[-1].add_row(node)
            node.clear()
        elif name == "Column":
            tables[-1].add_column(node)
        elif name == "Visible":
            tables[-1].hidden = (node.text or "") in ("SheetHidden", "SheetVeryHidden")
    return tables


def _number(node: Element, name: str, default: int) -> int:
    """A counting attribute; raises ValueError for what is none."""
    said = node.get(f"{NAMESPACE}{name}")
    if said is None:
        return default
    if not (said.isascii() and said.isdigit() and len(said) <= 7):
        raise ValueError(name)
    return int(said)


def _day(text: str) -> date | datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.date() if moment.time() == time() else moment


def _copies(rows: list[list[Value]]) -> Iterator[list[Value]]:
    return (list(row) for row in rows)

"""Workbooks of Excel 2007 and later: values from calamine, everything calamine does not tell from the XML.

calamine gives typed values but neither hidden rows nor error cells nor formulas without a stored value, and
it lays the whole used rectangle out in memory.  One pass over each sheet's XML, in slices, finds those marks
and the extent first.  It looks for tags by their bytes: no entity is expanded and no tree is built.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import CellError, MissingFormula, Value
from datong_edu.importing.gate.archive import DAMAGED, UNREADABLE, UNSAFE
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader.book import Merge, Sheet, Workbook, check_area, column_index

SLICE_BYTES = 4 * 2**20
# The longest honest row: 1,024 columns of long texts.
LONGEST_ROW_BYTES = 32 * 2**20
KEPT_AREA = 12_000_000  # cells

P = rb"<(?:\w{1,20}:)?"  # start of a tag, with or without a namespace prefix
A = rb"[^<>]{0,1500}"  # attributes; bounded, so that a tag without end costs no time
Q = rb"[\"']"
FORMULA_TAG = P + rb"f\b(?:" + A + rb"/>|" + A + rb">([^<]*)</[^<>]{1,30}>)"
ROW = re.compile(P + rb"row\b(" + A + rb")>")
HIDDEN_ROW = re.compile(P + rb"row\b" + A + rb"\shidden=" + Q + rb"(?:1|true)" + Q + A + rb">")
ROW_NUMBER = re.compile(rb"\sr=" + Q + rb"(\d{1,7})" + Q)
REFERENCE = re.compile(rb"\sr=" + Q + rb"([A-Z]{1,3})(\d{1,7})" + Q)
ERROR_CELL = re.compile(
    P + rb"c\b(" + A + rb"\st=" + Q + rb"e" + Q + A + rb")>(?:" + FORMULA_TAG + rb")?" + P + rb"v>([^<]*)<"
)
# A cell with a formula, and the value that follows it
FORMULA = re.compile(P + rb"c\b(" + A + rb")>\s*" + FORMULA_TAG + rb"\s*(" + P + rb"v>[^<])?")
TEXT_TYPE = re.compile(rb"\st=" + Q + rb"str" + Q)
FAR_COLUMN = re.compile(rb"r=" + Q + rb"([A-Z]{2,3})")
VALUE_FOLLOWS = rb"\d{1,7}" + Q + rb"(?:" + A + rb"[^/<>])?>\s*" + P + rb"(?:v|is|f)\b"
MERGE = re.compile(
    P + rb"mergeCell\s" + A + rb"?ref=" + Q + rb"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})" + Q
)
COLUMN = re.compile(P + rb"col\b(" + A + rb")>")
HIDDEN = re.compile(rb"\shidden=" + Q + rb"(?:1|true)" + Q)
BOUNDS = re.compile(rb"\s(min|max)=" + Q + rb"(\d{1,5})" + Q)


@dataclass(slots=True)
class Marks:
    """What one pass over a sheet's XML found."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    odd_cells: dict[int, dict[int, Value]] = field(default_factory=dict)
    formulas: int = 0
    last_row: int = 0
    last_column: int = 25


def read_xlsx(data: bytes, limits: Limits) -> Workbook:
    """Open an .xlsx workbook; raises `RefusedFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _sheet_parts(archive)
            marks = {}
            for name, part in parts.items():
                marks[name] = _scan(archive, part, limits)
                check_area(
                    name, last_row=marks[name].last_row, last_column=marks[name].last_column, limits=limits
                )
            _test_other_parts(archive, set(parts.values()))
    except DefusedXmlException as error:
        raise RefusedFile("UNSAFE_XML", UNSAFE) from error
    except (*UNREADABLE, ParseError, KeyError) as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error
    book = _Values(data)
    sheets = []
    for about in book.book.sheets_metadata:
        found = marks.get(about.name)
        hidden = not str(about.visible).endswith(".Visible")
        if found is None:
            sheets.append(Sheet(about.name, _no_rows, hidden=hidden))
            continue
        source = partial(_rows, book, about.name, found.odd_cells)
        sheets.append(
            Sheet(
                about.name, source, hidden=hidden, hidden_rows=found.hidden_rows, merges=found.merges,
                hidden_columns=found.hidden_columns, formulas=found.formulas, last_row=found.last_row,
            )
        )  # fmt: skip
    return Workbook(sheets)


class _Values:
    """The parsed sheets: the headings are looked for first and the rows read later, from one parsing."""

    def __init__(self, data: bytes) -> None:
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except CalamineError as error:
            raise RefusedFile("DAMAGED", DAMAGED) from error
        self.kept: dict[str, CalamineSheet] = {}
        self.area = 0

    def sheet(self, name: str) -> CalamineSheet:
        """A parsed sheet; beyond `KEPT_AREA` sheets are parsed again rather than kept."""
        if name in self.kept:
            return self.kept[name]
        try:
            sheet = self.book.get_sheet_by_name(name)
        except CalamineError as error:
            raise RefusedFile("DAMAGED", DAMAGED) from error
        self.area += sheet.total_height * sheet.total_width
        if self.area <= KEPT_AREA or not self.kept:
            self.kept[name] = sheet
        return sheet


def _no_rows() -> Iterator[list[Value]]:
    return iter(())


def _rows(book: _Values, name: str, odd_cells: dict[int, dict[int, Value]]) -> Iterator[list[Value]]:
    sheet = book.sheet(name)
    # Leading blank rows are given by calamine, leading blank columns are not.
    before: list[Value] = [""] * (sheet.start[1] if sheet.start else 0)
    number = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = cast("list[Value]", cells)
        if before:
            row = before + row
        if number in odd_cells:
            _put(row, odd_cells[number])
        yield row
    for later in sorted(row for row in odd_cells if row > number):
        while number < later - 1:
            number += 1
            yield []
        number, row = later, []
        _put(row, odd_cells[later])
        yield row


def _put(row: list[Value], odd: dict[int, Value]) -> None:
    for column, value in odd.items():
        if column >= len(row):
            row.extend([""] * (column + 1 - len(row)))
        row[column] = value


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → path of its XML inside the archive, worksheets only."""
    names = set(archive.namelist())
    book_part = "xl/workbook.xml"
    if book_part not in names:
        found = next((name for name in names if name.lower() == book_part), None)
        if found is None:
            raise KeyError(book_part)
        book_part = found
    relations = f"{posixpath.dirname(book_part)}/_rels/{posixpath.basename(book_part)}.rels"
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in fromstring(archive.read(relations))
        if relation.get("Type", "").endswith("/worksheet")
    }
    parts: dict[str, str] = {}
    for sheet in _children(fromstring(archive.read(book_part)), "sheet"):
        relation_id = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        if relation_id in targets and targets[relation_id] in names:
            if sheet.get("name", "") in parts:
                raise KeyError("two sheets of one name")
            parts[sheet.get("name", "")] = targets[relation_id]
    return parts


def _children(root: Element, tag: str) -> Iterator[Element]:
    return (node for node in root.iter() if node.tag.rpartition("}")[2] == tag)


def _test_other_parts(archive: zipfile.ZipFile, scanned: set[str]) -> None:
    """Unpack what calamine will unpack besides the sheets, so that false sizes and checksums show here."""
    for entry in archive.infolist():
        wanted = entry.filename.lower().startswith("xl/") and entry.filename.lower().endswith(".xml")
        if wanted and entry.filename.count("/") == 1 and entry.filename not in scanned:
            with archive.open(entry) as part:
                while part.read(SLICE_BYTES):
                    pass


def _scan(archive: zipfile.ZipFile, part: str, limits: Limits) -> Marks:
    marks = Marks()
    with archive.open(part) as stream:
        kept = b""
        while piece := stream.read(SLICE_BYTES):
            kept += piece
            # Cut where a row begins; what follows waits for the next slice.
            cut = max(kept.rfind(b"<row"), kept.rfind(b":row"))
            if cut > 0:
                cut = kept.rfind(b"<", 0, cut + 1)
                _scan_slice(kept[:cut], marks, limits)
                kept = kept[cut:]
            elif len(kept) > LONGEST_ROW_BYTES:
                raise zlib.error("a row without end")
        _scan_slice(kept, marks, limits)
    return marks


def _scan_slice(xml: bytes, marks: Marks, limits: Limits) -> None:
    if b"hidden=" in xml:
        for row in HIDDEN_ROW.finditer(xml):
            if number := ROW_NUMBER.search(row[0]):
                marks.hidden_rows.add(int(number[1]))
        for column in COLUMN.finditer(xml):
            if HIDDEN.search(column[1]):
                ends = {key: int(value) for key, value in BOUNDS.findall(column[1])}
                last = min(ends.get(b"max", 0), limits.columns)
                marks.hidden_columns.update(range(ends.get(b"min", 1) - 1, last))
    if b"mergeCell" in xml:
        for left, top, right, bottom in MERGE.findall(xml):
            marks.merges.append(
                Merge(int(top), column_index(left.decode()), int(bottom), column_index(right.decode()))
            )
    _scan_odd_cells(xml, marks)
    _scan_extent(xml, marks)


def _scan_odd_cells(xml: bytes, marks: Marks) -> None:
    """Formulas without a stored value, then error values: an error beats a formula."""
    if b"<f" in xml or b":f" in xml:
        for cell in FORMULA.finditer(xml):
            marks.formulas += 1
            if cell[3] is None and not TEXT_TYPE.search(cell[1]):
                text = unescape((cell[2] or b"").decode("utf-8", "replace"))
                _mark(marks, cell[1], MissingFormula(f"={text}"))
    if b't="e"' in xml or b"t='e'" in xml:
        for cell in ERROR_CELL.finditer(xml):
            _mark(marks, cell[1], CellError(unescape(cell[3].decode("utf-8", "replace"))))


def _mark(marks: Marks, attributes: bytes, value: Value) -> None:
    reference = REFERENCE.search(attributes)
    if reference:
        column = column_index(reference[1].decode())
        marks.odd_cells.setdefault(int(reference[2]), {})[column] = value
        marks.last_column = max(marks.last_column, column)
        marks.last_row = max(marks.last_row, int(reference[2]))


def _scan_extent(xml: bytes, marks: Marks) -> None:
    """Move the far corner on.  Columns A to Z need no look; only cells beyond are read one by one."""
    last_value = max(xml.rfind(b"<v>"), xml.rfind(b":v>"), xml.rfind(b"<is>"), xml.rfind(b":is>"))
    if last_value < 0:
        return
    start = max(xml.rfind(b"<row", 0, last_value), xml.rfind(b":row", 0, last_value))
    row = ROW.match(xml, xml.rfind(b"<", 0, start + 1)) if start >= 0 else None
    if row:
        number = ROW_NUMBER.search(row[1])
        marks.last_row = max(marks.last_row, int(number[1]) if number else marks.last_row + 1)
    far = {column_index(letters.decode()): letters for letters in set(FAR_COLUMN.findall(xml))}
    for column in sorted(far, reverse=True):
        if column <= marks.last_column:
            return
        # Far columns are often only formatted: the widest one with a value counts.
        if re.search(rb"\sr=" + Q + far[column] + VALUE_FOLLOWS, xml):
            marks.last_column = column
            return

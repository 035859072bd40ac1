"""下载标红的原表: the clerk's file with faulty cells in red, the reason beside each row, and a summary.

An xlsx of up to 20,000 rows comes back as it was sent, layout and merges kept.  Everything else (xls, ods,
csv, larger files, and what openpyxl cannot open) is written anew, row by row, with the same sheets, headings
and row numbers; its rows pass through the portal's private folder for temporary files, as large uploads do.
The stored file is in clear in memory only, and text is never written as a formula; a formula of the file's
own that would reach outside the workbook comes back as text.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import BytesIO
from typing import IO, Any, NamedTuple

import openpyxl
import xlsxwriter
from django.conf import settings
from django.db import connection
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from datong_edu.core.exceptions import PortalError
from datong_edu.core.inert import reaches_outside
from datong_edu.importing import mapping as mappings
from datong_edu.importing.cells import EXACT_INTEGER_LIMIT, shown
from datong_edu.importing.checking import Progress, no_progress
from datong_edu.importing.child import ChildReading
from datong_edu.importing.declare import Roster, roster_called
from datong_edu.importing.headings import EXPLANATION
from datong_edu.importing.keeping import layouts_of, stored_bytes
from datong_edu.importing.labels import field_label
from datong_edu.importing.layout import SheetLayout, SheetRole, tab_of
from datong_edu.importing.mending.overlay import Place, typed_cells_of
from datong_edu.importing.models import ImportBatch, StoredFile
from datong_edu.importing.progress import MARKING_ROWS
from datong_edu.importing.reader.book import column_index
from datong_edu.importing.reasons import REASONS
from datong_edu.importing.staging import Stage

LARGEST_IN_PLACE = 20_000
CHUNK = 2_000
SUMMARY = "摘要"
SUMMARY_HEADINGS = ("原因", "所在列", "行数", "怎么改", "行号（部分）")
SUMMARY_WIDTHS = (24, 16, 8, 64, 40)
NEXT_FREE_TRIED = 50
PRECISION_LOST = "PRECISION_LOST"
WIDE_COLUMN, USUAL_COLUMN = 60, 16
ZIP = b"PK\x03\x04"
RED, RED_LINE, AMBER = "F9D9D6", "B3261E", "FFF0C2"


class Faulty(NamedTuple):
    """One refused row: where it stands, and its reasons with their fields."""

    sheet: str
    row: int
    pairs: list[tuple[str, str]]

    @property
    def text(self) -> str:
        """What stands in the 错误说明 column."""
        return "；".join(
            f"{field_label(name)}：{REASONS[key].title}，{REASONS[key].remedy.rstrip('。')}"
            for key, name in self.pairs
        )

    def comment(self, field: str) -> str:
        """What is said about one cell."""
        return "\n".join(
            f"{REASONS[key].title}：{REASONS[key].remedy}" for key, name in self.pairs if name == field
        )

    @property
    def spoilt(self) -> list[str]:
        """Fields whose number a spreadsheet rounded; it stays a number, so that nobody takes it for whole."""
        return [name for key, name in self.pairs if key.endswith(PRECISION_LOST)]

    @property
    def fields(self) -> list[str]:
        """Fields at fault."""
        return list(dict.fromkeys(name for _, name in self.pairs))


def mend_words(before: Any, row: int, text: str | None) -> str:
    """What is said about a mended cell; a number of the registry is not written into the workbook."""
    if text is None:
        return f"第 {row} 行已在网页上按学籍库核对，号码不写入本表"
    return f"第 {row} 行已在网页上由“{shown(before)[:40]}”改为“{text[:40]}”"


def is_kept(batch: ImportBatch) -> bool:
    """Whether file and staged rows are still there to make the workbook from."""
    kept = StoredFile.objects.filter(batch=batch).exists()
    return kept and Stage(roster_called(batch.kind), batch.pk).exists()


def build(batch: ImportBatch, roster: Roster, progress: Progress = no_progress) -> IO[bytes]:
    """The workbook, ready to be read from its beginning; rows written anew are told as they are written."""
    stage = Stage(roster, batch.pk)
    if not stage.exists():
        raise PortalError("暂存的数据已过保留期，请重新上传文件。")
    data = stored_bytes(batch)
    sheets = layouts_of(batch)
    rows = sum(sheet.data_rows for sheet in sheets)
    if data.startswith(ZIP) and rows <= LARGEST_IN_PLACE:
        marked = _in_place(batch, stage, data, sheets)
        if marked is not None:
            return marked
    return _written_anew(batch, roster, stage, data, partial(_tell, progress, rows))


def faulty_rows(stage: Stage) -> Iterator[Faulty]:
    """Refused rows in the order of the file, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT sheet, row, fault_keys, fault_fields FROM {stage.table}"
            " WHERE outcome = 'refused' ORDER BY seq"
        )
        while lines := cursor.fetchmany(CHUNK):
            for sheet, row, keys, fields in lines:
                yield Faulty(sheet, row, list(dict.fromkeys(zip(keys, fields, strict=True))))


def summary_lines(batch: ImportBatch, stage: Stage) -> Iterator[tuple[str | int, ...]]:
    """The lines of the 摘要 sheet, the most frequent cause first."""
    causes = batch.layout.get("summary", {}).get("causes", [])
    seqs = [seq for cause in causes for seq in cause["seqs"]]
    found = stage.rows(f"SELECT seq, sheet, row FROM {stage.table} WHERE seq = ANY (%s)", [seqs])
    places = {seq: (sheet, row) for seq, sheet, row in found}
    several = sum(1 for s in batch.layout.get("sheets", ()) if s.get("role") == SheetRole.DATA) > 1
    for cause in causes:
        reason = REASONS[cause["key"]]
        named = [places[seq] for seq in cause["seqs"] if seq in places]
        where = "、".join(f"{sheet} {row}" if several else str(row) for sheet, row in named)
        more = " 等" if cause["rows"] > len(named) else ""
        yield reason.title, field_label(cause["field"]), cause["rows"], reason.remedy, where + more
    if mends := batch.layout.get("mended", {}).get("mends"):
        yield f"已在网页上更正 {mends} 处", "", "", "原文件没有改动；本表已填入更正后的内容，底色为黄色", ""


# --- the clerk's own file ---------------------------------------------------------------------------------


def _in_place(batch: ImportBatch, stage: Stage, data: bytes, sheets: list[SheetLayout]) -> IO[bytes] | None:
    """The file itself with marks; None when openpyxl cannot open it."""
    try:
        book = openpyxl.load_workbook(BytesIO(data), keep_links=False)
    except Exception:  # noqa: BLE001  whatever openpyxl stumbles over, the file is written anew instead
        return None
    markers: dict[str, _SheetMarker] = {}
    for sheet in sheets:
        tab = sheet.name if sheet.name in book.sheetnames else tab_of(sheet.name)
        if sheet.role is SheetRole.DATA and tab in book.sheetnames:
            chosen = batch.mapping.get(sheet.name, {})
            markers[sheet.name] = _SheetMarker(book[tab], sheet, chosen)
    for (name, row), field, text in typed_cells_of(batch):
        if name in markers:
            markers[name].mend(row, field, text)
    for faulty in faulty_rows(stage):
        if faulty.sheet in markers:
            markers[faulty.sheet].mark(faulty)
    for marker in markers.values():
        marker.explain()
    _disarm(book)
    _add_summary(book, summary_lines(batch, stage))
    result = BytesIO()
    book.save(result)
    result.seek(0)
    return result


class _SheetMarker:
    """Marks one sheet of the clerk's file."""

    def __init__(self, sheet: Worksheet, layout: SheetLayout, chosen: dict[str, str]) -> None:
        self.sheet, self.layout = sheet, layout
        self.columns = {name: column_index(letter) + 1 for letter, name in chosen.items() if name}
        self.tops = {
            (row, column): (merge.min_row, merge.min_col)
            for merge in sheet.merged_cells.ranges
            if merge.size["rows"] <= LARGEST_IN_PLACE
            for row in range(merge.min_row, merge.max_row + 1)
            for column in range(merge.min_col, merge.max_col + 1)
        }
        self.texts: dict[int, str] = {}
        self.fill = PatternFill("solid", start_color=RED, end_color=RED)

    def mark(self, faulty: Faulty) -> None:
        """Red ground and a comment on each cell at fault."""
        self.texts[faulty.row] = faulty.text
        for name in faulty.fields:
            if name not in self.columns:
                continue
            place = (faulty.row, self.columns[name])
            cell = self.sheet.cell(*self.tops.get(place, place))
            cell.fill = self.fill
            if isinstance(cell, Cell):
                cell.comment = Comment(faulty.comment(name), "数据导入", width=280, height=90)

    def mend(self, row: int, name: str, text: str | None) -> None:
        """Put a text typed on the screen into its cell; a cell merged over rows only gets a comment."""
        if name not in self.columns:
            return
        place = (row, self.columns[name])
        cell = self.sheet.cell(*self.tops.get(place, place))
        if not isinstance(cell, Cell):
            return
        cell.fill = PatternFill("solid", start_color=AMBER, end_color=AMBER)
        cell.comment = Comment(mend_words(cell.value, row, text), "数据导入", width=280, height=60)
        if text is not None and place not in self.tops:
            _put_text(cell, text)

    def explain(self) -> None:
        """Add the last column."""
        head = self.layout.header_rows[-1]
        column = self._free_column([*self.layout.header_rows, *self.texts])
        _put_text(self.sheet.cell(head, column), EXPLANATION).font = Font(bold=True, color=RED_LINE)
        for row, text in self.texts.items():
            cell = self.sheet.cell(row, column)
            if not isinstance(cell, MergedCell):
                _put_text(cell, text).font = Font(color=RED_LINE)
                cell.alignment = Alignment(wrap_text=False, vertical="center")
        self.sheet.column_dimensions[get_column_letter(column)].width = WIDE_COLUMN

    def _free_column(self, rows: list[int]) -> int:
        """The first column behind the headings in which none of the rows has anything."""
        first = self.layout.columns[-1].index + 2
        for column in range(first, first + NEXT_FREE_TRIED):
            cells = (self.sheet.cell(row, column) for row in rows)
            if all(cell.value is None and not isinstance(cell, MergedCell) for cell in cells):
                return column
        return first + NEXT_FREE_TRIED


def _disarm(book: openpyxl.Workbook) -> None:
    """Formulas that would reach outside become text: the workbook is passed on and mended elsewhere."""
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            formula = str(getattr(cell.value, "text", cell.value))  # an array formula is an object of its own
            if reaches_outside(formula):
                _put_text(cell, formula)


def _put_text(cell: Any, text: str) -> Any:
    cell.value = text
    cell.data_type = "s"
    return cell


def _add_summary(book: openpyxl.Workbook, lines: Iterable[tuple[str | int, ...]]) -> None:
    sheet = book.create_sheet(SUMMARY)  # openpyxl numbers it when the clerk's file has one of that name
    for column, (heading, width) in enumerate(zip(SUMMARY_HEADINGS, SUMMARY_WIDTHS, strict=True), start=1):
        cell = _put_text(sheet.cell(1, column), heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, line in enumerate(lines, start=2):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                _put_text(cell, value).alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.value = value
    sheet.freeze_panes = "A2"


# --- written anew -----------------------------------------------------------------------------------------


@dataclass
class _Formats:
    """The few looks of a cell written anew."""

    head: Any
    day: Any
    red: Any
    red_text: Any
    wrap: Any
    amber: Any


def _tell(progress: Progress, rows: int, done: int) -> None:
    progress(MARKING_ROWS, done, rows)


def _written_anew(
    batch: ImportBatch, roster: Roster, stage: Stage, data: bytes, tell: Callable[[int], None]
) -> IO[bytes]:
    """A new workbook with all data rows at their own row numbers, streamed."""
    folder = tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="marked-")
    result = BytesIO()
    options = {
        "constant_memory": True,
        "tmpdir": folder.name,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    words = mappings.vocabulary(roster, loose=True)
    with folder, ChildReading(batch.file_name, data, vocabulary=words, on_progress=tell) as reading:
        book = xlsxwriter.Workbook(result, options)
        formats = _Formats(
            head=book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            red=book.add_format({"bg_color": f"#{RED}"}),
            red_text=book.add_format({"font_color": f"#{RED_LINE}"}),
            wrap=book.add_format({"text_wrap": True, "valign": "top"}),
            amber=book.add_format({"bg_color": f"#{AMBER}"}),
        )
        _copy_rows(book, formats, batch, stage, reading)
        _write_summary(book, formats, summary_lines(batch, stage))
        book.close()
    result.seek(0)
    return result


def _copy_rows(book: Any, formats: _Formats, batch: ImportBatch, stage: Stage, reading: ChildReading) -> None:
    """Write every data row; the refused ones come in the same order from the stage."""
    waiting = faulty_rows(stage)
    faulty = next(waiting, None)
    writers: dict[str, _SheetWriter] = {}
    mended: dict[Place, dict[str, str | None]] = {}
    for place, field, text in typed_cells_of(batch):
        mended.setdefault(place, {})[field] = text
    for sheet, rows in reading.slices():
        if sheet.name not in batch.mapping:
            continue
        if sheet.name not in writers:
            chosen = batch.mapping[sheet.name]
            writers[sheet.name] = _SheetWriter(book, formats, sheet, chosen, len(writers))
        writer = writers[sheet.name]
        for row in rows:
            if (laid := mended.get((sheet.name, row.number))) is not None:
                row = row._replace(cells=writer.mend(row.number, row.cells, laid))
            if faulty is not None and (faulty.sheet, faulty.row) == (sheet.name, row.number):
                writer.write(row.number, row.cells, faulty)
                faulty = next(waiting, None)
            else:
                writer.write(row.number, row.cells, None)


class _SheetWriter:
    """Writes one sheet anew."""

    def __init__(
        self, book: Any, formats: _Formats, layout: SheetLayout, chosen: dict[str, str], place: int
    ) -> None:
        self.formats = formats
        self.sheet = book.add_worksheet(_sheet_name(layout.name, place))
        self.columns = {name: column_index(letter) for letter, name in chosen.items() if name}
        self.mended: set[tuple[int, int]] = set()
        self.last = layout.columns[-1].index + 1
        self.sheet.set_column(0, self.last - 1, USUAL_COLUMN)
        self.sheet.set_column(self.last, self.last, WIDE_COLUMN)
        head = layout.header_rows[-1] - 1
        for column in layout.columns:
            self.sheet.write_string(head, column.index, column.heading, formats.head)
        self.sheet.write_string(head, self.last, EXPLANATION, formats.head)

    def mend(self, number: int, cells: list[Any], laid: dict[str, str | None]) -> list[Any]:
        """The cells of a row with the texts typed on the screen in their places."""
        mended = list(cells)
        for name, text in laid.items():
            column = self.columns.get(name)
            if column is None:
                continue
            mended += [""] * (column + 1 - len(mended))
            before, mended[column] = mended[column], mended[column] if text is None else text
            self.mended.add((number, column))
            self.sheet.write_comment(number - 1, column, mend_words(before, number, text))
        return mended

    def write(self, number: int, cells: list[Any], faulty: Faulty | None) -> None:
        """One row, with its faults when it has any."""
        red = {self.columns[name] for name in faulty.fields if name in self.columns} if faulty else set()
        spoilt = {self.columns[name] for name in faulty.spoilt if name in self.columns} if faulty else set()
        for column, cell in enumerate(cells):
            if column in spoilt and (figure := _figure(cell)) is not None:
                self.sheet.write_number(number - 1, column, figure, self.formats.red)
            elif cell != "" or column in red:
                self._cell(number - 1, column, cell, self._look(number, column, red))
        if faulty is not None:
            self.sheet.write_string(number - 1, self.last, faulty.text, self.formats.red_text)

    def _look(self, number: int, column: int, red: set[int]) -> Any:
        if column in red:
            return self.formats.red
        return self.formats.amber if (number, column) in self.mended else None

    def _cell(self, row: int, column: int, value: Any, look: Any) -> None:
        """Exact numbers stay numbers, days stay days, all else is text."""
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, look)
        elif isinstance(value, int | float) and abs(value) < EXACT_INTEGER_LIMIT:
            self.sheet.write_number(row, column, value, look)
        elif isinstance(value, date) and not isinstance(value, datetime) and look is None:
            self.sheet.write_datetime(row, column, value, self.formats.day)
        elif value == "":
            self.sheet.write_blank(row, column, None, look)
        else:
            self.sheet.write_string(row, column, shown(value), look)


def _figure(cell: Any) -> float | None:
    """The rounded number that a spoilt cell holds, also where a text file wrote it out."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None


def _sheet_name(name: str, place: int) -> str:
    """A name that a workbook allows: a csv's sheet has none of its own."""
    kept = "".join(letter for letter in name if letter not in "[]:*?/\\").strip("'")[:31]
    return kept if kept and kept != SUMMARY else f"名册{place + 1}"


def _write_summary(book: Any, formats: _Formats, lines: Iterable[tuple[str | int, ...]]) -> None:
    sheet = book.add_worksheet(SUMMARY)
    for column, (heading, width) in enumerate(zip(SUMMARY_HEADINGS, SUMMARY_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats.head)
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(row, column, value, formats.wrap)
            else:
                sheet.write_number(row, column, value)

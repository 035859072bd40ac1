"""New columns in the clerk's own xlsx: cells are written into the rows of its XML, all else stays as it was.

Opening and saving 20,000 rows with a spreadsheet library takes longer than everything else together and
loses what the library does not know.  Here each row gets its new cells as typed text (`inlineStr`), which is
never a formula, and every style, merge, drawing and formula of the clerk's is left alone.  A workbook built
in a way not foreseen raises `Unfit` and is written anew instead.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from xml.sax.saxutils import unescape

from defusedxml.ElementTree import fromstring

from datong_edu.core.inert import reaches_outside
from datong_edu.desk.comparing.cell_xml import text_cell
from datong_edu.importing.reader.book import column_index, column_letter

SLICE_BYTES = 4 * 2**20
LONGEST_HEAD_BYTES = 8 * 2**20
LONGEST_ROW_BYTES = 32 * 2**20
LAST_COLUMN = 16_384
FAST = 3
"""Level of compression: half the time of the usual one for a file a few hundredths larger."""

_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
_SPANS = re.compile(rb"\sspans=[\"'][\d: ]{1,200}[\"']")
_STYLE = re.compile(rb"\ss=[\"'](\d{1,6})[\"']")
_CELL = re.compile(rb"<c\s[^<>]*?(?:/>|>.*?</c>)", re.DOTALL)
_FORMULA = re.compile(rb"<f\b[^<>]*>([^<]{1,9000})</f>")
_LONGEST_FORMULA = 10_000
_VALUE = re.compile(rb"<(?:v|is|f)\b")
_DIMENSION = re.compile(rb"<dimension\s[^<>]*/>")
_COLUMNS = re.compile(rb"<cols>(.*?)</cols>", re.DOTALL)
_COLUMN = re.compile(rb"<col\s[^<>]*/>")
_BOUND = {end: re.compile(rb"\s%s=[\"'](\d{1,5})[\"']" % end) for end in (b"min", b"max")}


class Unfit(Exception):
    """The workbook's XML is not written the usual way."""


@dataclass(frozen=True)
class Addition:
    """What one sheet gets: headings with their widths on its rows of headings, and texts for rows.

    `like` is the column whose look the new cells take over; `after` the last column with a heading, from 0.
    """

    header_rows: Collection[int]
    headings: Sequence[tuple[str, int]]
    texts: Mapping[int, Sequence[str]]
    like: int
    after: int


def append_columns(data: bytes, additions: Mapping[str, Addition]) -> bytes:
    """The workbook with the additions of its sheets, by name; raises Unfit."""
    result = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as source,
            zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as target,
        ):
            parts = _parts_of(source)
            if missing := additions.keys() - parts.keys():
                raise Unfit(f"{len(missing)} sheets without a part")
            for part_name in parts.values():
                _refuse_outside(source, part_name)
            wanted = {parts[name]: addition for name, addition in additions.items()}
            for entry in source.infolist():
                with target.open(entry.filename, "w", force_zip64=True) as part:
                    for piece in _copied(source, entry.filename, wanted.get(entry.filename)):
                        part.write(piece)
    except (zipfile.BadZipFile, KeyError, ValueError, UnicodeError) as error:
        raise Unfit(type(error).__name__) from error
    return result.getvalue()


def _parts_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path of its XML."""
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in relations
    }
    found = {}
    for sheet in fromstring(archive.read("xl/workbook.xml")).iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            relation_id = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            found[sheet.get("name", "")] = targets[relation_id]
    return found


def _refuse_outside(archive: zipfile.ZipFile, part: str) -> None:
    """A sheet whose formulas reach outside the workbook is not handed on: written anew it has values only."""
    kept = b""
    with archive.open(part) as stream:
        while piece := stream.read(SLICE_BYTES):
            kept += piece
            if any(reaches_outside(unescape(one[1].decode())) for one in _FORMULA.finditer(kept)):
                raise Unfit("a formula that reaches outside")
            kept = kept[-_LONGEST_FORMULA:]


def _copied(archive: zipfile.ZipFile, part: str, addition: Addition | None) -> Iterator[bytes]:
    """The bytes of one part, a sheet's with its addition."""
    if addition is None:
        with archive.open(part) as stream:
            while piece := stream.read(SLICE_BYTES):
                yield piece
        return
    column = _free_column(archive, part, addition)
    writer = _Writer(addition, column)
    for is_row, piece in _pieces(archive, part):
        if is_row:
            yield writer.row(piece)
        else:
            yield writer.head(piece) if b"<sheetData" in piece else piece


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bool, bytes]]:
    """The XML cut into rows (True) and what stands before and after them; the head comes first, whole."""
    with archive.open(part) as stream:
        head, kept = _head_of(stream)
        yield False, head
        while True:
            if b"<![CDATA[" in kept or b"<!--" in kept:
                raise Unfit("comments")
            rest = 0
            for start, stop in _row_spans(kept):
                if start > rest:
                    yield False, kept[rest:start]
                yield True, kept[start:stop]
                rest = stop
            kept = kept[rest:]
            if len(kept) > LONGEST_ROW_BYTES:
                raise Unfit("a row without end")
            piece = stream.read(SLICE_BYTES)
            if not piece:
                break
            kept += piece
        yield False, kept


def _head_of(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """What stands up to and with `<sheetData>`, and what has been read beyond it."""
    kept = b""
    while len(kept) < LONGEST_HEAD_BYTES and (piece := stream.read(SLICE_BYTES)):
        kept += piece
        start = kept.find(b"<sheetData")
        end = kept.find(b">", start) + 1 if start >= 0 else 0
        if end:
            return kept[:end], kept[end:]
    raise Unfit("no rows")


def _row_spans(xml: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of every whole row."""
    at = 0
    while (start := xml.find(b"<row", at)) >= 0:
        opened = xml.find(b">", start)
        if opened < 0:
            return
        if xml[start + 4 : start + 5] not in b" >/\t\r\n":
            at = opened
        elif xml[opened - 1 : opened] == b"/":
            yield start, opened + 1
            at = opened + 1
        else:
            closed = xml.find(b"</row>", opened)
            if closed < 0:
                return
            yield start, closed + 6
            at = closed + 6


def _number_of(row: bytes) -> int:
    number = _ROW_NUMBER.search(row, 0, row.find(b">"))
    if number is None:
        raise Unfit("rows without numbers")
    return int(number[1])


def _last_cell(row: bytes) -> tuple[int, int]:
    """Where the last cell of a row begins and its column; (-1, -1) for a row without cells."""
    start = row.rfind(b"<c ")
    if start < 0:
        if b"<c>" in row or b"<c/>" in row:
            raise Unfit("cells without references")
        return -1, -1
    reference = _REFERENCE.search(row, start, row.find(b">", start))
    if reference is None:
        raise Unfit("cells without references")
    return start, column_index(reference[1].decode())


def _free_column(archive: zipfile.ZipFile, part: str, addition: Addition) -> int:
    """The first column behind the headings in which no row concerned says anything."""
    last, seen = addition.after, set()
    for is_row, row in _pieces(archive, part):
        if not is_row:
            continue
        number = _number_of(row)
        if number not in addition.header_rows and number not in addition.texts:
            continue
        seen.add(number)
        _, column = _last_cell(row)
        if column > last:
            for cell in _CELL.finditer(row):
                reference = _REFERENCE.search(cell[0])
                if reference and _VALUE.search(cell[0]):
                    last = max(last, column_index(reference[1].decode()))
    if len(seen) != len(addition.texts.keys() | set(addition.header_rows)):
        raise Unfit("rows are missing")
    if last + 1 + len(addition.headings) > LAST_COLUMN:
        raise Unfit("no column is free")
    return last + 1


class _Writer:
    """Writes the new cells of one sheet."""

    def __init__(self, addition: Addition, column: int) -> None:
        self.addition, self.column = addition, column
        count = len(addition.headings)
        self.letters = [column_letter(column + at) for at in range(count)]
        self.like = column_letter(addition.like).encode()

    def head(self, xml: bytes) -> bytes:
        """What stands before the rows: without the extent, which may be left out, with the new widths."""
        xml = _DIMENSION.sub(b"", xml, count=1)
        widths = b"".join(
            b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (at + 1, at + 1, width)
            for at, (_, width) in enumerate(self.addition.headings, start=self.column)
        )
        present = _COLUMNS.search(xml)
        if present is None:
            return xml.replace(b"<sheetData", b"<cols>" + widths + b"</cols><sheetData", 1)
        kept = b"".join(self._narrowed(column[0]) for column in _COLUMN.finditer(present[1]))
        after = b"".join(self._behind(column[0]) for column in _COLUMN.finditer(present[1]))
        return xml[: present.start(1)] + kept + widths + after + xml[present.end(1) :]

    def _narrowed(self, column: bytes) -> bytes:
        """A range of columns up to the first new one."""
        low, high = _bounds(column)
        if low > self.column:
            return b""
        return _with_bounds(column, low, min(high, self.column))

    def _behind(self, column: bytes) -> bytes:
        """What a range has left behind the last new column."""
        low, high = _bounds(column)
        first = self.column + len(self.letters) + 1
        return _with_bounds(column, max(low, first), high) if high >= first else b""

    def row(self, row: bytes) -> bytes:
        """A row with its new cells."""
        number = _number_of(row)
        if number in self.addition.header_rows:
            start, _ = _last_cell(row)
            style = _STYLE.search(row, start, row.find(b">", start)) if start >= 0 else None
            return self._with(row, number, [text for text, _ in self.addition.headings], style)
        texts = self.addition.texts.get(number)
        return row if texts is None else self._with(row, number, texts, self._style_like(row, number))

    def _style_like(self, row: bytes, number: int) -> re.Match[bytes] | None:
        at = row.find(b'r="%s%d"' % (self.like, number))
        return _STYLE.search(row, row.rfind(b"<c", 0, at), row.find(b">", at)) if at > 0 else None

    def _with(self, row: bytes, number: int, texts: Sequence[str], style: re.Match[bytes] | None) -> bytes:
        look = f' s="{style[1].decode()}"' if style else ""
        cells = "".join(
            text_cell(f"{letter}{number}", text, look) if text else f'<c r="{letter}{number}"{look}/>'
            for letter, text in zip(self.letters, texts, strict=True)
            if text or look
        ).encode()
        opened = row.find(b">") + 1
        tag, body = _SPANS.sub(b"", row[:opened]), row[opened : -len(b"</row>")]
        if row[opened - 2 : opened] == b"/>":
            return tag[:-2] + b">" + cells + b"</row>"
        if _last_cell(row)[1] >= self.column:
            body = _CELL.sub(self._kept, body)
        return tag + body + cells + b"</row>"

    def _kept(self, cell: re.Match[bytes]) -> bytes:
        """Cells from the new columns on have a look only; they give way."""
        reference = _REFERENCE.search(cell[0])
        in_the_way = reference is not None and column_index(reference[1].decode()) >= self.column
        return b"" if in_the_way else cell[0]


def _bounds(column: bytes) -> tuple[int, int]:
    low, high = (_BOUND[end].search(column) for end in (b"min", b"max"))
    if low is None or high is None:
        raise Unfit("columns without bounds")
    return int(low[1]), int(high[1])


def _with_bounds(column: bytes, low: int, high: int) -> bytes:
    column = _BOUND[b"min"].sub(b' min="%d"' % low, column)
    return _BOUND[b"max"].sub(b' max="%d"' % high, column)

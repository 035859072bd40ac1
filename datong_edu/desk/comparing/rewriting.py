"""xls, ods and csv come back as a new xlsx: same sheets, headings and row numbers, text kept as text.

The few parts of a plain workbook are written here, row by row into the archive: general libraries take
several times as long for the same cells.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from datong_edu.desk.comparing.appending import FAST, Addition
from datong_edu.desk.comparing.cell_xml import text_cell, value_cell
from datong_edu.importing.layout import SheetLayout, SheetRole
from datong_edu.importing.reader.book import column_letter

USUAL_WIDTH = 16
LONGEST_NAME = 31
ROWS_A_WRITE = 500
HEAD, DAY = ' s="1"', ' s="2"'
Rows = Sequence[tuple[int, list[Any]]]

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Looks: plain, bold heading over a line, day.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/>'
    '<xf fontId="1" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">'
    '<alignment wrapText="1"/></xf>'
    '<xf numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_anew(
    sheets: Sequence[SheetLayout], cells: Mapping[str, Rows], additions: Mapping[str, Addition]
) -> bytes:
    """A workbook of the sheets that hold rows, with the additions of those that name people."""
    result = io.BytesIO()
    kept = [sheet for sheet in sheets if sheet.role is SheetRole.DATA]
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as book:
        for name, content in _frame(_names_of(kept)):
            book.writestr(name, _XML + content)
        for number, layout in enumerate(kept, start=1):
            with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for piece in _sheet(layout, cells.get(layout.name, ()), additions.get(layout.name)):
                    part.write(piece.encode("utf-8", "replace"))
    return result.getvalue()


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every part but the sheets."""
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("workbook.xml", "sheet.main"),
            ("styles.xml", "styles"),
            *((f"worksheets/sheet{number}.xml", "worksheet") for number in numbers),
        )
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet(layout: SheetLayout, rows: Rows, addition: Addition | None) -> Iterator[str]:
    """The XML of one sheet, some rows at a time."""
    first = layout.columns[-1].index + 1
    added = addition.headings if addition else ()
    texts = addition.texts if addition else {}
    letters = [column_letter(at) for at in range(first + len(added))]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, (_, width) in enumerate(added, start=first + 1)
    )
    top = layout.header_rows[-1]
    headings = [(letters[column.index], column.heading) for column in layout.columns]
    headings += [(letters[first + at], heading) for at, (heading, _) in enumerate(added)]
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{first}" width="{USUAL_WIDTH}"'
        f' customWidth="1"/>{widths}</cols><sheetData><row r="{top}">'
    )
    yield "".join(text_cell(f"{letter}{top}", heading, HEAD) for letter, heading in headings)
    yield "</row>"
    pieces: list[str] = []
    for number, row in rows:
        pieces.append(f'<row r="{number}">')
        for letter, value in zip(letters, [*row[:first], *texts.get(number, ())], strict=False):
            if value.__class__ is str:
                if value:
                    pieces.append(text_cell(f"{letter}{number}", value))
            else:
                pieces.append(value_cell(f"{letter}{number}", value, DAY))
        pieces.append("</row>")
        if len(pieces) > ROWS_A_WRITE * len(letters):
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces)
    yield "</sheetData></worksheet>"


def _names_of(sheets: Sequence[SheetLayout]) -> list[str]:
    """Names that a workbook allows, each once: a csv's sheet has none of its own."""
    names: list[str] = []
    for place, sheet in enumerate(sheets, start=1):
        kept = "".join(letter for letter in sheet.name if letter not in "[]:*?/\\").strip("'")[:LONGEST_NAME]
        taken = {name.casefold() for name in names}
        names.append(kept if kept and kept != "csv" and kept.casefold() not in taken else f"名单{place}")
    return names

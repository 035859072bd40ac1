"""Small workbooks and hostile files, each built to have exactly the fault it is named for."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

import openpyxl

HEADINGS = ["序号", "学校", "姓名", "身份证号", "金额"]
ROWS = [
    [1, "浑源县第一小学校", "邵亮燃", "140225201405128513", 625.0],
    [2, "浑源县第二小学校", "韩冉迎", "", 500.0],
]

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet"/></Relationships>'
)
ROOT_RELATIONS = BOOK_RELATIONS.replace("worksheets/sheet1.xml", "xl/workbook.xml").replace(
    "relationships/worksheet", "relationships/officeDocument"
)


def workbook(rows: Iterable[Iterable[object]], *, title: str = "名单") -> openpyxl.Workbook:
    """An openpyxl workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of an openpyxl workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def roster() -> bytes:
    """A good small roster."""
    return saved(workbook([HEADINGS, *ROWS]))


def raw_xlsx(
    sheet_data: bytes | str, *, more: Mapping[str, bytes | str] | None = None, sheet_head: str = ""
) -> bytes:
    """A workbook around hand-written rows; `more` adds or replaces parts of the archive."""
    if isinstance(sheet_data, str):
        sheet_data = sheet_data.encode()
    head = '<?xml version="1.0" encoding="UTF-8"?>' + sheet_head
    head += '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": head.encode() + sheet_data + b"</sheetData></worksheet>",
    }
    return zipped(parts | dict(more or {}))


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def bomb(megabytes: int = 300) -> bytes:
    """A workbook with a part of nothing but zeros."""
    stream = io.BytesIO(raw_xlsx(""))
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/a.bin", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(2**20))
    return stream.getvalue()


def text_row(number: int, cells: Iterable[str]) -> str:
    """One row of inline texts for `raw_xlsx`."""
    inside = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def good_rows() -> str:
    """Headings and two rows for `raw_xlsx`."""
    rows = [HEADINGS, *([str(cell) for cell in row] for row in ROWS)]
    return "".join(text_row(number, row) for number, row in enumerate(rows, start=1))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container with these streams, each padded to at least 4,096 bytes."""
    sectors: list[bytes] = []
    table: list[int] = []

    def put(content: bytes) -> int:
        content += b"\x00" * (-len(content) % 512)
        first = len(sectors)
        for at in range(0, len(content), 512):
            sectors.append(content[at : at + 512])
            table.append(len(sectors))
        table[-1] = 0xFFFFFFFE
        return first

    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        content = content.ljust(4096, b"\x00")
        entries.append(_entry(name, 2, put(content), len(content)))
    directory = put(b"".join(entries))
    fat_sector = len(sectors)
    table.append(0xFFFFFFFD)
    table += [0xFFFFFFFF] * (128 - len(table))
    sectors.append(struct.pack("<128I", *table))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1,
        directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<109I", fat_sector, *([0xFFFFFFFF] * 108))
    return header + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    head = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw), kind, 1) + links
    return head + b"\x00" * 36 + struct.pack("<II", start, size) + b"\x00" * 4


def record(number: int, content: bytes = b"") -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", number, len(content)) + content


def ods(rows: str, *, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """An OpenDocument spreadsheet around hand-written table rows."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="名单">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": "<manifest/>",
    }
    return zipped(parts | dict(more or {}))


def ods_row(cells: Iterable[str], attributes: str = "") -> str:
    """A row of texts for `ods`."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {attributes}>{inside}</table:table-row>"

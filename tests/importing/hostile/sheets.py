"""Sheets no parser can hold, texts no parser can split, cells that would act."""

from tests.importing.hostile.base import FIRST, GOOD_ROWS, HEAD, READ, SECOND, hostile
from tests.workbooks import builders
from tests.workbooks.builders import raw_xlsx, text_row
from tests.workbooks.golden import living, text, xlsx

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_strings(strings: bytes, cells: str) -> bytes:
    """A workbook whose cells point into these shared strings."""
    relations = builders.BOOK_RELATIONS.replace(
        "</Relationships>",
        '<Relationship Id="rId2" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    head = f'<?xml version="1.0"?><sst xmlns="{SPREADSHEET}">'.encode()
    more = {"xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": head + strings + b"</sst>"}
    return raw_xlsx(cells, more=more)


@hostile("TOO_LARGE_UNPACKED")
def one_cell_at_the_far_corner() -> bytes:
    return raw_xlsx(GOOD_ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@hostile("DAMAGED", "TOO_LARGE_UNPACKED")
def cell_beyond_the_far_corner() -> bytes:
    return raw_xlsx(GOOD_ROWS + '<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>')


@hostile(READ, "DAMAGED", "TOO_LARGE_UNPACKED", stored=2)
def rows_out_of_order() -> bytes:
    return raw_xlsx(GOOD_ROWS + '<row r="4000000000"><c r="A4000000000"/></row><row r="0"><c r="A0"/></row>')


@hostile(READ, stored=2)
def million_formatted_rows() -> bytes:
    blank = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(4, 1_048_577))
    return raw_xlsx(GOOD_ROWS + blank)


@hostile(READ, stored=2)
def three_hundred_columns() -> bytes:
    return xlsx([[*HEAD, *[f"列{at}" for at in range(15)], *[""] * 300, "末"], FIRST, SECOND])


@hostile("TOO_LARGE_UNPACKED")
def sixteen_thousand_columns() -> bytes:
    return raw_xlsx(GOOD_ROWS + '<row r="4"><c r="XFD4"><v>1</v></c></row>')


@hostile("TOO_LARGE_UNPACKED", name="名单.ods")
def ods_of_endless_repeats() -> bytes:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x'
    row = '<table:table-row table:number-rows-repeated="1048576">'
    return builders.ods(f"{row}{cell}</text:p></table:table-cell></table:table-row>")


@hostile("DAMAGED", "TOO_LARGE_UNPACKED", "NO_HEADER", name="名单.ods")
def ods_of_negative_repeats() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="-5"/>'
    return builders.ods(
        f'<table:table-row table:number-rows-repeated="99999999999999">{cell}</table:table-row>'
    )


@hostile(READ, "TOO_LARGE_UNPACKED", "DAMAGED", stored=1)
def one_cell_of_a_million_letters() -> bytes:
    return raw_xlsx(GOOD_ROWS.replace("靳晓禾", "靳" * 1_000_000))


@hostile(READ, "DAMAGED")
def hundred_thousand_shared_strings() -> bytes:
    strings = b"".join(b"<si><t>%d</t></si>" % at for at in range(100_000))
    return with_strings(strings, GOOD_ROWS + '<row r="4"><c r="A4" t="s"><v>99999</v></c></row>')


@hostile("DAMAGED", READ)
def shared_string_that_is_not_there() -> bytes:
    return with_strings(
        b"<si><t>a</t></si>", GOOD_ROWS + '<row r="4"><c r="C4" t="s"><v>4294967295</v></c></row>'
    )


@hostile(READ, "DAMAGED", stored=2)
def shared_strings_inside_each_other() -> bytes:
    return with_strings(b"<si><si><t>a</t></si></si>" * 50, GOOD_ROWS)


@hostile(READ, "DAMAGED")
def million_merged_ranges() -> bytes:
    merges = "".join(f'<mergeCell ref="A{at}:B{at + 1}"/>' for at in range(1, 300_000))
    data = GOOD_ROWS + f'</sheetData><mergeCells count="1">{merges}</mergeCells><sheetData>'
    return raw_xlsx(data)


@hostile(READ, "DAMAGED", "TOO_LARGE_UNPACKED")
def merges_over_the_whole_sheet() -> bytes:
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 2_000
    return raw_xlsx(GOOD_ROWS + f"</sheetData><mergeCells>{merges}</mergeCells><sheetData>")


@hostile(READ, "DAMAGED", "TOO_LARGE_UNPACKED")
def hidden_columns_without_end() -> bytes:
    columns = '<cols><col min="1" max="99999" hidden="1"/></cols>' * 50
    return raw_xlsx(GOOD_ROWS + f"</sheetData>{columns}<sheetData>")


@hostile(READ, "DAMAGED", "TOO_LARGE_UNPACKED", name="名单.csv")
def line_of_ten_megabytes() -> bytes:
    return text([HEAD, FIRST, SECOND]) + "一".encode() * (10 * 2**20 // 3) + b"\r\n"


@hostile("DAMAGED", "TOO_LARGE_UNPACKED", name="名单.csv")
def quote_without_end() -> bytes:
    return text([HEAD, FIRST]) + b'"' + b"a,b\n" * 2_000_000


@hostile(READ, "DAMAGED", "TOO_LARGE_UNPACKED", name="名单.csv")
def million_columns() -> bytes:
    return text([HEAD, FIRST, SECOND]) + b"," * 1_000_000 + b"1\r\n"


@hostile("TOO_LARGE_UNPACKED", "NO_HEADER", "EMPTY_FILE", name="名单.csv")
def nothing_but_commas() -> bytes:
    return b"," * 20_000_000


@hostile(READ, "DAMAGED", "NOT_TEXT", name="名单.csv")
def null_bytes() -> bytes:
    return text([HEAD, FIRST, SECOND]).replace("靳".encode(), "靳".encode() + b"\x00")


@hostile(READ, "NOT_TEXT", "NO_HEADER", name="名单.csv")
def mixed_encodings() -> bytes:
    return text([HEAD, FIRST]) + text([SECOND], "gb18030")


@hostile("NO_HEADER", READ, "NOT_TEXT", name="名单.csv")
def utf7() -> bytes:
    return "".join(f"+{line}-\r\n" for line in ("WEZPTQ", "ADwAcwBjAHIAaQBwAHQAPg")).encode()


@hostile("NOT_TEXT", READ, name="名单.csv")
def lone_surrogates() -> bytes:
    return text([HEAD, FIRST, SECOND]).replace("靳".encode(), b"\xed\xa0\x80")


@hostile("NOT_TEXT", "NO_HEADER", READ, name="名单.txt")
def half_of_utf16() -> bytes:
    return text([HEAD, FIRST, SECOND], "utf-16")[:-1] + b"\xd8"


@hostile("EMPTY_FILE", "NO_HEADER", name="名单.csv")
def nothing_but_a_byte_order_mark() -> bytes:
    return b"\xef\xbb\xbf"


@hostile(READ, stored=5)
def cells_that_would_act() -> bytes:
    """Stored as text: what a 备注 column may say."""
    notes = (
        "=1+1", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "@SUM(A1)", '=HYPERLINK("http://x","y")'
    )  # fmt: skip
    rows = [[*living(at).values(), note] for at, note in enumerate(notes, start=1)]
    cells = [[*HEAD, "备注"], *rows]
    escaped = [[str(cell).replace("&", "&amp;").replace("<", "&lt;") for cell in row] for row in cells]
    return raw_xlsx("".join(text_row(at, row) for at, row in enumerate(escaped, start=1)))


@hostile(READ, stored=2)
def sheet_name_that_would_act() -> bytes:
    named = builders.BOOK.replace("名单", "&lt;img src=x&gt;&apos;&quot;\u202e")
    return raw_xlsx(GOOD_ROWS, more={"xl/workbook.xml": named})


@hostile(READ, stored=2)
def headings_that_would_act() -> bytes:
    return raw_xlsx(GOOD_ROWS.replace("序号", "=1+1_x0000_&lt;script&gt;", 1))


@hostile("NO_HEADER", "NO_DATA")
def empty_sheets() -> bytes:
    return xlsx({"一": [], "二": [], "三": []})

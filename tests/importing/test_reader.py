"""The reader keeps the type of every cell and what is hidden, merged or broken about it."""

import datetime as dt

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import BadBytes, CellError, MissingFormula, shown
from datong_edu.importing.gate import FileFormat, FileKind, inspect
from datong_edu.importing.reader import Merge, Workbook, column_letter, read
from tests.workbooks import builders

# Cells have no time zone.
MORNING = dt.datetime(2020, 9, 1, 8, 30)  # noqa: DTZ001
MIDNIGHT = dt.datetime(2020, 9, 1)  # noqa: DTZ001


def opened(data: bytes, name: str = "名单") -> Workbook:
    return read(inspect(name, data), data)


def first_rows(data: bytes) -> list[list[object]]:
    return list(opened(data).sheets[0].rows())


def test_xlsx_cells_keep_their_types() -> None:
    book = builders.workbook([["文字", 625.5, True, dt.date(2020, 9, 1), MORNING, None, "末"]])
    assert first_rows(builders.saved(book)) == [["文字", 625.5, True, dt.date(2020, 9, 1), MORNING, "", "末"]]


def test_xlsx_rows_start_at_the_first_row_and_column() -> None:
    book = builders.workbook([])
    book.active["C3"] = "姓名"
    assert first_rows(builders.saved(book)) == [["", "", ""], ["", "", ""], ["", "", "姓名"]]


def test_xlsx_dates_of_1904() -> None:
    book = builders.workbook([])
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = dt.date(2020, 9, 1)
    assert first_rows(builders.saved(book)) == [[dt.date(2020, 9, 1)]]


def test_xlsx_formulas_and_errors() -> None:
    data = builders.raw_xlsx(
        '<row r="1"><c r="A1"><f>J6-K6</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c>'
        '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1" t="e"><v>#REF!</v></c>'
        '<c r="E1" t="str"><f>IF(A1&lt;1,"","")</f><v></v></c><c r="F1"><f>A1&amp;"x"</f></c></row>'
        '<row r="3"><c r="AB3"><f t="shared" si="0"/><v/></c></row>'
    )
    sheet = opened(data).sheets[0]
    rows = list(sheet.rows())
    assert rows[0][:4] == [MissingFormula("=J6-K6"), 2.0, CellError("#DIV/0!"), CellError("#REF!")]
    assert rows[0][4:6] == ["", MissingFormula('=A1&"x"')]
    assert rows[1] == []
    assert rows[2][27] == MissingFormula("=")
    assert sheet.formulas == 6


def test_xlsx_hidden_rows_columns_sheets_and_merges() -> None:
    book = builders.workbook([builders.HEADINGS, *builders.ROWS])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["D"].hidden = True
    book.active.merge_cells("B2:B3")
    book.create_sheet("字典").sheet_state = "veryHidden"
    shown_sheet, dictionary = opened(builders.saved(book)).sheets
    assert (shown_sheet.hidden_rows, shown_sheet.hidden_columns) == ({3}, {3})
    assert shown_sheet.merges == [Merge(2, 1, 3, 1)]
    assert (shown_sheet.hidden, dictionary.hidden) == (False, True)


def test_xlsx_sheet_names_may_be_odd() -> None:
    book = builders.workbook([["a"]], title="一年级&<二班>")
    book.defined_names["x"] = DefinedName("x", attr_text="'一年级&<二班>'!$A$1")
    assert opened(builders.saved(book)).sheets[0].name == "一年级&<二班>"


@pytest.mark.parametrize("place", ["XFD1048576", "XFD4", "B1048576"])
def test_xlsx_far_cell_is_named_and_kills_nothing(place: str) -> None:
    cell = f'<c r="{place}"><v>1</v></c>'
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    data = builders.raw_xlsx(builders.good_rows() + f'<row r="{row}">{cell}</row>')
    if place == "B1048576":
        assert sum(1 for _ in opened(data).sheets[0].rows()) == 1048576
        return
    with pytest.raises(RefusedFile) as refusal:
        opened(data)
    assert refusal.value.reason_key == "TOO_LARGE_UNPACKED"
    assert "XFD" in refusal.value.message


def test_xlsx_far_formatted_cells_do_not_count() -> None:
    data = builders.raw_xlsx(builders.good_rows() + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert len(first_rows(data)) == 3


def test_xlsx_with_false_sizes_is_damaged() -> None:
    data = bytearray(builders.raw_xlsx(builders.good_rows()))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = (60).to_bytes(4, "little")
    with pytest.raises(RefusedFile) as refusal:
        opened(bytes(data))
    assert refusal.value.reason_key == "DAMAGED"


def test_csv_wrappers_are_taken_off_and_broken_bytes_marked() -> None:
    text = '姓名,身份证号\r\n张三,"=""140225201405128513"""\r\n'.encode("gb18030") + b"\xff\xff,1\r\n"
    rows = list(read(FileKind(FileFormat.TEXT, "gb18030", ","), text).sheets[0].rows())
    assert rows[1] == ["张三", "140225201405128513"]
    assert isinstance(rows[2][0], BadBytes)
    assert not isinstance(rows[1][0], BadBytes)


def test_csv_records_with_line_breaks_count_once() -> None:
    assert first_rows('姓名,备注\n张三,"一\n二"\n\n李四,\n'.encode()) == [
        ["姓名", "备注"], ["张三", "一\n二"], [], ["李四", ""]
    ]  # fmt: skip


def test_csv_utf16_is_read() -> None:
    assert first_rows("姓名\t金额\n张三\t5\n".encode("utf-16")) == [["姓名", "金额"], ["张三", "5"]]


def test_ods_cells_repeats_and_hidden_rows() -> None:
    rows = builders.ods_row(builders.HEADINGS)
    rows += builders.ods_row(["1"], 'table:visibility="collapse" table:number-rows-repeated="2"')
    rows += (
        '<table:table-row><table:table-cell table:number-columns-repeated="3"/>'
        '<table:table-cell office:value-type="float" office:value="625.5"><text:p>625.50</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2020-09-01"/>'
        '<table:table-cell table:formula="of:=[.A1]/0" office:value-type="string"><text:p>#DIV/0!</text:p>'
        "</table:table-cell></table:table-row>"
    )
    rows += '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    sheet = opened(builders.ods(rows)).sheets[0]
    assert list(sheet.rows())[1:] == [
        ["1"], ["1"], ["", "", "", 625.5, dt.date(2020, 9, 1), CellError("#DIV/0!")]
    ]  # fmt: skip
    assert sheet.hidden_rows == {2, 3}


def test_ods_repeated_values_without_end_are_refused() -> None:
    attributes = 'table:number-rows-repeated="1048576"'
    cell = 'office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
    row = f"<table:table-row {attributes}><table:table-cell {cell}</table:table-cell></table:table-row>"
    data = builders.ods(row)
    with pytest.raises(RefusedFile) as refusal:
        opened(data)
    assert refusal.value.reason_key == "TOO_LARGE_UNPACKED"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (140225201405128513.0, "1.40225e+17"), (6217949615286322337.0, "6.21795e+18"), (13.0, "13"),
        (2114900035.0, "2114900035"), (-500.0, "-500"), (34437.5, "34437.5"), (367344.59, "367344.59"),
        ("1.40227E+17", "1.40227E+17"), (True, "TRUE"), (CellError("#N/A"), "#N/A"),
        (dt.date(2020, 9, 1), "2020-09-01"), (MIDNIGHT, "2020-09-01"), ("", ""), (None, ""),
        (float("nan"), "nan"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_cell_is_shown_as_sent(value: object, text: str) -> None:
    assert shown(value) == text


def test_column_letters() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]

"""Web pages and XML that call themselves .xls: what their readers make of odd markup."""

import pytest

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import CellError, MissingFormula
from datong_edu.importing.gate import FileFormat, inspect
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader import read
from datong_edu.importing.reader.book import Sheet

TEXT = '<Data ss:Type="String">甲</Data>'
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def sheets(content: str, encoding: str = "utf-8", **limits: int) -> list[Sheet]:
    """The sheets of a file that passes the gate."""
    data = content.encode(encoding)
    kind = inspect("名单.xls", data)
    return read(kind, data, Limits(**limits)).sheets  # type: ignore[arg-type]


def page(body: str, **limits: int) -> list[list[list[object]]]:
    """The rows of each table of a page."""
    return [list(sheet.rows()) for sheet in sheets(f"<html><body>{body}</body></html>", **limits)]


def xml(rows: str, more: str = "") -> Sheet:
    """The one worksheet of an XML spreadsheet."""
    [sheet] = sheets(
        f'<?xml version="1.0"?><Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}">'
        f'<Worksheet ss:Name="名单"><Table>{rows}</Table>{more}</Worksheet></Workbook>'
    )
    return sheet


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("<table><tr><td>甲<td>乙<tr><td>丙", [["甲", "乙"], ["丙"]]),
        ("<TABLE><TR><TH>甲</TH></TR></TABLE>", [["甲"]]),
        ("<table><td>没有行</td></table>", [["没有行"]]),
        ("<table><tr><td> 甲 \n 乙<br>丙&nbsp;&lt;&#19969;</td></tr></table>", [["甲 乙\n丙 <丁"]]),
        ('<table><tr><td>="140225"</td><td></td></tr></table>', [["140225", ""]]),
        ("<table><tr><td colspan=2>甲<td>乙</table>", [["甲", "", "乙"]]),
        ("<table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table>", [["甲", "乙"], ["", "丙"]]),
        ("<table><tr><td>外<style>td{}</style></td></tr></table>", [["外"]]),
        ('<table><tr><td colspan="-1" rowspan="九">甲</table>', [["甲"]]),
    ],
)
def test_table_of_a_page(body: str, rows: list[list[str]]) -> None:
    assert page(body) == [rows]


def test_table_inside_a_table_stands_alone() -> None:
    outer = "<table><tr><td>导航</td><td><table><tr><td>姓名</td></tr></table></td></tr></table>"
    assert page(outer) == [[["导航", ""]], [["姓名"]]]
    assert page("<table></table><table><tr><td>甲</table>") == [[["甲"]]]


def test_merged_and_hidden_rows_are_told() -> None:
    [sheet] = sheets(
        '<table><tr><td rowspan=2 colspan=2>甲</td></tr><tr style="DISPLAY: none"><td>乙</td></tr></table>'
    )
    assert [tuple(merge) for merge in sheet.merges] == [(1, 0, 2, 1)]
    assert sheet.hidden_rows == {2}
    assert list(sheet.rows()) == [["甲", ""], ["", "", "乙"]]


def test_span_of_a_hundred_thousand_columns_is_refused() -> None:
    with pytest.raises(RefusedFile, match="范围过大"):
        page("<table><tr><td colspan=99999>甲</table>")
    with pytest.raises(RefusedFile, match="范围过大"):
        page("<table>" + "<tr><td colspan=900>甲" * 20 + "</table>", area=10_000)


def test_deeply_nested_tables_end() -> None:
    assert len(page("<table><tr><td>甲" * 500)) == 50


def test_xml_cells_by_type() -> None:
    sheet = xml(
        '<Row><Cell ss:Index="2"><Data ss:Type="Number">625.5</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2020-09-01T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell>'
        '<Cell ss:Formula="=A1"/>'
        '<Cell ss:MergeAcross="1"><Data ss:Type="String"><B>富</B>文本</Data></Cell></Row>'
        f'<Row ss:Index="4" ss:Hidden="1"><Cell ss:MergeDown="1">{TEXT}</Cell></Row>',
        "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>",
    )
    first, *others = sheet.rows()
    assert first[0] == ""
    assert (first[1], str(first[2]), first[3]) == (625.5, "2020-09-01", True)
    assert (first[4], first[5]) == (CellError("#REF!"), MissingFormula("=A1"))
    assert first[6:] == ["富文本", ""]
    assert others == [[], [], ["甲"]]
    assert (sheet.hidden, sheet.hidden_rows, sheet.formulas) == (True, {4}, 1)
    assert [tuple(merge) for merge in sheet.merges] == [(1, 6, 1, 7), (4, 0, 5, 0)]


def test_xml_hidden_columns_and_prefixes() -> None:
    sheet = xml(
        '<Column/><Column ss:Hidden="1" ss:Span="1"/><Row><Cell><Data ss:Type="String">甲</Data></Cell></Row>'
    )
    assert sheet.hidden_columns == {1, 2}
    prefixed = (
        f'<ss:Workbook xmlns:ss="{SPREADSHEET}"><ss:Worksheet ss:Name="一"><ss:Table><ss:Row><ss:Cell>'
        f'<ss:Data ss:Type="String">甲</ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>'
    )
    assert [list(sheet.rows()) for sheet in sheets(prefixed)] == [[["甲"]]]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (
            '<Row ss:Index="9999999"><Cell ss:Index="900"><Data ss:Type="String">甲</Data></Cell></Row>',
            "TOO_LARGE",
        ),
        (f'<Row><Cell ss:Index="16384">{TEXT}</Cell></Row>', "TOO_LARGE"),
        ('<Row><Cell ss:Index="-1"/></Row>', "DAMAGED"),
        ('<Row><Cell><Data ss:Type="Number">五百</Data></Cell></Row>', "DAMAGED"),
        ("<Row><Cell>", "DAMAGED"),
        ("<Row>&lol;</Row>", "DAMAGED"),
    ],
)
def test_xml_that_cannot_be_read_is_refused(rows: str, key: str) -> None:
    with pytest.raises(RefusedFile) as refusal:
        xml(rows)
    assert refusal.value.reason_key.startswith(key)


def test_doctype_further_down_is_refused() -> None:
    blank = "<!-- " + "x" * 3000 + " -->"
    content = f'{blank}<!DOCTYPE x [<!ENTITY a "b">]><Workbook xmlns="{SPREADSHEET}"/>'
    with pytest.raises(RefusedFile):
        sheets(content)
    hidden = f'<Workbook xmlns="{SPREADSHEET}">{blank}<!DOCTYPE x><Worksheet/></Workbook>'
    with pytest.raises(RefusedFile):
        sheets(hidden)


def test_page_in_gb2312_is_told_by_its_bytes() -> None:
    data = '<meta charset="gb2312"><table><tr><td>姓名</td></tr></table>'.encode("gb18030")
    kind = inspect("名单.xls", data)
    assert (kind.format, kind.encoding) == (FileFormat.WEB_PAGE, "gb18030")
    assert [list(sheet.rows()) for sheet in read(kind, data).sheets] == [[["姓名"]]]

"""A golden workbook: a small file with one mess or one fault, and what the portal must make of it.

The case modules beside this one describe them; `build` writes the files and the manifest.  Every person is
invented; every identity number has its right check character.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from datong_edu.core.idnumber import check_character
from tests.workbooks.builders import ods, saved

TERM = "2020-2021-1"
HUNYUAN, YUNZHOU, CITY = "140225", "140215", "140200"
PRIMARY = "浑源县第一小学校"
TOWN_PRIMARY = "浑源县西坊城镇中心小学校"
NINE_YEARS = "浑源县沙圪坨镇九年一贯制学校"
NAMES = ("贺明远", "靳晓禾", "尚文博", "阎思雨", "冀子轩", "郝雨桐", "樊一诺", "祁嘉禾", "穆星辰", "亓若溪")
Reasons = Mapping[int | str, Sequence[str]]


@dataclass(frozen=True)
class Golden:
    """One file and its outcome.  Rows are those of the sheet from 1, `sheet!row` where several are read."""

    kind: str
    name: str
    data: bytes
    about: tuple[str, ...]
    accepted: int = 0
    rejected: Reasons = field(default_factory=dict)
    warned: Reasons = field(default_factory=dict)
    values: Mapping[int | str, Mapping[str, Any]] = field(default_factory=dict)
    ignored: Mapping[int | str, str] = field(default_factory=dict)
    refusal: str = ""
    unit: str = HUNYUAN
    term: str | None = TERM

    @property
    def verdict(self) -> str:
        """A file passes when every row of it is stored."""
        return "should_fail" if self.refusal or self.rejected else "should_pass"

    @property
    def path(self) -> str:
        """Where the file stands below tests/workbooks."""
        return f"{self.kind}/{self.verdict}/{self.name}"

    def entry(self) -> dict[str, Any]:
        """The manifest's lines about it."""
        entry: dict[str, Any] = {
            "file": self.path,
            "kind": self.kind,
            "unit": self.unit,
            "term": self.term,
            "about": list(self.about),
            "exit": 0 if self.accepted else 2,
        }
        if self.refusal:
            return entry | {"refusal": self.refusal}
        entry |= {"accepted": self.accepted, "rejected": len(self.rejected)}
        parts = (
            ("reasons", self.rejected),
            ("warnings", self.warned),
            ("ignored", self.ignored),
            ("values", self.values),
        )
        return entry | {
            name: {key: _plain(value) for key, value in part.items()} for name, part in parts if part
        }


GOLDEN: list[Golden] = []


def golden(about: str, kind: str, name: str, data: bytes, **outcome: Any) -> None:
    """Add a file; `about` names the points of the list of messes, `1 3`."""
    GOLDEN.append(Golden(kind, name, data, tuple(about.split()), **outcome))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value if isinstance(value, str) else list(value)


# --- people --------------------------------------------------------------------------------------------


def number(order: int, born: date = date(2011, 3, 8), area: str = "140225") -> str:
    """The valid identity number of the invented person of this order; odd ones are boys."""
    body = f"{area}{born:%Y%m%d}{order:03}"
    return body + check_character(body)


def number_with_x(born: date = date(2011, 3, 8)) -> str:
    """A boy's valid number that ends in X."""
    return next(found for order in range(1, 400, 2) if (found := number(order, born)).endswith("X"))


# --- cells ---------------------------------------------------------------------------------------------


class Text(str):
    """A text that a spreadsheet library would take for a formula or an error."""

    __slots__ = ()


class Formula(NamedTuple):
    """A formula with the value a spreadsheet program stored for it; None when it was never calculated."""

    text: str
    value: float | None = None


Rows = Iterable[Iterable[object]]


def table(lines: Iterable[Mapping[str, object]]) -> list[list[object]]:
    """Headings and rows of these lines."""
    lines = list(lines)
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    return [list(headings), *([line.get(heading, "") for heading in headings] for line in lines)]


def xlsx(
    rows: Rows | Mapping[str, Rows],
    shape: Callable[[Worksheet], None] | None = None,
    *,
    old_epoch: bool = False,
) -> bytes:
    """A workbook of one sheet 名单, or of several; `shape` merges and hides on the first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if old_epoch:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    stored: list[tuple[str, float]] = []
    for title, lines in (rows if isinstance(rows, Mapping) else {"名单": rows}).items():
        sheet = book.create_sheet(title)
        for at, line in enumerate(lines, start=1):
            for column, value in enumerate(line, start=1):
                stored += _put(sheet, at, column, value)
    if shape is not None:
        shape(book.worksheets[0])
    return packed(_with_values(saved(book), stored))


def _put(sheet: Worksheet, row: int, column: int, value: object) -> list[tuple[str, float]]:
    if value == "" and not isinstance(value, Text):
        return []
    cell = sheet.cell(row, column)
    if isinstance(value, Formula):
        cell.value = value.text
        return [] if value.value is None else [(cell.coordinate, value.value)]
    cell.value = value
    if isinstance(value, Text):
        cell.data_type = "s"
    return []


def _with_values(data: bytes, stored: list[tuple[str, float]]) -> bytes:
    def put(name: str, content: bytes) -> bytes:
        if name.startswith("xl/worksheets/sheet1"):
            for place, value in stored:
                pattern = rf'(<c r="{place}"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)'.encode()
                content = re.sub(pattern, rb"\g<1><v>" + str(value).encode() + b"</v>", content)
        return content

    return _rewritten(data, put) if stored else data


def packed(data: bytes) -> bytes:
    """The same archive without a trace of the hour it was made."""

    def put(name: str, content: bytes) -> bytes:
        if name == "docProps/core.xml":
            return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-11-20T08:00:00Z", content)
        return content

    return _rewritten(data, put)


def _rewritten(data: bytes, put: Callable[[str, bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2020, 11, 20, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(entry, put(name, old.read(name)))
    return stream.getvalue()


def text(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Delimited text as a spreadsheet program saves it."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def open_document(rows: Rows, *, hidden: Iterable[int] = (), blank_rows: int = 0) -> bytes:
    """An .ods workbook of one sheet 名单."""
    lines = []
    for number_, line in enumerate(rows, start=1):
        visible = ' table:visibility="collapse"' if number_ in set(hidden) else ""
        cells = "".join(map(_ods_cell, line))
        lines.append(f"<table:table-row{visible}>{cells}</table:table-row>")
    if blank_rows:
        cell = '<table:table-cell table:style-name="ce1" table:number-columns-repeated="1024"/>'
        lines.append(f'<table:table-row table:number-rows-repeated="{blank_rows}">{cell}</table:table-row>')
    return packed(ods("".join(lines)))


def _ods_cell(value: object) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, datetime | date):
        moment = value.isoformat() if not isinstance(value, datetime) or value.time() != time() else ""
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{moment}">'
            f"<text:p>{moment}</text:p></table:table-cell>"
        )
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    words = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def web_page(rows: Rows, encoding: str = "utf-8", *, merge_down: tuple[int, int, int] = (0, 0, 0)) -> bytes:
    """A page with one table, as systems export it under the name of .xls.

    `merge_down` is row and column (from 1) of a cell that covers so many rows.
    """
    at_row, at_column, down = merge_down
    lines = []
    for number_, line in enumerate(rows, start=1):
        cells = []
        for column, value in enumerate(line, start=1):
            if at_row < number_ < at_row + down and column == at_column:
                continue
            span = f" rowspan={down}" if (number_, column) == (at_row, at_column) else ""
            words = str(value).replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
            cells.append(f"<td{span} style='mso-number-format:\"\\@\"'>{words}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    charset = "gb2312" if encoding == "gb18030" else encoding
    page = (
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type'
        f' content="text/html; charset={charset}"><style>td {{ border: 1px }}</style></head>'
        f"<body><table border=1>{''.join(lines)}</table></body></html>"
    )
    return page.encode(encoding)


def xml_2003(rows: Rows, charset: str = "utf-8") -> bytes:
    """“XML 表格 2003” of one sheet 名单."""
    lines = "".join(f"<Row>{''.join(map(_xml_cell, line))}</Row>" for line in rows)
    urn = "urn:schemas-microsoft-com:office"
    book = (
        f'<?xml version="1.0" encoding="{charset}"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{urn}:spreadsheet" xmlns:ss="{urn}:spreadsheet"><Worksheet ss:Name="名单">'
        f"<Table>{lines}</Table></Worksheet></Workbook>"
    )
    return book.encode("gb18030" if charset == "gb2312" else charset)


def _xml_cell(value: object) -> str:
    if value == "":
        return "<Cell/>"
    if isinstance(value, Formula):
        stored = "" if value.value is None else f'<Data ss:Type="Number">{value.value}</Data>'
        return f'<Cell ss:Formula="{value.text}">{stored}</Cell>'
    kind = "Number" if isinstance(value, int | float) else "String"
    words = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<Cell><Data ss:Type="{kind}">{words}</Data></Cell>'


# --- lines of the rosters ------------------------------------------------------------------------------


def living(order: int = 1, **given: object) -> dict[str, object]:
    """R2: a boarder of grade 4 with 500 yuan."""
    line: dict[str, object] = {
        "序号": order,
        "学校": TOWN_PRIMARY,
        "姓名": NAMES[order % len(NAMES)],
        "身份证号": number(order),
        "年级": "四年级",
        "困难类型": "建档立卡",
        "就读方式": "寄宿",
        "金额": 500,
    }
    return line | given


def pupil(order: int = 1, **given: object) -> dict[str, object]:
    """Registry: a day pupil of grade 4."""
    line: dict[str, object] = {
        "学籍号": f"G{number(order)}",
        "姓名": NAMES[order % len(NAMES)],
        "身份证件号": number(order),
        "出生日期": "2011-03-08",
        "学校名称": TOWN_PRIMARY,
        "年级": "四年级",
        "就读方式": "走读",
        "学生状态": "在读",
    }
    return line | given


def member(order: int = 1, **given: object) -> dict[str, object]:
    """Poverty register: a child of household 14022500100."""
    line: dict[str, object] = {
        "县(市、区、旗)": "浑源县",
        "户编号": "14022500100",
        "人编号": f"1402250010{order:04}",
        "姓名": NAMES[order % len(NAMES)],
        "证件号码": number(order),
        "与户主关系": "之子",
        "脱贫属性": "已脱贫（享受政策）",
        "脱贫年度": "2019",
    }
    return line | given


def listed(order: int = 1, **given: object) -> dict[str, object]:
    """Civil list: rural 低保 since 2019."""
    line: dict[str, object] = {
        "姓名": NAMES[order % len(NAMES)],
        "身份证号": number(order),
        "类别": "农村低保",
        "起始日期": "2019-01-01",
    }
    return line | given


def teacher(order: int = 1, **given: object) -> dict[str, object]:
    """R14: a teacher on establishment."""
    line: dict[str, object] = {
        "序号": order,
        "学校": NINE_YEARS,
        "姓名": NAMES[order % len(NAMES)],
        "身份证号": number(order, date(1985, 6, 1)),
        "是否在编": "是",
        "在岗状态": "在岗",
    }
    return line | given


def allowance(order: int = 1, **given: object) -> dict[str, object]:
    """R15: 300 yuan for four months."""
    line: dict[str, object] = {
        "县区": "浑源县",
        "学校": NINE_YEARS,
        "姓名": NAMES[order % len(NAMES)],
        "身份证号": number(order, date(1985, 6, 1)),
        "年度": "2020",
        "月标准": "300",
        "月数": "4",
        "金额": "1200",
    }
    return line | given


def meals(order: int = 1, **given: object) -> dict[str, object]:
    """R9: a month of meals."""
    line: dict[str, object] = {
        "学校": TOWN_PRIMARY,
        "年月": f"2020-{8 + order:02}",
        "在校生数": 100,
        "享受人数": 100,
        "供餐天数": 20,
        "人次": 2000,
        "补助标准": "4元/天",
        "应拨": 8000,
    }
    return line | given


def dropout(order: int = 1, **given: object) -> dict[str, object]:
    """R11: a child who left in March."""
    line: dict[str, object] = {
        "序号": order,
        "姓名": NAMES[order % len(NAMES)],
        "身份证号": number(order),
        "家长电话": "13800001234",
        "学校": TOWN_PRIMARY,
        "年级": "四年级",
        "辍学类型": "疑似辍学",
        "辍学时间": "2020-03-01",
    }
    return line | given


def school(order: int = 1, **given: object) -> dict[str, object]:
    """School list: a new school of 浑源县."""
    line: dict[str, object] = {
        "学校标识码": f"211490{order:04}",
        "学校名称": f"浑源县试验第{order}小学校",
        "县区": "浑源县",
        "办学类型": "小学",
        "驻地类别": "镇区",
        "有无宿舍": "有",
    }
    return line | given

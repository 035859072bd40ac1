"""下载模板: an empty workbook of a roster and county whose headings need no question once it is filled in.

Numbers of people and accounts stand in text columns, so that no spreadsheet spoils them.  Columns of few
words have drop-downs, fed by a hidden sheet.  The notes sheet lists the columns downwards with an invented
example; neither is ever read as data.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from datong_edu.importing.declare import Column, Roster
from datong_edu.importing.labels import field_label
from datong_edu.importing.offered import SEVERAL, words_for
from datong_edu.importing.template_marks import (
    NOTES_SHEET,
    WORDS_SHEET,
    heading_of,
    sheet_title,
    version_of,
)

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit

EXAMPLES = {
    "seq": "1",
    "line_no": "2020100001",
    "batch_no": "202012-01",
    "county": "浑源县",
    "county_code": "140225",
    "town": "示例镇",
    "village": "示例村",
    "hamlet": "示例自然村",
    "school": "浑源县示例小学",
    "school_code": "2114000001",
    "school_kind": "小学",
    "seat": "乡村",
    "ownership": "公办",
    "dormitory": "有",
    "years": "六年制",
    "fee_standard": "0",
    "enrolled": "120",
    "staff": "12",
    "closed_date": "2020-08-31",
    "receiving_code": "2114000002",
    "receiving_school": "浑源县示例第二小学",
    "alias": "示例小学",
    "former_name": "示例中心校",
    "name": "张示例",
    "sex": "女",
    "birth": "2010-05-01",
    "nation": "汉族",
    "id_type": "居民身份证",
    "id_no": "140225201005010022",
    "old_id_no": "140225201005010014",
    "student_no": "G140225201005010022",
    "disability_no": "14022520100501002241",
    "guardian_id": "140225198001010012",
    "phone": "13900000000",
    "account": "6217000001234567891",
    "stage": "小学",
    "grade": "五年级",
    "class": "1班",
    "enrol_month": "2016-09",
    "boarding": "寄宿",
    "hukou": "农业户口",
    "status": "在读",
    "movement_date": "2020-09-01",
    "guardian": "张示范",
    "holder": "张示范",
    "relation": "父亲",
    "address": "示例镇示例村1号",
    "category": "建档立卡、低保",
    "term": "2020年秋季",
    "own_term": "2020年秋季",
    "amount": "625",
    "bank": "示例银行浑源支行",
    "month": "2020-10",
    "year": "2020",
    "months": "12",
    "monthly": "300",
    "note": "示例，请勿照抄",
}
HEAD = {
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "bg_color": "#E8EEF5",
    "num_format": "@",
}
TEXT_WIDTH, NUMBER_WIDTH = 14, 24
OFFERED_ROWS = 20_000


def build(roster: Roster, unit: "Unit | None" = None) -> bytes:
    """The workbook of one roster and county: its sheets with headings and drop-downs, then 填写说明."""
    result = BytesIO()
    book = xlsxwriter.Workbook(
        result, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": roster.title, "comments": f"{roster.key} {version_of(roster)}"})
    head = book.add_format(HEAD)
    text = book.add_format({"num_format": "@"})
    sheets = [(part, book.add_worksheet(sheet_title(part))) for part in roster.makes()]
    _write_notes(book, roster, unit, head, text)
    words = _Words(book)
    for part, sheet in sheets:
        _write_headings(sheet, part, head, text, book.add_format())
        for field, listed in words_for(part, unit).items():
            _offer(sheet, part, field, words.place(field, listed))
    words.hide()
    book.close()
    return result.getvalue()


def _write_headings(sheet: Any, roster: Roster, head: Any, text: Any, plain: Any) -> None:
    for place, column in enumerate(roster.template_columns()):
        heading = heading_of(column)
        width = max(NUMBER_WIDTH if column.sealed else TEXT_WIDTH, 2 * len(heading) + 2)
        sheet.set_column(
            place, place, width, plain if column.sql in ("numeric", "integer", "smallint") else text
        )
        sheet.write_string(0, place, heading, head)
    sheet.set_row(0, 28)
    sheet.freeze_panes(1, 0)


class _Words:
    """The hidden sheet whose columns are the lists of the drop-downs."""

    def __init__(self, book: Any) -> None:
        self.sheet = book.add_worksheet(WORDS_SHEET)
        self.placed: dict[tuple[str, tuple[str, ...]], str] = {}

    def place(self, field: str, words: tuple[str, ...]) -> str:
        """Write a list once and answer its range."""
        if (field, words) not in self.placed:
            at = len(self.placed)
            self.sheet.write_string(0, at, f"{WORDS_SHEET}：{field_label(field)}")
            for row, word in enumerate(words, start=1):
                self.sheet.write_string(row, at, word)
            last = xl_rowcol_to_cell(len(words), at, row_abs=True, col_abs=True)
            first = xl_rowcol_to_cell(1, at, row_abs=True, col_abs=True)
            self.placed[field, words] = f"='{WORDS_SHEET}'!{first}:{last}"
        return self.placed[field, words]

    def hide(self) -> None:
        """Nobody needs to see it."""
        self.sheet.hide()


def _offer(sheet: Any, roster: Roster, field: str, source: str) -> None:
    """A drop-down below a heading; another word may be typed, and is then asked about once."""
    columns = roster.template_columns()
    at = next(place for place, column in enumerate(columns) if column.field == field)
    several = field in SEVERAL
    note = "有多种的用“、”隔开" if several else "请从下拉列表中选择"
    sheet.data_validation(
        1,
        at,
        OFFERED_ROWS,
        at,
        {
            "validate": "list",
            "source": source,
            "input_title": field_label(field)[:32],
            "input_message": note,
            "error_type": "warning",
            "error_title": "不在列表中",
            "error_message": "列表中没有这个写法，导入时可能无法识别。仍要这样填写吗？",
            "show_error": not several,
        },
    )


def _write_notes(book: Any, roster: Roster, unit: "Unit | None", head: Any, text: Any) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 52)
    titles = "、".join(f"“{sheet_title(part)}”" for part in roster.makes())
    lines = [
        f"《{roster.title}》填写说明",
        f"请把数据填在{titles}工作表，从第 2 行起，每行一条；不要改动列名和工作表名，用不到的列留空。",
        "身份证号、学籍号、账号、电话等列已设为文本格式；从别处粘贴时请选“只粘贴值”，以免丢失末位数字。",
        "带下拉箭头的列请从列表中选择；学校列表为本县区现有学校。下面的示例均为虚构，只说明写法。",
        f"适用单位：{unit.name if unit else '全市'}　模板版本：{version_of(roster)}",
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    row = len(lines) + 1
    for part in roster.makes():
        if len(roster.makes()) > 1:
            sheet.write_string(row, 0, f"工作表“{sheet_title(part)}”", bold)
            row += 1
        for place, heading in enumerate(("列", "示例", "写法")):
            sheet.write_string(row, place, heading, head)
        for column in part.template_columns():
            row += 1
            sheet.write_string(row, 0, heading_of(column), text)
            sheet.write_string(row, 1, example_of(column), text)
            sheet.write_string(row, 2, _how(column), wrap)
        row += 2


def example_of(column: Column) -> str:
    """An invented value of a column; blank where any text will do."""
    return EXAMPLES.get(column.field, "")


def _how(column: Column) -> str:
    if column.sealed:
        return "按证件或存折逐位填写，单元格须为文本格式"
    if column.sql == "numeric":
        return "只填数字，单位元，最多两位小数"
    if column.sql == "date":
        return "写成 2020-09-01 的样式"
    if column.sql in ("integer", "smallint") and column.field not in ("grade", "class"):
        return "只填整数"
    return f"按实际填写{field_label(column.field)}"

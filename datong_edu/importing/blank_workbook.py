"""下载模板: an empty workbook of a roster whose headings need no question when it comes back filled.

Numbers of people and accounts stand in text columns, so that no spreadsheet spoils them.  The notes sheet
lists the columns downwards with an invented example; it is never read as data.
"""

from io import BytesIO
from typing import Any

import xlsxwriter

from datong_edu.importing.declare import Column, Roster
from datong_edu.importing.labels import field_label
from datong_edu.importing.template_marks import NOTES_SHEET, heading_of, sheet_title

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


def build(roster: Roster) -> bytes:
    """The workbook of one roster: its sheet with headings, then 填写说明."""
    result = BytesIO()
    book = xlsxwriter.Workbook(
        result, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format(HEAD)
    text = book.add_format({"num_format": "@"})
    plain = book.add_format()
    sheet = book.add_worksheet(sheet_title(roster))
    for place, column in enumerate(roster.columns):
        heading = heading_of(column)
        width = max(NUMBER_WIDTH if column.sealed else TEXT_WIDTH, 2 * len(heading) + 2)
        sheet.set_column(
            place, place, width, plain if column.sql in ("numeric", "integer", "smallint") else text
        )
        sheet.write_string(0, place, heading, head)
    sheet.set_row(0, 28)
    sheet.freeze_panes(1, 0)
    _write_notes(book, roster, head, text)
    book.close()
    return result.getvalue()


def _write_notes(book: Any, roster: Roster, head: Any, text: Any) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 52)
    lines = (
        f"《{roster.title}》填写说明",
        f"请把数据填在“{sheet_title(roster)}”工作表，从第 2 行起，每行一条；不要改动列名，用不到的列留空。",
        "身份证号、学籍号、账号、电话等列已设为文本格式；从别处粘贴时请选“只粘贴值”，以免丢失末位数字。",
        "下面的示例均为虚构，只说明写法。",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    first = len(lines) + 1
    for place, heading in enumerate(("列", "示例", "写法")):
        sheet.write_string(first, place, heading, head)
    for row, column in enumerate(roster.columns, start=first + 1):
        sheet.write_string(row, 0, heading_of(column), text)
        sheet.write_string(row, 1, example_of(column), text)
        sheet.write_string(row, 2, _how(column), wrap)


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

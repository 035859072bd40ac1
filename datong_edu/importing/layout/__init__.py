"""The layout: which sheets are rosters, where their headings stand and which rows are data.

A sheet of a county office has title lines, one or two rows of headings, repeated headings at each printed
page, subtotals, blank spacers, totals, notes and lines to sign on.  Only data rows go on; every other row is
counted with the reason it was left out.  A sheet of several tables, side by side or one below the other,
counts as one sheet for each of them.
"""

import re

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.layout.below import BELOW, tables_of
from datong_edu.importing.layout.blocks import RIGHT, blocks_of
from datong_edu.importing.layout.header import CONTROL
from datong_edu.importing.layout.rows import IgnoredRow, Row, RowReason, SheetLayout, SheetRole
from datong_edu.importing.layout.vocabulary import Column, Vocabulary
from datong_edu.importing.reader.book import Sheet, Workbook

__all__ = [
    "NO_HEADER", "Column", "IgnoredRow", "Row", "RowReason", "SheetLayout", "SheetRole", "Vocabulary", "find",
    "open_sheets", "refuse_without_data", "tab_of",
]  # fmt: skip

LONGEST_NAME = 60
PART_OF_TAB = re.compile(rf"(?:(?:{BELOW}|{RIGHT})\d*)+$")
NO_HEADER = "找不到表头：没有一个工作表含有这种名册的列名。请核对名册种类，或按模板保留表头行后再上传。"


def open_sheets(workbook: Workbook, vocabulary: Vocabulary) -> list[SheetLayout]:
    """Find the headings of every sheet; rows are read afterwards through `SheetLayout.rows`.

    Raises `RefusedFile` NO_HEADER when no sheet has headings of the roster.
    """
    blocks = [
        table
        for sheet in workbook.sheets
        for block in blocks_of(sheet, vocabulary)
        for table in tables_of(block, vocabulary)
    ]
    _name_apart(blocks)
    sheets = [SheetLayout.of(sheet, vocabulary) for sheet in blocks]
    if vocabulary.any_heading and not any(sheet.role is SheetRole.DATA for sheet in sheets):
        sheets = [SheetLayout.under_any_heading(sheet) for sheet in blocks]
    if not any(sheet.role is SheetRole.DATA for sheet in sheets):
        raise RefusedFile("NO_HEADER", NO_HEADER)
    return sheets


def tab_of(name: str) -> str:
    """The tab of the file that a table stands on: 低保·右栏 and 低保·下表2 stand on 低保."""
    return PART_OF_TAB.sub("", name)


def _name_apart(sheets: list[Sheet]) -> None:
    """Sheets are known by their names: without control characters, and no name twice."""
    taken: set[str] = set()
    for sheet in sheets:
        name = plain = CONTROL.sub("", sheet.name)[:LONGEST_NAME]
        times = 1
        while name in taken:
            times += 1
            name = f"{plain}·{times}"
        sheet.name = name
        taken.add(name)


def refuse_without_data(sheets: list[SheetLayout]) -> None:
    """Once all rows are read: raises `RefusedFile` NO_DATA when there was none."""
    if not any(sheet.data_rows for sheet in sheets):
        raise RefusedFile("NO_DATA", "表头下面没有数据行，请核对是否选错了文件，填好后再上传。")


def find(workbook: Workbook, vocabulary: Vocabulary) -> list[SheetLayout]:
    """The whole layout of a workbook, with all rows walked once and none kept.

    Raises `RefusedFile` NO_HEADER or NO_DATA.
    """
    sheets = open_sheets(workbook, vocabulary)
    for sheet in sheets:
        for _ in sheet.rows():
            pass
    refuse_without_data(sheets)
    return sheets

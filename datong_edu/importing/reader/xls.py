"""Workbooks of Excel 97 to 2003 and WPS .et, through xlrd: at most 65,536 rows, so one parser is enough."""

import os
import struct
from collections.abc import Iterator
from datetime import time
from functools import partial

import xlrd

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import CellError, Value
from datong_edu.importing.gate.archive import DAMAGED, PASSWORD
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader.book import Merge, Sheet, Workbook

ORDINARY = frozenset((xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_BLANK))
BROKEN = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, IndexError, KeyError, ValueError, AttributeError,
    TypeError, AssertionError, UnicodeError, OverflowError, ZeroDivisionError,
)  # fmt: skip


def read_xls(data: bytes, limits: Limits) -> Workbook:
    """Open an .xls workbook with its formatting, which tells hidden rows and dates; raises `RefusedFile`."""
    try:
        with open(os.devnull, "w") as log:
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, ragged_rows=True, logfile=log, on_demand=False
            )
    except BROKEN as error:
        if "encrypted" in str(error):
            raise RefusedFile("ENCRYPTED", PASSWORD) from error
        raise RefusedFile("DAMAGED", DAMAGED) from error
    return Workbook([_sheet(book, sheet) for sheet in book.sheets()])


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    return Sheet(
        sheet.name,
        partial(_rows, sheet, book.datemode),
        hidden=sheet.visibility != 0,
        hidden_rows={number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden},
        hidden_columns={number for number, column in sheet.colinfo_map.items() if column.hidden},
        merges=[Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells],
        last_row=sheet.nrows,
    )


def _rows(sheet: xlrd.sheet.Sheet, date_mode: int) -> Iterator[list[Value]]:
    last = sheet.nrows
    while last and all(value == "" for value in sheet.row_values(last - 1)):
        last -= 1
    for index in range(last):
        values, types = sheet.row_values(index), sheet.row_types(index)
        if not ORDINARY.issuperset(types):
            values = [_value(kind, value, date_mode) for kind, value in zip(types, values, strict=True)]
        yield values


def _value(kind: int, value: str | float, date_mode: int) -> Value:
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(value, "#N/A"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate.xldate_as_datetime(value, date_mode)
        except (ValueError, OverflowError):
            return value
        return moment.date() if moment.time() == time() else moment
    return value

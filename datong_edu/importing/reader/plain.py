"""Delimited text: records instead of rows, every cell text, the `="…"` wrappers of Excel taken off."""

import csv
import io
from collections.abc import Iterator
from functools import partial

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import BadBytes, Value
from datong_edu.importing.gate.archive import DAMAGED
from datong_edu.importing.reader.book import Sheet, Workbook

SHEET_NAME = "csv"
LONGEST_CELL = 1_000_000


def read_text(data: bytes, *, encoding: str, delimiter: str) -> Workbook:
    """The one sheet of a text file; a byte that cannot be decoded becomes `\\ufffd` in a `BadBytes` cell."""
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    broken = _is_broken(data, encoding)
    records = partial(_records, text, delimiter, broken)
    return Workbook([Sheet(SHEET_NAME, records, last_row=text.count("\n"))])


def _is_broken(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _records(text: str, delimiter: str, broken: bool) -> Iterator[list[Value]]:
    csv.field_size_limit(LONGEST_CELL)
    wrapped = '="' in text
    lines = io.StringIO(text.replace("\x00", ""), newline="")
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            cells: list[Value] = list(record)
            if wrapped and any(cell.startswith('="') for cell in record):
                cells = [unwrapped(cell) for cell in record]
            if broken:
                cells = [BadBytes(cell) if "\ufffd" in str(cell) else cell for cell in cells]
            yield cells
    except csv.Error as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error


def unwrapped(cell: str) -> str:
    """`="140225…"` is how Excel keeps an identity number as text in csv; the number is what was meant."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return cell

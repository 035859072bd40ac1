"""Writes roster files: tidy workbooks, workbooks laid out for printing, and GB18030 text."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import rustpy_xlsxwriter
import xlsxwriter

Cell = str | int | float | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Sheet:
    """A sheet: headings, rows, and the title rows a county prints above them."""

    name: str
    headings: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    titles: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    repeats_header: bool = False


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes .xlsx or, by the ending of the path, .csv of the only sheet; long numbers stay text."""
    if path.suffix == ".csv":
        _write_text(path, sheets[0])
    elif any(sheet.titles or sheet.footers or sheet.repeats_header for sheet in sheets):
        _write_printed(path, sheets)
    else:
        fast = rustpy_xlsxwriter.FastExcel(str(path))
        for sheet in sheets:
            fast.sheet(sheet.name, [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows])
        fast.save()


def _write_text(path: Path, sheet: Sheet) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.headings)
        for row in sheet.rows:
            writer.writerow([f'="{cell}"' if _looks_like_number(cell) else cell for cell in row])


def _looks_like_number(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) >= 15 and cell[:15].isdigit()


def _write_printed(path: Path, sheets: Sequence[Sheet]) -> None:
    """Title rows merged over the table, the header once more every thirty rows where asked, notes below."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "align": "center"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            at = 0
            for title in sheet.titles:
                page.merge_range(at, 0, at, len(sheet.headings) - 1, title, bold)
                at += 1
            for index, row in enumerate(sheet.rows):
                if index == 0 or (sheet.repeats_header and index % 30 == 0):
                    page.write_row(at, 0, sheet.headings, bold)
                    at += 1
                page.write_row(at, 0, row)
                at += 1
            for note in sheet.footers:
                page.write_string(at, 0, note)
                at += 1

"""Long files of which every row is refused: `python -m tests.importing.long_files FILE ROWS`.

Run as a process of its own, so that what the writing takes does not count as the memory of what is measured.
"""

import csv
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

from tests.importing.biff import biff_workbook
from tests.workbooks.builders import ods, ods_row

HEADINGS = ("序号", "学校", "姓名", "身份证号", "年级", "困难类型", "就读方式", "金额")
SHEET_ROWS = 60_000
"""An .xls sheet has 65,536 rows at most."""
ROWS_MARK = "<!--rows-->"


def rows_of(first: int, last: int) -> Iterator[Sequence[str]]:
    """Headings, and rows with an unknown school, a number of wrong length and an amount in slang."""
    yield HEADINGS
    for at in range(first, last):
        number = f"1402252011{at:07}"
        yield (str(at + 1), "光明小学", "靳晓禾", number, "四年级", "低保", "寄宿", "三百五")


def write(file: Path, rows: int) -> None:
    """Write the file in the format its name says."""
    {".csv": _csv, ".xlsx": _xlsx, ".xls": _xls, ".ods": _ods}[file.suffix](file, rows)


def _csv(file: Path, rows: int) -> None:
    with file.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows(rows_of(0, rows))


def _xlsx(file: Path, rows: int) -> None:
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(rows_of(0, rows)):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell)


def _xls(file: Path, rows: int) -> None:
    starts = range(0, rows, SHEET_ROWS)
    sheets = {
        f"第{at}页": list(rows_of(s, min(s + SHEET_ROWS, rows))) for at, s in enumerate(starts, start=1)
    }
    file.write_bytes(biff_workbook(sheets))


def _ods(file: Path, rows: int) -> None:
    frame = file.with_suffix(".frame")
    frame.write_bytes(ods(ROWS_MARK))
    with zipfile.ZipFile(frame) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            before, mark, after = old.read(name).partition(ROWS_MARK.encode())
            with new.open(name, "w") as part:
                part.write(before)
                for row in rows_of(0, rows) if mark else ():
                    part.write(ods_row(row).encode())
                part.write(after)
    frame.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))

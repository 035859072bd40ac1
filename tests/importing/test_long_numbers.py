"""Identity numbers and cards survive import → export → import in every format; rounded ones never do."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import xlrd
import xlsxwriter

from datong_edu.accounts.actions import service_account
from datong_edu.core.idnumber import check_character
from datong_edu.core.sensitive import unseal
from datong_edu.importing import actions, workbook
from datong_edu.importing.declare import roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.staging import ACCEPTED, Stage
from tests import factories as make
from tests.importing.biff import biff_workbook
from tests.importing.rosters import RURAL

pytestmark = pytest.mark.usefixtures("books")

KIND = "r15_rural_allowance"
HEADINGS = ("县区", "学校", "姓名", "身份证号", "年度", "月标准", "月数", "金额", "银行账号")
FEW, MANY = 300, 100_000
SHEET_ROWS = 60_000
"""An .xls sheet has 65,536 rows at most."""
Lines = list[tuple[str, str]]


def numbers(count: int) -> Lines:
    """So many different identity numbers, one in eleven ending in X, each with a card of 16 to 19 digits."""
    found = []
    for at in range(count):
        born = date(1962, 1, 1) + timedelta(days=at % 12_000)
        body = f"140225{born:%Y%m%d}{at // 12_000 * 37 % 1000:03}"
        found.append((body + check_character(body), f"{at * 7_919 + 10**6:0{16 + at % 4}}"[: 16 + at % 4]))
    return [(number, "62" + card[2:]) for number, card in found]


def rows_of(lines: Lines) -> Iterable[Sequence[Any]]:
    """The sheet of these numbers."""
    yield HEADINGS
    for number, card in lines:
        yield ("浑源县", RURAL, "姚玉兰", number, "2020", "300", "4", "1200", card)


def as_xlsx(lines: Lines) -> bytes:
    """Text cells, as a careful clerk has them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(rows_of(lines)):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell)
    return target.getvalue()


def as_xls(lines: Lines) -> bytes:
    """Text cells in the old format, on as many sheets as it needs."""
    parts = [lines[at : at + SHEET_ROWS] for at in range(0, len(lines), SHEET_ROWS)]
    return biff_workbook({f"第{at}页": list(rows_of(part)) for at, part in enumerate(parts, start=1)})


def as_csv(encoding: str) -> Callable[[Lines], bytes]:
    """Text as Excel or a system exports it."""

    def write(lines: Lines) -> bytes:
        target = io.StringIO(newline="")
        csv.writer(target).writerows(rows_of(lines))
        return target.getvalue().encode(encoding)

    return write


FORMATS: dict[str, tuple[str, Callable[[Lines], bytes]]] = {
    "xlsx": ("名单.xlsx", as_xlsx),
    "xls": ("名单.xls", as_xls),
    "csv utf-8": ("名单.csv", as_csv("utf-8")),
    "csv utf-8-sig": ("名单.csv", as_csv("utf-8-sig")),
    "csv gb18030": ("名单.csv", as_csv("gb18030")),
    "csv utf-16": ("名单.csv", as_csv("utf-16")),
}
EACH_FORMAT = pytest.mark.parametrize("form", FORMATS)


def checked(name: str, data: bytes) -> ImportBatch:
    """A batch whose rows are staged."""
    by = service_account()
    batch = actions.receive_file(kind=KIND, unit=make.county(), term=None, file_name=name, data=data, by=by)
    batch.state = BatchState.CHECKING
    batch.save(update_fields=["state"])
    actions.check_batch(batch=batch, by=by)
    assert batch.state == BatchState.READY, batch.message
    return batch


def staged(batch: ImportBatch) -> Lines:
    """The numbers of the accepted rows as the ledger would get them."""
    stage = Stage(roster_called(KIND), batch.pk)
    return [
        (unseal("id_no", number, at), unseal("account", card, card_at))
        for number, at, card, card_at in stage.rows(
            f"SELECT id_no, id_no_index, account, account_index FROM {stage.table} s"
            f" WHERE {ACCEPTED} ORDER BY seq"
        )
    ]


def exported(batch: ImportBatch) -> bytes:
    """The portal's own workbook of the file, as 下载标红的原表 gives it."""
    return workbook.build(batch, roster_called(KIND)).read()


def survive(form: str, count: int) -> None:
    """Import, export, import: the same numbers each time."""
    lines = numbers(count)
    name, write = FORMATS[form]
    first = checked(name, write(lines))
    assert first.counts["refused"] == 0
    assert staged(first) == lines
    again = checked("导出.xlsx", exported(first))
    assert staged(again) == lines


@EACH_FORMAT
def test_numbers_survive_the_round_trip(form: str) -> None:
    survive(form, FEW)


@pytest.mark.slow
@EACH_FORMAT
def test_100000_numbers_survive_the_round_trip(form: str) -> None:
    survive(form, MANY)


def as_numbers(lines: Lines) -> bytes:
    """The same cells typed as numbers: the spreadsheet keeps 15 digits."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(rows_of(lines)):
            for place, cell in enumerate(row):
                is_long = at and place in (3, 8) and cell.isdigit()
                sheet.write_number(at, place, float(cell)) if is_long else sheet.write_string(at, place, cell)
    return target.getvalue()


def all_refused(name: str, data: bytes, count: int) -> None:
    """Every row is refused, for both of its numbers."""
    batch = checked(name, data)
    assert (batch.counts["refused"], staged(batch)) == (count, [])
    stage = Stage(roster_called(KIND), batch.pk)
    [(both,)] = stage.rows(
        f"SELECT count(*) FROM {stage.table} WHERE fault_keys @>"
        " ARRAY['ID_PRECISION_LOST', 'ACCOUNT_PRECISION_LOST']"
    )
    assert both == count


def all_digits(count: int) -> Lines:
    """Numbers without an X: those a spreadsheet takes for numbers."""
    return [line for line in numbers(count + count // 5) if line[0].isdigit()][:count]


def as_exponents(lines: Lines) -> bytes:
    """What is left of them in a csv that Excel saved: 1.40225E+17."""
    short = [(f"{float(number):.5E}", f"{float(card):.5E}") for number, card in lines]
    return as_csv("gb18030")(short)


def test_numeric_numbers_are_all_refused() -> None:
    all_refused("名单.xlsx", as_numbers(all_digits(FEW)), FEW)
    all_refused("名单.csv", as_exponents(all_digits(FEW)), FEW)


@pytest.mark.slow
def test_100000_numeric_numbers_are_all_refused() -> None:
    all_refused("名单.xlsx", as_numbers(all_digits(MANY)), MANY)


def test_old_format_of_the_test_is_one_that_others_read() -> None:
    book = xlrd.open_workbook(file_contents=as_xls(numbers(2)))
    assert book.sheet_by_index(0).row_values(1)[3] == numbers(1)[0][0]
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(numbers(2)))).active["D2"].value == numbers(1)[0][0]

"""The marked workbook in both forms, and the templates of every roster."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from datong_edu.accounts.actions import user_called
from datong_edu.core.models import Term
from datong_edu.importing import actions, blank_workbook, workbook
from datong_edu.importing.cleaners.base import Refuse, Warned
from datong_edu.importing.declare import ROSTERS, Context, roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from tests import factories as make
from tests.importing.command import SAMPLES, TERM
from tests.workbooks.build import FOLDER

ROLL = SAMPLES / "05_义教生活补助_2020秋_浑源县.xlsx"
CIVIL = SAMPLES / "04_民政残联类别名单_灵丘县.xls"
COMMAS = SAMPLES / "02_学籍导出_云州区.csv"
EVERY = sorted(ROSTERS)


def checked(file: Path, kind: str, code: str, content: bytes | None = None) -> ImportBatch:
    """A checked batch of a file."""
    by = user_called(None)
    batch = actions.receive_file(
        kind=kind,
        unit=make.county(code),
        term=Term.objects.get(code=TERM) if roster_called(kind).needs_term else None,
        file_name=file.name,
        data=content or file.read_bytes(),
        by=by,
    )
    actions.read_batch(batch=batch, by=by)
    batch = ImportBatch.objects.whole_city().get(pk=batch.pk)
    if batch.state == BatchState.MAPPING:
        actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=by)
        batch = ImportBatch.objects.whole_city().get(pk=batch.pk)
        actions.check_batch(batch=batch, by=by)
    return ImportBatch.objects.whole_city().get(pk=batch.pk)


def opened(batch: ImportBatch) -> openpyxl.Workbook:
    """The marked workbook of a batch."""
    return openpyxl.load_workbook(workbook.build(batch, roster_called(batch.kind)))


def explained(sheet: Any) -> dict[int, str]:
    """Row number → what stands under 错误说明."""
    column = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "错误说明")
    texts = {row: sheet.cell(row, column).value for row in range(1, sheet.max_row + 1)}
    return {row: text for row, text in texts.items() if text and text != "错误说明"}


def is_red(cell: Any) -> bool:
    """Whether a cell has the red ground."""
    return str(cell.fill.start_color.rgb).endswith(workbook.RED)


@pytest.mark.usefixtures("books")
def test_xlsx_comes_back_as_it_was_with_marks() -> None:
    batch = checked(ROLL, "r2_living_allowance", "140225")
    before, after = openpyxl.load_workbook(ROLL).active, opened(batch)["义教"]
    assert before.merged_cells.ranges == after.merged_cells.ranges
    assert [c.value for row in before.iter_rows() for c in row] == [
        c.value for row in after.iter_rows(max_col=before.max_column) for c in row
    ]
    assert len(explained(after)) == batch.counts["refused"] == 16
    assert is_red(after["H5"])
    assert "精度丢失" in after["H5"].comment.text
    assert not is_red(after["H4"])


@pytest.mark.usefixtures("books")
def test_summary_counts_every_cause() -> None:
    batch = checked(ROLL, "r2_living_allowance", "140225")
    lines = list(opened(batch)["摘要"].iter_rows(min_row=2, values_only=True))
    assert lines[0][:3] == ("身份证号精度丢失", "身份证号", 3)
    assert lines[0][4] == "5、46、58"
    assert sum(line[2] for line in lines) >= 16


@pytest.mark.usefixtures("books")
def test_marked_file_imports_again_with_the_same_outcome() -> None:
    batch = checked(ROLL, "r2_living_allowance", "140225")
    marked = workbook.build(batch, roster_called(batch.kind)).read()
    again = checked(Path("标红.xlsx"), "r2_living_allowance", "140225", marked)
    assert again.counts == batch.counts


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("file", "kind", "code"), [(CIVIL, "civil_list", "140224"), (COMMAS, "student_registry", "140215")]
)
def test_other_formats_are_written_anew(file: Path, kind: str, code: str) -> None:
    batch = checked(file, kind, code)
    marked = workbook.build(batch, roster_called(kind)).read()
    sheet = openpyxl.load_workbook(BytesIO(marked)).worksheets[0]
    assert len(explained(sheet)) == batch.counts["refused"] > 0
    assert sum(is_red(cell) for row in sheet.iter_rows() for cell in row) > 0
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    again = checked(Path("标红.xlsx"), kind, code, marked)
    assert again.counts == batch.counts


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("file", "tab", "red"),
    [
        ("civil_list/should_fail/side_by_side_tables_with_a_bad_number.xlsx", "名单", "F3"),
        ("r2_living_allowance/should_fail/table_below_with_other_columns_and_a_fault.xlsx", "名单", "C5"),
    ],
)
def test_tables_of_one_sheet_are_marked_on_it(file: str, tab: str, red: str) -> None:
    kind = file.partition("/")[0]
    batch = checked(FOLDER / file, kind, "140225")
    marked = workbook.build(batch, roster_called(kind)).read()
    sheet = openpyxl.load_workbook(BytesIO(marked))[tab]
    assert is_red(sheet[red])
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert texts.count("错误说明") == 2
    assert sum("精度丢失" in str(text) for text in texts) == batch.counts["refused"] == 1
    again = checked(Path("标红.xlsx"), kind, "140225", marked)
    assert again.counts == batch.counts


@pytest.mark.usefixtures("books")
def test_school_of_a_row_of_its_own_is_written_into_its_column() -> None:
    kind, file = "r2_living_allowance", "school_in_rows_of_their_own_and_no_column_for_it.xlsx"
    batch = checked(FOLDER / kind / "should_pass" / file, kind, "140225")
    sheet = next(sheet for sheet in batch.layout["sheets"] if sheet["role"] == "data")
    assert sheet["columns"][-1] == {"col": "H", "heading": "学校（分组行）"}
    assert batch.mapping["名单"]["H"] == "school"
    assert batch.counts["refused"] == 0


@pytest.mark.usefixtures("books")
def test_larger_xlsx_is_written_anew_with_its_row_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_IN_PLACE", 10)
    batch = checked(ROLL, "r2_living_allowance", "140225")
    in_place = explained(opened(batch)["义教"])
    assert len(in_place) == 16
    assert {5, 46, 58} <= set(in_place)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("key", EVERY)
def test_examples_are_what_the_cleaners_want(key: str) -> None:
    roster = ROSTERS[key]
    context = Context(unit=make.county(), term=make.term(), as_of=date(2020, 12, 15))
    wrong = []
    for column in roster.columns:
        example = blank_workbook.example_of(column)
        try:
            value = roster.cleaner(column, context)(example) if example else None
        except Refuse as refusal:
            wrong.append((column.field, example, refusal.key))
            continue
        if isinstance(value, Warned):
            wrong.append((column.field, example, value.keys))
    assert wrong == []


def test_unmapped_csv_sheet_gets_a_lawful_name() -> None:
    assert workbook._sheet_name("一/年[级]", 0) == "一年级"
    assert workbook._sheet_name("", 1) == "名册2"
    assert workbook._sheet_name("摘要", 0) == "名册1"

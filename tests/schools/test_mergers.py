"""The merger workbook: sheets 撤并, 分流 and 资产 in one file, each read by its own declaration."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.staging import Stage
from datong_edu.registry.models import Person, School
from schools.models import Merger
from tests.importing.command import Answer, import_roster
from tests.importing.conftest import books, schools
from tests.importing.kinds import SHEETS
from tests.importing.rosters import RURAL, TOWN_PRIMARY

__all__ = ["books", "schools"]

pytestmark = pytest.mark.usefixtures("books")
PARTS = {
    sheet.name: dict(sheet.row)
    for sheet in SHEETS
    if sheet.kind in ("mergers", "r17_placements", "r17_assets")
}


def workbook(folder: Path, *names: str, **changes: dict[str, str]) -> Path:
    """A workbook of these sheets; `changes` are cells by sheet."""
    path = folder / "撤并.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in names or PARTS:
            row = PARTS[name] | changes.get(name, {})
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(row))
            sheet.write_row(1, 0, list(row.values()))
    return path


def outcome(answer: Answer) -> dict[str, list[str]]:
    """Warnings of each sheet."""
    return {row["sheet"]: [reason["key"] for reason in row["reasons"]] for row in answer.said["warnings"]}


def test_all_three_sheets_are_read_and_the_mergers_written(tmp_path: Path) -> None:
    answer = import_roster(workbook(tmp_path), "mergers", term=None)
    assert (answer.code, answer.reasons()) == (0, {})
    assert answer.count("new") == 3
    assert outcome(answer) == {"分流": ["NO_LEDGER_YET"], "资产": ["NO_LEDGER_YET"]}
    merger = Merger.objects.whole_city().get(source_sheet="撤并")
    assert (merger.closed_school.name, merger.receiver.name) == (RURAL, TOWN_PRIMARY)
    closed = School.objects.whole_city().filter(pk=merger.closed_school_id).get()
    assert closed.closed_on == merger.merged_on == date(2020, 8, 31)
    assert School.objects.whole_city().get(name=TOWN_PRIMARY).closed_on is None
    assert not Person.objects.whole_city().exists()


def test_receiver_of_many_pupils_is_no_conflict(tmp_path: Path) -> None:
    path = workbook(tmp_path, "资产", "分流", "撤并", 撤并={"接收学校": ""})
    answer = import_roster(path, "mergers", term=None, apply=False)
    assert (answer.code, answer.reasons()) == (0, {})


def test_sheets_in_any_number_and_faults_of_each(tmp_path: Path) -> None:
    answer = import_roster(
        workbook(tmp_path, "分流", 分流={"身份证号": ""}), "mergers", term=None, apply=False
    )
    assert answer.reasons() == {2: ["ID_MISSING"]}
    answer = import_roster(
        workbook(tmp_path, "资产", 资产={"数量": "若干"}), "mergers", term=None, apply=False
    )
    assert answer.reasons() == {2: ["NUMBER_INVALID"]}


def test_second_merger_of_a_school_contradicts_the_first(tmp_path: Path) -> None:
    path = tmp_path / "撤并.xlsx"
    row = PARTS["撤并"]
    with xlsxwriter.Workbook(path) as book:
        for name, day in (("东片", "2020-08-31"), ("西片", "2020-07-31")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(row))
            sheet.write_row(1, 0, list((row | {"撤并时间": day}).values()))
    answer = import_roster(path, "mergers", term=None, apply=False)
    assert [row["reasons"][0]["key"] for row in answer.said["rejected"]] == ["DUPLICATE_CONFLICT"] * 2


def test_staged_views_go_with_their_table(tmp_path: Path) -> None:
    import_roster(workbook(tmp_path), "mergers", term=None)
    batch = ImportBatch.objects.whole_city().latest("pk")
    views = "SELECT count(*) FROM pg_views WHERE schemaname = 'staging'"
    stage = Stage(ROSTERS["mergers"], batch.pk)
    assert stage.rows(views) == [(3,)]
    stage.drop()
    assert stage.rows(views) == [(0,)]

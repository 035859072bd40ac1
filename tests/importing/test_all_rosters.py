"""Every kind of roster: its headings need no question, a good row passes, each fault is named."""

from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.exceptions import PortalError
from datong_edu.importing import actions
from datong_edu.importing.declare import NO_LEDGER_YET, ROSTERS
from datong_edu.importing.enums import BatchState
from datong_edu.importing.headings import match_columns, normalise_heading
from subsidies.models import AwardLine
from tests import factories as make
from tests.importing.command import Answer, import_roster, row_counts
from tests.importing.kinds import CHILD, SHEETS, YOUTH, Sheet
from tests.importing.registers import REGISTERS
from tests.importing.rosters import PRIMARY, TOWN_PRIMARY

pytestmark = pytest.mark.usefixtures("books")

EACH = pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: f"{s.kind}-{s.name}")
FAULTS = [(sheet, heading) for sheet in SHEETS for heading in sheet.faults if heading in sheet.row]
WAITING = sorted(key for key, roster in ROSTERS.items() if roster.ledger_missing)
AID = [sheet for sheet in SHEETS if sheet.kind in ("r3_hs_grant", "r4_hs_fee", "r5_voc_fee", "r6_voc_grant")]


def check(path: Path, kind: str, *, apply: bool = False) -> Answer:
    """Check a file of 浑源县."""
    return import_roster(path, kind, apply=apply)


def test_every_kind_has_a_sheet_or_a_sample() -> None:
    sampled = {
        "student_registry", "poverty_members", "r1_preschool_aid", "r2_living_allowance", "aid_roll",
        "r9_meal_month", "r11_dropout_ledger", "r14_teachers", "r15_rural_allowance", "school_list",
    }  # fmt: skip
    assert {sheet.kind for sheet in SHEETS} | sampled == set(ROSTERS)


@EACH
def test_headings_need_no_question(sheet: Sheet) -> None:
    roster = ROSTERS[sheet.kind]
    headings = list(sheet.row)
    matches = match_columns(headings, {column.field: column.aliases for column in roster.columns})
    left = {normalise_heading(h) for h, match in zip(headings, matches, strict=True) if match is None}
    unused = {normalise_heading(heading) for heading in roster.ignored}
    assert left <= unused, f"{sheet.kind} does not know {left - unused}"


@EACH
def test_good_row_is_accepted(tmp_path: Path, sheet: Sheet) -> None:
    before = row_counts()
    answer = check(sheet.save(tmp_path), sheet.kind)
    assert answer.code == 0, answer.reasons()
    assert (answer.count("accepted"), answer.count("rejected")) == (1, 0)
    assert answer.said["warnings"] == []
    assert row_counts() == before


@pytest.mark.parametrize(("sheet", "heading"), FAULTS, ids=lambda v: getattr(v, "kind", v))
def test_fault_is_refused_by_its_name(tmp_path: Path, sheet: Sheet, heading: str) -> None:
    bad, key = sheet.faults[heading]
    answer = check(sheet.save(tmp_path, **{heading: bad}), sheet.kind)
    assert answer.code == 2
    assert key in answer.reasons()[2]


@pytest.mark.parametrize("kind", WAITING)
def test_kind_without_ledger_says_so_and_writes_nothing(tmp_path: Path, kind: str) -> None:
    path = next(sheet for sheet in SHEETS if sheet.kind == kind).save(tmp_path)
    before = row_counts()
    answer = check(path, kind, apply=True)
    assert (answer.code, answer.text, answer.errors.strip()) == (1, "", NO_LEDGER_YET)
    assert row_counts() == before


@pytest.mark.parametrize("sheet", AID, ids=lambda s: s.kind)
def test_aid_of_older_pupils_stands_in_the_ledger_once(tmp_path: Path, sheet: Sheet) -> None:
    assert check(sheet.save(tmp_path), sheet.kind, apply=True).code == 0
    award = AwardLine.objects.whole_city().get()
    waived = "免除" in "".join(sheet.row) and "月数" not in sheet.row
    assert award.status == ("waived" if waived else "pending")
    assert bool(award.account) is not waived
    assert ROSTERS[sheet.kind].scheme == award.scheme_id  # type: ignore[attr-defined]
    again = check(sheet.save(tmp_path, 备注="再报一次"), sheet.kind, apply=True)
    assert [again.count(name) for name in ("new", "changed", "unchanged")] == [0, 0, 1]


def test_rain_and_dew_is_written_without_a_school(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "r7_yulu")
    assert check(sheet.save(tmp_path), sheet.kind, apply=True).code == 0
    award = AwardLine.objects.whole_city().get()
    assert (award.school, award.county.code, award.scheme_id) == (None, "140225", "YULU")
    assert (award.stage, award.guardian, award.amount, award.term_id) == (
        "COL",
        "侯建国",
        1500,
        "2020-2021-1",
    )
    by = make.user(Role.COUNTY_CLERK, make.county())
    client = Client()
    client.force_login(by)
    page = client.get(reverse("subsidies:list")).content.decode()
    assert "侯明远" in page
    assert "None" not in page
    assert client.get(reverse("desk:person", args=[award.person.uid])).status_code == 200
    again = check(sheet.save(tmp_path, 备注="再报"), sheet.kind, apply=True)
    assert again.count("unchanged") == 1


def test_list_of_the_aid_system_holds_several_schemes(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "aid_system_list")
    assert check(sheet.save(tmp_path), sheet.kind, apply=True).code == 0
    free = sheet.save(tmp_path, 资助项目="普通高中免学杂费", 资助金额="400")
    assert check(free, sheet.kind, apply=True).code == 0
    schemes = AwardLine.objects.whole_city().order_by("scheme_id").values_list("scheme_id", "amount")
    assert list(schemes) == [("HS_FEE", 400), ("HS_GRANT", 1000)]


@pytest.mark.parametrize("kind", ["student_registry", "poverty_members"])
def test_whole_export_of_a_register_is_recognised(tmp_path: Path, kind: str) -> None:
    row = REGISTERS[kind]
    answer = check(Sheet(kind, "导出", row).save(tmp_path), kind)
    assert (answer.code, answer.reasons()) == (0, {})


def several(folder: Path, headings: str, **sheets: str) -> Path:
    """A workbook of several sheets with the same headings and one row each."""
    path = folder / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for place, (heading, cell) in enumerate(zip(headings.split("|"), cells.split("|"), strict=True)):
                sheet.write_string(0, place, heading)
                sheet.write_string(1, place, cell)
    return path


def values(answer: Answer, field: str) -> dict[str, object]:
    """A field of the accepted rows by sheet."""
    return {row["sheet"]: row["values"][field] for row in answer.said["normalised"]}


def warned(answer: Answer) -> dict[str, list[str]]:
    """Warnings by sheet."""
    return {row["sheet"]: [reason["key"] for reason in row["reasons"]] for row in answer.said["warnings"]}


def test_sheet_is_called_after_its_school(tmp_path: Path) -> None:
    row = f"侯明远|{CHILD}|四年级|寄宿|500|低保"
    sheets = {PRIMARY: row, TOWN_PRIMARY: row.replace(CHILD, YOUTH), "汇总": row}
    path = several(tmp_path, "姓名|身份证号|年级|就读方式|补助金额|困难类型", **sheets)
    answer = check(path, "r2_living_allowance")
    assert values(answer, "school_code") == {PRIMARY: "2114900099", TOWN_PRIMARY: "2114900103"}
    assert warned(answer) == {PRIMARY: ["TAKEN_FROM_SHEET_NAME"], TOWN_PRIMARY: ["TAKEN_FROM_SHEET_NAME"]}
    [refused] = answer.said["rejected"]
    assert (refused["sheet"], refused["reasons"][0]["key"]) == ("汇总", "SCHOOL_UNKNOWN")


def test_sheet_is_called_after_its_category(tmp_path: Path) -> None:
    names = ("低保", "特困人员", "孤儿", "残疾人名单", "低保(城市)", "Sheet1")
    rows = {name: f"侯明远|{CHILD}|2019-01-{day:02}|西坊城镇" for day, name in enumerate(names, 1)}
    path = several(tmp_path, "姓名|身份证号|起始日期|乡镇", **rows)
    answer = check(path, "civil_list")
    assert values(answer, "categories") == {
        "低保": ["dibao"],
        "特困人员": ["tekun"],
        "孤儿": ["orphan"],
        "残疾人名单": ["disabled"],
        "低保(城市)": ["dibao_urban"],
    }
    assert set(warned(answer)) == set(names) - {"Sheet1"}
    assert [row["sheet"] for row in answer.said["rejected"]] == ["Sheet1"]


def test_proof_is_of_the_kind_its_sheet_says(tmp_path: Path) -> None:
    row = f"侯明远|{CHILD}|浑源县|见附件|2020-09-10"
    path = several(
        tmp_path, "姓名|身份证号|县区|说明|日期", 放弃申请=row, 其他证明=row.replace("附件", "原件")
    )
    answer = check(path, "proofs")
    assert values(answer, "proof") == {"放弃申请": "放弃申请", "其他证明": "其他证明"}
    assert warned(answer) == {"其他证明": ["TYPE_UNKNOWN"]}


def test_evidence_is_kept_with_a_doubtful_number(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "recognition")
    answer = check(sheet.save(tmp_path, 身份证号=CHILD[:-2]), sheet.kind)
    assert (answer.code, warned(answer)) == (0, {"困难认定": ["ID_LENGTH"]})


def test_months_of_special_posts_take_the_year_of_their_row(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "tg_subsidy")
    answer = check(sheet.save(tmp_path, 发放起月="3月", 发放止月="12"), sheet.kind)
    [row] = answer.said["normalised"]
    assert (row["values"]["from_month"], row["values"]["to_month"]) == ("2020-03", "2020-12")


def test_both_sheets_of_the_register_of_batches_are_read(tmp_path: Path) -> None:
    path = tmp_path / "批次台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for sheet in SHEETS:
            if sheet.kind == "batch_register":
                page = book.add_worksheet(sheet.name)
                page.write_row(0, 0, list(sheet.row))
                page.write_row(1, 0, list(sheet.row.values()))
    answer = import_roster(path, "batch_register", unit="140200", term=None, apply=False)
    assert (answer.code, answer.count("accepted")) == (0, 2)


def test_child_at_an_unknown_school_is_still_counted(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "r12_school_age_check")
    answer = check(sheet.save(tmp_path, 学校全称="外省某小学"), sheet.kind)
    assert (answer.code, warned(answer)) == (0, {"排查": ["SCHOOL_UNKNOWN"]})


def test_preview_tells_why_nothing_can_be_written(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "school_calendar")
    by, county = make.user(Role.COUNTY_CLERK, make.county()), make.county()
    batch = actions.receive_file(
        kind=sheet.kind,
        unit=county,
        term=None,
        file_name="校历.xlsx",
        data=sheet.save(tmp_path).read_bytes(),
        by=by,
    )
    actions.read_batch(batch=batch, by=by)
    assert batch.state == BatchState.READY
    client = Client()
    client.force_login(by)
    page = client.get(reverse("importing:batch", args=[batch.uid])).content.decode()
    assert NO_LEDGER_YET in page
    assert reverse("importing:apply", args=[batch.uid]) not in page
    with pytest.raises(PortalError, match="尚未启用"):
        actions.start_applying(batch=batch, by=by)


@pytest.mark.parametrize(
    ("kind", "heading"), [("r10_bank_return", "流水号"), ("student_loans", "合同编号"), ("r7_yulu", "户编号")]
)
def test_number_that_lost_its_digits_is_no_key(tmp_path: Path, kind: str, heading: str) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.kind == kind)
    answer = check(sheet.save(tmp_path, **{heading: "2.02011E+15"}), kind)
    assert answer.reasons() == {2: ["NUMBER_INVALID"]}

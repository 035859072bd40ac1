"""What the portal exports imports again unchanged.

Lists of people leave with masked numbers; their 档案号 tells whom each row means.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.core.sensitive import blind_index
from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from datong_edu.registry.models import Person, PersonIdentifier
from dropout.models import DropoutCase
from tests import factories as make
from tests.importing.command import SAMPLES, Answer, import_roster
from tests.workbooks.golden import dropout, number, table, xlsx

pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture(autouse=True)
def _in_autumn_2020() -> None:
    set_business_date(date(2020, 12, 15))


def export(folder: Path, view: str, role: Role, code: str, **asked: str) -> Path:
    """What somebody of a county downloads as 导出所见."""
    client = Client()
    client.force_login(make.user(role, make.county(code)))
    answer = client.get(reverse(view), {"export": "xlsx"} | asked)
    assert answer.status_code == 200
    path = folder / "导出.xlsx"
    path.write_bytes(answer.content)
    return path


def unchanged(answer: Answer, rows: int) -> None:
    """Every row is accepted and none says anything new."""
    assert answer.reasons() == {}
    assert answer.count("unchanged") == rows > 0
    assert (answer.count("new"), answer.count("changed")) == (0, 0)


@pytest.mark.parametrize("code", ["140225", "140221"])
def test_list_of_schools(tmp_path: Path, code: str) -> None:
    path = export(tmp_path, "schools:list", Role.COUNTY_CLERK, code)
    rows = openpyxl.load_workbook(path).active.max_row - 1
    unchanged(import_roster(path, "school_list", unit=code, term=None, apply=False), rows)


def test_list_of_meal_months(tmp_path: Path) -> None:
    sample = SAMPLES / "08_营养餐月报_天镇县.xlsx"
    first = import_roster(sample, "r9_meal_month", unit="140222")
    path = export(tmp_path, "nutrition:list", Role.COUNTY_CLERK, "140222")
    unchanged(
        import_roster(path, "r9_meal_month", unit="140222", apply=False),
        openpyxl.load_workbook(path).active.max_row - 1,
    )
    assert first.count("new") == openpyxl.load_workbook(path).active.max_row - 1


@pytest.mark.parametrize("kind", ["school_list", "r9_meal_month"])
def test_exports_need_no_more_than_one_confirmation(tmp_path: Path, kind: str) -> None:
    view = {"school_list": "schools:list", "r9_meal_month": "nutrition:list"}[kind]
    import_roster(SAMPLES / "08_营养餐月报_天镇县.xlsx", "r9_meal_month", unit="140222")
    path = export(tmp_path, view, Role.COUNTY_CLERK, "140222")
    by, county = make.user(Role.COUNTY_CLERK, make.county("140222")), make.county("140222")
    batch = actions.receive_file(
        kind=kind, unit=county, term=None, file_name="导出.xlsx", data=path.read_bytes(), by=by
    )
    actions.read_batch(batch=batch, by=by)
    if batch.state == BatchState.MAPPING:
        actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=by)
        actions.check_batch(batch=batch, by=by)
    assert batch.state == BatchState.READY
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["refused"]) == (0, 0, 0)


# --- lists of people --------------------------------------------------------------------------------------


PEOPLE = {
    "dropout:list": ("r11_dropout_ledger", "140222", "11_控辍台账_天镇县.xls", "r11_dropout_ledger"),
    "teachers:posts": ("r14_teachers", "140226", "09_教师花名册_左云县.xlsx", "r14_teachers"),
    "teachers:list": ("r15_rural_allowance", "140224", "10_乡村教师补助_灵丘县.xlsx", "r15_rural_allowance"),
    "subsidies:list": ("r2_living_allowance", "140225", "05_义教生活补助_2020秋_浑源县.xlsx", "aid_roll"),
}
"""By list: the roster that fills it, its county and file, and the roster that its export is."""


@pytest.mark.parametrize("view", PEOPLE)
def test_lists_of_people_come_back_unchanged(tmp_path: Path, view: str) -> None:
    kind, code, sample, comes_back_as = PEOPLE[view]
    first = import_roster(SAMPLES / sample, kind, unit=code)
    path = export(tmp_path, view, Role.COUNTY_CLERK, code)
    lines = list(openpyxl.load_workbook(path).active.values)
    assert "档案号" in lines[0]
    assert len(lines) - 1 == first.count("new") > 10
    again = import_roster(path, comes_back_as, unit=code)
    unchanged(again, len(lines) - 1)
    # Months times rate is not the sum in two rows of the sample either.
    assert {key for keys in again.reasons("warnings").values() for key in keys} <= {"AMOUNT_MISMATCH"}


def edited(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """An export of which somebody has changed the first row."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, (cell.value for cell in sheet[2]), strict=True))
    change(row)
    for place, heading in enumerate(headings, start=1):
        sheet.cell(2, place).value = row[heading]
    other = path.with_name("改过.xlsx")
    book.save(other)
    return other


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """The dropout ledger of 天镇县 as its clerk exports it."""
    import_roster(SAMPLES / "11_控辍台账_天镇县.xls", "r11_dropout_ledger", unit="140222")
    return export(tmp_path, "dropout:list", Role.COUNTY_CLERK, "140222")


def test_what_is_edited_in_an_export_is_all_that_changes(cases: Path) -> None:
    path = edited(cases, lambda row: row.update(劝返责任人="郭守敬", 劝返次数=9))
    before = DropoutCase.objects.whole_city().count(), Person.objects.whole_city().count()
    answer = import_roster(path, "r11_dropout_ledger", unit="140222")
    assert (answer.count("changed"), answer.count("new"), answer.reasons()) == (1, 0, {})
    assert (DropoutCase.objects.whole_city().count(), Person.objects.whole_city().count()) == before
    case = DropoutCase.objects.whole_city().get(owner="郭守敬")
    assert case.visits == 9
    assert case.id_no_masked == case.person.id_no_masked


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"档案号": "6f1c2a52-7c1e-4c55-9a1e-0d7b3f1f9a10"}, "PERSON_FILE_UNKNOWN"),
        ({"档案号": "张三"}, "PERSON_FILE_UNKNOWN"),
        ({"身份证号": "140225********9999"}, "PERSON_FILE_DIFFERS"),
        ({"身份证号": number(77)}, "PERSON_FILE_DIFFERS"),
    ],
)
def test_file_number_that_is_not_the_rows_person_is_refused(
    cases: Path, change: dict[str, str], key: str
) -> None:
    answer = import_roster(
        edited(cases, lambda row: row.update(change)), "r11_dropout_ledger", unit="140222", apply=False
    )
    assert answer.reasons() == {2: [key]}
    assert (answer.count("new"), answer.count("changed")) == (0, 0)


def test_rows_of_one_person_contradict_each_other(cases: Path) -> None:
    book = openpyxl.load_workbook(cases)
    sheet = book.active
    again = [cell.value for cell in sheet[2]]
    again[[cell.value for cell in sheet[1]].index("劝返责任人")] = "另一人"
    sheet.append(again)
    book.save(cases)
    answer = import_roster(cases, "r11_dropout_ledger", unit="140222", apply=False)
    assert answer.reasons() == {2: ["DUPLICATE_CONFLICT"], sheet.max_row: ["DUPLICATE_CONFLICT"]}


def test_file_number_of_another_county_is_nobody(tmp_path: Path, cases: Path) -> None:
    def move(row: dict[str, Any]) -> None:
        row.update(县区="浑源县", 学校标识码=None, 原就读学校=None, 乡镇=None, 村=None)

    clerk = make.user(Role.COUNTY_CLERK, make.county("140225"), username="hunyuan")
    answer = import_roster(
        edited(cases, move), "r11_dropout_ledger", unit="140225", by=clerk.username, apply=False
    )
    assert answer.reasons()[2] == ["PERSON_FILE_UNKNOWN"]


def test_lines_without_school_or_number_come_back(tmp_path: Path) -> None:
    def numbered(**given: Any) -> None:
        line = make.award(**given)
        PersonIdentifier.objects.create(
            person=line.person, kind="id_no", value=line.id_no, value_index=line.id_no_index,
            value_masked=line.id_no_masked,
        )  # fmt: skip

    numbered(school=None, scheme_id="YULU", line_no="", status="pending")
    numbered(kind="recovery", amount="-500")
    numbered(scheme_id="HS_FEE", status="waived", paid_on=None)
    numbered(term=make.term("2019-2020-2"), roll_term=make.term(), kind="backpay")
    path = export(tmp_path, "subsidies:list", Role.COUNTY_CLERK, "140225")
    unchanged(import_roster(path, "aid_roll", unit="140225"), 4)


def test_pupils_found_come_back_as_their_registry(tmp_path: Path) -> None:
    import_roster(SAMPLES / "01_学籍导出_浑源县.xlsx", "student_registry", unit="140225")
    path = export(tmp_path, "desk:people", Role.COUNTY_CLERK, "140225", who="pupil")
    answer = import_roster(path, "student_registry", unit="140225", apply=False)
    unchanged(answer, openpyxl.load_workbook(path).active.max_row - 1)


# --- masked numbers that come from elsewhere ----------------------------------------------------------------


def test_masked_number_is_nobodys_number(tmp_path: Path) -> None:
    known = make.person(number=number(5), name="贺明远")
    masked = known.id_no_masked
    lines = [dropout(1, 姓名="贺明远", 身份证号=masked), dropout(2, 姓名="靳晓禾", 身份证号=masked)]
    path = tmp_path / "脱敏.xlsx"
    path.write_bytes(xlsx(table(lines)))
    first = import_roster(path, "r11_dropout_ledger")
    assert (first.count("new"), first.reasons()) == (2, {})
    assert first.reasons("warnings") == {2: ["ID_MASKED"], 3: ["ID_MASKED"]}
    cases = list(DropoutCase.objects.whole_city().select_related("person"))
    assert known.pk not in {case.person_id for case in cases}
    assert len({case.person_id for case in cases}) == 2
    for case in cases:
        assert (case.id_no, case.id_no_index, case.person.id_no_index) == (None, None, None)
        assert case.id_no_masked == case.person.id_no_masked == masked
    assert not PersonIdentifier.objects.whole_city().filter(person__in=[c.person for c in cases]).exists()
    path.write_bytes(xlsx(table([*lines, dropout(3)])))
    again = import_roster(path, "r11_dropout_ledger")
    assert (again.count("unchanged"), again.count("new")) == (2, 1)


def test_file_number_gives_a_person_their_first_number(tmp_path: Path) -> None:
    path = tmp_path / "脱敏.xlsx"
    path.write_bytes(xlsx(table([dropout(1, 身份证号="140225********0017")])))
    import_roster(path, "r11_dropout_ledger")
    exported = export(tmp_path, "dropout:list", Role.COUNTY_CLERK, "140225")
    unchanged(import_roster(exported, "r11_dropout_ledger", apply=False), 1)
    full = edited(exported, lambda row: row.update(身份证号=number(1)))
    answer = import_roster(full, "r11_dropout_ledger")
    assert (answer.count("changed"), answer.reasons()) == (1, {})
    case = DropoutCase.objects.whole_city().select_related("person").get()
    assert case.id_no_index == case.person.id_no_index == blind_index("id_no", number(1))
    assert (case.id_state, case.person.id_state) == ("valid", "valid")

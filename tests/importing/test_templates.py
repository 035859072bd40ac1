"""Templates of every kind: drop-downs that the importer understands, and no question when filled in."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import Unit
from datong_edu.accounts.roles import Role
from datong_edu.importing import actions, blank_workbook
from datong_edu.importing.child import ChildReading
from datong_edu.importing.declare import ROSTERS, Roster
from datong_edu.importing.enums import BatchState
from datong_edu.importing.headings import match_columns
from datong_edu.importing.layout import SheetRole
from datong_edu.importing.mapping import propose, vocabulary
from datong_edu.importing.offered import SEVERAL, words_for
from datong_edu.importing.template_marks import NOTES_SHEET, WORDS_SHEET, sheet_title, version_of
from datong_edu.registry.models import School
from tests import factories as make
from tests.importing.kinds import SHEETS
from tests.importing.rosters import aid, allowance, member, pupil
from tests.workbooks.golden import dropout, living, meals, number, school, teacher

pytestmark = pytest.mark.usefixtures("books")

EVERY = sorted(ROSTERS)
LINES: dict[str, list[dict[str, Any]]] = {
    "student_registry": [pupil()],
    "poverty_members": [member("1402250000012", 1)],
    "aid_roll": [aid("L1", number(1), "500")],
    "r15_rural_allowance": [allowance(number(1))],
    "r1_preschool_aid": [
        {
            "幼儿园名称": "浑源县第一幼儿园",
            "姓名": "侯明远",
            "身份证号": number(1),
            "班级": "大班",
            "资助类别": "低保",
            "金额": "500",
            "银行账号": "6217000011112222333",
        }
    ],
    "r2_living_allowance": [living(1), living(2)],
    "r9_meal_month": [meals()],
    "r11_dropout_ledger": [dropout()],
    "r14_teachers": [teacher()],
    "school_list": [school()],
}
SEVERAL_MAKES = ("batch_register", "mergers")
for one in SHEETS:
    lines = LINES.setdefault(one.kind, [])
    if not lines or one.kind in SEVERAL_MAKES:
        lines.append(dict(one.row))


def opened(roster: Roster, unit: Unit | None = None) -> openpyxl.Workbook:
    """A template as a clerk opens it."""
    return openpyxl.load_workbook(BytesIO(blank_workbook.build(roster, unit or make.county())))


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def filled(roster: Roster) -> bytes:
    """A template with the lines of a good roster, each put below the heading of its field."""
    book = opened(roster)
    for line in LINES[roster.key]:
        fields = {column.field: column.aliases for column in roster.columns}
        matches = match_columns(list(line), fields)
        cells = {match.field: cell for match, cell in zip(matches, line.values(), strict=True) if match}
        part = roster.sheet_like(cells)
        sheet = book[sheet_title(part)]
        row = sheet.max_row + 1
        for place, column in enumerate(part.template_columns(), start=1):
            sheet.cell(row, place).value = str(cells.get(column.field, "")) or None
    return saved(book)


@pytest.mark.parametrize("key", EVERY)
def test_template_headings_are_exact(key: str) -> None:
    book = opened(ROSTERS[key])
    for part in ROSTERS[key].makes():
        headings = [cell.value for cell in book[sheet_title(part)][1]]
        matches = match_columns(
            headings, {column.field: column.aliases for column in part.template_columns()}
        )
        assert [match and match.field for match in matches] == [
            column.field for column in part.template_columns()
        ]


@pytest.mark.parametrize("key", EVERY)
def test_template_keeps_numbers_as_text(key: str) -> None:
    book = opened(ROSTERS[key])
    for part in ROSTERS[key].makes():
        widths = book[sheet_title(part)].column_dimensions.values()
        as_text = {at for one in widths if one.number_format == "@" for at in range(one.min, one.max + 1)}
        sealed = {place for place, column in enumerate(part.template_columns(), start=1) if column.sealed}
        assert sealed <= as_text


@pytest.mark.parametrize("key", EVERY)
def test_example_of_the_notes_asks_nothing(key: str) -> None:
    roster = ROSTERS[key]
    book = opened(roster)
    for part in roster.makes():
        for place, column in enumerate(part.template_columns(), start=1):
            book[sheet_title(part)].cell(2, place).value = blank_workbook.example_of(column) or None
    with ChildReading("模板.xlsx", saved(book), vocabulary=vocabulary(roster)) as reading:
        roles = {sheet.name: sheet.role for sheet in reading.sheets}
        data = {sheet_title(part): SheetRole.DATA for part in roster.makes()}
        others = dict.fromkeys((NOTES_SHEET, WORDS_SHEET), SheetRole.IGNORE)
        assert roles == data | others
        assert not propose(roster, make.county(), reading.sheets).to_confirm


@pytest.mark.parametrize("key", EVERY)
def test_filled_template_is_imported_without_a_question(key: str) -> None:
    roster = ROSTERS[key]
    by = make.user(Role.COUNTY_CLERK, make.county())
    batch = actions.receive_file(
        kind=key,
        unit=make.county(),
        term=make.term() if roster.needs_term else None,
        file_name="模板.xlsx",
        data=filled(roster),
        by=by,
    )
    actions.read_batch(batch=batch, by=by)
    assert (batch.state, batch.message) == (BatchState.READY, "")
    assert (batch.counts["refused"], batch.counts["new"]) == (0, len(LINES[key])), batch.layout["summary"]


@pytest.mark.parametrize("key", EVERY)
def test_every_word_on_offer_is_understood(key: str) -> None:
    for part in ROSTERS[key].makes():
        for field, words in words_for(part, make.county()).items():
            column = part.column_for(field)
            assert column is not None
            for word in words:
                assert column.clean(word) not in (None, [])


def test_drop_downs_offer_the_schools_of_the_county() -> None:
    roster, county = ROSTERS["r2_living_allowance"], make.county()
    book = opened(roster, county)
    sheet, words = book[roster.title], book[WORDS_SHEET]
    assert words.sheet_state == "hidden"
    place = next(
        at for at, column in enumerate(roster.template_columns(), start=1) if column.field == "school"
    )
    letter = openpyxl.utils.get_column_letter(place)
    [rule] = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in str(rule.sqref)]
    column = str(rule.formula1).split("$")[1]
    offered = [cell.value for cell in words[column][1:] if cell.value]
    schools = School.objects.for_county(county).filter(closed_on=None)
    assert sorted(offered) == sorted(schools.values_list("name", flat=True))
    assert rule.errorStyle == "warning"


def test_several_categories_may_be_typed() -> None:
    roster = ROSTERS["r2_living_allowance"]
    assert "category" in SEVERAL
    sheet = opened(roster)[roster.title]
    loose = [rule for rule in sheet.data_validations.dataValidation if not rule.showErrorMessage]
    assert len(loose) == 1


def test_template_says_for_whom_and_which_version() -> None:
    roster = ROSTERS["r2_living_allowance"]
    book = opened(roster)
    notes = [str(row[0].value) for row in book[NOTES_SHEET].iter_rows(max_row=6)]
    assert any("浑源县" in line and version_of(roster) in line for line in notes)
    assert book.properties.description == f"r2_living_allowance {version_of(roster)}"
    assert version_of(roster) != version_of(ROSTERS["r1_preschool_aid"])


def test_clerk_downloads_the_template_of_her_county() -> None:
    client = Client()
    client.force_login(make.user(Role.COUNTY_CLERK, make.county()))
    answer = client.get(reverse("importing:template", args=["r2_living_allowance"]), {"unit": "140221"})
    assert answer.status_code == 200
    notes = openpyxl.load_workbook(BytesIO(answer.content))[NOTES_SHEET]
    text = "".join(str(row[0].value) for row in notes.iter_rows(max_row=6))
    assert "浑源县" in text
    assert "阳高县" not in text

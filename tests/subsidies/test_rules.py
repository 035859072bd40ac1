"""What is due to whom, on both sides of every condition."""

from datetime import date

import pytest

from subsidies.rules import due_schemes, due_table, schemes_needing_category
from tests import factories as make

AUTUMN_2020 = date(2020, 9, 1)


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    """The standards."""
    make.load_reference()


@pytest.mark.parametrize(
    ("stage", "grade", "boarding", "categories", "due"),
    [
        ("PRE", 2, "day", ["jdlk"], {"PRE_AID"}),
        ("PRI", 3, "boarder", ["edge"], {"CE_BOARD"}),
        ("PRI", 3, "day", ["edge"], set()),
        ("JUN", 8, "day", ["dibao_rural"], {"CE_NONBOARD"}),
        ("JUN", 8, "day", ["dibao"], {"CE_NONBOARD"}),
        ("JUN", 8, "day", ["dibao_urban"], set()),
        ("JUN", 8, "", ["disabled"], {"CE_NONBOARD"}),
        ("JUN", 8, "boarder", [], set()),
        ("HS", 10, "boarder", ["jdlk"], {"HS_GRANT", "HS_FEE"}),
        ("HS", 10, "boarder", ["orphan"], {"HS_GRANT"}),
        ("VOC", 2, "boarder", ["jdlk"], {"VOC_GRANT", "VOC_FEE"}),
        ("VOC", 3, "boarder", ["jdlk"], {"VOC_FEE"}),
        ("VOC", 1, "boarder", ["orphan"], {"VOC_GRANT"}),
        ("UNI", 1, "boarder", ["jdlk"], set()),
    ],
)
def test_due_schemes_in_a_poverty_county(stage, grade, boarding, categories, due):
    pupil = {"stage": stage, "grade": grade, "boarding": boarding, "categories": categories}
    assert due_schemes(**pupil, in_poverty_county=True, table=due_table(AUTUMN_2020)) == due


@pytest.mark.parametrize(("inside", "due"), [(True, {"VOC_GRANT"}), (False, set())])
def test_vocational_grant_only_in_poverty_counties(inside, due):
    pupil = {"stage": "VOC", "grade": 1, "boarding": "day", "categories": ["edge"]}
    assert due_schemes(**pupil, in_poverty_county=inside, table=due_table(AUTUMN_2020)) == due


@pytest.mark.parametrize(("on", "due"), [(date(2019, 8, 31), set()), (date(2019, 9, 1), {"CE_NONBOARD"})])
def test_day_pupils_due_from_2019_autumn(on, due):
    pupil = {"stage": "PRI", "grade": 1, "boarding": "day", "categories": ["jdlk"]}
    assert due_schemes(**pupil, in_poverty_county=True, table=due_table(on)) == due


@pytest.mark.parametrize(("on", "due"), [(date(2025, 2, 28), False), (date(2025, 3, 1), True)])
def test_third_vocational_grade_due_from_2025_spring(on, due):
    pupil = {"stage": "VOC", "grade": 3, "boarding": "day", "categories": ["jdlk"]}
    assert ("VOC_GRANT" in due_schemes(**pupil, in_poverty_county=True, table=due_table(on))) is due


@pytest.mark.parametrize(("on", "needed"), [(date(2024, 2, 29), True), (date(2024, 3, 1), False)])
def test_vocational_fee_needs_a_category_until_all_are_freed(on, needed):
    assert ("VOC_FEE" in schemes_needing_category(on)) is needed

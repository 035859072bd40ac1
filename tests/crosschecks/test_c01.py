"""C01 应助未助: caught, innocent look-alikes, boundaries."""

from datetime import date
from decimal import Decimal

import pytest

from tests import factories as make


def test_c01_poor_boarder_without_line_caught(found):
    pupil = make.poor_child(grade=8)
    (finding,) = found("C01")
    assert (finding.person, finding.school, finding.county) == (pupil.person, pupil.school, pupil.county)
    assert finding.amount == Decimal("625.00")
    assert finding.due_on == date(2020, 11, 30)
    assert "义务教育寄宿生生活补助" in finding.summary
    assert ["应补金额", "625.00元"] in finding.evidence


@pytest.mark.parametrize(
    ("stage", "grade", "boarding", "category", "amount"),
    [
        ("PRE", 2, "day", "orphan", "500.00"),
        ("PRI", 3, "boarder", "dibao_urban", "500.00"),
        ("PRI", 3, "day", "jdlk", "250.00"),
        ("JUN", 8, "day", "dibao_rural", "312.50"),
        ("JUN", 8, "", "disabled", "312.50"),
        ("HS", 11, "boarder", "edge", "500.00"),
    ],
)
def test_c01_due_by_stage_and_category(found, stage, grade, boarding, category, amount):
    make.poor_child(category, stage=stage, grade=grade, boarding=boarding, born_on=date(2010, 1, 1))
    assert [finding.amount for finding in found("C01")] == [Decimal(amount)]


def test_c01_high_school_pupil_owed_fee_of_school(found):
    school = make.school(kind="342", yearly_tuition=Decimal(1600))
    make.poor_child(stage="HS", grade=10, school=school)
    assert found("C01")[0].amount == Decimal("1300.00")


@pytest.mark.parametrize(("grade", "county", "count"), [(2, "140225", 1), (3, "140225", 0), (2, "140213", 0)])
def test_c01_vocational_grant_only_first_grades_of_poverty_counties(found, grade, county, count):
    school = make.school(kind="365", county=make.county(county))
    make.poor_child("orphan", stage="VOC", grade=grade, school=school)
    assert len(found("C01")) == count


@pytest.mark.parametrize("category", ["edge", "dibao_urban", "orphan"])
def test_c01_day_pupil_outside_four_classes_innocent(found, category):
    make.poor_child(category, boarding="day")
    assert found("C01") == []


@pytest.mark.parametrize("status", ["paid", "pending", "waived"])
def test_c01_any_payable_line_innocent(found, status):
    make.award(make.poor_child(), status=status, scheme_id="CE_NONBOARD")
    assert found("C01") == []


def test_c01_backpay_for_the_term_in_another_roll_innocent(found):
    make.award(make.poor_child(), kind="backpay", roll_term=make.term("2020-2021-2"))
    assert found("C01") == []


def test_c01_line_at_another_school_innocent(found):
    pupil = make.poor_child()
    make.award(pupil, school=make.school(county=make.county("140221")), county=make.county("140221"))
    assert found("C01", county=pupil.county) == []


def test_c01_failed_line_only_caught(found):
    make.award(make.poor_child(), status="failed")
    assert len(found("C01")) == 1


def test_c01_line_fully_recovered_caught(found):
    pupil = make.poor_child()
    make.award(pupil, "500")
    make.award(pupil, "-500", kind="recovery")
    assert len(found("C01")) == 1


def test_c01_line_of_term_before_caught(found):
    make.award(make.poor_child(), term=make.term("2019-2020-2"))
    assert len(found("C01")) == 1


@pytest.mark.parametrize("status", ["休学", "转出", "毕业", "死亡"])
def test_c01_not_in_school_innocent(found, status):
    make.poor_child(status=status, status_on=date(2020, 9, 10))
    assert found("C01") == []


@pytest.mark.parametrize(("joined", "count"), [(date(2020, 9, 30), 1), (date(2020, 10, 1), 0)])
def test_c01_transferred_in_by_census(found, joined, count):
    make.poor_child(status_event="转入", status_on=joined)
    assert len(found("C01")) == count


@pytest.mark.parametrize(("until", "count"), [(date(2020, 9, 30), 1), (date(2020, 9, 29), 0), (None, 1)])
def test_c01_category_on_census(found, until, count):
    make.spell(make.enrolment().person, until_on=until)
    assert len(found("C01")) == count


def test_c01_before_census_says_nothing(found):
    make.poor_child()
    assert found("C01", date(2020, 9, 29)) == []
    assert len(found("C01", date(2020, 9, 30))) == 1


@pytest.mark.parametrize(("term_day", "count"), [(date(2019, 6, 1), 0), (date(2019, 10, 8), 1)])
def test_c01_day_pupils_due_since_2019_autumn(found, term_day, count):
    make.poor_child(boarding="day", since_on=date(2018, 9, 1))
    assert len(found("C01", term_day)) == count


def test_c01_rate_of_2024_spring(found):
    make.poor_child(grade=8)
    assert found("C01", date(2024, 4, 10))[0].amount == Decimal("750.00")

"""C25 and C32: meals and allowances beside schools, pupils and posts."""

from datetime import date
from decimal import Decimal

import pytest

from datong_edu.registry.models import School
from tests import factories as make


def school_with(pupils: int, **given) -> School:
    school = make.school(**given)
    for _ in range(pupils):
        make.enrolment(school=school)
    return school


@pytest.mark.parametrize(("eaters", "count"), [(5, 0), (8, 0), (9, 1)])
def test_c25_tolerance_of_three_persons(found, eaters, count):
    school = school_with(5)
    make.meal_month(school=school, beneficiaries=eaters)
    findings = found("C25")
    assert len(findings) == count
    if count:
        assert findings[0].subject_id == f"{school.pk}|2020-10"
        assert findings[0].amount == Decimal("272.00")


@pytest.mark.slow
@pytest.mark.parametrize(("eaters", "count"), [(124, 0), (125, 1)])
def test_c25_tolerance_of_three_percent(found, eaters, count):
    make.meal_month(school=school_with(121), beneficiaries=eaters)
    assert len(found("C25")) == count


def test_c25_kindergarten_class_does_not_count(found):
    school = school_with(5)
    for _ in range(5):
        make.enrolment(school=school, stage="PRE", grade=3)
    make.meal_month(school=school, beneficiaries=10)
    assert len(found("C25")) == 1


def test_c25_pupil_suspended_after_month_began_counts(found):
    school = school_with(4)
    make.enrolment(school=school, status="休学", status_on=date(2020, 10, 2))
    make.enrolment(school=school, status="休学", status_on=date(2020, 10, 1))
    make.meal_month(school=school, beneficiaries=8)
    assert found("C25") == []


def test_c25_county_without_registry_innocent(found):
    make.meal_month(beneficiaries=50)
    assert found("C25") == []


@pytest.mark.parametrize(("month", "count"), [("2020-08", 0), ("2020-09", 1), ("2020-11", 1), ("2020-12", 0)])
def test_c25_months_of_the_term_so_far(found, month, count):
    make.meal_month(school=school_with(1), beneficiaries=50, month=month)
    assert len(found("C25")) == count


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 0),
        ({"seat": "镇区"}, 0),
        ({"kind": "218"}, 0),
        ({"seat": "县城"}, 1),
        ({"kind": "342"}, 1),
        ({"kind": "111"}, 1),
    ],
)
def test_c32_school_of_the_line(found, given, count):
    line = make.allowance(school=make.school(**given))
    findings = found("C32")
    assert len(findings) == count
    if count:
        assert (findings[0].person, findings[0].amount) == (line.person, Decimal("1200.00"))


@pytest.mark.parametrize(("code", "count"), [("140215", 0), ("140226", 1)])
def test_c32_poverty_county(found, code, count):
    make.allowance(school=make.school(county=make.county(code)))
    assert len(found("C32")) == count


@pytest.mark.parametrize(
    ("status", "count"), [("on_post", 0), ("seconded", 1), ("on_roll_off_post", 1), ("left", 0), ("", 0)]
)
def test_c32_standing_by_latest_roster(found, status, count):
    line = make.allowance()
    make.post(line.person, school=line.school, status="seconded", as_of_on=date(2020, 3, 31))
    make.post(line.person, school=line.school, status=status)
    make.post(line.person, school=line.school, status="seconded", as_of_on=date(2020, 11, 24))
    assert len(found("C32")) == count


def test_c32_support_teacher_paid_where_teaching_innocent(found):
    line = make.allowance()
    make.post(line.person, school=make.school(seat="县城"), status="seconded")
    make.post(line.person, school=line.school, status="on_post")
    assert found("C32") == []


@pytest.mark.parametrize(("year", "count"), [(2019, 0), (2020, 1), (2021, 0)])
def test_c32_year_of_the_run(found, year, count):
    make.allowance(school=make.school(seat="县城"), year=year)
    assert len(found("C32")) == count

"""C03, C06, C09 and C10: what was paid, beside what may be paid."""

from datetime import date
from decimal import Decimal

import pytest

from datong_edu.core.sensitive import columns_for
from tests import factories as make


def test_c03_two_paid_lines_caught(found):
    pupil = make.poor_child()
    make.award(pupil)
    make.award(pupil)
    (finding,) = found("C03")
    assert finding.person == pupil.person
    assert finding.amount == Decimal("500.00")


def test_c03_paid_in_two_counties_caught(found):
    pupil = make.poor_child()
    far = make.school(county=make.county("140221"))
    make.award(pupil)
    make.award(pupil, school=far, county=far.county)
    assert len(found("C03")) == 1
    assert len(found("C03", county=far.county)) == 1


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_c03_failed_then_repaid_innocent(found, status):
    pupil = make.poor_child()
    make.award(pupil, status=status)
    make.award(pupil, kind="backpay")
    assert found("C03") == []


def test_c03_recovered_innocent(found):
    pupil = make.poor_child()
    make.award(pupil)
    make.award(pupil)
    make.award(pupil, "-500", kind="recovery")
    assert found("C03") == []


def test_c03_partly_recovered_caught(found):
    pupil = make.poor_child()
    make.award(pupil)
    make.award(pupil)
    make.award(pupil, "-499", kind="recovery")
    assert found("C03")[0].amount == Decimal("1.00")


def test_c03_backpay_of_earlier_term_innocent(found):
    pupil = make.poor_child()
    make.award(pupil)
    make.award(pupil, kind="backpay", term=make.term("2019-2020-2"), roll_term=make.term())
    assert found("C03") == []


def test_c03_backpay_beside_paid_line_of_earlier_term_caught(found):
    pupil, before = make.poor_child(), make.term("2019-2020-2")
    make.award(pupil, term=before)
    make.award(pupil, kind="backpay", term=before, roll_term=make.term())
    assert len(found("C03")) == 1


def test_c03_two_schemes_innocent(found):
    pupil = make.poor_child(stage="HS", grade=10)
    make.award(pupil, scheme_id="HS_GRANT")
    make.award(pupil, scheme_id="HS_FEE", status="waived")
    assert found("C03") == []


def test_c03_twin_under_one_mistyped_number_innocent(found):
    pupil = make.poor_child()
    make.award(pupil)
    make.award(pupil, name="孪生", **columns_for("student_no", "student_no", f"G{make.id_number()}"))
    assert found("C03") == []


def test_c06_no_category_caught(found):
    pupil = make.enrolment()
    make.award(pupil, category_text="低保")
    (finding,) = found("C06")
    assert (finding.person, finding.amount) == (pupil.person, Decimal("500.00"))


@pytest.mark.parametrize("source", ["poverty", "civil", "recognition"])
def test_c06_category_of_any_source_innocent(found, source):
    pupil = make.enrolment()
    make.spell(pupil.person, "other", source=source)
    make.award(pupil)
    assert found("C06") == []


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        (date(2016, 1, 1), date(2020, 9, 1), 0),
        (date(2016, 1, 1), date(2020, 8, 31), 1),
        (date(2021, 2, 28), None, 0),
        (date(2021, 3, 1), None, 1),
    ],
)
def test_c06_category_touching_the_term(found, since, until, count):
    pupil = make.enrolment()
    make.spell(pupil.person, since_on=since, until_on=until)
    make.award(pupil)
    assert len(found("C06")) == count


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_c06_nothing_paid_innocent(found, status):
    make.award(status=status)
    assert found("C06") == []


def test_c06_recovered_innocent(found):
    pupil = make.enrolment()
    make.award(pupil)
    make.award(pupil, "-500", kind="recovery")
    assert found("C06") == []


@pytest.mark.parametrize(("county", "count"), [("140225", 0), ("140213", 1)])
def test_c06_vocational_grant_covers_poverty_counties(found, county, count):
    school = make.school(kind="365", county=make.county(county))
    make.award(make.enrolment(stage="VOC", grade=1, school=school), "1000", scheme_id="VOC_GRANT")
    assert len(found("C06")) == count


@pytest.mark.parametrize("status", ["休学", "退学", "毕业", "流失"])
def test_c09_away_at_census_caught(found, status):
    pupil = make.poor_child(status=status, status_on=date(2020, 9, 10))
    make.award(pupil)
    (finding,) = found("C09")
    assert finding.person == pupil.person
    assert status in finding.summary


@pytest.mark.parametrize(("left", "count"), [(date(2020, 9, 30), 1), (date(2020, 10, 1), 0)])
def test_c09_left_by_census(found, left, count):
    make.award(make.poor_child(status="休学", status_on=left))
    assert len(found("C09")) == count


def test_c09_returned_in_the_term_innocent(found):
    pupil = make.poor_child(status="休学", status_on=date(2020, 9, 10), until_on=date(2020, 10, 20))
    make.enrolment(
        of=pupil.person, school=pupil.school, status_event="复学", status_on=date(2020, 10, 20),
        since_on=date(2020, 10, 20),
    )  # fmt: skip
    make.award(pupil)
    assert found("C09") == []


def test_c09_graduated_in_june_due_spring_innocent(found):
    pupil = make.poor_child(grade=9, status="毕业", status_on=date(2020, 6, 30), since_on=date(2019, 9, 1))
    make.award(pupil, kind="backpay", term=make.term("2019-2020-2"), roll_term=make.term())
    assert found("C09") == []


def test_c09_graduated_and_paid_in_autumn_caught(found):
    pupil = make.poor_child(grade=9, status="毕业", status_on=date(2020, 6, 30), since_on=date(2019, 9, 1))
    make.award(pupil, "625")
    assert len(found("C09")) == 1


def test_c09_at_another_school_innocent(found):
    pupil = make.poor_child(status="退学", status_on=date(2020, 9, 10))
    make.enrolment(of=pupil.person)
    make.award(pupil)
    assert found("C09") == []


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_c09_nothing_paid_innocent(found, status):
    make.award(make.poor_child(status="休学", status_on=date(2020, 9, 10)), status=status)
    assert found("C09") == []


@pytest.mark.parametrize(
    ("scheme", "stage", "grade", "amount", "count"),
    [
        ("CE_BOARD", "PRI", 5, "500", 0),
        ("CE_BOARD", "PRI", 5, "625", 1),
        ("CE_BOARD", "JUN", 8, "625", 0),
        ("CE_BOARD", "", 8, "625", 0),
        ("CE_NONBOARD", "JUN", 8, "312.50", 0),
        ("CE_NONBOARD", "JUN", 8, "312", 1),
        ("CE_NONBOARD", "JUN", 8, "312.51", 1),
        ("PRE_AID", "PRE", 2, "500", 0),
        ("HS_GRANT", "HS", 10, "500", 0),
        ("HS_GRANT", "HS", 10, "1000", 0),
        ("HS_GRANT", "HS", 10, "1500", 0),
        ("HS_GRANT", "HS", 10, "600", 1),
        ("HS_FEE", "HS", 10, "777", 0),
        ("VOC_GRANT", "VOC", 1, "1000", 0),
    ],
)
def test_c10_amount_by_scheme_and_stage(found, scheme, stage, grade, amount, count):
    pupil = make.enrolment(stage=stage or "JUN", grade=grade)
    make.award(pupil, amount, scheme_id=scheme, stage=stage)
    assert len(found("C10")) == count


def test_c10_says_how_much_is_missing(found):
    line = make.award(make.enrolment(grade=8), "500", status="pending")
    (finding,) = found("C10")
    assert finding.subject_id == str(line.pk)
    assert finding.amount == Decimal("125.00")
    assert finding.summary == "义务教育寄宿生生活补助发放500.00元，标准625.00元"
    assert ["相差", "少125.00元"] in finding.evidence


@pytest.mark.parametrize(
    ("day", "term", "amount", "count"),
    [
        (date(2024, 1, 20), "2023-2024-1", "625", 0),
        (date(2024, 4, 20), "2023-2024-2", "625", 1),
        (date(2024, 4, 20), "2023-2024-2", "750", 0),
    ],
)
def test_c10_new_rate_from_2024_spring(found, day, term, amount, count):
    make.award(make.enrolment(grade=8), amount, term=make.term(term))
    assert len(found("C10", day)) == count


@pytest.mark.parametrize(("amount", "count"), [("625", 0), ("750", 1)])
def test_c10_backpay_has_the_rate_of_its_own_term(found, amount, count):
    make.award(
        make.enrolment(grade=8), amount, kind="backpay", term=make.term("2023-2024-1"),
        roll_term=make.term("2023-2024-2"),
    )  # fmt: skip
    assert len(found("C10", date(2024, 4, 20))) == count


def test_c10_short_line_made_good_innocent(found):
    pupil = make.enrolment(grade=8)
    make.award(pupil, "500")
    make.award(pupil, "125", kind="backpay")
    assert found("C10") == []


def test_c10_surplus_recovered_innocent(found):
    pupil = make.enrolment(grade=8)
    make.award(pupil, "700")
    make.award(pupil, "-75", kind="recovery")
    assert found("C10") == []


@pytest.mark.parametrize("status", ["failed", "waived"])
def test_c10_line_without_money_innocent(found, status):
    make.award(make.enrolment(), "1", status=status)
    assert found("C10") == []

"""C13, C14 and C17: the registry beside itself and beside the poverty register."""

from datetime import date

import pytest

from tests import factories as make


def test_c13_valid_number_innocent(found):
    make.enrolment()
    assert found("C13") == []


@pytest.mark.parametrize(
    "number",
    ["14022520100501001", "140225201005010000", "140225201013010014", "140225201005019999"],
)
def test_c13_malformed_number_caught(found, number):
    pupil = make.enrolment(number=number, of=make.person(), grade=5)
    (finding,) = found("C13")
    assert finding.subject_id == str(pupil.student_no_index)
    assert number not in str(finding.evidence)


@pytest.mark.parametrize("number", ["", "1402252010050199"])
@pytest.mark.parametrize(
    ("student_no", "id_type"),
    [("J140225201005010014", "居民身份证"), ("G140225201005010014", "其他"), ("G140225201005010014", "护照")],
)
def test_c13_without_resident_card_innocent(found, number, student_no, id_type):
    make.enrolment(number=number, student_no=student_no, id_type=id_type, of=make.person())
    caught = number != "" and id_type == "居民身份证"
    assert len(found("C13")) == caught


def test_c13_missing_number_of_resident_caught(found):
    make.enrolment(number="", of=make.person())
    assert "无证件号" in found("C13")[0].summary


def test_c13_certificate_number_innocent(found):
    make.enrolment(number=f"{make.id_number()}41B1", of=make.person())
    assert found("C13") == []


def test_c13_sex_against_field_caught(found):
    child = make.person(sex="女")
    make.enrolment(of=child, number=make.id_number(sex="男"))
    assert "性别" in found("C13")[0].summary


def test_c13_sex_not_stated_innocent(found):
    make.enrolment(sex="", of=make.person(sex="女"), number=make.id_number(sex="男"))
    assert found("C13") == []


@pytest.mark.parametrize(
    ("born", "grade", "count"),
    [
        (date(2006, 9, 1), 5, 0),  # thirteen instead of ten
        (date(2006, 8, 31), 5, 0),  # fourteen: four years off
        (date(2005, 9, 1), 5, 0),  # fourteen still on the cut-off day
        (date(2005, 8, 31), 5, 1),  # fifteen: five years off
        (date(2014, 9, 1), 5, 1),  # five
        (date(2014, 8, 31), 5, 0),  # six
    ],
)
def test_c13_age_against_grade(found, born, grade, count):
    make.enrolment(of=make.person(born_on=born), number=make.id_number(born), grade=grade)
    assert len(found("C13")) == count


def test_c13_left_school_innocent(found):
    make.enrolment(number="", of=make.person(), status="毕业")
    assert found("C13") == []


def test_c13_mended_row_closes_finding(found):
    pupil = make.enrolment(number="", of=make.person())
    assert len(found("C13")) == 1
    pupil.id_state = "valid"
    pupil.save()
    assert found("C13") == []


def two_places(second: dict | None = None, **first):
    child = make.person()
    return make.enrolment(of=child, **first), make.enrolment(of=child, **(second or {}))


def test_c14_two_active_rows_caught(found):
    one, other = two_places()
    (finding,) = found("C14")
    assert finding.person == one.person
    assert finding.school == other.school
    assert one.school.name in finding.summary


def test_c14_seen_from_either_county(found):
    far = make.school(county=make.county("140221"))
    one, other = two_places({"school": far})
    assert found("C14", county=one.county) == []
    (finding,) = found("C14", county=other.county)
    assert finding.county == other.county


@pytest.mark.parametrize("status", ["休学", "转出", "毕业"])
def test_c14_one_active_row_innocent(found, status):
    two_places({"status": status})
    assert found("C14") == []


def test_c14_closed_row_innocent(found):
    two_places(until_on=date(2020, 10, 1))
    assert found("C14") == []


@pytest.mark.parametrize(
    ("moved", "count"),
    [(date(2020, 11, 9), 0), (date(2020, 11, 8), 1), (date(2020, 11, 23), 0), (None, 1)],
)
def test_c14_transfer_under_way(found, moved, count):
    two_places({"status_event": "转入", "status_on": moved})
    assert len(found("C14")) == count


@pytest.mark.parametrize(
    ("day", "stage", "count"),
    [(date(2020, 9, 30), "PRI", 0), (date(2020, 10, 1), "PRI", 1), (date(2020, 9, 30), "PRE", 1)],
)
def test_c14_kindergarten_beside_primary_in_september(found, day, stage, count):
    two_places({"stage": stage, "grade": 1}, stage="PRE", grade=3)
    assert len(found("C14", day)) == count


def test_c17_child_nobody_enrolled_caught(found):
    child = make.member(number="140225201005010014")
    (finding,) = found("C17")
    assert finding.subject_id == str(child.pk)
    assert finding.person == child.person
    assert "140225201005010014" not in str(finding.evidence)


@pytest.mark.parametrize(
    ("born", "count"),
    [
        (date(2014, 8, 31), 1),
        (date(2014, 9, 1), 0),
        (date(2004, 9, 1), 1),
        (date(2004, 8, 31), 0),
    ],
)
def test_c17_school_age_on_31_august(found, born, count):
    make.member(birth_on=born)
    assert len(found("C17")) == count


@pytest.mark.parametrize(
    ("status", "count"), [("在读", 0), ("休学", 0), ("转出", 0), ("流失", 1), ("退学", 1), ("死亡", 1)]
)
def test_c17_standing_of_registry_row(found, status, count):
    make.enrolment(of=make.member().person, status=status)
    assert len(found("C17")) == count


def test_c17_in_kindergarten_of_another_county_innocent(found):
    far = make.school(county=make.county("140213"), kind="111")
    make.enrolment(of=make.member(birth_on=date(2014, 5, 1)).person, school=far, stage="PRE", grade=3)
    assert found("C17") == []


@pytest.mark.parametrize("kind", ["death", "move_out"])
@pytest.mark.parametrize(("on", "count"), [(date(2020, 11, 23), 0), (date(2020, 11, 24), 1)])
def test_c17_dead_or_moved_away(found, kind, on, count):
    make.life_event(make.member().person, kind, on)
    assert len(found("C17")) == count


@pytest.mark.parametrize(("grade", "count"), [(9, 0), (6, 1)])
def test_c17_graduated(found, grade, count):
    who = make.member(birth_on=date(2005, 5, 1)).person
    make.enrolment(of=who, grade=grade, status="毕业", status_on=date(2020, 6, 30), since_on=date(2019, 9, 1))
    assert len(found("C17")) == count


@pytest.mark.parametrize(("status", "count"), [("open", 1), ("persuading", 1), ("closed", 0)])
def test_c17_dropout_ledger(found, status, count):
    make.dropout_case(make.member().person, status=status)
    assert len(found("C17")) == count


def test_c17_known_by_former_number_innocent(found):
    child = make.member(number="140227201005010010")
    make.enrolment(of=child.person, number=make.id_number())
    assert found("C17") == []


def test_c17_two_member_rows_of_one_child_are_one_finding(found):
    child = make.member()
    make.member(of=child.person)
    assert len(found("C17")) == 1

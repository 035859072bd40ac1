"""学籍 from term to term: what a later roster closes, opens and leaves alone."""

from datetime import date

import pytest

from datong_edu.registry.models import Enrolment, Person
from tests.factories import id_number
from tests.importing import rosters
from tests.registry.conftest import Send

AUTUMN, SPRING, NEXT_AUTUMN = "2020-2021-1", "2020-2021-2", "2021-2022-1"


def places() -> list[tuple[str, int, date, date | None]]:
    """School, grade and days of every place, oldest first."""
    rows = Enrolment.objects.whole_city().order_by("since_on", "id")
    return [(row.school.name, row.grade, row.since_on, row.until_on) for row in rows]


def test_first_roster_opens_a_place_from_the_first_day_of_its_term(send: Send) -> None:
    send("student_registry", [rosters.pupil()])
    assert places() == [(rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), None)]


def test_later_term_closes_the_old_place_and_opens_a_new_one(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line])
    answer = send("student_registry", [line | {"年级": "五年级"}], term=NEXT_AUTUMN)
    assert answer.count("changed") == 1
    assert places() == [
        (rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), date(2021, 9, 1)),
        (rosters.TOWN_PRIMARY, 5, date(2021, 9, 1), None),
    ]
    old, new = Enrolment.objects.whole_city().order_by("since_on")
    assert (old.person, old.student_no_index, old.id_no_index) == (
        new.person,
        new.student_no_index,
        new.id_no_index,
    )
    assert old.source_batch != new.source_batch
    assert bytes(new.id_no)


def test_unchanged_place_stands_through_a_later_term(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line])
    assert send("student_registry", [line], term=SPRING).count("unchanged") == 1
    assert places() == [(rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), None)]


def test_correction_within_a_term_mends_the_place_itself(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line])
    send("student_registry", [line | {"年级": "五年级"}])
    assert places() == [(rosters.TOWN_PRIMARY, 5, date(2020, 9, 1), None)]


def test_number_at_another_school_in_a_later_term_leaves_the_first(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line])
    answer = send("student_registry", [line | {"学校名称": rosters.PRIMARY}], term=SPRING)
    assert answer.count("new") == 1
    assert places() == [
        (rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), date(2021, 3, 1)),
        (rosters.PRIMARY, 4, date(2021, 3, 1), None),
    ]
    assert Person.objects.whole_city().count() == 1


def test_older_roster_after_a_newer_one_stands_before_it(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line | {"年级": "五年级"}], term=NEXT_AUTUMN)
    answer = send("student_registry", [line])
    assert answer.count("new") == 1
    assert places() == [
        (rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), date(2021, 9, 1)),
        (rosters.TOWN_PRIMARY, 5, date(2021, 9, 1), None),
    ]
    assert send("student_registry", [line | {"年级": "三年级"}]).count("changed") == 1
    assert [grade for _, grade, _, _ in places()] == [3, 5]


def test_older_roster_ends_where_a_newer_one_knows_the_pupil_elsewhere(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line | {"学校名称": rosters.PRIMARY}], term=SPRING)
    send("student_registry", [line])
    assert places() == [
        (rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), date(2021, 3, 1)),
        (rosters.PRIMARY, 4, date(2021, 3, 1), None),
    ]


def test_number_that_left_elsewhere_keeps_its_present_place(send: Send) -> None:
    line = rosters.pupil()
    send("student_registry", [line])
    send("student_registry", [line | {"学校名称": rosters.PRIMARY, "学生状态": "转出"}], term=SPRING)
    assert places()[0] == (rosters.TOWN_PRIMARY, 4, date(2020, 9, 1), None)


def test_two_numbers_of_one_child_are_two_places_of_one_person(send: Send) -> None:
    """One child with two 学籍号 is a doubt for the cross-check, not an error of the file."""
    number = id_number(date(2011, 3, 8))
    other = rosters.pupil(number, 学籍号=f"G{id_number(date(2011, 3, 9))}", 学校名称=rosters.PRIMARY)
    answer = send("student_registry", [rosters.pupil(number), other])
    assert answer.count("new") == 2
    assert Person.objects.whole_city().get().enrolments.whole_city().count() == 2


def test_one_number_at_two_schools_stands_when_one_has_left(send: Send) -> None:
    line = rosters.pupil()
    left = line | {"学校名称": rosters.PRIMARY, "学生状态": "转出"}
    assert send("student_registry", [line, left]).count("accepted") == 2


@pytest.mark.parametrize("status", ["在读", None])
def test_one_number_at_two_schools_at_once_is_a_conflict(send: Send, status: str | None) -> None:
    line = rosters.pupil()
    if status is None:
        del line["学生状态"]
    answer = send("student_registry", [line, line | {"学校名称": rosters.PRIMARY}])
    assert answer.reasons() == {2: ["DUPLICATE_CONFLICT"], 3: ["DUPLICATE_CONFLICT"]}
    assert places() == []


def test_doubtful_number_is_kept_as_sent(send: Send) -> None:
    number = id_number(date(2011, 3, 8))
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    answer = send("student_registry", [rosters.pupil(wrong, 学籍号=f"G{number}")])
    assert answer.reasons("warnings") == {2: ["ID_CHECKSUM"]}
    assert Enrolment.objects.whole_city().get().id_state == "checksum"


def test_child_without_a_number_is_kept(send: Send) -> None:
    line = rosters.pupil("", 学籍号="J" + id_number(date(2011, 3, 8)), 身份证件类型="其他")
    assert send("student_registry", [line]).count("new") == 1
    person = Person.objects.whole_city().get()
    assert (person.id_no_index, person.id_state) == (None, "missing")
    assert person.identifiers.whole_city().get().kind == "student_no"

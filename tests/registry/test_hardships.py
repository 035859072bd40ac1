"""Civil lists, deaths and moves: categories and events with their days."""

from datetime import date

import pytest

from datong_edu.registry.models import HardshipSpell, LifeEvent, Person
from tests import factories as make
from tests.importing import rosters
from tests.registry.conftest import Send


@pytest.fixture
def number() -> str:
    """A child's number."""
    return make.id_number(date(2011, 3, 8))


def spells() -> list[tuple[str, date, date | None]]:
    """Category and days of every spell."""
    rows = HardshipSpell.objects.whole_city().order_by("category", "since_on")
    return list(rows.values_list("category", "since_on", "until_on"))


def test_cell_with_several_categories_is_a_spell_for_each(send: Send, number: str) -> None:
    answer = send("civil_list", [rosters.listed(number, "低保、残疾、孤儿")])
    assert answer.count("new") == 1
    start = date(2019, 1, 1)
    assert spells() == [("dibao", start, None), ("disabled", start, None), ("orphan", start, None)]


def test_same_list_again_changes_nothing(send: Send, number: str) -> None:
    line = rosters.listed(number, "低保、残疾")
    send("civil_list", [line])
    assert send("civil_list", [line | {"备注": "再报"}]).count("unchanged") == 1
    assert len(spells()) == 2


def test_end_of_a_category_closes_its_spell(send: Send, number: str) -> None:
    line = rosters.listed(number, "低保")
    send("civil_list", [line])
    assert send("civil_list", [line | {"终止日期": "2020-10-31"}]).count("changed") == 1
    assert spells() == [("dibao", date(2019, 1, 1), date(2020, 10, 31))]


def test_category_that_comes_back_is_a_second_spell(send: Send, number: str) -> None:
    ended = rosters.listed(number, "低保", 终止日期="2019-12-31")
    again = rosters.listed(number, "低保", 起始日期="2020-06-01")
    send("civil_list", [ended, again])
    assert [row[1:] for row in spells()] == [
        (date(2019, 1, 1), date(2019, 12, 31)),
        (date(2020, 6, 1), None),
    ]


def test_days_in_the_wrong_order_are_refused(send: Send, number: str) -> None:
    answer = send("civil_list", [rosters.listed(number, "低保", 终止日期="2018-12-31")])
    assert answer.reasons() == {2: ["DATE_ORDER"]}
    assert spells() == []


def test_line_without_number_or_category_is_refused(send: Send, number: str) -> None:
    answer = send("civil_list", [rosters.listed("", "低保"), rosters.listed(number, "隔壁老王")])
    assert answer.reasons() == {2: ["ID_MISSING"], 3: ["CATEGORY_UNKNOWN"]}


def test_death_and_move_are_events_of_their_day(send: Send, number: str) -> None:
    other = make.id_number(date(2012, 5, 1))
    send("death_move", [{"姓名": "侯明远", "身份证号": number, "死亡日期": "2020-08-01", "县区": "浑源县"}])
    send(
        "death_move",
        [
            {
                "姓名": "姚静怡",
                "身份证号": other,
                "迁出日期": "2020年7月15日",
                "县区": "浑源县",
                "说明": "迁往外省",
            }
        ],
    )
    events = LifeEvent.objects.whole_city().order_by("id").values_list("kind", "happened_on", "note")
    assert list(events) == [("death", date(2020, 8, 1), ""), ("move_out", date(2020, 7, 15), "迁往外省")]


def test_death_joins_the_person_of_the_registry(send: Send, number: str) -> None:
    send("student_registry", [rosters.pupil(number)])
    send("death_move", [{"姓名": "侯明远", "身份证号": number, "死亡日期": "2020-08-01", "县区": "浑源县"}])
    person = Person.objects.whole_city().get()
    assert person.life_events.whole_city().count() == 1


def test_event_without_a_day_is_refused(send: Send, number: str) -> None:
    answer = send("death_move", [{"姓名": "侯明远", "身份证号": number, "死亡日期": "", "县区": "浑源县"}])
    assert answer.code == 2
    assert answer.reasons() == {2: ["DATE_INVALID"]}

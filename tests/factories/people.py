"""Persons and the dated facts about them."""

from datetime import date
from itertools import count
from typing import Any

from datong_edu.core.idnumber import check_character, read
from datong_edu.core.names import name_key
from datong_edu.core.sensitive import columns_for
from datong_edu.registry.models import (
    Enrolment,
    HardshipSpell,
    Household,
    HouseholdMembership,
    LifeEvent,
    Person,
)
from datong_edu.registry.search import name_grams
from tests.factories import places

_numbers = count(1)


def id_number(born_on: date = date(2010, 5, 1), sex: str = "男", area: str = "140225") -> str:
    """A fresh valid ID number."""
    order = next(_numbers) % 499 * 2 + (sex == "男")
    body = f"{area}{born_on:%Y%m%d}{order:03}"
    return body + check_character(body)


def person(**given: Any) -> Person:
    """A person; `number` sets the ID number ("" for none), `born_on` the birthday inside it."""
    born_on = given.pop("born_on", date(2010, 5, 1))
    sex = given.get("sex", "男")
    number = given.pop("number", None)
    number = id_number(born_on, sex) if number is None else number
    name = given.pop("name", f"测试{next(_numbers)}")
    fields = {
        "name": name,
        "name_key": name_key(name),
        "name_grams": list(name_grams(name)),
        "sex": sex,
        "birth_on": born_on,
        "id_state": read(number).state,
        "county_ids": [places.county().pk],
    }
    return Person.objects.create(**fields | columns_for("id_no", "id_no", number) | given)


def enrolment(**given: Any) -> Enrolment:
    """A pupil of grade 5, 在读 and boarding since 2020-09-01, at a rural school of 浑源县.

    `number` sets the ID number the row states, `student_no` the 学籍号; `of` is the person.
    """
    school = given.pop("school", None) or places.school()
    grade = given.pop("grade", 5)
    stage = given.pop("stage", "PRI" if grade <= 6 else "JUN" if grade <= 9 else "HS")
    who = given.pop("of", None) or person(
        born_on=given.pop("born_on", date(2015 - grade, 5, 1)), county_ids=[school.county_id]
    )
    number = given.pop("number", None)
    number = id_number(who.birth_on or date(2010, 5, 1), who.sex or "男") if number is None else number
    read_number = read(number)
    student_no = given.pop("student_no", None) or f"G{number or id_number()}"
    fields = {
        "person": who,
        "school": school,
        "county": school.county,
        "id_type": "居民身份证",
        "id_state": read_number.state,
        "id_birth_on": read_number.birth_on,
        "id_sex": read_number.sex,
        "name": who.name,
        "sex": who.sex,
        "birth_on": who.birth_on,
        "stage": stage,
        "grade": grade,
        "boarding": "boarder",
        "status": "在读",
        "since_on": date(2020, 9, 1),
    }
    sealed = columns_for("id_no", "id_no", number) | columns_for("student_no", "student_no", student_no)
    return Enrolment.objects.create(**fields | sealed | given)


def household(**given: Any) -> Household:
    """A household of 浑源县 that enjoys the policy."""
    fields = {
        "household_no": f"14022500{next(_numbers):06}",
        "head_name": "户主测试",
        "poverty_attr": "已脱贫（享受政策）",
        "exit_year": 2019,
    }
    return Household.objects.create(
        **fields | {"county": given.pop("county", None) or places.county()} | given
    )


def member(**given: Any) -> HouseholdMembership:
    """A child of a household as the poverty register states it; `of` is the person, `number` the row's."""
    home = given.pop("household", None) or household()
    who = given.pop("of", None) or person(born_on=given.get("birth_on", date(2010, 5, 1)))
    number = given.pop("number", None)
    number = id_number(who.birth_on or date(2010, 5, 1), who.sex) if number is None else number
    fields = {
        "person": who,
        "household": home,
        "county": home.county,
        "member_no": f"{home.household_no}{next(_numbers):02}",
        "id_state": read(number).state,
        "name": who.name,
        "sex": who.sex,
        "birth_on": who.birth_on,
        "relation": "之子",
        "student_status": "小学",
    }
    return HouseholdMembership.objects.create(**fields | columns_for("id_no", "id_no", number) | given)


def spell(of: Person, category: str = "jdlk", **given: Any) -> HardshipSpell:
    """A hardship category since 2016, open, from the register it usually comes from."""
    fields = {
        "county": places.county(),
        "source": "poverty" if category == "jdlk" else "civil",
        "since_on": date(2016, 1, 1),
    }
    return HardshipSpell.objects.create(person=of, category=category, **fields | given)


def poor_child(category: str = "jdlk", **given: Any) -> Enrolment:
    """A pupil (see `enrolment`) with an open hardship category."""
    place = enrolment(**given)
    spell(place.person, category, county=place.county)
    return place


def life_event(of: Person, kind: str = "death", on: date = date(2020, 8, 1), **given: Any) -> LifeEvent:
    """A death, or a move out of the area (kind move_out), on a day."""
    fields = {"county": places.county(), "name": of.name, "happened_on": on}
    return LifeEvent.objects.create(person=of, kind=kind, **fields | given)

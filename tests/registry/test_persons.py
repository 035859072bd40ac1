"""One person, one file: exact numbers bring the rosters together, likeness of names never does."""

from datetime import date

from datong_edu.accounts.roles import Role
from datong_edu.registry.models import HardshipSpell, Household, HouseholdMembership, Person
from tests import factories as make
from tests.importing import rosters
from tests.registry.conftest import Send

HOUSEHOLD = "140225001234"


def test_pupil_household_member_and_payee_are_one_person(send: Send) -> None:
    number = make.id_number(date(2011, 3, 8))
    send("student_registry", [rosters.pupil(number)])
    send("poverty_members", [rosters.member(HOUSEHOLD, 1, number)])
    send("civil_list", [rosters.listed(number, "低保")])
    send("aid_roll", [rosters.aid("X1", number, "500")])
    person = Person.objects.whole_city().get()
    assert person.enrolments.whole_city().count() == 1
    assert person.memberships.whole_city().count() == 1
    assert person.awards.whole_city().count() == 1
    assert set(person.hardships.whole_city().values_list("category", flat=True)) == {"jdlk", "dibao"}


def test_same_name_without_a_shared_number_stays_two_persons(send: Send) -> None:
    send("student_registry", [rosters.pupil()])
    send("poverty_members", [rosters.member(HOUSEHOLD, 1)])
    assert Person.objects.whole_city().filter(name="侯明远").count() == 2


def test_small_x_and_spaces_are_the_same_number(send: Send) -> None:
    number = next(n for n in (make.id_number(date(2011, 3, 8)) for _ in range(200)) if n.endswith("X"))
    send("student_registry", [rosters.pupil(number)])
    send("civil_list", [rosters.listed(f" {number[:6]} {number[6:-1]}x", "低保")])
    assert Person.objects.whole_city().count() == 1


def test_old_number_of_fifteen_digits_is_the_same_person(send: Send) -> None:
    number = next(n for n in (make.id_number(date(1985, 3, 3)) for _ in range(500)) if n[6:8] == "19")
    send("civil_list", [rosters.listed(number, "低保")])
    answer = send("civil_list", [rosters.listed(number[:6] + number[8:17], "特困")])
    assert answer.reasons("warnings") == {2: ["ID_15_DIGIT"]}
    assert Person.objects.whole_city().count() == 1


def test_certificate_number_in_the_identity_column_is_the_same_person(send: Send) -> None:
    number = make.id_number(date(2011, 3, 8))
    send("student_registry", [rosters.pupil(number)])
    answer = send("poverty_members", [rosters.member(HOUSEHOLD, 1, f"{number}44")])
    assert answer.reasons("warnings") == {2: ["ID_IS_DISABILITY_NO"]}
    assert Person.objects.whole_city().count() == 1


def test_members_without_a_number_are_kept_by_their_member_number(send: Send) -> None:
    lines = [rosters.member(HOUSEHOLD, order, "", 姓名=name) for order, name in ((1, "甲一"), (2, "乙二"))]
    answer = send("poverty_members", lines)
    assert answer.reasons("warnings") == {2: ["ID_MISSING"], 3: ["ID_MISSING"]}
    assert Person.objects.whole_city().count() == 2
    again = send("poverty_members", [lines[0] | {"在校生状况": "七年级"}, lines[1]])
    assert [again.count(key) for key in ("new", "changed", "unchanged")] == [0, 1, 1]
    assert Person.objects.whole_city().count() == 2


def test_number_found_later_completes_the_member(send: Send) -> None:
    number = make.id_number(date(2011, 3, 8))
    send("poverty_members", [rosters.member(HOUSEHOLD, 1, "")])
    send("poverty_members", [rosters.member(HOUSEHOLD, 1, number)])
    send("student_registry", [rosters.pupil(number)])
    person = Person.objects.whole_city().get()
    assert person.id_state == "valid"
    assert person.birth_on == date(2011, 3, 8)


def test_household_number_that_became_a_number_cell_is_one_household(send: Send) -> None:
    lines = [rosters.member(HOUSEHOLD, 1), rosters.member(HOUSEHOLD, 2) | {"户编号": int(HOUSEHOLD)}]
    send("poverty_members", lines)
    home = Household.objects.whole_city().get()
    assert (home.household_no, home.head_name, home.exit_year) == (HOUSEHOLD, "侯建国", 2019)
    assert HouseholdMembership.objects.whole_city().filter(household=home).count() == 2


def test_household_that_no_longer_enjoys_the_policy_ends_the_category(send: Send) -> None:
    number = make.id_number(date(2011, 3, 8))
    send("poverty_members", [rosters.member(HOUSEHOLD, 1, number)])
    send(
        "poverty_members",
        [rosters.member(HOUSEHOLD, 1, number, 脱贫属性="已脱贫（不再享受政策）")],
        term="2021-2022-1",
    )
    spell = HardshipSpell.objects.whole_city().get()
    assert (spell.category, spell.since_on, spell.until_on) == ("jdlk", date(2014, 1, 1), date(2021, 9, 30))


def test_person_with_facts_in_two_counties_is_seen_from_both(send: Send) -> None:
    number = make.id_number(date(2011, 3, 8))
    send("poverty_members", [rosters.member(HOUSEHOLD, 1, number)])
    yanggao = rosters.pupil(number, 学校名称=rosters.YANGGAO_PRIMARY)
    send("student_registry", [yanggao], unit="140221")
    person = Person.objects.whole_city().get()
    for code, sees in (("140225", True), ("140221", True), ("140224", False)):
        clerk = make.user(Role.COUNTY_CLERK, make.county(code))
        assert Person.objects.visible_to(clerk).filter(pk=person.pk).exists() is sees
    hunyuan = make.user(Role.COUNTY_CLERK, make.county("140225"))
    assert not person.enrolments.visible_to(hunyuan).exists()

"""Finding people: within the county, by name, number, last four and school; numbers never in an address."""

from typing import Any

import pytest
from django.urls import reverse

from datong_edu.accounts.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _search(client: Any, text: str) -> tuple[str, str]:
    answer = client.post(reverse("desk:people"), {"q": text}, follow=True)
    return answer.redirect_chain[-1][0], answer.content.decode()


def test_people_of_the_county_only(log_in: Any, books: Any) -> None:
    text = log_in().get(reverse("desk:people")).content.decode()
    assert "张示例" in text
    assert "脱贫家庭（建档立卡）" in text
    assert "外县秘密" not in text


def test_people_are_found_by_two_characters(log_in: Any, books: Any) -> None:
    _, text = _search(log_in(), "示例")
    assert "张示例" in text
    assert "李样本" not in text


@pytest.mark.parametrize("kind", ["id_no", "student_no"])
@pytest.mark.parametrize("spelling", ["{}", "张示例 {}", " {} ", "{}。"])
def test_whole_number_finds_its_person_and_stays_out_of_the_address(
    log_in: Any, books: Any, kind: str, spelling: str
) -> None:
    number = books.numbers[kind]
    address, text = _search(log_in(), spelling.format(number))
    assert number.lstrip("G") not in address
    assert number.lstrip("G") not in text
    assert "张示例" in text
    assert "共 1 人" in text


@pytest.mark.parametrize("gap", [" ", "-", "　"])
def test_number_with_gaps_stays_out_of_the_address(log_in: Any, books: Any, gap: str) -> None:
    number = books.numbers["id_no"]
    address, text = _search(log_in(), f"{number[:6]}{gap}{number[6:14]}{gap}{number[14:]}")
    assert number[6:14] not in address
    assert "共 1 人" in text


def test_last_four_find_the_person(log_in: Any, books: Any) -> None:
    _, text = _search(log_in(), books.numbers["id_no"][-4:].lower())
    assert "张示例" in text


def test_number_of_another_county_finds_nobody(log_in: Any, books: Any) -> None:
    number = make.id_number()
    make.person(name="外县有号", number=number, county_ids=[make.county("140224").pk])
    _, text = _search(log_in(), number)
    assert "外县有号" not in text
    assert "没有符合条件的记录" in text


def test_people_by_school_and_stage(log_in: Any, books: Any) -> None:
    client = log_in()
    by_name = client.get(reverse("desk:people"), {"school": "浑源测试"}).content.decode()
    assert "共 3 人" in by_name
    by_stage = client.get(reverse("desk:people"), {"stage": "JUN"}).content.decode()
    assert "李样本" in by_stage
    assert "张示例" not in by_stage


def test_children_of_poor_households_without_a_registry_row(log_in: Any, books: Any) -> None:
    make.member(of=make.person(name="未见学籍"))
    text = log_in().get(reverse("desk:people"), {"who": "outside"}).content.decode()
    assert "未见学籍" in text
    assert "张示例" not in text


def test_school_sees_its_own_pupils(log_in: Any, books: Any) -> None:
    make.enrolment(of=make.person(name="别校学生"), school=make.school())
    unit = make.school_unit(books.owed.school)
    text = log_in(Role.SCHOOL_CLERK, unit).get(reverse("desk:people")).content.decode()
    assert "张示例" in text
    assert "别校学生" not in text


def test_people_need_their_permission(log_in: Any, books: Any) -> None:
    assert log_in(Role.SYSTEM_ADMIN, make.city()).get(reverse("desk:people")).status_code == 403


def test_people_stay_within_six_queries(log_in: Any, books: Any, django_assert_max_num_queries: Any) -> None:
    client = log_in()
    client.get(reverse("desk:people"))
    with django_assert_max_num_queries(6):
        client.get(reverse("desk:people"))
    with django_assert_max_num_queries(6):
        client.get(reverse("desk:people"), {"q": "示例"}, headers=HTMX)

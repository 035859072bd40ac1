"""教师: both books, scope, filters, and the query budget."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()
    clock.set_business_date(date(2020, 12, 15))


@pytest.fixture
def browse() -> Callable[..., Client]:
    """A client with one office, county clerk of 浑源县 by default."""

    def enter(role: Role = Role.COUNTY_CLERK, unit: Any = None) -> Client:
        client = Client()
        client.force_login(make.user(role, unit))
        return client

    return enter


@pytest.fixture
def rows() -> list[Any]:
    """Rows of 浑源县, and one of 灵丘县."""
    away = make.school(county=make.county("140224"), name="外县秘密学校")
    return [
        make.allowance(seat="乡村"),
        make.allowance(seat="县城", year=2019),
        make.allowance(school=away),
    ]


def test_list_shows_own_county_only(browse: Any, rows: list[Any]) -> None:
    text = browse().get(reverse("teachers:list")).content.decode()
    assert "共 2 条" in text
    assert "外县秘密学校" not in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("unit=140224", 1), ("year=2019", 1), ("seat=县城", 1), ("year=nonsense", 0)],
)
def test_filters_narrow_the_list(browse: Any, rows: list[Any], query: str, total: int) -> None:
    text = browse(Role.LEADER, make.city()).get(f"{reverse('teachers:list')}?{query}").content.decode()
    assert f"共 {total} " in text


def test_list_stays_within_six_queries(
    browse: Any, rows: list[Any], django_assert_max_num_queries: Any
) -> None:
    client = browse()
    client.get(reverse("teachers:list"))
    with django_assert_max_num_queries(6):
        client.get(reverse("teachers:list"), {"unit": "140225"})
    with django_assert_max_num_queries(6):
        client.get(reverse("teachers:list"), {"after": rows[0].pk, "from": 2})


def test_export_answers_with_a_workbook(browse: Any, rows: list[Any]) -> None:
    answer = browse().get(reverse("teachers:list"), {"export": "xlsx"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_staff_roster_is_a_book_of_its_own(browse: Any) -> None:
    make.post(status="seconded")
    make.post(status="on_post")
    client = browse()
    assert "共 2 人次" in client.get(reverse("teachers:posts")).content.decode()
    text = client.get(reverse("teachers:posts"), {"status": "seconded"}).content.decode()
    assert "共 1 人次" in text
    assert "dt-badge-amber" in text


def test_staff_roster_stays_within_six_queries(browse: Any, django_assert_max_num_queries: Any) -> None:
    make.post()
    client = browse()
    client.get(reverse("teachers:posts"))
    with django_assert_max_num_queries(6):
        client.get(reverse("teachers:posts"))

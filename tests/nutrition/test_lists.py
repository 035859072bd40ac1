"""营养餐月报: scope, filters, and the query budget."""

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
        make.meal_month(month="2020-10", mode="canteen"),
        make.meal_month(month="2020-09"),
        make.meal_month(school=away, month="2020-11"),
    ]


def test_list_shows_own_county_only(browse: Any, rows: list[Any]) -> None:
    text = browse().get(reverse("nutrition:list")).content.decode()
    assert "共 2 份" in text
    assert "外县秘密学校" not in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("unit=140224", 1), ("month=2020-10", 1), ("q=外县", 1), ("mode=nonsense", 0)],
)
def test_filters_narrow_the_list(browse: Any, rows: list[Any], query: str, total: int) -> None:
    text = browse(Role.LEADER, make.city()).get(f"{reverse('nutrition:list')}?{query}").content.decode()
    assert f"共 {total} " in text


def test_list_stays_within_six_queries(
    browse: Any, rows: list[Any], django_assert_max_num_queries: Any
) -> None:
    client = browse()
    client.get(reverse("nutrition:list"))
    with django_assert_max_num_queries(6):
        client.get(reverse("nutrition:list"), {"unit": "140225"})
    with django_assert_max_num_queries(6):
        client.get(reverse("nutrition:list"), {"after": rows[0].pk, "from": 2})


def test_export_answers_with_a_workbook(browse: Any, rows: list[Any]) -> None:
    answer = browse().get(reverse("nutrition:list"), {"export": "xlsx"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"

"""学校: scope, filters, the receiver of a closed school, and the query budget."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core import clock
from schools.models import Merger
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
    receiver = make.school(name="接收示例学校")
    closed = make.school(closed_on=date(2019, 8, 31), seat="县城")
    Merger.objects.create(
        closed_school=closed, receiver=receiver, county=closed.county, merged_on=date(2019, 8, 31)
    )
    return [receiver, closed, away]


def test_list_shows_own_county_only(browse: Any, rows: list[Any]) -> None:
    text = browse().get(reverse("schools:list")).content.decode()
    assert "共 2 所" in text
    assert "外县秘密学校" not in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("unit=140224", 1), ("closed=1", 1), ("closed=0", 2), ("seat=县城", 1), ("q=接收示例", 1)],
)
def test_filters_narrow_the_list(browse: Any, rows: list[Any], query: str, total: int) -> None:
    text = browse(Role.LEADER, make.city()).get(f"{reverse('schools:list')}?{query}").content.decode()
    assert f"共 {total} " in text


def test_list_stays_within_six_queries(
    browse: Any, rows: list[Any], django_assert_max_num_queries: Any
) -> None:
    client = browse()
    client.get(reverse("schools:list"))
    with django_assert_max_num_queries(6):
        client.get(reverse("schools:list"), {"unit": "140225"})
    with django_assert_max_num_queries(6):
        client.get(reverse("schools:list"), {"after": rows[0].pk, "from": 2})


def test_export_answers_with_a_workbook(browse: Any, rows: list[Any]) -> None:
    answer = browse().get(reverse("schools:list"), {"export": "xlsx"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_closed_school_names_its_receiver(browse: Any, rows: list[Any]) -> None:
    text = browse().get(reverse("schools:list"), {"closed": "1"}).content.decode()
    assert "2019-08-31" in text
    assert "接收示例学校" in text

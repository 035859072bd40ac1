"""What the portal makes of typed numbers, of moments, and of who arrives where."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.web import numbers
from datong_edu.web.filters import PortalFilterSet
from tests import factories as make

NUMBER = "140225201005010018"


class PersonFilter(PortalFilterSet):
    """A list about people."""

    number_paths = {"id_no": "person__id_no_index"}


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        f" {NUMBER} ",
        "140225 20100501 0018",
        "140225-2010-0501-0018",
        f"张示例{NUMBER}",
        f"张示例 {NUMBER}",
    ],
)
def test_index_of_number_with_gaps_or_beside_a_name(typed: str) -> None:
    assert PersonFilter.index_of(typed) == PersonFilter.index_of(NUMBER) != ""


@pytest.mark.parametrize("typed", ["", "张示例", "3317", "示例第010小学"])
def test_index_of_plain_words(typed: str) -> None:
    assert PersonFilter.index_of(typed) == ""


def test_index_of_list_without_numbers() -> None:
    assert PortalFilterSet.index_of("2114000001") == ""
    assert PortalFilterSet.index_of(NUMBER) != ""


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/desk/people/", "/desk/findings/", "/aid/", "/schools/", "/meals/"])
def test_no_list_puts_a_number_into_its_address(address: str) -> None:
    make.load_reference()
    set_business_date(date(2020, 12, 15))
    client = Client()
    client.force_login(make.user())
    for form in ({"q": f"张示例 {NUMBER}"}, {"school": NUMBER}, {"month": NUMBER}):
        assert NUMBER not in client.post(address, form)["Location"]


def test_ago_is_told_from_the_real_day() -> None:
    now = timezone.localtime()
    assert numbers.ago(now) == f"今天 {now:%H:%M}"
    assert numbers.ago(now - timedelta(days=1)) == f"昨天 {now:%H:%M}"
    assert numbers.ago(now.date() - timedelta(days=5)) == "5 天前"
    assert numbers.ago(date(2020, 12, 15)) == "2020-12-15"
    assert (
        numbers.ago(datetime(2020, 12, 15, 0, 30, tzinfo=timezone.get_current_timezone()))
        == "2020-12-15 00:30"
    )
    assert numbers.ago(None) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "arrival"),
    [
        (Role.COUNTY_CLERK, "/desk/"),
        (Role.CITY_STAFF, "/desk/"),
        (Role.LEADER, "/overview/"),
        (Role.AUDITOR, "/overview/"),
        (Role.STANDARDS_OFFICER, "/standards/"),
        (Role.SYSTEM_ADMIN, "/standards/"),
    ],
)
def test_first_page_is_where_the_work_is(role: Role, arrival: str) -> None:
    make.load_reference()
    unit: Any = make.county() if role == Role.COUNTY_CLERK else make.city()
    client = Client()
    client.force_login(make.user(role, unit))
    assert client.get("/")["Location"] == arrival

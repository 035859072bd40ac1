"""资助明细: scope, filters, the views behind the figures, and the query budget."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core import clock
from datong_edu.core.sensitive import columns_for
from datong_edu.registry.enums import IdentifierKind
from datong_edu.registry.models import PersonIdentifier
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
def lines() -> list[Any]:
    """A pupil with three lines, one whose payment failed, one of 灵丘县."""
    pupil, failed = make.poor_child("jdlk"), make.poor_child("jdlk")
    away = make.enrolment(school=make.school(county=make.county("140224"), name="外县秘密学校"))
    return [
        make.award(pupil, "500"),
        make.award(pupil, "250", scheme_id="CE_NONBOARD", kind="backpay"),
        make.award(pupil, "-250", scheme_id="CE_NONBOARD", kind="recovery"),
        make.award(failed, "312.50", status="failed", fail_reason="账号不存在"),
        make.award(away, "500", term=make.term("2019-2020-2")),
    ]


def test_list_shows_own_county_only(browse: Any, lines: list[Any]) -> None:
    text = browse().get(reverse("subsidies:list")).content.decode()
    assert "共 4 条，金额合计 812.50 元" in text
    assert "外县秘密学校" not in text
    assert "账号不存在" in text


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("show=approved", 4),
        ("show=paid", 3),
        ("show=unpaid", 1),
        ("show=pupils", 2),
        ("show=pupils&term=2020-2021-1", 1),
        ("scheme=CE_NONBOARD", 2),
        ("status=failed", 1),
        ("kind=recovery", 1),
        ("term=2019-2020-2", 1),
        ("unit=140224", 1),
        ("stage=PRI", 5),
        ("scheme=NONSENSE", 0),
    ],
)
def test_filters_narrow_the_list(browse: Any, lines: list[Any], query: str, total: int) -> None:
    text = browse(Role.LEADER, make.city()).get(f"{reverse('subsidies:list')}?{query}").content.decode()
    assert f"共 {total} 条" in text


def test_pupil_is_found_by_name_and_by_number(browse: Any, lines: list[Any]) -> None:
    client, line = browse(), lines[0]
    assert "共 3 条" in client.get(reverse("subsidies:list"), {"q": line.name}).content.decode()
    number = make.id_number()
    pupil = make.enrolment(of=make.person(number=number))
    PersonIdentifier.objects.create(
        person=pupil.person, kind=IdentifierKind.ID_NO, **columns_for("value", "id_no", number)
    )
    make.award(pupil, "500")
    answer = client.post(reverse("subsidies:list"), {"q": number})
    assert number not in answer["Location"]
    assert "共 1 条" in client.get(answer["Location"]).content.decode()
    assert "没有符合条件" in client.get(reverse("subsidies:list"), {"q": "查无此人"}).content.decode()


def test_list_stays_within_six_queries(
    browse: Any, lines: list[Any], django_assert_max_num_queries: Any
) -> None:
    client = browse()
    client.get(reverse("subsidies:list"))
    with django_assert_max_num_queries(6):
        client.get(reverse("subsidies:list"), {"term": "2020-2021-1", "scheme": "CE_BOARD", "show": "paid"})
    with django_assert_max_num_queries(6):
        client.get(reverse("subsidies:list"), {"after": lines[0].pk, "from": 2})


def test_export_equals_what_is_seen(browse: Any, lines: list[Any]) -> None:
    answer = browse().get(reverse("subsidies:list"), {"show": "paid", "export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["姓名", "身份证号", "县区"]
    assert [row[7] for row in rows[1:]] == [500, 250]
    assert all("*" in row[1] for row in rows[1:])


def test_system_administrator_sees_no_ledger(browse: Any) -> None:
    assert browse(Role.SYSTEM_ADMIN, make.city()).get(reverse("subsidies:list")).status_code == 403


def test_school_sees_its_own_lines(browse: Any, lines: list[Any]) -> None:
    text = browse(Role.SCHOOL_CLERK, make.school_unit(lines[0].school)).get(reverse("subsidies:list"))
    assert "共 3 条" in text.content.decode()

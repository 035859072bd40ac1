"""The generic list: one query budget, one scope, and an export that equals what is seen."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.test import Client

from datong_edu.accounts.roles import Role
from datong_edu.core.models import AuditEvent
from datong_edu.core.sensitive import blind_index
from datong_edu.registry.models import School

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.site")]


def _sheet(client: Client, address: str) -> list[tuple[Any, ...]]:
    response = client.get(address)
    assert response.status_code == 200
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [tuple(cell.value for cell in row) for row in book.active.iter_rows()]


def test_list_shows_own_county_only(log_in: Any, schools: list[School]) -> None:
    text = log_in().get("/list/").content.decode()
    assert "示例第001小学" in text
    assert "共 120 条" in text
    assert "外县秘密小学" not in text


def test_list_stays_within_six_queries(
    log_in: Any, schools: list[School], django_assert_max_num_queries: Any
) -> None:
    client = log_in()
    with django_assert_max_num_queries(5):
        client.get("/list/")
    anchor = School.objects.whole_city().get(name="示例第050小学").pk
    with django_assert_max_num_queries(6):
        page = client.get(f"/list/?after={anchor}&from=51").content.decode()
    assert "示例第051小学" in page
    assert "第 51–100 条" in page


def test_fragment_holds_results_without_the_shell(log_in: Any, schools: list[School]) -> None:
    response = log_in().get("/list/?ownership=public", headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.strip().startswith('<div id="dt-list">')
    assert "<html" not in text
    assert response.headers["HX-Push-Url"] == "/list/?ownership=public"
    assert "export=xlsx" in text


def test_typed_filters_lead_to_a_clean_address(log_in: Any, schools: list[School]) -> None:
    response = log_in().post("/list/?sort=-name&after=3", {"q": " 第01 ", "ownership": ""})
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {"sort": ["-name"], "q": ["第01"]}


def test_typed_id_number_never_stands_in_the_address(log_in: Any, schools: list[School]) -> None:
    number = "140227201001010001"
    response = log_in().post("/list/", {"q": number, "ownership": ""})
    assert number not in response["Location"]
    assert response["Location"] == f"/list/?number={blind_index('id_no', number).hex}"


def test_unreadable_filter_finds_nothing(log_in: Any, schools: list[School]) -> None:
    text = log_in().get("/list/?ownership=nonsense").content.decode()
    assert "没有符合条件的记录" in text
    assert "筛选条件不正确" in text


def test_columns_sort_by_their_heading(log_in: Any, schools: list[School]) -> None:
    text = log_in().get("/list/?sort=-name").content.decode()
    assert text.index("示例第120小学") < text.index("示例第119小学")
    assert 'aria-sort="descending"' in text


def test_export_equals_what_is_seen(log_in: Any, schools: list[School]) -> None:
    rows = _sheet(log_in(), "/list/?ownership=private&sort=-name&export=xlsx")
    names = [row[0] for row in rows[1:]]
    expected = School.objects.whole_city().filter(ownership="private").order_by("-name")
    assert rows[0] == ("学校", "在校生", "学费（元/年）", "撤并时间", "办学性质")
    assert names == list(expected.values_list("name", flat=True))
    assert {row[4] for row in rows[1:]} == {"民办"}
    assert AuditEvent.objects.get(action="web.exported").detail == {"list": "schools:list", "rows": 40}


def test_export_writes_text_that_is_no_formula(log_in: Any, schools: list[School]) -> None:
    School.objects.whole_city().filter(name="示例第001小学").update(name='=HYPERLINK("http://x")')
    response = log_in().get("/list/?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [cell.data_type for cell in cells] == ["s"]


def test_export_of_nothing_has_its_heading(log_in: Any, schools: list[School]) -> None:
    rows = _sheet(log_in(), "/list/?q=不存在&export=xlsx")
    assert rows[0][0] == "学校"


def test_export_needs_its_permission(log_in: Any, schools: list[School]) -> None:
    client = log_in(Role.LEADER, "140200")
    assert client.get("/list/?export=xlsx").status_code == 403
    assert "导出所见" not in client.get("/list/").content.decode()


def test_list_needs_its_permission(log_in: Any, schools: list[School]) -> None:
    assert log_in(Role.SYSTEM_ADMIN, "140200").get("/list/").status_code == 403


def test_object_outside_scope_does_not_exist(log_in: Any, schools: list[School]) -> None:
    client = log_in()
    away = School.objects.whole_city().get(name="外县秘密小学")
    home = School.objects.whole_city().get(name="示例第001小学")
    assert client.get(f"/list/{away.pk}/").status_code == 404
    assert client.get(f"/list/{home.pk}/").status_code == 200

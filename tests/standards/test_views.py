"""Pages: everybody reads, only the officer adds."""

from datetime import date
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import User
from datong_edu.standards import lookup as standards
from datong_edu.standards.models import StandardValue

FORM = {
    "stage": "JUN",
    "value": "1800",
    "from_on": "2026-03-01",
    "source_title": "市级通知",
    "source_number": "同教〔2026〕1号",
}


def page(client: Client, user: User, name: str, *args: str, **query: str) -> str:
    """The text of a page as a user sees it."""
    client.force_login(user)
    response = client.get(reverse(f"standards:{name}", args=args), query)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def test_list_shows_values_of_today_with_their_documents(client: Client, clerk: User) -> None:
    text = page(client, clerk, "list")
    assert "义务教育家庭经济困难寄宿生生活补助" in text
    assert "1,250" in text
    assert "财教〔2016〕292号" in text
    assert "财教〔2024〕181号" not in text
    assert "依据待核实" in text
    assert text.index("低档") < text.index("中档") < text.index("高档")


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"on": "2025-03-01"}, "财教〔2024〕181号", "没有符合条件"),
        ({"app": "nutrition"}, "营养改善计划膳食补助", "义务教育家庭经济困难"),
        ({"q": "NOTICE"}, "公示天数", "营养改善计划膳食补助"),
        ({"q": "教师〔2014〕4号"}, "交流轮岗比例", "公示天数"),
        ({"q": "没有这一项"}, "没有符合条件的标准", "公示天数"),
    ],
)
def test_list_is_narrowed(
    client: Client, clerk: User, query: dict[str, str], shown: str, hidden: str
) -> None:
    text = page(client, clerk, "list", **query)
    assert shown in text
    assert hidden not in text


def test_list_with_a_wrong_date_says_so(client: Client, clerk: User) -> None:
    assert "输入" in page(client, clerk, "list", on="昨天")


def test_list_asks_few_questions(client: Client, clerk: User, django_assert_max_num_queries: object) -> None:
    client.force_login(clerk)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get(reverse("standards:list"))


def test_detail_shows_the_timeline_and_documents(client: Client, clerk: User) -> None:
    text = page(client, clerk, "detail", "CE_BOARD")
    for words in ("2016-01-01 至 2024-02-29", "2024-03-01 起", "1,500", "现行", "将执行", "上好学 能成才"):
        assert words in text
    assert "录入新值" not in text


def test_unknown_key_is_not_found(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    assert client.get(reverse("standards:detail", args=["NOTHING"])).status_code == HTTPStatus.NOT_FOUND


def test_officer_adds_a_value(client: Client, officer: User) -> None:
    assert "录入新值" in page(client, officer, "detail", "CE_BOARD")
    assert "文号" in page(client, officer, "add", "CE_BOARD")
    response = client.post(reverse("standards:add", args=["CE_BOARD"]), FORM)
    assert response.status_code == HTTPStatus.FOUND
    assert standards.at("CE_BOARD", date(2026, 3, 1), stage="JUN") == 1800
    text = page(client, officer, "detail", "CE_BOARD")
    assert "同教〔2026〕1号" in text
    assert "标准管理员录入" in text


def test_officer_ends_a_standard(client: Client, officer: User) -> None:
    client.force_login(officer)
    client.post(reverse("standards:add", args=["CE_BOARD"]), FORM | {"value": "", "ends": "on"})
    assert standards.at("CE_BOARD", date(2026, 3, 1), stage="JUN") is None
    assert "停止执行" in page(client, officer, "detail", "CE_BOARD")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_on": "2024-03-01"}, "时间不能重叠"),
        ({"from_on": "2026-02-30"}, "日期"),
        ({"value": "一千八"}, "最多两位小数"),
        ({"value": ""}, "请填写取值"),
        ({"ends": "on"}, "留空取值"),
        ({"source_title": " "}, "必填"),
        ({"stage": "XX"}, "XX"),
    ],
)
def test_refused_form_keeps_what_was_typed(
    client: Client, officer: User, changes: dict[str, str], words: str
) -> None:
    count = StandardValue.objects.count()
    client.force_login(officer)
    response = client.post(reverse("standards:add", args=["CE_BOARD"]), FORM | changes)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in response.content.decode()
    assert "同教〔2026〕1号" in response.content.decode()
    assert StandardValue.objects.count() == count


@pytest.mark.parametrize("method", ["get", "post"])
def test_clerk_cannot_add(client: Client, clerk: User, method: str) -> None:
    client.force_login(clerk)
    url = reverse("standards:add", args=["CE_BOARD"])
    assert getattr(client, method)(url, FORM).status_code == HTTPStatus.FORBIDDEN
    assert not StandardValue.objects.filter(origin="desk").exists()


@pytest.mark.parametrize("name", ["list", "detail", "add"])
def test_stranger_is_sent_to_the_log_in(client: Client, name: str) -> None:
    response = client.get(reverse(f"standards:{name}", args=[] if name == "list" else ["CE_BOARD"]))
    assert response.status_code == HTTPStatus.FOUND

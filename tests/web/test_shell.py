"""The shell: who sees what in the bar, preferences, log-in, and refusals in Chinese."""

from typing import Any

import pytest
from django.test import Client

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.site")]


def test_stranger_is_led_to_the_log_in(city: Any) -> None:
    response = Client().get("/list/")
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/list/"


def test_log_in_page_names_the_product_and_nobody_else(city: Any) -> None:
    text = Client().get("/login/").content.decode()
    assert "大同市教育扶贫管理平台" in text
    assert 'lang="zh-CN"' in text
    assert "hunyuan_clerk" not in text


@pytest.mark.parametrize(("username", "is_active"), [("clerk", True), ("gone", False), ("nobody", None)])
def test_log_in_failures_all_read_the_same(city: Any, username: str, is_active: bool | None) -> None:
    if is_active is not None:
        User.objects.create_user(username, password="right-one-2020", is_active=is_active)
    password = "right-one-2020" if is_active is False else "wrong"
    text = Client().post("/login/", {"username": username, "password": password}).content.decode()
    assert "用户名或密码不正确，或账号暂不可用" in text


def test_log_out_is_by_post_only(log_in: Any) -> None:
    client = log_in()
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"


def test_shell_shows_unit_role_term_and_demo_day(log_in: Any) -> None:
    text = log_in().get("/list/").content.decode()
    assert "浑源县" in text
    assert "县经办" in text
    assert "演示数据 · 业务日期 2020年12月15日" in text
    assert "2020 秋季" in text
    assert "2021 春季" not in text


def test_bar_holds_only_what_the_office_may_open(log_in: Any) -> None:
    assert 'href="/list/">学校' in log_in().get("/list/").content.decode().replace(' aria-current="page"', "")
    admin = log_in(Role.SYSTEM_ADMIN, "140200").get("/password/").content.decode()
    assert ">学校</a>" not in admin


def test_pages_stay_in_no_cache(log_in: Any) -> None:
    assert log_in().get("/list/")["Cache-Control"] == "no-store, private"


def test_preference_is_kept_in_a_cookie(log_in: Any) -> None:
    client = log_in()
    response = client.post("/preference/", {"name": "size", "value": "large", "next": "/list/"})
    assert response["Location"] == "/list/"
    assert response.cookies["dt_size"]["httponly"]
    assert 'data-dt-size="large"' in client.get("/list/").content.decode()


def test_preference_term_changes_the_chosen_term(log_in: Any) -> None:
    client = log_in()
    client.post("/preference/", {"name": "term", "value": "2019-2020-2", "next": "/list/"})
    assert "当前 </span>2020 春季" in client.get("/list/").content.decode()


@pytest.mark.parametrize(
    "form",
    [{"name": "size", "value": "huge"}, {"name": "term", "value": "2020"}, {"name": "x", "value": "y"}],
)
def test_preference_unknown_is_refused(log_in: Any, form: dict[str, str]) -> None:
    assert log_in().post("/preference/", form).status_code == 400


def test_preference_never_leads_elsewhere(log_in: Any) -> None:
    form = {"name": "size", "value": "large", "next": "https://example.org/"}
    assert log_in().post("/preference/", form)["Location"] == "/"


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("portal", 400, "金额超过标准，请核对后重填。"),
        ("conflict", 409, "该记录已被他人处理。"),
        ("missing", 404, "不在您的管辖范围"),
        ("denied", 403, "没有权限"),
    ],
)
def test_refusal_is_a_page_that_says_what_to_do(log_in: Any, how: str, status: int, words: str) -> None:
    response = log_in().post(f"/list/refuse/{how}/")
    assert response.status_code == status
    assert words in response.content.decode()
    assert "返回首页" in response.content.decode()


def test_refusal_under_htmx_is_a_message(log_in: Any) -> None:
    response = log_in().post("/list/refuse/portal/", headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#dt-messages"
    assert "<html" not in response.content.decode()


def test_failure_shows_no_trace(log_in: Any) -> None:
    client = log_in()
    client.raise_request_exception = False
    response = client.post("/list/refuse/broken/")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_lost_log_in_sends_htmx_to_the_whole_page(city: Any) -> None:
    response = Client().get("/list/", headers={"HX-Request": "true", "HX-Current-URL": "/list/?q=1"})
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/list/?q=1"


def test_forged_form_is_refused_in_chinese(log_in: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = log_in().cookies
    response = strict.post("/list/", {"q": "x"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_user_without_office_is_told_so(city: Any) -> None:
    client = Client()
    client.force_login(User.objects.create(username="new", unit=city))
    response = client.get("/")
    assert response.status_code == 403
    assert "尚未任职" in response.content.decode()


def test_password_is_changed_in_chinese(log_in: Any) -> None:
    text = log_in().get("/password/").content.decode()
    assert "保存新密码" in text
    assert "旧密码" in text

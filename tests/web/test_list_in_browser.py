"""The generic list in a real browser: filters without a reload, the keyboard, axe, nothing foreign."""

from collections.abc import Iterator
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from datong_edu.registry.models import School

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.site")]
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def desk(page: Page, live_server: Any, log_in: Any, schools: list[School]) -> Iterator[Page]:
    """A page on the list, logged in; a complaint of the browser or a foreign request fails the test."""
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda ask: None if ask.url.startswith((live_server.url, "data:")) else complaints.append(ask.url),
    )
    cookie = log_in().cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/list/")
    yield page
    assert complaints == []


def test_search_swaps_results_and_moves_the_address(desk: Page) -> None:
    desk.evaluate("window.sameDocument = true")
    desk.keyboard.press("/")
    desk.keyboard.type("第010")
    desk.keyboard.press("Enter")
    expect(desk.locator(".dt-narrow-sum")).to_contain_text("共 1 条")
    assert desk.url.endswith("/list/?q=%E7%AC%AC010")
    assert desk.evaluate("window.sameDocument") is True
    desk.go_back()
    expect(desk.locator(".dt-narrow-sum")).to_contain_text("共 120 条")


def test_choice_is_asked_for_at_once(desk: Page) -> None:
    desk.select_option("select[name=ownership]", label="民办")
    expect(desk.locator(".dt-narrow-sum")).to_contain_text("共 40 条")
    desk.get_by_role("link", name="清除").click()
    expect(desk.locator(".dt-narrow-sum")).to_contain_text("共 120 条")


def test_typed_id_number_leaves_the_address_clean(desk: Page) -> None:
    desk.fill("input[type=search]", "140227201001010001")
    desk.keyboard.press("Enter")
    expect(desk.locator(".dt-empty")).to_contain_text("没有符合条件的记录")
    assert "?number=" in desk.url
    assert "140227201001010001" not in desk.url


def test_arrows_walk_the_rows(desk: Page) -> None:
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("tr[aria-current]")).to_contain_text("示例第002小学")


def test_large_type_is_one_click(desk: Page) -> None:
    desk.get_by_role("button", name="大字").click()
    expect(desk.get_by_role("button", name="标准字")).to_be_visible()
    assert desk.evaluate("getComputedStyle(document.body).fontSize") == "18px"


def test_list_has_no_axe_violation(desk: Page) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    desk.evaluate(AXE.read_text(encoding="utf-8"))
    for size, theme in (("normal", "light"), ("large", "dark")):
        desk.evaluate(
            "([dtSize, bsTheme]) => Object.assign(document.documentElement.dataset, {dtSize, bsTheme})",
            [size, theme],
        )
        found = desk.evaluate("axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_list_weighs_less_than_90_kb(desk: Page, live_server: Any) -> None:
    names = desk.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    bodies = [desk.request.get(name).body() for name in {*names, f"{live_server.url}/list/"}]
    assert sum(len(compress(body)) for body in bodies) <= 90 * 1024

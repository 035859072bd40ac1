"""The import flow in a real browser: pages that move on by themselves, axe, no foreign request."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from datong_edu.accounts.actions import service_account
from datong_edu.core import jobs
from datong_edu.core.clock import set_business_date
from datong_edu.importing import tasks  # noqa: F401  registers the jobs, as a worker does
from datong_edu.importing.models import ImportBatch
from tests import factories as make
from tests.importing.command import SAMPLES, SCHOOLS, import_roster

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
ROLL = SAMPLES / "05_义教生活补助_2020秋_浑源县.xlsx"


@pytest.fixture
def desk(page: Page, live_server: Any) -> Iterator[Page]:
    """浑源县's clerk at the upload form; a complaint of the browser or a foreign request fails the test."""
    make.load_reference()
    service_account()
    set_business_date(date(2020, 12, 15))
    assert import_roster(SCHOOLS, "school_list", unit="140200", term=None, as_json=False).code == 0
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda ask: None if ask.url.startswith((live_server.url, "data:")) else complaints.append(ask.url),
    )
    client = Client()
    client.force_login(make.user())
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }
    page.context.add_cookies([cookie | {"url": live_server.url}])
    page.goto(f"{live_server.url}/import/new/")
    yield page
    assert complaints == []


def work() -> None:
    """Do the job of the batch uploaded last, as a worker would."""
    batch = ImportBatch.objects.whole_city().latest("pk")
    assert batch.job_id is not None
    jobs.run(batch.job_id)


def inspect(page: Page) -> None:
    """No axe violation."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_clerk_goes_from_upload_to_done(desk: Page) -> None:
    inspect(desk)
    desk.select_option("select[name=kind]", "r2_living_allowance")
    desk.set_input_files("input[type=file]", ROLL)
    desk.get_by_role("button", name="上传并检查").click()
    expect(desk.locator("#working")).to_have_text("正在读取")
    inspect(desk)
    work()
    expect(desk.get_by_role("heading", name="请确认证件、金额和账号列")).to_be_visible()
    inspect(desk)
    desk.get_by_role("button", name="确认对应，开始检查").click()
    work()
    expect(desk.get_by_role("button", name="写入 81 行")).to_be_visible()
    inspect(desk)
    desk.get_by_role("link", name="16 错误，不会写入").click()
    expect(desk.get_by_role("heading", name="错误 16 行")).to_be_visible()
    inspect(desk)
    desk.get_by_role("button", name="写入 81 行").click()
    work()
    expect(desk.get_by_role("heading", name="已写入")).to_be_visible()
    inspect(desk)
    desk.get_by_role("link", name="导入历史").click()
    expect(desk.get_by_role("link", name=ROLL.name)).to_be_visible()
    inspect(desk)

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
from tests.importing import rosters
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


def put(desk: Page, file: Path, kind: str) -> None:
    """Upload a roster and read it."""
    desk.select_option("select[name=kind]", kind)
    desk.set_input_files("input[type=file]", file)
    desk.get_by_role("button", name="上传并检查").click()
    expect(desk.locator("#working")).to_be_visible()
    work()


def test_clerk_mends_a_batch_and_is_not_asked_again(desk: Page, tmp_path: Path) -> None:
    lines = [
        rosters.pupil(姓名="侯明远"),
        rosters.pupil(姓名="姚静怡", 学校名称="浑源县希望小学"),
        rosters.pupil(姓名="梁小军", 学校名称="浑源县希望小学"),
        rosters.pupil(姓名="赵倩", 年级="四年机"),
    ]
    put(desk, rosters.save(tmp_path, lines, "九月.xlsx"), "student_registry")
    desk.get_by_role("button", name="确认对应，开始检查").click()
    work()
    desk.get_by_role("link", name="3 错误，不会写入").click()
    inspect(desk)
    desk.get_by_role("link", name="选择所指学校").click()
    inspect(desk)
    desk.get_by_label("浑源县希望小学 指的是").fill(rosters.PRIMARY)
    desk.get_by_role("button", name="记住并重新检查").click()
    work()
    expect(desk.get_by_text("错误由 3 行变为 1 行")).to_be_visible()
    desk.get_by_label("第 5 行 年级 改为").fill("四年级")
    desk.get_by_role("button", name="保存更正，重新检查").click()
    expect(desk.locator("#working")).to_have_text("正在检查")
    work()
    expect(desk.get_by_text("错误由 1 行变为 0 行，可以写入了")).to_be_visible()
    inspect(desk)
    desk.get_by_role("link", name="更正记录").click()
    inspect(desk)
    desk.get_by_role("link", name="返回预览").click()
    desk.get_by_role("button", name="写入 4 行").click()
    work()
    expect(desk.get_by_role("heading", name="已写入")).to_be_visible()
    desk.get_by_role("link", name="再导入一个文件").click()
    sibling = rosters.pupil(姓名="段小红", 学校名称="浑源县希望小学")
    put(desk, rosters.save(tmp_path, [sibling], "十月.xlsx"), "student_registry")
    expect(desk.get_by_role("button", name="写入 1 行")).to_be_visible()
    desk.get_by_role("link", name="数据导入").first.click()
    desk.get_by_role("link", name="记住的写法").click()
    expect(desk.get_by_role("row", name="浑源县希望小学")).to_be_visible()
    inspect(desk)

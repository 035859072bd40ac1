"""A registry of 200,000 pupils in a real browser: upload to undo, with every long step left and come back to.

Real worker, real PostgreSQL and Redis.  Screenshots of each page are left in the test's own folder.
"""

import re
import time
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from datong_edu.demo.bench import roll
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.browser.conftest import Enter
from tests.importing.command import import_roster
from tests.worker.fixtures import StartWorker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LONG_MS = 900_000
"""A long step may take a quarter of an hour on a busy machine."""
PAGE_BYTES = 15_000
"""Of a page of the preview as it travels, compressed, without style sheets and scripts."""
HEADING = "h2"
KNOWN, CLASS = 500, 10
"""Pupils in the books before, of whom the long roll changes the class or says nothing new."""


class Walk:
    """The clerk's way through the import, with a picture of each page."""

    def __init__(self, page: Page, home: str, folder: Path) -> None:
        self.page, self.home, self.folder, self.pictures = page, home, folder, 0

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        self.pictures += 1
        self.page.screenshot(path=self.folder / f"{self.pictures:02}_{name}.png")

    def leave_and_return(self) -> None:
        """Go to the history and come back by its first line."""
        here = self.page.url
        self.page.goto(f"{self.home}/import/")
        self.page.goto(here)

    def light(self, address: str) -> str:
        """Open a page of the preview; it is small, however long the roll."""
        answer = self.page.request.get(f"{self.page.url.partition('?')[0]}{address}")
        assert answer.status == 200
        size = len(compress(answer.body()))
        assert size < PAGE_BYTES, (address, size)
        return answer.text()


@pytest.mark.parametrize("rows", [6_000, 200_000])
def test_long_roll_goes_in_and_comes_out_again(
    enter: Enter, live_server: Any, start_worker: StartWorker, tmp_path: Path, rows: int
) -> None:
    school = make.school(name="浑源县大规模九年制学校", kind="312", seat="乡村", code="2114900999")
    drawn = roll.rows_of_roll(rows, [school])
    file = tmp_path / "学籍导出_全县.xlsx"
    roll.write_roll(file, drawn)
    refused, known_before = roll.bad_rows(rows), KNOWN - roll.bad_rows(KNOWN)
    good = rows - refused
    moved = [list(row) for row in drawn[:KNOWN]]
    for row in moved[::2]:
        row[CLASS] = "9班"
    for row in moved[::4]:
        row[roll.GUARDIAN] = "改名人"
    roll.write_roll(tmp_path / "学籍导出_上月.xlsx", moved)
    changed = len(moved[::2]) - roll.bad_rows(KNOWN)  # every bad row is an even one
    del drawn
    former = import_roster(tmp_path / "学籍导出_上月.xlsx", "student_registry")
    assert former.count("new") == known_before
    start_worker()
    walk = Walk(enter("hunyuan_clerk"), live_server.url, tmp_path)
    page = walk.page

    # Upload; the columns are known, identity columns are confirmed once
    page.goto(f"{live_server.url}/import/new/")
    page.select_option("select[name=kind]", "student_registry")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并检查").click(timeout=LONG_MS)
    confirm = page.get_by_role("button", name="确认对应，开始检查")
    expect(confirm).to_be_visible(timeout=LONG_MS)
    walk.picture("对应列")
    confirm.click()

    # The check tells how far it is; the clerk leaves and returns
    write = page.get_by_role("button", name=re.compile("^写入"))
    told = page.get_by_text(re.compile(rf"[\d,]+ / {rows:,} 行"))
    expect(told.or_(write).first).to_be_visible(timeout=LONG_MS)
    if rows > 100_000:
        expect(page.get_by_text(re.compile("还需约"))).to_be_visible(timeout=LONG_MS)
        walk.picture("检查中")
        walk.leave_and_return()
    expect(write).to_be_visible(timeout=LONG_MS)
    walk.picture("预览")
    assert f"{good - known_before:,}" in page.locator(".dt-buckets").inner_text()

    # Pages of the preview are light wherever they stand
    for address in ("?bucket=new", f"?bucket=new&after={rows // 2}", "?bucket=refused"):
        walk.light(address)
    page.get_by_role("link", name="下一页").first.click()
    walk.picture("第二页")
    page.locator(".dt-buckets").get_by_role("link", name=re.compile("变更")).first.click()
    chip = page.get_by_role("link", name=re.compile("^班级"))
    assert f"{changed:,}" in chip.inner_text()
    chip.click()
    walk.picture("变更字段")
    page.locator(".dt-buckets").get_by_role("link", name=re.compile("错误")).first.click()
    walk.picture("错误")

    # The marked workbook is made by a job
    page.get_by_role("link", name="标红的原表").first.click()
    walk.picture("标红前")
    page.get_by_role("button", name="开始生成标红的原表").click()
    fetch = page.get_by_role("link", name="下载标红的原表")
    if rows > 100_000:
        expect(page.get_by_text("正在生成，已写")).to_be_visible(timeout=LONG_MS)
        walk.picture("标红中")
        walk.leave_and_return()
    expect(fetch).to_be_visible(timeout=LONG_MS)
    walk.picture("标红后")
    with page.expect_download(timeout=LONG_MS) as download:
        fetch.click()
    marked = tmp_path / "标红.xlsx"
    download.value.save_as(marked)
    book = CalamineWorkbook.from_path(str(marked))
    assert book.sheet_names == ["学籍", "摘要"]
    lines = book.get_sheet_by_name("学籍").to_python()
    assert len(lines) == rows + 1
    assert sum(1 for line in lines[1:] if line[-1]) == refused
    del lines

    # Written, then taken back after a dry run that is a job too
    page.get_by_role("link", name="返回").click()
    page.get_by_role("button", name=re.compile("^写入")).click()
    expect(page.locator(HEADING).first).to_have_text(re.compile("正在写入|已写入"))
    walk.picture("写入中")
    expect(page.get_by_role("heading", name="已写入")).to_be_visible(timeout=LONG_MS)
    walk.picture("已写入")
    batch = ImportBatch.objects.whole_city().filter(kind="student_registry").latest("pk")
    standing = Enrolment.objects.whole_city().filter(until_on=None)
    assert standing.count() == good

    # The file of one of its pupils names the batch
    pupil = standing.filter(source_batch=batch).order_by("-pk")[0]
    here = page.url
    page.goto(f"{live_server.url}{reverse('desk:person', args=[pupil.person.uid])}")
    expect(page.get_by_text(file.name).first).to_be_visible()
    walk.picture("学生档案")
    page.goto(here)

    page.get_by_role("link", name="撤销整批").click()
    walk.picture("试算前")
    page.get_by_role("button", name="开始试算").click()
    walk.picture("试算中")
    reason = page.get_by_label("原因")
    expect(reason).to_be_visible(timeout=LONG_MS)
    walk.picture("试算后")
    reason.fill("文件选错")
    page.get_by_role("button", name="撤销这一批").click()
    begun = time.monotonic()
    expect(page.get_by_role("heading", name="已撤销")).to_be_visible(timeout=LONG_MS)
    walk.picture(f"已撤销_{time.monotonic() - begun:.0f}秒")
    assert standing.count() == known_before
    assert standing.filter(class_no=9).count() == changed

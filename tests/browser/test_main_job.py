"""The main job from end to end: a messy roster comes in, and the number the leader reads has changed.

Real browsers, a real worker, real PostgreSQL and Redis.  The county's clerk uploads the export of the student
registry as the county office sends it, confirms its columns, looks at the preview and applies it; the worker
compares the books by itself; a finding waits on the desk; she opens the child's file, answers and closes it.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from datong_edu.core.models import Job, JobState
from datong_edu.crosschecks.engine.enums import Status
from datong_edu.crosschecks.engine.models import Finding, FindingLog
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Enrolment
from tests.browser.conftest import Enter
from tests.importing.command import SAMPLES
from tests.worker.fixtures import StartWorker
from tests.worker.process import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
REGISTRY = SAMPLES / "01_学籍导出_浑源县.xlsx"
ACCEPTED, REFUSED = 139, 14


def open_findings(page: Page, live_server: Any) -> int:
    """未结问题 as the overview shows it."""
    page.goto(f"{live_server.url}/overview/")
    words = page.locator("#open").inner_text()
    found = re.search(r"未结问题\s*([\d,]+)\s*条", words)
    assert found, words
    return int(found[1].replace(",", ""))


def test_messy_roster_becomes_a_finding_that_is_worked_off(
    enter: Enter, live_server: Any, start_worker: StartWorker
) -> None:
    worker = start_worker()
    leader, clerk = enter("leader"), enter("hunyuan_clerk")
    assert open_findings(leader, live_server) == 0

    # Upload, map, preview, apply
    expect(clerk.get_by_role("heading", name="工作台", level=1)).to_be_visible()
    clerk.get_by_role("link", name="导入名册").first.click()
    clerk.select_option("select[name=kind]", "student_registry")
    clerk.set_input_files("input[type=file]", REGISTRY)
    clerk.get_by_role("button", name="上传并检查").click()
    expect(clerk.get_by_role("heading", name="请确认证件、金额和账号列")).to_be_visible()
    identity = clerk.get_by_label("身份证件号 对应字段", exact=True)
    expect(identity).to_have_value("id_no")
    clerk.get_by_role("button", name="确认对应，开始检查").click()
    expect(clerk.get_by_role("button", name=f"写入 {ACCEPTED} 行")).to_be_visible()
    expect(clerk.get_by_role("link", name=f"{REFUSED} 错误，不会写入")).to_be_visible()
    assert not Enrolment.objects.whole_city().exists()
    clerk.get_by_role("button", name=f"写入 {ACCEPTED} 行").click()
    expect(clerk.get_by_role("heading", name="已写入")).to_be_visible()
    batch = ImportBatch.objects.whole_city().get(kind="student_registry")
    assert Enrolment.objects.whole_city().filter(source_batch=batch).count() == ACCEPTED

    # The worker compares the books by itself
    follow_ups = Job.objects.filter(kind="crosschecks.recheck_county", state=JobState.DONE)
    wait_for(follow_ups.exists, "the cross-check after the import", worker=worker)
    found = Finding.objects.whole_city().open().count()
    assert found > 0
    assert open_findings(leader, live_server) == found

    # A finding waits on the desk; the child's file is behind it
    clerk.goto(f"{live_server.url}/desk/")
    expect(clerk.get_by_role("link", name=f"处理 {found} 条待核问题")).to_be_visible()
    urgent = clerk.locator("section", has=clerk.get_by_role("heading", name="最急的问题"))
    urgent.locator(".dt-todo a").first.click()
    finding = Finding.objects.whole_city().get(uid=clerk.url.rstrip("/").rpartition("/")[2])
    clerk.get_by_role("link", name="完整档案").click()
    expect(clerk).to_have_title(re.compile(finding.person.name))
    expect(clerk.locator("body")).to_contain_text(REGISTRY.name)
    doubt = clerk.locator(".dt-doubt", has=clerk.locator(f"a[href$='{finding.uid}/']"))
    doubt.get_by_role("link").click()

    # Answered, then closed with what was done
    clerk.get_by_label("处理意见").fill("已与户口簿核对，登记有误")
    clerk.locator("button[value=confirm]").click()
    expect(clerk.get_by_role("status")).to_have_text("已答复属实。")
    assert open_findings(leader, live_server) == found
    clerk.get_by_label("处理意见").fill("已在学籍系统更正")
    clerk.get_by_role("button", name="办结").click()
    expect(clerk.get_by_role("status")).to_contain_text("已办结")
    finding.refresh_from_db()
    assert (finding.status, finding.closed_by.username) == (Status.FIXED, "hunyuan_clerk")
    steps = FindingLog.objects.whole_city().filter(finding=finding, by__username="hunyuan_clerk")
    assert list(steps.order_by("pk").values_list("status", flat=True)) == [Status.CONFIRMED, Status.FIXED]

    # The leader reads another number
    assert open_findings(leader, live_server) == found - 1

"""The import flow through its pages, each job run by hand as a worker would."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datong_edu.accounts.models import Grant
from datong_edu.accounts.roles import Role
from datong_edu.core import jobs
from datong_edu.core.clock import set_business_date
from datong_edu.core.models import AuditEvent, JobState
from datong_edu.importing import tasks  # noqa: F401  registers the jobs, as a worker does
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from subsidies.models import AwardLine
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import SAMPLES, TERM

ROLL = SAMPLES / "05_义教生活补助_2020秋_浑源县.xlsx"
CIVIL = SAMPLES / "04_民政残联类别名单_灵丘县.xls"


def client_of(role: Role = Role.COUNTY_CLERK, code: str = "140225") -> Client:
    """A browser, logged in."""
    client = Client()
    client.force_login(make.user(role, make.county(code)))
    return client


@pytest.fixture(autouse=True)
def _in_autumn_2020(books: None) -> None:
    set_business_date(date(2020, 12, 15))


@pytest.fixture
def clerk() -> Client:
    """浑源县's clerk."""
    return client_of()


def send(
    client: Client,
    content: bytes,
    *,
    name: str,
    kind: str,
    code: str = "140225",
    term: str = TERM,
    **more: str,
) -> Any:
    """Post the upload form."""
    form = more | {
        "kind": kind,
        "unit": make.county(code).pk,
        "term": term,
        "file": SimpleUploadedFile(name, content),
    }
    return client.post(reverse("importing:upload"), form)


def uploaded(
    client: Client, file: Path = ROLL, kind: str = "r2_living_allowance", **given: Any
) -> ImportBatch:
    """Upload a file and read it."""
    content = given.pop("content", None) or file.read_bytes()
    answer = send(client, content, name=given.pop("name", file.name), kind=kind, **given)
    assert answer.status_code == 302, answer.content.decode()
    batch = latest()
    assert answer["Location"] == address(batch)
    return run(batch)


def run(batch: ImportBatch) -> ImportBatch:
    """Do the batch's job."""
    assert batch.job_id is not None
    jobs.run(batch.job_id)
    return latest()


def latest() -> ImportBatch:
    """The batch uploaded last."""
    found: ImportBatch = ImportBatch.objects.whole_city().select_related("job").latest("pk")
    return found


def address(batch: ImportBatch, step: str = "batch") -> str:
    """Address of a batch or of one of its deeds."""
    return reverse(f"importing:{step}", args=[batch.uid])


def page(client: Client, batch: ImportBatch, **params: str) -> str:
    """A batch's page as text."""
    answer = client.get(address(batch), params)
    assert answer.status_code == 200
    return str(answer.content.decode())


def confirm(client: Client, batch: ImportBatch, **changes: str) -> ImportBatch:
    """Confirm the proposed columns and check the file."""
    sheet = next(iter(batch.mapping.values()))
    form = {f"s1-{letter}": field for letter, field in sheet.items()} | changes
    assert client.post(address(batch, "mapping"), form).status_code == 302
    return run(latest())


def checked(client: Client, **given: Any) -> ImportBatch:
    """A batch whose preview is ready."""
    return confirm(client, uploaded(client, **given))


def applied(client: Client, **given: Any) -> ImportBatch:
    """A batch that was written."""
    batch = checked(client, **given)
    assert client.post(address(batch, "apply")).status_code == 302
    return run(latest())


def second_version() -> bytes:
    """The roll with another sum for everybody who had 500 元."""
    book = openpyxl.load_workbook(ROLL)
    for row in book.active.iter_rows(min_row=4):
        if row[12].value in (500, "500"):
            row[12].value = 625
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_flow_from_upload_to_done(clerk: Client) -> None:
    batch = uploaded(clerk)
    assert batch.state == BatchState.MAPPING
    text = page(clerk, batch)
    assert "请确认证件、金额和账号列" in text
    assert "必须确认" in text
    batch = confirm(clerk, batch)
    assert batch.state == BatchState.READY
    text = page(clerk, batch)
    assert "写入 81 行" in text
    assert "身份证号精度丢失" in text
    assert AwardLine.objects.whole_city().count() == 0
    clerk.post(address(batch, "apply"))
    batch = run(latest())
    assert batch.state == BatchState.APPLIED
    assert AwardLine.objects.whole_city().count() == 81
    assert "已触发本县比对" in page(clerk, batch)
    assert ROLL.name in clerk.get(reverse("importing:history")).content.decode()


def test_second_upload_of_the_same_bytes_leads_to_the_first(clerk: Client) -> None:
    batch = applied(clerk)
    answer = send(clerk, ROLL.read_bytes(), name="同一文件.xlsx", kind="r2_living_allowance")
    assert answer["Location"] == address(batch)
    assert "没有重复导入" in page(clerk, batch)


def test_changes_show_old_and_new_value(clerk: Client) -> None:
    applied(clerk)
    batch = checked(clerk, content=second_version(), name="第二版.xlsx")
    changed = batch.counts["changed"]
    assert changed > 0
    text = page(clerk, batch)
    assert f"变更 {changed} 行" in text
    assert '<del class="dt-old">500</del>' in text
    assert '<ins class="dt-new">625</ins>' in text
    narrowed = page(clerk, batch, bucket="changed", column="amount")
    assert narrowed.count('<del class="dt-old">500</del>') == changed


def test_remembered_columns_ask_no_second_time(clerk: Client) -> None:
    checked(clerk)
    batch = uploaded(clerk, content=second_version(), name="第二版.xlsx")
    assert batch.state == BatchState.READY
    assert "上次确认" in page(clerk, batch, step="mapping")


def test_column_may_be_left_out(clerk: Client) -> None:
    batch = confirm(clerk, uploaded(clerk), **{"s1-K": ""})
    assert batch.mapping["义教"]["K"] == ""
    assert "银行账号精度丢失" not in page(clerk, batch, bucket="refused")


def test_field_given_twice_is_refused_in_words(clerk: Client) -> None:
    batch = uploaded(clerk)
    answer = clerk.post(address(batch, "mapping"), {"s1-B": "name", "s1-C": "name"})
    assert answer.status_code == 400
    assert "两列对应同一字段" in answer.content.decode()
    assert latest().state == BatchState.MAPPING


def test_lookalike_is_not_on_offer(clerk: Client) -> None:
    file = SAMPLES / "06_学前资助_2020秋_平城区.xlsx"
    client = client_of(code="140213")
    batch = uploaded(client, file, "r1_preschool_aid", code="140213")
    shown = client.get(address(batch)).context["groups"][0]
    parent = next(column for column in shown.columns if column.heading == "家长身份证号")
    assert "id_no" not in dict(parent.options)


@pytest.mark.parametrize("bucket", ["new", "changed", "unchanged", "refused", "warned"])
def test_every_bucket_has_a_page(clerk: Client, bucket: str) -> None:
    batch = checked(clerk)
    assert f"{batch.counts[bucket]} 行" in page(clerk, batch, bucket=bucket)


def test_no_whole_number_is_shown(clerk: Client) -> None:
    batch = checked(clerk)
    expected = openpyxl.load_workbook(ROLL).active
    numbers = [str(row[7].value) for row in expected.iter_rows(min_row=4) if len(str(row[7].value)) == 18]
    text = "".join(page(clerk, batch, bucket=bucket) for bucket in ("new", "refused", "warned"))
    assert numbers
    assert not [number for number in numbers if number in text]


def test_pages_walk_forth_and_back(clerk: Client) -> None:
    batch = checked(clerk)
    first = clerk.get(address(batch), {"bucket": "new"}).context
    assert len(first["lines"]) == 50
    links = dict(first["pages"])
    second = clerk.get(address(batch) + links["下一页"]).context
    assert len(second["lines"]) == 31
    assert set(dict(second["pages"])) == {"首页", "上一页"}
    again = clerk.get(address(batch) + dict(second["pages"])["上一页"]).context
    assert [line.place for line in again["lines"]] == [line.place for line in first["lines"]]


def test_reason_narrows_the_refused_rows(clerk: Client) -> None:
    batch = checked(clerk)
    context = clerk.get(address(batch), {"bucket": "refused", "reason": "ID_PRECISION_LOST"}).context
    assert [line.place for line in context["lines"]] == ["5", "46", "58"]


def test_strange_parameters_show_the_first_page(clerk: Client) -> None:
    batch = checked(clerk)
    for params in ({"bucket": "x"}, {"after": "x"}, {"before": "-1"}, {"column": "'"}, {"reason": "%s"}):
        assert page(clerk, batch, **params)


def test_preview_costs_a_fixed_number_of_queries(clerk: Client) -> None:
    applied(clerk)
    batch = checked(clerk, content=second_version(), name="第二版.xlsx")
    clerk.get(address(batch))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        clerk.get(address(batch))
    assert len(queries) <= 16


def test_clerk_of_another_county_finds_nothing(clerk: Client) -> None:
    batch = checked(clerk)
    stranger = client_of(code="140224")
    assert stranger.get(address(batch)).status_code == 404
    for step in ("mapping", "apply", "cancel", "resume", "back", "discard"):
        assert stranger.post(address(batch, step)).status_code == 404
    assert stranger.get(address(batch, "errors")).status_code == 404
    assert ROLL.name not in stranger.get(reverse("importing:history")).content.decode()
    assert latest().state == BatchState.READY


def test_reader_of_ledgers_may_not_import() -> None:
    head = client_of(Role.COUNTY_HEAD)
    for name in ("history", "upload"):
        assert head.get(reverse(f"importing:{name}")).status_code == 403
    assert head.get(reverse("importing:batch", args=[uuid4()])).status_code == 403


def test_unit_of_another_county_is_no_choice(clerk: Client) -> None:
    answer = send(clerk, ROLL.read_bytes(), name=ROLL.name, kind="r2_living_allowance", code="140224")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "", "content": b"x"}, "请选择名册种类"),
        ({"kind": "r2_living_allowance", "content": b""}, "文件里没有内容"),
        ({"kind": "r2_living_allowance", "content": b"x", "term": ""}, "要写明学期"),
    ],
)
def test_upload_form_says_what_is_missing(clerk: Client, form: dict[str, Any], words: str) -> None:
    answer = send(clerk, form.pop("content"), name="表.xlsx", **form)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_file_over_the_limit_is_refused(clerk: Client, settings: Any) -> None:
    settings.MAX_ROSTER_BYTES = 1_000
    answer = send(clerk, b"x" * 1_001, name="表.xlsx", kind="school_list")
    assert answer.status_code == 422
    assert "请按学校或乡镇拆分" in answer.content.decode()


def test_refused_file_says_what_to_do(clerk: Client) -> None:
    batch = uploaded(clerk, content=b"PK\x03\x04 rubbish", name="坏.xlsx")
    assert batch.state == BatchState.REFUSED
    text = page(clerk, batch)
    assert "文件被拒收" in text
    assert "怎么办" in text


def test_poll_answers_with_progress_then_sends_back(clerk: Client) -> None:
    send(clerk, ROLL.read_bytes(), name=ROLL.name, kind="r2_living_allowance")
    batch = latest()
    poll = clerk.get(address(batch), headers={"HX-Request": "true"})
    assert "等待读取文件" in poll.content.decode()
    assert "<html" not in poll.content.decode()
    run(batch)
    poll = clerk.get(address(batch), headers={"HX-Request": "true"})
    assert poll.headers["HX-Redirect"] == address(batch)


def test_cancelled_reading_can_be_resumed_or_given_up(clerk: Client) -> None:
    send(clerk, ROLL.read_bytes(), name=ROLL.name, kind="r2_living_allowance")
    batch = latest()
    assert clerk.post(address(batch, "discard")).status_code == 409
    clerk.post(address(batch, "cancel"))
    assert AuditEvent.objects.filter(action="cancel_job", subject_id=str(batch.pk)).exists()
    batch = latest()
    assert batch.job.state == JobState.CANCELLED
    assert "已取消" in page(clerk, batch)
    clerk.post(address(batch, "resume"))
    assert run(latest()).state == BatchState.MAPPING
    clerk.post(address(batch, "discard"))
    batch = latest()
    assert batch.state == BatchState.DISCARDED
    assert "已放弃" in page(clerk, batch)


def test_failed_apply_leads_back_to_the_preview(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "apply"))
    job = latest().job
    job.state, job.message = JobState.FAILED, "任务中途出错。"
    job.save()
    assert "任务中途出错" in page(clerk, batch)
    clerk.post(address(batch, "back"))
    assert "写入 81 行" in page(clerk, latest())
    clerk.post(address(batch, "apply"))
    assert run(latest()).state == BatchState.APPLIED


def test_running_step_cannot_be_resumed(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "apply"))
    assert clerk.post(address(batch, "resume")).status_code == 409
    assert clerk.post(address(batch, "back")).status_code == 409


def test_marked_workbook_is_downloaded_and_audited(clerk: Client) -> None:
    batch = applied(clerk)
    answer = clerk.get(address(batch, "errors"))
    assert "no-store" in answer.headers["Cache-Control"]
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    assert book.sheetnames == ["义教", "摘要"]
    event = AuditEvent.objects.get(action="download_errors")
    assert event.detail == {"kind": "r2_living_allowance", "rows": 16}


def test_no_errors_workbook_before_the_check(clerk: Client) -> None:
    assert clerk.get(address(uploaded(clerk), "errors")).status_code == 404


def test_operator_imports_for_any_unit() -> None:
    client = Client()
    client.force_login(make.user(Role.OPERATOR, make.city()))
    batch = uploaded(client, CIVIL, "civil_list", code="140224", term="")
    assert batch.state == BatchState.MAPPING
    assert batch.term is None


def test_templates_follow_the_unit_that_is_chosen(books: None) -> None:
    client, other = Client(), make.county("140221")
    by = make.user()
    Grant.objects.create(user=by, role=Role.COUNTY_CLERK, unit=other, since_on=date(2016, 1, 1))
    client.force_login(by)
    upload = reverse("importing:upload")
    assert "school_list/?unit=140221" in client.get(upload).content.decode()
    chosen = {"unit": make.county().pk}
    part = client.get(upload, chosen, headers={"HX-Request": "true"}).content.decode()
    assert "school_list/?unit=140225" in part
    assert "unit=140221" not in part
    assert "上传并检查" not in part
    whole = client.get(upload, chosen)
    assert whole.context["form"]["unit"].value() == make.county().pk
    assert "school_list/?unit=140225" in whole.content.decode()


def test_fields_that_no_column_holds_are_named(clerk: Client, tmp_path: Path) -> None:
    line = rosters.pupil()
    path = rosters.save(tmp_path, [{"编码": line["学籍号"], "娃娃": line["姓名"], "年级": line["年级"]}])
    batch = uploaded(clerk, path, "student_registry")
    assert "还没有列对应“姓名”" in page(clerk, batch)

"""Long batches: the marked workbook and the dry run of an undo are made by jobs, waited for, and fetched."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pghistory
import pytest
from django.test import Client
from django.utils import timezone

from datong_edu.core import jobs
from datong_edu.core.models import AuditEvent, JobState
from datong_edu.importing import actions, models, prepared
from datong_edu.importing.enums import BatchState, Purpose
from datong_edu.importing.models import FilePiece, ImportBatch, PreparedFile
from datong_edu.importing.undo import plan_undo
from subsidies.models import AwardLine
from tests.importing.command import dump
from tests.importing.test_views import (
    _in_autumn_2020,
    address,
    applied,
    checked,
    client_of,
    latest,
    page,
    run,
)

assert _in_autumn_2020  # used by every test here


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Client:
    """浑源县's clerk; ten rows are a long batch."""
    monkeypatch.setattr(models, "LONG_ROWS", 10)
    monkeypatch.setattr(prepared, "PIECE_BYTES", 4_000)
    return client_of()


def asked(purpose: Purpose) -> PreparedFile:
    """What was asked for of the latest batch."""
    return PreparedFile.objects.select_related("job").get(batch=latest(), purpose=purpose)


def body(client: Client, where: str) -> bytes:
    """What a download brings."""
    answer = client.get(where)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def test_marked_workbook_of_a_long_batch_is_made_by_a_job(clerk: Client) -> None:
    batch = checked(clerk)
    where, file = address(batch, "errors_prepare"), address(batch, "errors")
    assert where in page(clerk, batch)
    assert f'href="{file}"' not in page(clerk, batch)
    assert clerk.get(file)["Location"] == where
    assert "开始生成标红的原表" in clerk.get(where).content.decode()
    assert not PreparedFile.objects.exists()
    assert clerk.post(where)["Location"] == where
    assert "等待生成标红的原表" in clerk.get(where).content.decode()
    assert clerk.get(file)["Location"] == where
    jobs.run(asked(Purpose.ERRORS).job.pk)
    made = asked(Purpose.ERRORS)
    assert (made.job.state, made.kept_until) == (JobState.DONE, latest().file_kept_until)
    assert FilePiece.objects.filter(file=made).count() > 2
    assert "已生成" in clerk.get(where).content.decode()
    before = AuditEvent.objects.filter(action="download_errors").count()
    content = body(clerk, file)
    assert AuditEvent.objects.filter(action="download_errors").count() == before + 1
    assert len(content) == made.size
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["义教", "摘要"]
    assert "错误说明" in [cell.value for row in book["义教"].iter_rows() for cell in row]


def test_poll_of_a_long_workbook_tells_progress_and_then_loads_the_page(clerk: Client) -> None:
    where = address(checked(clerk), "errors_prepare")
    clerk.post(where)
    htmx = {"HX-Request": "true"}
    assert "<progress" in clerk.get(where, headers=htmx).content.decode()
    jobs.run(asked(Purpose.ERRORS).job.pk)
    assert clerk.get(where, headers=htmx)["HX-Redirect"] == where


def test_asking_twice_makes_one_job(clerk: Client) -> None:
    where = address(checked(clerk), "errors_prepare")
    clerk.post(where)
    first = asked(Purpose.ERRORS).job
    clerk.post(where)
    assert asked(Purpose.ERRORS).job == first


def test_stopped_workbook_can_be_asked_for_again(clerk: Client) -> None:
    batch = checked(clerk)
    where = address(batch, "errors_prepare")
    clerk.post(where)
    assert clerk.post(f"{address(batch)}errors/stop/")["Location"] == where
    assert asked(Purpose.ERRORS).job.state == JobState.CANCELLED
    assert "重新生成标红的原表" in clerk.get(where).content.decode()
    assert clerk.post(f"{address(batch)}errors/stop/").status_code == 409
    clerk.post(where)
    jobs.run(asked(Purpose.ERRORS).job.pk)
    assert asked(Purpose.ERRORS).ready_at is not None


def test_workbook_of_another_check_is_not_handed_out(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "errors_prepare"))
    jobs.run(asked(Purpose.ERRORS).job.pk)
    ImportBatch.objects.whole_city().filter(pk=batch.pk).update(counts=batch.counts | {"refused": 15})
    assert clerk.get(address(batch, "errors"))["Location"] == address(batch, "errors_prepare")
    clerk.post(address(batch, "errors_prepare"))
    assert PreparedFile.objects.count() == 1


def test_prepared_workbook_is_sealed_and_its_pieces_cannot_change_places(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "errors_prepare"))
    jobs.run(asked(Purpose.ERRORS).job.pk)
    assert b"[Content_Types].xml".hex() not in dump()
    first, second = FilePiece.objects.order_by("number")[:2]
    FilePiece.objects.filter(pk=first.pk).update(cipher=bytes(second.cipher))
    with pytest.raises(actions.PortalError, match="放错了位置"):
        b"".join(prepared.pieces_of(asked(Purpose.ERRORS)))


def test_prepared_workbook_goes_with_its_batch_and_with_its_time(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "errors_prepare"))
    assert prepared.expire() == 0
    PreparedFile.objects.update(kept_until=timezone.now() - timedelta(seconds=1))
    assert prepared.expire() == 1
    clerk.post(address(batch, "errors_prepare"))
    jobs.cancel(asked(Purpose.ERRORS).job)
    clerk.post(address(batch, "discard"))
    assert latest().state == BatchState.DISCARDED
    assert not PreparedFile.objects.exists()


def test_foreign_clerk_finds_neither_page_nor_file(clerk: Client) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "errors_prepare"))
    jobs.run(asked(Purpose.ERRORS).job.pk)
    foreign = client_of(code="140213")
    for step in ("errors", "errors_prepare", "undo_plan"):
        assert foreign.get(address(batch, step)).status_code == 404
    for where in (address(batch, "errors_prepare"), f"{address(batch)}errors/stop/"):
        assert foreign.post(where).status_code == 404


def test_dry_run_of_a_long_batch_is_made_by_a_job(clerk: Client) -> None:
    batch = applied(clerk)
    where, undo = address(batch, "undo_plan"), address(batch, "undo")
    line = AwardLine.objects.whole_city().order_by("id")[0]
    with pghistory.context(url="/awards/"):
        line.bank = "另一家银行"
        line.save()
    assert clerk.get(undo)["Location"] == where
    assert "开始试算" in clerk.get(where).content.decode()
    clerk.post(where)
    assert "等待试算" in clerk.get(where).content.decode()
    jobs.run(asked(Purpose.PLAN).job.pk)
    assert clerk.get(where)["Location"] == undo
    text = clerk.get(undo).content.decode()
    assert "的试算结果" in text
    assert line.name in text
    assert "开户行" in text
    at_once = plan_undo(latest(), latest().created_by)
    assert prepared.plan_of(asked(Purpose.PLAN)) == at_once
    assert at_once.edited == 1
    piece = FilePiece.objects.get(file=asked(Purpose.PLAN))
    assert line.name.encode() not in bytes(piece.cipher)
    assert clerk.post(undo, {"reason": ""}).status_code == 422
    clerk.post(undo, {"reason": "文件选错"})
    assert run(latest()).state == BatchState.UNDONE
    assert AwardLine.objects.whole_city().count() == 1
    # What was tried before the undo says nothing about the redo.
    assert clerk.get(undo)["Location"] == where


def test_dry_run_of_a_batch_that_was_not_applied_is_refused(clerk: Client) -> None:
    batch = checked(clerk)
    assert clerk.get(address(batch, "undo_plan")).status_code == 409
    assert clerk.post(address(batch, "undo_plan")).status_code == 409


def test_short_batch_is_served_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = client_of()
    batch = applied(clerk)
    assert not batch.is_long
    assert clerk.get(address(batch, "undo_plan"))["Location"] == address(batch, "undo")
    assert "将删除" in clerk.get(address(batch, "undo")).content.decode()
    assert body(clerk, address(batch, "errors")).startswith(b"PK")


def test_cancelled_making_leaves_nothing(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = checked(clerk)
    clerk.post(address(batch, "errors_prepare"))
    monkeypatch.setattr(prepared, "_is_ready", lambda *given: (_ for _ in ()).throw(jobs.JobCancelled))
    jobs.run(asked(Purpose.ERRORS).job.pk)
    assert asked(Purpose.ERRORS).job.state == JobState.CANCELLED
    assert not FilePiece.objects.exists()

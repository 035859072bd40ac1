"""The pages of taking a batch back: dry run, reason, progress, and writing it again."""

import pghistory
import pytest
from django.test import Client

from datong_edu.core.models import JobState
from datong_edu.importing.enums import BatchState
from subsidies.models import AwardLine
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
LINES = 81


@pytest.fixture
def clerk() -> Client:
    """浑源县's clerk."""
    return client_of()


def dry_run(client: Client) -> str:
    """The page of the dry run."""
    answer = client.get(address(latest(), "undo"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_batch_is_undone_and_written_again_from_its_page(clerk: Client) -> None:
    batch = applied(clerk)
    assert address(batch, "undo") in page(clerk, batch)
    assert "将删除" in dry_run(clerk)
    assert AwardLine.objects.whole_city().count() == LINES
    answer = clerk.post(address(batch, "undo"), {"reason": "文件选错"})
    assert answer["Location"] == address(batch)
    assert "正在撤销" in page(clerk, batch)
    batch = run(latest())
    assert batch.state == BatchState.UNDONE
    assert AwardLine.objects.whole_city().count() == 0
    text = page(clerk, batch)
    assert "文件选错" in text
    assert "已撤销" in text
    assert "将写回" in dry_run(clerk)
    assert clerk.post(address(batch, "undo")).status_code == 302
    assert run(latest()).state == BatchState.APPLIED
    assert AwardLine.objects.whole_city().count() == LINES


def test_undo_without_a_reason_is_asked_again(clerk: Client) -> None:
    batch = applied(clerk)
    answer = clerk.post(address(batch, "undo"), {"reason": ""})
    assert answer.status_code == 422
    assert "请写明撤销的原因" in answer.content.decode()
    assert latest().state == BatchState.APPLIED


def test_line_changed_later_is_named_on_the_page(clerk: Client) -> None:
    applied(clerk)
    line = AwardLine.objects.whole_city().order_by("id")[0]
    with pghistory.context(url="/awards/"):
        line.bank = "另一家银行"
        line.save()
    text = dry_run(clerk)
    assert line.name in text
    assert "之后被改动" in text
    assert line.id_no_masked in text
    assert "开户行" in text


def test_failed_undo_says_so(clerk: Client) -> None:
    batch = applied(clerk)
    clerk.post(address(batch, "undo"), {"reason": "文件选错"})
    job = latest().job
    job.state, job.message = JobState.FAILED, "任务中途出错，未写入任何数据。"
    job.save()
    assert "撤销没有完成：任务中途出错" in page(clerk, batch)


def test_undo_of_another_county_does_not_exist(clerk: Client) -> None:
    batch = applied(clerk)
    foreign = client_of(code="140213")
    assert foreign.get(address(batch, "undo")).status_code == 404
    assert foreign.post(address(batch, "undo"), {"reason": "越权"}).status_code == 404
    assert latest().state == BatchState.APPLIED


def test_batch_that_was_not_applied_has_no_undo(clerk: Client) -> None:
    batch = checked(clerk)
    assert clerk.get(address(batch, "undo")).status_code == 409


@pytest.mark.parametrize("form", [{}, {"reason": "文件选错"}])
def test_undo_of_a_batch_that_was_not_applied_is_refused_in_words(
    clerk: Client, form: dict[str, str]
) -> None:
    batch = checked(clerk)
    answer = clerk.post(address(batch, "undo"), form)
    assert answer.status_code in (400, 409)
    assert "撤销" in answer.content.decode()
    assert latest().state == BatchState.READY

"""How far a check has got: the rows of a file are known before they are read, and told with rate and time."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from datong_edu.accounts.actions import user_called
from datong_edu.core.models import Job, JobState
from datong_edu.core.models import Term as TermRow
from datong_edu.importing import actions, checking
from datong_edu.importing.child import ChildReading, read_in_child
from datong_edu.importing.declare import roster_called
from datong_edu.importing.mapping import vocabulary
from datong_edu.importing.progress import duration, progress_of_job
from tests import factories as make
from tests.importing.command import SAMPLES, TERM

ROLL = SAMPLES / "05_义教生活补助_2020秋_浑源县.xlsx"


@pytest.fixture
def few_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell progress every ten rows."""
    monkeypatch.setattr(checking, "ChildReading", partial(ChildReading, rows_per_slice=10))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("05_义教生活补助_2020秋_浑源县.xlsx", "r2_living_allowance"),
        ("04_民政残联类别名单_灵丘县.xls", "civil_list"),
        ("02_学籍导出_云州区.csv", "student_registry"),
    ],
)
def test_rows_are_known_when_the_file_is_opened(name: str, kind: str) -> None:
    file = SAMPLES / name
    words = vocabulary(roster_called(kind))
    with read_in_child(name, file.read_bytes(), vocabulary=words) as reading:
        expected = sum(sheet.expected_rows for sheet in reading.sheets)
        for _ in reading.slices():
            pass
        read = sum(sheet.data_rows for sheet in reading.sheets)
    assert read <= expected <= read + 30


@pytest.mark.usefixtures("books", "few_rows_at_a_time")
def test_check_tells_rows_done_and_all_rows() -> None:
    told: list[tuple[str, int, int]] = []
    by = user_called(None)
    batch = actions.receive_file(
        kind="r2_living_allowance", unit=make.county(), term=TermRow.objects.get(code=TERM),
        file_name=ROLL.name, data=ROLL.read_bytes(), by=by,
    )  # fmt: skip
    actions.read_batch(batch=batch, by=by)
    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=by)
    batch.refresh_from_db()
    actions.check_batch(batch=batch, by=by, progress=lambda *line: told.append((*line, 0, 0)[:3]))
    rows = [(done, total) for phase, done, total in told if phase == checking.CHECKING_ROWS]
    data_rows = sum(sheet["data_rows"] for sheet in batch.layout["sheets"])
    assert [done for done, _ in rows] == [*range(0, data_rows, 10), data_rows]
    assert {total for _, total in rows} == {rows[0][1]}
    assert data_rows <= rows[0][1] <= data_rows + 30


def job(**given: Any) -> Job:
    """A running job that began ten seconds ago."""
    begun = timezone.now() - timedelta(seconds=10)
    return Job(**{"kind": "importing.check", "state": JobState.RUNNING, "phase_at": begun} | given)


def test_progress_of_rows_has_rate_and_time_left() -> None:
    told = progress_of_job(
        job(phase=checking.CHECKING_ROWS, done=50_000, total=200_000), waiting="等待检查", begun="正在检查"
    )
    assert (told.label, told.done, told.total, told.unit) == ("正在检查，已检查", 50_000, 200_000, "行")
    assert told.rate.startswith("每秒约 ")
    assert told.eta == "30 秒"


def test_progress_of_other_phases_counts_steps_and_promises_no_time() -> None:
    told = progress_of_job(job(phase="写入台账", done=2, total=4), waiting="等待写入", begun="正在写入")
    assert (told.label, told.done, told.total, told.unit) == ("写入台账", 2, 4, "步")
    assert (told.rate, told.eta) == ("", "")


def test_waiting_and_cancelled_jobs_say_so() -> None:
    assert progress_of_job(None, waiting="等待检查", begun="").label == "等待检查"
    again = job(state=JobState.QUEUED, phase="等待重新开始")
    assert progress_of_job(again, waiting="等待检查", begun="").label == "等待检查：等待重新开始"
    assert progress_of_job(job(cancel_requested=True), waiting="", begun="").label == "正在取消"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 秒"), (89.4, "89 秒"), (90, "2 分钟"), (600, "10 分钟")]
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words

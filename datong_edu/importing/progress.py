"""How far the job of a batch has got, in words."""

from django.utils import timezone

from datong_edu.core.models import Job, JobState
from datong_edu.importing.checking import CHECKING_ROWS
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.web import numbers
from datong_edu.web.parts import Progress

WAITING = {
    BatchState.UPLOADED: "等待读取文件",
    BatchState.CHECKING: "等待检查",
    BatchState.APPLYING: "等待写入",
    BatchState.APPLIED: "等待撤销",
    BatchState.UNDONE: "等待重新写入",
}
BEGUN = {
    BatchState.UPLOADED: "正在读取文件",
    BatchState.CHECKING: "正在检查",
    BatchState.APPLYING: "正在写入",
    BatchState.APPLIED: "正在撤销",
    BatchState.UNDONE: "正在重新写入",
}
MARKING_ROWS = "正在写标红的原表"
IN_ROWS = {CHECKING_ROWS: "正在检查，已检查", MARKING_ROWS: "正在生成，已写"}
"""Phases whose figures are rows of the file, and what is said before the figures."""
SHORTEST_MEASURE = 2.0
"""Seconds before a rate means anything."""
LONG_SECONDS = 90
"""From here on the time left is told in minutes."""


def progress_of(batch: ImportBatch) -> Progress:
    """How far the step of a batch is."""
    state = BatchState(batch.state)
    return progress_of_job(batch.job, waiting=WAITING[state], begun=BEGUN[state])


def progress_of_job(job: Job | None, *, waiting: str, begun: str) -> Progress:
    """Phase, done and total; rows per second and the time left once there is something to measure."""
    if job is None or job.state == JobState.QUEUED:
        return Progress(f"{waiting}：{job.phase}" if job is not None and job.phase else waiting)
    if job.cancel_requested:
        return Progress("正在取消", job.done, job.total)
    if job.phase not in IN_ROWS:
        return Progress(job.phase or begun, job.done, job.total, unit="步" if job.total else "")
    told = Progress(IN_ROWS[job.phase], job.done, job.total, unit="行")
    seconds = (timezone.now() - job.phase_at).total_seconds() if job.phase_at else 0.0
    if seconds < SHORTEST_MEASURE or not job.done:
        return told
    rate = job.done / seconds
    return Progress(
        told.label,
        told.done,
        told.total,
        rate=f"每秒约 {numbers.count(round(rate))} 行",
        eta=duration((job.total - job.done) / rate) if job.total > job.done else "",
        unit=told.unit,
    )


def duration(seconds: float) -> str:
    """8 秒; 3 分钟 from a minute and a half on: nobody counts the seconds of a guess."""
    if seconds < LONG_SECONDS:
        return f"{max(1, round(seconds))} 秒"
    return f"{round(seconds / 60)} 分钟"

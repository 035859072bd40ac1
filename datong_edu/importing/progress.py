"""How far the job of a batch has got, in words."""

from django.utils import timezone

from datong_edu.core.models import JobState
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
SHORTEST_MEASURE = 2.0
"""Seconds before a rate means anything."""


def progress_of(batch: ImportBatch) -> Progress:
    """Phase, done and total; rows per second once there is something to measure."""
    job = batch.job
    if job is None or job.state == JobState.QUEUED:
        label = WAITING[BatchState(batch.state)]
        return Progress(f"{label}：{job.phase}" if job is not None and job.phase else label)
    label = "正在取消" if job.cancel_requested else job.phase or BEGUN[BatchState(batch.state)]
    seconds = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0.0
    counts_rows = batch.state in (BatchState.UPLOADED, BatchState.CHECKING) and job.done > 0
    if not counts_rows or seconds < SHORTEST_MEASURE:
        return Progress(label, job.done, job.total)
    rate = job.done / seconds
    left = round((job.total - job.done) / rate) if job.total > job.done else 0
    return Progress(
        label,
        job.done,
        job.total,
        rate=f"每秒约 {numbers.count(round(rate))} 行",
        eta=f"{numbers.count(left)} 秒" if left else "",
    )

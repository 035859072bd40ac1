"""States of an import batch and outcomes of a staged row."""

from django.db import models


class BatchState(models.TextChoices):
    """Where a batch stands in upload → mapping → check → preview → apply, and back."""

    UPLOADED = "uploaded", "待读取"
    MAPPING = "mapping", "待确认对应列"
    CHECKING = "checking", "检查中"
    READY = "ready", "待确认写入"
    APPLYING = "applying", "写入中"
    APPLIED = "applied", "已写入"
    UNDONE = "undone", "已撤销"
    REFUSED = "refused", "文件被拒收"
    DISCARDED = "discarded", "已放弃"


TRANSITIONS: dict[str, set[str]] = {
    BatchState.UPLOADED: {
        BatchState.MAPPING,
        BatchState.CHECKING,
        BatchState.REFUSED,
        BatchState.DISCARDED,
    },
    BatchState.MAPPING: {BatchState.CHECKING, BatchState.REFUSED, BatchState.DISCARDED},
    BatchState.CHECKING: {
        BatchState.READY,
        BatchState.MAPPING,
        BatchState.REFUSED,
        BatchState.UPLOADED,
        BatchState.DISCARDED,
    },
    BatchState.READY: {
        BatchState.CHECKING,
        BatchState.MAPPING,
        BatchState.APPLYING,
        BatchState.DISCARDED,
    },
    BatchState.APPLYING: {BatchState.APPLIED, BatchState.READY},
    BatchState.APPLIED: {BatchState.UNDONE},
    BatchState.UNDONE: {BatchState.APPLIED},
    BatchState.REFUSED: set(),
    BatchState.DISCARDED: set(),
}


EDGES = sorted((str(old), str(new)) for old, ways in TRANSITIONS.items() for new in ways)


class Purpose(models.TextChoices):
    """What a job makes of a large batch, to be fetched when it is ready."""

    ERRORS = "errors", "标红的原表"
    PLAN = "plan", "撤销试算"


class Outcome(models.TextChoices):
    """What a staged row will do."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    REFUSED = "refused", "错误"


class Deed(models.TextChoices):
    """What a clerk decided for all rows with one fault in one column."""

    BLANK = "blank", "按空白处理"
    LEAVE_OUT = "leave_out", "这些行不导入"

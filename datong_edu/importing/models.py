"""Import batches and the provenance every imported fact carries."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import machine, needs, within
from datong_edu.core.history import protected
from datong_edu.importing.enums import EDGES, BatchState, Deed, Purpose

LONG_ROWS = 5_000
"""Rows that are worked through in a request, about three seconds of it on two cores; more are for a job."""


@protected
@pgtrigger.register(
    pgtrigger.FSM(name="state_edges", field="state", transitions=EDGES),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
)
class ImportBatch(models.Model):
    """导入批次: one file, of one kind, for one unit, from upload to apply; its row stays for ever.

    `history_ids` are the contexts of the history under which it was applied, undone and written again.
    A batch that `continues` another brings the mended rows of it; with `is_rest` it reads the same bytes
    again and takes only the rows that the other one refused.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("名册", max_length=40)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    county = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    term = models.ForeignKey("core.Term", models.PROTECT, null=True, related_name="+", verbose_name="学期")
    file_name = models.CharField("文件名", max_length=300)
    file_size = models.BigIntegerField("大小（字节）")
    file_sha256 = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField("状态", max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    layout = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    refusal_key = models.CharField(max_length=40, default="", blank=True)
    message = models.TextField("说明", default="", blank=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="经办人")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField("写入时间", null=True)
    file_kept_until = models.DateTimeField("文件保留至", null=True)
    is_full = models.BooleanField("全量名册", default=False)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undo_reason = models.CharField("撤销原因", max_length=200, default="", blank=True)
    history_ids = ArrayField(models.UUIDField(), default=list)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="continued_by", verbose_name="续传自"
    )
    is_rest = models.BooleanField("只含待改的行", default=False)

    objects = ScopedManager()
    personal_fields = ("file_name",)

    access = needs(Permission.IMPORT_ROSTERS)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["county", "-id"], name="batch_county"),
            models.Index(fields=["file_sha256"], name="batch_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit", "term", "file_sha256"],
                condition=Q(state=BatchState.APPLIED, is_rest=False),
                nulls_distinct=False,
                name="batch_file_applied_once",
                violation_error_message="这个文件已经写入过，不会重复写入。",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_long(self) -> bool:
        """Whether its rows are too many to be worked through while somebody waits for a page."""
        outcomes = ("new", "changed", "unchanged", "refused")
        return sum(self.counts.get(name, 0) for name in outcomes) > LONG_ROWS


class StoredFile(models.Model):
    """上传文件: the encrypted bytes of an upload, apart from its batch so that lists stay light."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, primary_key=True, related_name="stored_file")
    cipher = models.BinaryField()
    samples = models.BinaryField(null=True)

    access = within("batch")

    class Meta:
        verbose_name = verbose_name_plural = "上传文件"

    def __str__(self) -> str:
        return str(self.batch_id)


class PreparedFile(models.Model):
    """备好的文件: what a job made of a large batch, encrypted in pieces; gone when its time is over.

    `made_of` says what it was made of: once that has changed, the file is of no use any more.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="prepared", db_index=False)
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    made_of = models.CharField(max_length=64)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    size = models.BigIntegerField("大小（字节）", default=0)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("要求时间", auto_now_add=True)
    ready_at = models.DateTimeField("生成时间", null=True)
    kept_until = models.DateTimeField("保留至", db_index=True)

    access = within("batch")

    class Meta:
        verbose_name = verbose_name_plural = "备好的文件"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["batch", "purpose"], name="prepared_file_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.get_purpose_display()}"


class FilePiece(models.Model):
    """备好文件的一段: some megabytes of it, sealed together with its place so that none can be swapped."""

    file = models.ForeignKey(PreparedFile, models.CASCADE, related_name="pieces", db_index=False)
    number = models.IntegerField("序号")
    cipher = models.BinaryField()

    access = within("file")

    class Meta:
        verbose_name = verbose_name_plural = "备好文件的一段"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_piece_once")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"


class RememberedMapping(models.Model):
    """列对应记忆: what a unit decided for a heading of a roster, used again next time."""

    unit = models.ForeignKey("accounts.Unit", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True, default="")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    access = machine("proposes columns to the unit that decided them; headings only")

    class Meta:
        verbose_name = verbose_name_plural = "列对应记忆"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "heading"], name="mapping_heading_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class CellMend(models.Model):
    """单元格更正: what a clerk typed on the screen in place of a cell; the uploaded bytes stay as they are.

    Without a `field` the whole row is left out on purpose.  `cipher` is the new text, encrypted like a staged
    row and dropped with the file.  `is_vouched` says that somebody confirmed a number of the registry, which
    is therefore never handed out again in clear.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, db_index=False, related_name="mends")
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    field = models.CharField(max_length=40, default="", blank=True)
    cipher = models.BinaryField(null=True)
    is_vouched = models.BooleanField(default=False)
    mended_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    mended_at = models.DateTimeField(auto_now=True)

    access = within("batch")

    class Meta:
        verbose_name = verbose_name_plural = "单元格更正"
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "row", "field"], name="mend_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row} {self.field}"


class CauseDecision(models.Model):
    """按原因处理: what is done with all rows of a batch that have one fault in one column."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, db_index=False, related_name="decisions")
    reason_key = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    deed = models.CharField(max_length=10, choices=Deed)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    access = within("batch")

    class Meta:
        verbose_name = verbose_name_plural = "按原因处理"
        constraints = [
            models.UniqueConstraint(fields=["batch", "reason_key", "field"], name="cause_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason_key} {self.field} {self.deed}"


class RememberedAnswer(models.Model):
    """内容含义记忆: what a unit said a text of its files means, used for its next files without a question.

    `topic` is `school` for names of schools in all rosters of the unit, else roster and field.  `text` is the
    written word without spaces; `answer` the code of the school, or the word it stands for.  `county` is the
    county the answer speaks of: in a file of the whole city one name may mean a school in each.
    """

    unit = models.ForeignKey("accounts.Unit", models.CASCADE, related_name="+", verbose_name="单位")
    county = models.ForeignKey("accounts.Unit", models.CASCADE, null=True, related_name="+")
    topic = models.CharField(max_length=80)
    text = models.CharField("原表写法", max_length=200)
    answer = models.CharField(max_length=100)
    shown = models.CharField("含义", max_length=200)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="经办人")
    decided_at = models.DateTimeField("确认时间", auto_now=True)

    objects = ScopedManager()

    access = needs(Permission.IMPORT_ROSTERS)

    class Meta:
        verbose_name = verbose_name_plural = "内容含义记忆"
        ordering = ["topic", "text", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "topic", "text", "county"], nulls_distinct=False, name="answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.shown}"


class ImportedFact(models.Model):
    """Provenance of a fact: the batch, sheet and row it came from; empty when entered by hand.

    Batches are never deleted, which a trigger holds; a foreign key would only look that up for every row.
    """

    source_batch = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="来源批次",
        db_constraint=False,
    )
    source_sheet = models.CharField("来源工作表", max_length=100, default="", blank=True)
    source_row = models.IntegerField("来源行", null=True, blank=True)

    class Meta:
        abstract = True

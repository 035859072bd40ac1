"""Nouns everybody shares: terms, background jobs, files kept for hours, the audit trail, the clock."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from datong_edu.core.access import machine, needs, users
from datong_edu.core.history import deed_field


class TermQuerySet(models.QuerySet["Term"]):
    """Questions about terms."""

    def begun_by(self, day: date) -> "Term":
        """The latest term that has begun on a day."""
        return self.filter(starts_on__lte=day).latest("starts_on")


class Term(models.Model):
    """学期: the half school year every roster, entitlement and check belongs to."""

    code = models.CharField("学期代码", primary_key=True, max_length=11)
    label = models.CharField("名称", max_length=20)
    starts_on = models.DateField("开始日期", unique=True)
    ends_on = models.DateField("结束日期")
    census_on = models.DateField("基准日")

    objects = TermQuerySet.as_manager()

    access = users("the calendar of the school year")

    class Meta:
        verbose_name = verbose_name_plural = "学期"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    starts_on__lte=models.F("census_on"),
                    census_on__lte=models.F("ends_on"),
                ),
                name="term_census_inside",
                violation_error_message="基准日必须在学期开始与结束之间。",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def previous(self) -> "Term":
        """The term before this one."""
        return Term.objects.filter(starts_on__lt=self.starts_on).latest("starts_on")


class PortalClock(models.Model):
    """业务日期: a single row that holds the demo city's day; absent in production, where today is today."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    business_on = models.DateField("业务日期")

    access = users("the day every page names")

    class Meta:
        verbose_name = verbose_name_plural = "业务日期"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="portal_clock_single_row")]

    def __str__(self) -> str:
        return f"{self.business_on:%Y-%m-%d}"


class JobState(models.TextChoices):
    """States of a background job."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """后台任务: PostgreSQL holds its truth, the broker is only a wake-up call."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("任务", max_length=60)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    payload = models.JSONField(default=dict)
    county = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    phase = models.CharField("阶段", max_length=60, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    message = models.TextField("说明", default="")
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    phase_at = models.DateTimeField("阶段开始", null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    walled_by_user = ("created_by_id",)
    access = users("shown to whoever queued it; holds ids and counts")

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="job_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int:
        """Progress of the present phase, 0–100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class StoredBlob(models.Model):
    """临时文件: an encrypted file that one user may fetch until it expires; `about` holds counts only.

    Its name is sealed with its bytes, for people name files after pupils.  It keeps no history: what expires
    is gone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("用途", max_length=40)
    cipher = models.BinaryField()
    about = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间", db_index=True)

    walled_by_user = ("created_by_id",)
    access = users("fetched by whoever it was kept for")

    class Meta:
        verbose_name = verbose_name_plural = "临时文件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"


class AuditEvent(models.Model):
    """操作留痕: who did or read what, when, for which county; rows are only ever added."""

    at = models.DateTimeField("时间", auto_now_add=True)
    action = models.CharField("操作", max_length=60)
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60, default="", blank=True)
    subject_id = models.CharField(max_length=40, default="", blank=True)
    source = models.CharField("来源", max_length=20, default="page")
    detail = models.JSONField(default=dict)
    audit_deed = deed_field()

    walled_by_user = ("actor_id",)
    access = needs("view_audit")

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            BrinIndex(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditShape(models.Model):
    """留痕列: the columns of a table of events that a digest held, so that later columns break no link."""

    source = models.CharField(max_length=63)
    columns = ArrayField(models.TextField())

    access = machine("names of columns, for verifying the chain")

    class Meta:
        verbose_name = verbose_name_plural = "留痕列"
        constraints = [models.UniqueConstraint(fields=["source", "columns"], name="audit_shape_once")]

    def __str__(self) -> str:
        return self.source


class AuditLink(models.Model):
    """留痕链: one link for each transaction and county; the database adds it at commit.

    `county` is the key of the county, 0 for the city's chain; `parts` says of each table of events how many
    rows, from which to which key, and their digest; `contexts` who acted and why; `hash` holds the link
    before.
    """

    county = models.IntegerField("县区")
    number = models.BigIntegerField("序号")
    deed = models.BigIntegerField("留痕号")
    at = models.DateTimeField("时间")
    events = models.BigIntegerField("变更数")
    parts = models.JSONField(default=dict)
    contexts = models.JSONField(default=dict)
    hash = models.BinaryField()

    county_key = "county"
    access = needs("view_audit")

    class Meta:
        verbose_name = verbose_name_plural = "留痕链"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="audit_link_number_once"),
            models.UniqueConstraint(fields=["deed", "county"], name="audit_link_deed_once"),
        ]
        indexes = [models.Index(fields=["at"], name="audit_link_at")]

    def __str__(self) -> str:
        return f"{self.county}-{self.number}"


class AuditSeal(models.Model):
    """留痕签章: the end of a chain, signed by a key that is not in the database.

    A 签章 (seal) is set every night: whoever rewrites a whole chain cannot sign it.  A 截断 (cut) lets the
    links up to `number` go once the law no longer asks for them; the chain goes on from its hash.
    """

    class Kind(models.TextChoices):
        SEAL = "seal", "签章"
        CUT = "cut", "截断"

    kind = models.CharField("种类", max_length=4, choices=Kind)
    county = models.IntegerField("县区")
    number = models.BigIntegerField("序号")
    hash = models.BinaryField()
    at = models.DateTimeField("时间", default=timezone.now)
    signature = models.BinaryField()

    access = needs("view_audit")

    class Meta:
        verbose_name = verbose_name_plural = "留痕签章"
        ordering = ["-id"]
        indexes = [models.Index(fields=["county", "kind", "-number"], name="audit_seal_end")]

    def __str__(self) -> str:
        return f"{self.county}-{self.number}"


class KeyCheck(models.Model):
    """密钥校验值: recognises the keys the data are sealed with; the keys themselves never stand here."""

    purpose = models.CharField("用途", max_length=60, primary_key=True)
    value = models.BinaryField("校验值")
    since = models.DateTimeField("登记时间")
    retired_at = models.DateTimeField("停用时间", null=True)

    access = machine("recognises keys when a process starts")

    class Meta:
        verbose_name = verbose_name_plural = "密钥校验值"

    def __str__(self) -> str:
        return self.purpose

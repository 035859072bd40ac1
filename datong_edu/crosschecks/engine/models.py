"""Runs, findings, their history and waivers."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs, within
from datong_edu.core.history import protected
from datong_edu.crosschecks.engine.enums import (
    EDGES,
    OPEN,
    TRANSITIONS,
    EventKind,
    RunState,
    Severity,
    Status,
    Step,
    SubjectKind,
)
from datong_edu.crosschecks.engine.exceptions import NotAllowed
from datong_edu.crosschecks.engine.querysets import FindingQuerySet


class RunQuerySet(models.QuerySet["Run"]):
    """Questions about runs; they hold counts only, no person."""

    def finished(self) -> "RunQuerySet":
        """Runs that came to their end, latest first."""
        return self.filter(state=RunState.DONE).order_by("-id")

    def latest_for(self, county_id: int | None) -> "Run | None":
        """The last finished run that looked at a county (or at the whole city)."""
        reach = Q(county=None) if county_id is None else Q(county=None) | Q(county=county_id)
        return self.finished().filter(reach).first()


class Run(models.Model):
    """比对: one pass of the rules over the city or a county, as of a day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    as_of_on = models.DateField("比对日期")
    term = models.ForeignKey("core.Term", models.PROTECT, related_name="+", verbose_name="学期")
    county = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.RUNNING)
    triggered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    found = models.IntegerField("发现", default=0)
    new = models.IntegerField("新增", default=0)
    changed = models.IntegerField("证据更新", default=0)
    closed = models.IntegerField("办结", default=0)
    reopened = models.IntegerField("重新打开", default=0)
    failed_rules = models.IntegerField("出错规则", default=0)

    objects = RunQuerySet.as_manager()

    access = needs(Permission.VIEW_FINDINGS)  # of the city or of one county; holds counts only

    class Meta:
        verbose_name = verbose_name_plural = "比对"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.as_of_on:%Y-%m-%d} 比对"


class RuleRun(models.Model):
    """规则执行: what one rule did within a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="rules", db_index=False)
    code = models.CharField("规则", max_length=6)
    seconds = models.DecimalField("用时（秒）", max_digits=8, decimal_places=3)
    found = models.IntegerField("发现", default=0)
    new = models.IntegerField("新增", default=0)
    changed = models.IntegerField("证据更新", default=0)
    closed = models.IntegerField("办结", default=0)
    reopened = models.IntegerField("重新打开", default=0)
    error = models.CharField("错误", max_length=200, default="", blank=True)

    access = within("run")

    class Meta:
        verbose_name = verbose_name_plural = "规则执行"
        ordering = ["run", "code"]
        constraints = [models.UniqueConstraint(fields=["run", "code"], name="rule_run_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.found}"


@protected
@pgtrigger.register(pgtrigger.FSM(name="status_edges", field="status", transitions=EDGES))
class Finding(models.Model):
    """疑点: one doubt about one subject, with its evidence, owner and deadline.

    `fingerprint` says which doubt it is (rule, subject, and the term where the rule speaks about a term);
    `digest` says on which evidence it rests.  An answered 误报 stays answered until the digest changes.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_code = models.CharField("规则", max_length=6)
    subject_kind = models.CharField("对象", max_length=14, choices=SubjectKind)
    subject_id = models.CharField(max_length=60)
    fingerprint = models.UUIDField(editable=False)
    digest = models.UUIDField(editable=False)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="findings", db_index=False
    )
    school = models.ForeignKey(
        "registry.School",
        models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name="学校",
        db_index=False,
    )
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    term = models.ForeignKey(
        "core.Term", models.PROTECT, related_name="+", verbose_name="学期", db_index=False
    )
    severity = models.CharField("严重程度", max_length=1, choices=Severity)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.PENDING)
    summary = models.CharField("问题", max_length=200)
    evidence = models.JSONField("证据", default=list)
    amount = models.DecimalField("涉及金额（元）", max_digits=12, decimal_places=2, null=True)
    found_on = models.DateField("发现日期")
    due_on = models.DateField("期限")
    closed_on = models.DateField("办结日期", null=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    verified_on = models.DateField("系统复核日期", null=True)
    reopened = models.SmallIntegerField("重开次数", default=0)
    assigned_to = models.ForeignKey(
        "accounts.Unit", models.PROTECT, null=True, related_name="+", verbose_name="核实学校"
    )
    waiver = models.ForeignKey("crosschecks.Waiver", models.SET_NULL, null=True, related_name="+")
    first_run = models.ForeignKey(Run, models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(FindingQuerySet)()
    seen_with_person = False
    school_path = "school"
    personal_fields = ("summary", "evidence", "amount")

    access = needs(Permission.VIEW_FINDINGS)

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_code", "fingerprint"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(status=Status.FIXED, closed_on__isnull=False)
                | ~Q(status=Status.FIXED) & Q(closed_on=None),
                name="finding_closed_has_day",
                violation_error_message="已整改的疑点必须有办结日期，其余没有。",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "due_on", "id"], name="finding_desk"),
            models.Index(fields=["person"], name="finding_person"),
            models.Index(fields=["school", "status"], name="finding_school"),
            models.Index(
                fields=["rule_code", "county"], condition=Q(status__in=list(OPEN)), name="finding_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.summary}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in OPEN

    def step_to(self, status: Status) -> Step:
        """The lawful step to a status; another one is refused."""
        step = TRANSITIONS[Status(self.status)].get(status)
        if step is None:
            raise NotAllowed(f"疑点现在是“{self.get_status_display()}”，不能改为“{status.label}”。")
        return step

    def _set_status(self, status: Status) -> Step:
        step = self.step_to(status)
        self.status = status
        return step


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
)
class FindingLog(models.Model):
    """疑点经过: everything that happened to a finding, by a run or by a person."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="log")
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    kind = models.CharField("事项", max_length=10, choices=EventKind)
    status = models.CharField("状态", max_length=12, choices=Status)
    note = models.CharField("说明", max_length=500, default="", blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = ScopedManager()
    school_path = "finding__school"
    personal_fields = ("note",)

    access = needs(Permission.VIEW_FINDINGS)

    class Meta:
        verbose_name = verbose_name_plural = "疑点经过"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


@protected
class Waiver(models.Model):
    """豁免: somebody with the office to do so lets a doubt rest until a day, and says why."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="waivers")
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=500)
    until_on = models.DateField("有效期至")
    granted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField("批准时间", auto_now_add=True)

    objects = ScopedManager()
    school_path = "finding__school"
    personal_fields = ("reason",)

    access = needs(Permission.VIEW_FINDINGS)

    class Meta:
        verbose_name = verbose_name_plural = "豁免"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"豁免至 {self.until_on:%Y-%m-%d}"

"""Standards, their dated values, and the mark that tells every process when they have changed."""

import uuid
from datetime import date, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core.access import needs
from datong_edu.core.history import protected
from datong_edu.standards.enums import DIMENSIONS, Origin, Room, ValueType, dimension_label, dimension_place
from datong_edu.standards.querysets import StandardQuerySet, StandardValueQuerySet
from datong_edu.standards.rules import Answer, answer, display

UNVERIFIED = "待核实"
_MARK_CHANGED = """
    INSERT INTO standards_standardsversion (id, token) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET token = excluded.token;
    RETURN NULL;
"""


def _mark_changed() -> pgtrigger.Trigger:
    """Give the version row a new token after any change, by whatever path it is made."""
    return pgtrigger.Trigger(
        name="mark_changed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_MARK_CHANGED,
    )


class StandardsVersion(models.Model):
    """标准版本: one row whose token changes with every change of a standard; what caches compare."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid.uuid4)

    access = needs(Permission.VIEW_STANDARDS)

    class Meta:
        verbose_name = verbose_name_plural = "标准版本"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="standards_version_single_row")]

    def __str__(self) -> str:
        return str(self.token)


@pgtrigger.register(_mark_changed())
class Standard(models.Model):
    """标准: one notion of the law with a key, e.g. CE_BOARD; its amounts are in its values."""

    key = models.CharField("代码", max_length=40, unique=True)
    app = models.CharField("业务", max_length=20, choices=Room)
    title = models.CharField("名称", max_length=100)
    description = models.TextField("说明")
    unit = models.CharField("计量单位", max_length=20)
    value_type = models.CharField("取值类型", max_length=10, choices=ValueType)
    dimensions = ArrayField(models.CharField(max_length=10), verbose_name="区分维度", default=list)

    objects = StandardQuerySet.as_manager()

    access = needs(Permission.VIEW_STANDARDS)

    class Meta:
        verbose_name = verbose_name_plural = "标准"
        ordering = ["app", "key"]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    def get_absolute_url(self) -> str:
        """The page with the timeline of its values."""
        return reverse("standards:detail", args=[self.key])


@protected
@pgtrigger.register(_mark_changed())
class StandardValue(models.Model):
    """取值: what a standard says from one day on, for whom, and by which document.

    An empty scope column means everybody.  `number` and `text` both empty: the standard ends on that day.
    `until_on` is the first day no longer in force; the next value of the same scope maintains it.
    """

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="values", verbose_name="标准")
    scheme = models.CharField("资助项目", max_length=20, blank=True, default="")
    stage = models.CharField("学段", max_length=10, blank=True, default="")
    boarding = models.CharField("就读方式", max_length=10, blank=True, default="")
    category = models.CharField("困难类别", max_length=20, blank=True, default="")
    tier = models.CharField("档次", max_length=10, blank=True, default="")
    county = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="县区"
    )
    number = models.DecimalField("数值", max_digits=14, decimal_places=4, null=True, blank=True)
    text = models.CharField("文字", max_length=200, blank=True, default="")
    from_on = models.DateField("执行日期")
    until_on = models.DateField("失效日期", null=True, blank=True)
    source_title = models.CharField("依据文件", max_length=200)
    source_number = models.CharField("文号", max_length=60, blank=True, default="")
    source_link = models.URLField("链接", max_length=300, blank=True, default="")
    origin = models.CharField("来源", max_length=4, choices=Origin, default=Origin.FILE)
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人"
    )
    added_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = StandardValueQuerySet.as_manager()

    access = needs(Permission.VIEW_STANDARDS)

    class Meta:
        verbose_name = verbose_name_plural = "标准取值"
        ordering = ["standard", "stage", "boarding", "category", "tier", "scheme", "county", "from_on"]
        constraints = [
            ExclusionConstraint(
                name="standard_value_no_overlap",
                expressions=[
                    ("standard", RangeOperators.EQUAL),
                    *((dimension, RangeOperators.EQUAL) for dimension in DIMENSIONS),
                    (Coalesce("county", Value(0)), RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_on"), F("until_on"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message="同一范围在这段时间已有取值，时间不能重叠。",
            ),
            models.CheckConstraint(
                condition=Q(source_title__regex=r"\S"),
                name="standard_value_has_source",
                violation_error_message="每个取值都要写明依据文件。",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="standard_value_days_in_order",
                violation_error_message="失效日期必须晚于执行日期。",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(text=""),
                name="standard_value_one_kind",
                violation_error_message="数值和文字只能填一个。",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(number__gte=0),
                name="standard_value_not_negative",
                violation_error_message="标准不能是负数。",
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.FILE, added_by=None)
                | Q(origin=Origin.DESK, added_by__isnull=False),
                name="standard_value_desk_has_officer",
                violation_error_message="录入的取值必须记下录入人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard.key} {self.scope_words} {self.from_on}"

    @property
    def answer(self) -> Answer:
        """The value as code uses it; None where the standard ends."""
        return answer(self.standard.value_type, self.number, self.text)

    @property
    def words(self) -> str:
        """The value as a clerk reads it, without its unit."""
        return display(self.standard.value_type, self.number, self.text)

    @property
    def is_end(self) -> bool:
        """Whether this row says that the standard stops."""
        return self.number is None and not self.text

    @property
    def scope_words(self) -> str:
        """For whom, in words: 初中 · 浑源县; 全市 when nothing narrows it."""
        parts = [dimension_label(name, getattr(self, name)) for name in DIMENSIONS if getattr(self, name)]
        if self.county_id:
            parts.append(str(self.county))
        return " · ".join(parts) or "全市"

    @property
    def last_on(self) -> date | None:
        """The last day in force; None while it is open."""
        return self.until_on and self.until_on - timedelta(days=1)

    def phase_on(self, on: date) -> str:
        """Where the value stands on a day: past, now or coming."""
        if self.from_on > on:
            return "coming"
        return "past" if self.until_on and self.until_on <= on else "now"

    @property
    def place(self) -> tuple[object, ...]:
        """Where the row stands in a list: stages and tiers in their own order, the city before counties."""
        scope = (dimension_place(name, getattr(self, name)) for name in DIMENSIONS)
        return (*scope, self.county.code if self.county else "", self.from_on)

    @property
    def missing_source(self) -> str:
        """What of the document the city still has to confirm; empty when nothing."""
        if self.source_title == UNVERIFIED:
            return "依据待核实"
        return "文号待核实" if self.source_number == UNVERIFIED else ""

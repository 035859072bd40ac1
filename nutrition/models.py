"""Meal reports."""

from django.db import models
from django.db.models import Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs
from datong_edu.core.codes import MealMode
from datong_edu.core.history import protected
from datong_edu.importing.models import ImportedFact


@protected
class MealMonth(ImportedFact):
    """营养餐月报: heads, days and money of one school in one month."""

    school = models.ForeignKey(
        "registry.School", models.PROTECT, related_name="meals", verbose_name="学校", db_index=False
    )
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    month = models.CharField("年月", max_length=7)
    enrolled = models.IntegerField("在校生数")
    beneficiaries = models.IntegerField("享受人数")
    days = models.SmallIntegerField("供餐天数")
    person_days = models.IntegerField("人次")
    standard = models.DecimalField("标准（元/天）", max_digits=6, decimal_places=2, null=True)
    due = models.DecimalField("应拨（元）", max_digits=14, decimal_places=2, null=True)
    received = models.DecimalField("实拨（元）", max_digits=14, decimal_places=2, null=True)
    spent = models.DecimalField("实支（元）", max_digits=14, decimal_places=2, null=True)
    balance = models.DecimalField("结余（元）", max_digits=14, decimal_places=2, null=True)
    mode = models.CharField("供餐模式", max_length=10, choices=MealMode, default="", blank=True)
    funding = models.CharField("资金来源", max_length=40, default="", blank=True)

    objects = ScopedManager()
    school_path = "school"

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "营养餐月报"
        ordering = ["id"]
        indexes = [models.Index(fields=["county", "id"], name="meal_county")]
        constraints = [
            models.UniqueConstraint(fields=["school", "month"], name="meal_month_once"),
            models.CheckConstraint(
                condition=Q(month__regex=r"^\d{4}-(0[1-9]|1[0-2])$"),
                name="meal_month_shape",
                violation_error_message="年月应写成 2020-09。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.month}"

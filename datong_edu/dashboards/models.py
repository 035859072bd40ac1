"""The summary the overview is read from."""

from django.db import models

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs


class Snapshot(models.Model):
    """汇总指标: a figure of one county, as last computed; the books are always the truth.

    `part` splits a figure (by rule, stage or step); a figure without a row is nought.  Rows of the figure
    `computed` say when a group of figures was last computed for the county.
    """

    figure = models.CharField("指标", max_length=20)
    part = models.CharField("细分", max_length=20, default="", blank=True)
    county = models.ForeignKey("accounts.Unit", models.CASCADE, related_name="+", verbose_name="县区")
    term = models.ForeignKey("core.Term", models.CASCADE, null=True, related_name="+", verbose_name="学期")
    value = models.BigIntegerField("数值", default=0)
    amount = models.DecimalField("金额（元）", max_digits=16, decimal_places=2, default=0)
    due_on = models.DateField("最早期限", null=True)
    as_of_on = models.DateField("数据日期")
    computed_at = models.DateTimeField("计算时间")

    objects = ScopedManager()

    access = needs(Permission.VIEW_OVERVIEW)

    class Meta:
        verbose_name = verbose_name_plural = "汇总指标"
        ordering = ["county", "figure", "term", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "figure", "term", "part"], nulls_distinct=False, name="snapshot_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.part} {self.value}"

"""Mergers: a closed school and its receiver."""

from django.db import models
from django.db.models import F, Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs
from datong_edu.core.history import protected
from datong_edu.importing.models import ImportedFact


@protected
class Merger(ImportedFact):
    """撤并: one closed school, its receiver and the day."""

    closed_school = models.OneToOneField(
        "registry.School",
        models.PROTECT,
        related_name="merger",
        verbose_name="撤并学校",
    )
    receiver = models.ForeignKey(
        "registry.School",
        models.PROTECT,
        null=True,
        related_name="received",
        verbose_name="接收学校",
    )
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区")
    merged_on = models.DateField("撤并时间")

    objects = ScopedManager()
    school_path = "closed_school"

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "学校撤并"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("closed_school")),
                name="merger_not_into_itself",
                violation_error_message="学校不能并入自己。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.closed_school} → {self.receiver}"

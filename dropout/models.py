"""The dropout ledger."""

import pgtrigger
from django.db import models

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs
from datong_edu.core.codes import DropoutType, Stage
from datong_edu.core.history import protected
from datong_edu.core.sensitive import BlindIndexField, EncryptedField, MaskedField
from datong_edu.importing.models import ImportedFact
from dropout.enums import EDGES, CaseStatus


@protected
@pgtrigger.register(pgtrigger.FSM(name="status_edges", field="status", transitions=EDGES))
class DropoutCase(ImportedFact):
    """控辍台账: one child never enrolled, suspected or out of school, until 销号."""

    person = models.OneToOneField("registry.Person", models.PROTECT, related_name="dropout_case")
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    school = models.ForeignKey(
        "registry.School",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="原就读学校",
    )
    finding = models.ForeignKey("crosschecks.Finding", models.SET_NULL, null=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=CaseStatus, default=CaseStatus.OPEN)
    type = models.CharField("辍学类型", max_length=14, choices=DropoutType)
    name = models.CharField("姓名", max_length=60)
    id_no = EncryptedField("id_no")
    id_no_index = BlindIndexField()
    id_no_masked = MaskedField(verbose_name="身份证号")
    id_state = models.CharField("号码状态", max_length=12, default="missing")
    sex = models.CharField("性别", max_length=2, default="", blank=True)
    town = models.CharField("乡镇", max_length=60, default="", blank=True)
    village = models.CharField("村", max_length=60, default="", blank=True)
    stage = models.CharField("学段", max_length=3, choices=Stage, default="", blank=True)
    grade = models.SmallIntegerField("年级", null=True)
    left_on = models.DateField("辍学时间", null=True)
    cause = models.CharField("辍学原因", max_length=60, default="", blank=True)
    is_poor = models.BooleanField("是否脱贫户", null=True)
    is_disabled = models.BooleanField("是否残疾", null=True)
    guardian = models.CharField("监护人", max_length=60, default="", blank=True)
    phone = EncryptedField("phone")
    phone_index = BlindIndexField()
    phone_masked = MaskedField()
    owner = models.CharField("劝返责任人", max_length=60, default="", blank=True)
    visits = models.SmallIntegerField("劝返次数", default=0)
    returned_on = models.DateField("复学时间", null=True)
    placement = models.CharField("安置方式", max_length=30, default="", blank=True)
    closed_on = models.DateField("销号时间", null=True)
    note = models.CharField("备注", max_length=200, default="", blank=True)

    objects = ScopedManager()
    school_path = "school"
    personal_fields = (
        "name", "id_no", "id_no_index", "id_no_masked", "sex", "cause", "is_poor", "is_disabled",
        "guardian", "phone", "phone_index", "phone_masked", "owner", "note",
    )  # fmt: skip

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "控辍台账"
        ordering = ["id"]
        indexes = [models.Index(fields=["county", "id"], name="dropout_county")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None)
                | models.Q(left_on=None)
                | models.Q(closed_on__gte=models.F("left_on")),
                name="dropout_days_in_order",
                violation_error_message="销号时间不能早于辍学时间。",
            )
        ]

    def __str__(self) -> str:
        return self.name

"""Schemes and award lines."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs, users
from datong_edu.core.codes import AwardKind, AwardStatus, Boarding, Stage
from datong_edu.core.history import protected
from datong_edu.core.sensitive import BlindIndexField, EncryptedField, MaskedField
from datong_edu.importing.models import ImportedFact
from subsidies.enums import Payee, SchemeGroup


class Scheme(models.Model):
    """资助项目: one line of the aid catalogue; its amounts are standards under the same key."""

    code = models.CharField("代码", primary_key=True, max_length=12)
    title = models.CharField("名称", max_length=60)
    group = models.CharField("类别", max_length=1, choices=SchemeGroup)
    stages = ArrayField(models.CharField(max_length=3, choices=Stage), verbose_name="学段")
    funder = models.CharField("资金来源", max_length=60)
    payee = models.CharField("受款人", max_length=10, choices=Payee)
    is_cash = models.BooleanField("发放现金")
    order = models.SmallIntegerField(default=0)

    access = users("the list of aid schemes is public knowledge")

    class Meta:
        verbose_name = verbose_name_plural = "资助项目"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title


@protected
class AwardLine(ImportedFact):
    """资助明细: one ledger line of a roll; two lines for one pupil are two facts."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="awards", db_index=False)
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="+", verbose_name="资助项目", db_index=False
    )
    term = models.ForeignKey(
        "core.Term", models.PROTECT, related_name="+", verbose_name="所属学期", db_index=False
    )
    roll_term = models.ForeignKey(
        "core.Term", models.PROTECT, related_name="+", verbose_name="发放学期", db_index=False
    )
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    school = models.ForeignKey(
        "registry.School",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="学校",
        help_text="雨露计划等项目的院校不在本市学校名单中，留空",
    )
    line_no = models.CharField("行号", max_length=40, default="", blank=True)
    batch_no = models.CharField("批次号", max_length=40, default="", blank=True)
    kind = models.CharField("发放类型", max_length=10, choices=AwardKind, default=AwardKind.NORMAL)
    status = models.CharField("发放状态", max_length=10, choices=AwardStatus, default=AwardStatus.PENDING)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    paid_on = models.DateField("发放日期", null=True)
    fail_reason = models.CharField("失败原因", max_length=100, default="", blank=True)
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2, default="", blank=True)
    id_no = EncryptedField("id_no")
    id_no_index = BlindIndexField()
    id_no_masked = MaskedField(verbose_name="身份证号")
    student_no = EncryptedField("student_no")
    student_no_index = BlindIndexField()
    student_no_masked = MaskedField(verbose_name="学籍号")
    stage = models.CharField("学段", max_length=3, choices=Stage, default="", blank=True)
    grade = models.SmallIntegerField("年级", null=True)
    boarding = models.CharField("就读方式", max_length=8, choices=Boarding, default="", blank=True)
    category_text = models.CharField("困难类型", max_length=100, default="", blank=True)
    guardian = models.CharField("监护人", max_length=60, default="", blank=True)
    guardian_id = EncryptedField("id_no")
    guardian_id_index = BlindIndexField()
    guardian_id_masked = MaskedField()
    bank = models.CharField("开户行", max_length=80, default="", blank=True)
    account = EncryptedField("account")
    account_index = BlindIndexField()
    account_masked = MaskedField(verbose_name="银行账号")
    holder = models.CharField("户名", max_length=60, default="", blank=True)
    phone = EncryptedField("phone")
    phone_index = BlindIndexField()
    phone_masked = MaskedField()

    objects = ScopedManager()
    school_path = "school"
    money_has_moved = {"status": AwardStatus.PAID}
    personal_fields = (
        "name", "sex", "id_no", "id_no_index", "id_no_masked", "student_no", "student_no_index",
        "student_no_masked", "category_text", "guardian", "guardian_id", "guardian_id_index",
        "guardian_id_masked", "bank", "account", "account_index", "account_masked", "holder",
        "phone", "phone_index", "phone_masked",
    )  # fmt: skip

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "资助明细"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "term"], name="award_person_term"),
            models.Index(fields=["county", "id"], name="award_county"),
            models.Index(fields=["term", "scheme"], name="award_term_scheme"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line_no"],
                condition=~Q(line_no=""),
                name="award_line_no_once",
                violation_error_message="行号重复。",
            ),
            models.UniqueConstraint(
                fields=["person", "scheme", "term"],
                condition=Q(line_no=""),
                name="award_roll_line_once",
                violation_error_message="同一学生同一项目同一学期只能有一行。",
            ),
            models.CheckConstraint(
                condition=Q(kind=AwardKind.RECOVERY, amount__lt=0)
                | ~Q(kind=AwardKind.RECOVERY) & Q(amount__gte=0),
                name="award_amount_sign",
                violation_error_message="追回金额必须为负数，其余金额不能为负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.scheme_id} {self.amount}"

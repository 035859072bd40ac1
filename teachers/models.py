"""Posts and monthly allowance lines of teachers."""

from django.db import models
from django.db.models import Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs
from datong_edu.core.codes import PostStatus, Seat, Stage
from datong_edu.core.history import protected
from datong_edu.core.sensitive import BlindIndexField, EncryptedField, MaskedField
from datong_edu.importing.models import ImportedFact


@protected
class Post(ImportedFact):
    """在岗情况: a teacher at a school as the staff roster of a day states it."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="posts", db_index=False)
    school = models.ForeignKey("registry.School", models.PROTECT, related_name="posts", verbose_name="学校")
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    name = models.CharField("姓名", max_length=60)
    id_no_masked = MaskedField(verbose_name="身份证号")
    sex = models.CharField("性别", max_length=2, default="", blank=True)
    rank = models.CharField("职称", max_length=40, default="", blank=True)
    stage = models.CharField("任教学段", max_length=3, choices=Stage, default="", blank=True)
    subject = models.CharField("任教学科", max_length=40, default="", blank=True)
    establishment = models.CharField("编制类型", max_length=40, default="", blank=True)
    on_establishment = models.BooleanField("是否在编", null=True)
    special_post = models.BooleanField("是否特岗教师", null=True)
    head_teacher = models.BooleanField("是否班主任", null=True)
    work_from = models.CharField("参加工作时间", max_length=7, default="", blank=True)
    school_from_on = models.DateField("到校时间", null=True)
    school_until_on = models.DateField("离岗时间", null=True)
    status = models.CharField("在岗状态", max_length=20, choices=PostStatus, default="", blank=True)
    as_of_on = models.DateField("名册日期")

    objects = ScopedManager()
    school_path = "school"
    personal_fields = ("name", "id_no_masked", "sex")

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "教师花名册"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["county", "id"], name="post_county"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "school", "as_of_on"], name="post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school}"


@protected
class AllowanceLine(ImportedFact):
    """乡村教师生活补助: what a teacher was paid for a school in a year."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="allowances", db_index=False)
    school = models.ForeignKey("registry.School", models.PROTECT, related_name="+", verbose_name="学校")
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    year = models.SmallIntegerField("年度")
    name = models.CharField("姓名", max_length=60)
    id_no_masked = MaskedField(verbose_name="身份证号")
    seat = models.CharField("学校驻地类别", max_length=10, choices=Seat, default="", blank=True)
    school_from_on = models.DateField("到岗时间", null=True)
    monthly = models.DecimalField("月标准（元）", max_digits=10, decimal_places=2)
    months = models.SmallIntegerField("月数")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    account = EncryptedField("account")
    account_index = BlindIndexField()
    account_masked = MaskedField(verbose_name="银行账号")

    objects = ScopedManager()
    school_path = "school"
    personal_fields = (
        "name",
        "id_no_masked",
        "account",
        "account_index",
        "account_masked",
    )

    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "乡村教师生活补助"
        ordering = ["id"]
        indexes = [models.Index(fields=["county", "id"], name="allowance_county")]
        constraints = [
            models.UniqueConstraint(fields=["person", "school", "year"], name="allowance_once"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=12, monthly__gte=0, amount__gte=0),
                name="allowance_sane",
                violation_error_message="月数应为 1 至 12，金额不能为负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

"""Nouns of the base books: schools, persons and the dated facts about them.

A fact keeps what its own source wrote (name, sex, birth date, number) beside the person it was matched to, so
that the sources can be compared on the person's file and in the nightly check.
"""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import ScopedManager
from datong_edu.core.access import needs
from datong_edu.core.codes import (
    Boarding,
    Category,
    EnrolmentStatus,
    Ownership,
    Seat,
    Sex,
    Stage,
)
from datong_edu.core.history import deed_field, protected
from datong_edu.core.sensitive import BlindIndexField, EncryptedField, MaskedField
from datong_edu.importing.models import ImportedFact
from datong_edu.registry.enums import TRANSITIONS, ExportState, IdentifierKind, LifeEventKind, SpellSource
from datong_edu.registry.querysets import (
    EnrolmentQuerySet,
    IdentifierQuerySet,
    PersonQuerySet,
    SchoolQuerySet,
    SpellQuerySet,
)

OPEN_UNTIL_AFTER_SINCE = Q(until_on=None) | Q(until_on__gte=F("since_on"))


@protected
class School(ImportedFact):
    """学校: a row for each identification code, which is never used again after closure."""

    code = models.CharField("学校标识码", max_length=12, unique=True)
    name = models.CharField("学校名称", max_length=100)
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="schools", verbose_name="县区", db_index=False
    )
    town = models.CharField("乡镇", max_length=60, default="", blank=True)
    kind = models.CharField("办学类型码", max_length=3)
    seat = models.CharField("驻地类别", max_length=10, choices=Seat, default="", blank=True)
    ownership = models.CharField("公办民办", max_length=10, choices=Ownership, default="", blank=True)
    has_dormitory = models.BooleanField("有无宿舍", null=True)
    schooling = models.CharField("学制", max_length=20, default="", blank=True)
    yearly_tuition = models.DecimalField("学费标准（元/年）", max_digits=10, decimal_places=2, null=True)
    enrolled = models.IntegerField("在校生数", null=True)
    staff = models.IntegerField("教职工数", null=True)
    closed_on = models.DateField("撤并时间", null=True, blank=True)

    objects = models.Manager.from_queryset(SchoolQuerySet)()

    outside_wall = "names of schools are public, and a pupil of one county may come from a school of another"
    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "学校"
        ordering = ["code"]
        indexes = [models.Index(fields=["county", "name"], name="school_county_name")]

    def __str__(self) -> str:
        return self.name


@protected
class SchoolAlias(models.Model):
    """学校别名: former and short names, each with the day it ended."""

    school = models.ForeignKey(School, models.CASCADE, related_name="aliases", db_index=False)
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+")
    name = models.CharField("别名", max_length=100)
    until_on = models.DateField("停用日期", null=True, blank=True)

    objects = ScopedManager()
    school_path = "school"

    outside_wall = "names of schools are public, and a pupil of one county may come from a school of another"
    access = needs(Permission.VIEW_LEDGERS)

    class Meta:
        verbose_name = verbose_name_plural = "学校别名"
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="school_alias_once")]

    def __str__(self) -> str:
        return self.name


@protected
class Person(models.Model):
    """人员: the hub that every fact about a pupil, household member, teacher or borrower hangs on."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField(max_length=60)
    name_grams = ArrayField(models.CharField(max_length=4), default=list)
    name_pinyin = models.CharField(max_length=120, default="", blank=True)
    sex = models.CharField("性别", max_length=2, choices=Sex, default="", blank=True)
    birth_on = models.DateField("出生日期", null=True)
    id_no = EncryptedField("id_no")
    id_no_index = BlindIndexField()
    id_no_masked = MaskedField(verbose_name="身份证号")
    id_state = models.CharField("号码状态", max_length=12, default="missing")
    county_ids = ArrayField(models.BigIntegerField(), default=list)

    objects = models.Manager.from_queryset(PersonQuerySet)()
    personal_fields = (
        "name", "name_key", "name_grams", "name_pinyin", "sex", "birth_on",
        "id_no", "id_no_index", "id_no_masked",
    )  # fmt: skip

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["county_ids", "name_grams"], name="person_county_name"),
            models.Index(fields=["id_no_index"], name="person_id_no"),
            models.Index(
                Func(
                    F("id_no_masked"),
                    4,
                    function="right",
                    output_field=models.CharField(),
                ),
                name="person_last_four",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@protected
class PersonIdentifier(ImportedFact):
    """人员号码: every number a person has or had; one number belongs to one person.

    `value` is sealed as the sort of number that `kind` names.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers", db_index=False)
    kind = models.CharField("种类", max_length=14, choices=IdentifierKind)
    value = EncryptedField(kind_in="kind")
    value_index = models.UUIDField(editable=False)
    value_masked = MaskedField()
    since_on = models.DateField("起始日期", null=True)
    until_on = models.DateField("停用日期", null=True)

    objects = models.Manager.from_queryset(IdentifierQuerySet)()
    personal_fields = ("value", "value_index", "value_masked")

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "人员号码"
        constraints = [
            models.UniqueConstraint(fields=["value_index", "kind"], name="identifier_one_person"),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="identifier_person")]

    def __str__(self) -> str:
        return self.value_masked


@protected
class Enrolment(ImportedFact):
    """学籍: a pupil's place at a school as the registry stated it, from a term until the next change."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", db_index=False)
    school = models.ForeignKey(
        School, models.PROTECT, related_name="enrolments", verbose_name="学校", db_index=False
    )
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    student_no = EncryptedField("student_no")
    student_no_index = BlindIndexField(null=False)
    student_no_masked = MaskedField(verbose_name="学籍号")
    id_no = EncryptedField("id_no")
    id_no_index = BlindIndexField()
    id_no_masked = MaskedField(verbose_name="身份证号")
    id_type = models.CharField("身份证件类型", max_length=30, default="", blank=True)
    id_state = models.CharField("号码状态", max_length=12, default="missing")
    id_birth_on = models.DateField("号码中的出生日期", null=True)
    id_sex = models.CharField("号码中的性别", max_length=2, default="", blank=True)
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2, choices=Sex, default="", blank=True)
    birth_on = models.DateField("出生日期", null=True)
    nation = models.CharField("民族", max_length=20, default="", blank=True)
    stage = models.CharField("学段", max_length=3, choices=Stage)
    grade = models.SmallIntegerField("年级")
    class_no = models.SmallIntegerField("班级", null=True)
    enrol_month = models.CharField("入学年月", max_length=7, default="", blank=True)
    boarding = models.CharField("就读方式", max_length=8, choices=Boarding, default="", blank=True)
    hukou = models.CharField("户口性质", max_length=10, default="", blank=True)
    status = models.CharField(
        "学生状态",
        max_length=12,
        choices=EnrolmentStatus,
        default=EnrolmentStatus.ENROLLED,
    )
    status_event = models.CharField("异动类别", max_length=20, default="", blank=True)
    status_on = models.DateField("异动日期", null=True)
    guardian = models.CharField("监护人", max_length=60, default="", blank=True)
    guardian_id = EncryptedField("id_no")
    guardian_id_index = BlindIndexField()
    guardian_id_masked = MaskedField()
    phone = EncryptedField("phone")
    phone_index = BlindIndexField()
    phone_masked = MaskedField()
    address = models.CharField("住址", max_length=200, default="", blank=True)
    since_on = models.DateField("起始日期")
    until_on = models.DateField("截止日期", null=True)

    objects = models.Manager.from_queryset(EnrolmentQuerySet)()
    school_path = "school"
    personal_fields = (
        "student_no", "student_no_index", "student_no_masked", "id_no", "id_no_index", "id_no_masked",
        "id_birth_on", "id_sex", "name", "sex", "birth_on", "nation", "guardian", "guardian_id",
        "guardian_id_index", "guardian_id_masked", "phone", "phone_index", "phone_masked", "address",
    )  # fmt: skip

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "学籍"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person"], name="enrolment_person"),
            models.Index(fields=["county", "id"], name="enrolment_county"),
            models.Index(fields=["school", "id"], name="enrolment_school"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student_no_index", "school"],
                condition=Q(until_on=None),
                name="enrolment_open_once",
                violation_error_message="同一学籍号在同一学校只能有一条现行学籍。",
            ),
            models.CheckConstraint(
                condition=OPEN_UNTIL_AFTER_SINCE,
                name="enrolment_days_in_order",
                violation_error_message="截止日期不能早于起始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school}"


@protected
class Household(ImportedFact):
    """户: a poverty-register household."""

    household_no = models.CharField("户编号", max_length=30, unique=True)
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区")
    town = models.CharField("乡镇", max_length=60, default="", blank=True)
    village = models.CharField("行政村", max_length=60, default="", blank=True)
    head_name = models.CharField("户主姓名", max_length=60, default="", blank=True)
    poverty_attr = models.CharField("脱贫属性", max_length=40, default="", blank=True)
    exit_year = models.SmallIntegerField("脱贫年度", null=True)
    cause = models.CharField("致贫原因", max_length=60, default="", blank=True)

    objects = ScopedManager()
    personal_fields = ("head_name",)

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "建档立卡户"
        ordering = ["household_no"]

    def __str__(self) -> str:
        return self.household_no


@protected
class HouseholdMembership(ImportedFact):
    """户成员: a person as the poverty register states them."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships", db_index=False)
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    member_no = models.CharField("人编号", max_length=30, unique=True)
    id_no = EncryptedField("id_no")
    id_no_index = BlindIndexField()
    id_no_masked = MaskedField(verbose_name="证件号码")
    id_state = models.CharField("号码状态", max_length=12, default="missing")
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2, choices=Sex, default="", blank=True)
    birth_on = models.DateField("出生日期", null=True)
    relation = models.CharField("与户主关系", max_length=20, default="", blank=True)
    nation = models.CharField("民族", max_length=20, default="", blank=True)
    education = models.CharField("文化程度", max_length=20, default="", blank=True)
    student_status = models.CharField("在校生状况", max_length=20, default="", blank=True)
    health = models.CharField("健康状况", max_length=40, default="", blank=True)
    has_dibao = models.BooleanField("是否享受低保", null=True)
    since_on = models.DateField("起始日期", null=True)
    until_on = models.DateField("截止日期", null=True)

    objects = ScopedManager()
    personal_fields = (
        "id_no", "id_no_index", "id_no_masked", "name", "sex", "birth_on", "relation", "nation",
        "education", "student_status", "health", "has_dibao",
    )  # fmt: skip

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "户成员"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person"], name="membership_person"),
            models.Index(fields=["household"], name="membership_household"),
            models.Index(fields=["county", "id"], name="membership_county"),
        ]

    def __str__(self) -> str:
        return self.name


@protected
class HardshipSpell(ImportedFact):
    """困难身份: a person has a hardship category from one day to another, as one source states it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="hardships", db_index=False)
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区", db_index=False
    )
    category = models.CharField("困难类别", max_length=16, choices=Category)
    source = models.CharField("来源", max_length=12, choices=SpellSource)
    since_on = models.DateField("起始日期")
    until_on = models.DateField("终止日期", null=True)

    objects = models.Manager.from_queryset(SpellQuerySet)()
    personal_fields = ("category",)

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "困难身份"
        ordering = ["id"]
        indexes = [models.Index(fields=["county", "id"], name="hardship_county")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category", "source", "since_on"],
                name="hardship_spell_once",
            ),
            models.CheckConstraint(
                condition=OPEN_UNTIL_AFTER_SINCE,
                name="hardship_days_in_order",
                violation_error_message="终止日期不能早于起始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_category_display()


@protected
class LifeEvent(ImportedFact):
    """死亡与户口迁出: what the police register tells."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="life_events", db_index=False)
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区")
    kind = models.CharField("事件", max_length=10, choices=LifeEventKind)
    name = models.CharField("姓名", max_length=60)
    happened_on = models.DateField("日期")
    note = models.CharField("说明", max_length=200, default="", blank=True)

    objects = ScopedManager()
    personal_fields = ("name", "note")

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "死亡迁出"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "happened_on"], name="life_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()}"


class NumberExport(models.Model):
    """完整号码导出: asked for by one person, approved by another, fetched under a password, gone in a day.

    What the list was narrowed by is sealed, for it may hold a name; the row itself stays for ever.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.CharField("名单", max_length=60)
    narrowing = models.BinaryField(editable=False)
    rows = models.IntegerField("记录数")
    reason = models.CharField("用途", max_length=200)
    county = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="县区")
    state = models.CharField("状态", max_length=10, choices=ExportState, default=ExportState.REQUESTED)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    note = models.CharField("审批意见", max_length=200, default="", blank=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    blob = models.ForeignKey("core.StoredBlob", models.SET_NULL, null=True, related_name="+")
    password = models.BinaryField(null=True, editable=False)
    downloads = models.IntegerField("下载次数", default=0)

    objects = ScopedManager()

    access = needs(Permission.REQUEST_NUMBERS)

    class Meta:
        verbose_name = verbose_name_plural = "完整号码导出"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("requested_by")),
                name="number_export_second_person",
                violation_error_message="申请人不能审批自己的申请。",
            ),
            models.CheckConstraint(
                condition=Q(state=ExportState.REQUESTED, decided_by=None)
                | ~Q(state=ExportState.REQUESTED) & ~Q(decided_by=None),
                name="number_export_decided",
                violation_error_message="没有审批人的申请不能往下办理。",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="number_export_steps",
                field="state",
                transitions=[
                    (before.value, after.value) for before, steps in TRANSITIONS.items() for after in steps
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.requested_by} {self.requested_at:%Y-%m-%d %H:%M}"


class NumberReveal(models.Model):
    """查看完整号码: who looked at which number of whom, and why; rows are only ever added."""

    at = models.DateTimeField("时间", auto_now_add=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals")
    key = models.CharField("号码", max_length=20)
    label = models.CharField("号码名称", max_length=20)
    reason = models.CharField("理由", max_length=100)
    county = models.ForeignKey(
        "accounts.Unit", models.PROTECT, null=True, related_name="+", verbose_name="县区", db_index=False
    )
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="查看人", db_index=False
    )
    audit_deed = deed_field()

    objects = ScopedManager()
    personal_fields = ("reason",)

    access = needs(Permission.VIEW_PERSONS)

    class Meta:
        verbose_name = verbose_name_plural = "查看完整号码"
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "at"], name="reveal_by_day")]

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"

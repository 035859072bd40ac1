"""Units, users and the offices they hold."""

from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from datong_edu.accounts.roles import PERMISSIONS, Permission, Role
from datong_edu.accounts.roles import UnitKind as UnitKind
from datong_edu.core.access import machine, needs, within
from datong_edu.core.access import users as whoever
from datong_edu.core.history import protected


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about units; the tree itself is public knowledge."""

    def counties(self) -> "UnitQuerySet":
        """The counties, districts and the zone, in the order of their codes."""
        return self.filter(kind=UnitKind.COUNTY).order_by("code")

    def city(self) -> "Unit":
        """The city at the root."""
        return self.get(kind=UnitKind.CITY)


class Unit(models.Model):
    """单位: city, county or school; code is GB/T 2260 for areas, the identification code for schools."""

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("级别", max_length=10, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_poverty_county = models.BooleanField("贫困县（已脱贫）", default=False)
    is_weak_school_county = models.BooleanField("全面改薄县", default=False)

    objects = UnitQuerySet.as_manager()

    access = whoever("the tree of counties and schools is public knowledge")

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=UnitKind.CITY, parent=None) | ~Q(kind=UnitKind.CITY) & ~Q(parent=None),
                name="unit_tree_rooted",
                violation_error_message="县区和学校必须有上级单位，市没有上级单位。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def county(self) -> "Unit | None":
        """The county this unit lies in; None for the city."""
        if self.kind == UnitKind.SCHOOL:
            return self.parent
        return self if self.kind == UnitKind.COUNTY else None


class UnitAlias(models.Model):
    """曾用代码与名称: GB/T 2260 codes before 2018 and before 1993, old and short names."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    code = models.CharField("曾用代码", max_length=12, blank=True, default="")
    name = models.CharField("曾用名称", max_length=60, blank=True, default="")
    until_on = models.DateField("停用日期", null=True, blank=True)

    access = within("unit")

    class Meta:
        verbose_name = verbose_name_plural = "单位曾用名"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "name"], name="unit_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


@protected
class User(AbstractUser):
    """用户: one natural person, one log-in."""

    name = models.CharField("姓名", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="users", verbose_name="单位")

    personal_fields = ("name", "email", "first_name", "last_name")

    access = needs(Permission.MANAGE_USERS)

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def active_grants(self) -> list["Grant"]:
        """Offices held today."""
        return list(self.grants.held_on(timezone.localdate()).select_related("unit", "unit__parent"))

    @cached_property
    def permissions(self) -> set[Permission]:
        """All that the offices held today allow."""
        return {p for grant in self.active_grants for p in PERMISSIONS[Role(grant.role)]}

    def may(self, permission: Permission) -> bool:
        """Whether any office held today allows it."""
        return self.is_active and permission in self.permissions

    @property
    def needs_second_factor(self) -> bool:
        """Whether an office held today reveals, approves, releases or administers."""
        return any(permission.needs_second_factor for permission in self.permissions)

    @property
    def role_labels(self) -> str:
        """Offices in words, for the shell."""
        return "、".join(dict.fromkeys(Role(g.role).label for g in self.active_grants))


class GrantQuerySet(models.QuerySet["Grant"]):
    """Questions about offices."""

    def held_on(self, day: date) -> "GrantQuerySet":
        """Offices in force on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), since_on__lte=day)


@protected
class Grant(models.Model):
    """任职: a user holds a role for a unit from one day to another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since_on = models.DateField("起始日期")
    until_on = models.DateField("截止日期", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    access = needs(Permission.VIEW_RIGHTS)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")),
                name="grant_days_in_order",
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")),
                name="grant_not_to_oneself",
                violation_error_message="不能给自己授权。",
            ),
            ExclusionConstraint(
                name="grant_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func(
                            F("since_on"),
                            F("until_on"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="该用户在这段时间已有同一任职。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class PortalSession(AbstractBaseSession):
    """登录会话: a browser logged in, and a log-in under way (without a user).

    `expire_date` is the nearer of the idle and the absolute limit; `session_store` keeps it so.
    """

    uid = models.UUIDField(null=True, editable=False)  # twice for a moment, when the key changes
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")
    ip = models.GenericIPAddressField("网络地址", null=True)
    browser = models.CharField("浏览器", max_length=40, default="", blank=True)

    access = whoever("one's own sessions")

    class Meta:
        verbose_name = verbose_name_plural = "登录会话"

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%Y-%m-%d %H:%M}"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The engine whose rows these are."""
        from datong_edu.accounts.session_store import SessionStore  # it needs this model

        return SessionStore


class TotpUse(models.Model):
    """已用验证码: the step whose code was taken last; no code of it or of an older step counts again."""

    authenticator = models.OneToOneField(
        "mfa.Authenticator", models.CASCADE, primary_key=True, related_name="+", verbose_name="验证器"
    )
    last_step = models.BigIntegerField("时间步", default=0)

    access = machine("asked by the log-in, shown to nobody")

    class Meta:
        verbose_name = verbose_name_plural = "已用验证码"

    def __str__(self) -> str:
        return str(self.last_step)

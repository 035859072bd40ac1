"""Units, users and the offices they hold."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from oauth2_provider.models import AbstractApplication

from datong_edu.accounts.roles import HELD_FOR, PERMISSIONS, THREE_ADMINISTRATORS, Permission, Role
from datong_edu.accounts.roles import UnitKind as UnitKind
from datong_edu.core.access import machine, needs, within
from datong_edu.core.access import users as whoever
from datong_edu.core.history import protected

if TYPE_CHECKING:
    from datong_edu.core.wall.standing import Wall


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
class User(AbstractUser):  # type: ignore[django-manager-missing]  # of ApiClient, whose base has no types
    """用户: one natural person, one log-in."""

    name = models.CharField("姓名", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="users", verbose_name="单位")
    must_change_password = models.BooleanField("须修改一次性密码", default=False)

    outside_wall = "people of the offices, no child: every office may be told who did what"
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

    @property
    def wall(self) -> "Wall":
        """What the database shows to statements made in this user's name."""
        from datong_edu.accounts.walls import wall_of  # its scope needs the models

        return wall_of(self)

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
        """Offices in force on a day; one that was ended counts no longer, from the moment of its end."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), since_on__lte=day, ended_at=None)


def _apart_sql() -> str:
    """What PostgreSQL asks of every office: the right kind of unit, and 三员 who are three people."""
    fitting = ", ".join(f"('{role}', '{kind}')" for role in HELD_FOR for kind in sorted(HELD_FOR[role]))
    three = ", ".join(f"'{role}'" for role in THREE_ADMINISTRATORS)
    refusal = "USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_offices_apart'"
    return f"""
        IF NEW.ended_at IS NOT NULL THEN RETURN NEW; END IF;
        IF (NEW.role, (SELECT kind FROM accounts_unit WHERE id = NEW.unit_id)) NOT IN ({fitting}) THEN
            RAISE EXCEPTION '这个岗位不能任职于该级单位。' {refusal};
        END IF;
        -- two offices given to one person at the same moment wait for each other
        PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM accounts_grant o
            WHERE o.user_id = NEW.user_id AND o.id <> NEW.id AND o.ended_at IS NULL AND o.role <> NEW.role
              AND (NEW.role IN ({three}) OR o.role IN ({three}))
              AND daterange(o.since_on, o.until_on, '[]') && daterange(NEW.since_on, NEW.until_on, '[]')
        ) THEN
            RAISE EXCEPTION '系统、安全、审计管理员（三员）须由三人分别担任，且不能兼任业务岗位。' {refusal};
        END IF;
        RETURN NEW;
    """


@protected
class Grant(models.Model):
    """任职: a user holds a role for a unit from one day to another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since_on = models.DateField("起始日期")
    until_on = models.DateField("截止日期", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField("授权时间", auto_now_add=True, null=True)
    reason = models.CharField("授权理由", max_length=200, default="", blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField("终止理由", max_length=200, default="", blank=True)

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
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("user")),
                name="grant_not_ended_by_oneself",
                violation_error_message="不能终止自己的任职。",
            ),
            ExclusionConstraint(
                name="grant_no_overlap",
                condition=Q(ended_at=None),
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
        triggers = [
            pgtrigger.Trigger(
                name="offices_apart",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_apart_sql(),
            )
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


@protected
class ApiClient(AbstractApplication):
    """接口客户端: another system that calls the API for one county; it acts as its own user.

    The toolkit's application with one way to a token only; what the toolkit offers for browsers stays shut.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="县区")
    scopes = ArrayField(models.CharField(max_length=20), verbose_name="权限范围")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    revoked_at = models.DateTimeField("停用时间", null=True)

    access = needs(Permission.MANAGE_USERS)

    class Meta:
        verbose_name = verbose_name_plural = "接口客户端"
        constraints = [
            models.UniqueConstraint(fields=["user"], name="api_client_one_user"),
            models.CheckConstraint(
                condition=Q(
                    client_type="confidential",
                    authorization_grant_type="client-credentials",
                    hash_client_secret=True,
                    user__isnull=False,
                ),
                name="api_client_by_secret_only",
                violation_error_message="接口客户端只能用编号和密钥换取令牌。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The one kind of client there is."""
        self.client_type = self.CLIENT_CONFIDENTIAL
        self.authorization_grant_type = self.GRANT_CLIENT_CREDENTIALS
        super().save(*args, **kwargs)

    def is_usable(self, request: Any) -> bool:
        """Whether it may have tokens and use them now; the toolkit asks at both ends."""
        return self.revoked_at is None and self.user is not None and self.user.is_active

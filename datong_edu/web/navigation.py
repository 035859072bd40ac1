"""The main navigation: what stands in the bar; who sees an entry is what the page behind it declares."""

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of
from datong_edu.core.access import Access, access_of
from datong_edu.web.doorkeeper import opens_to


@dataclass(frozen=True)
class Entry:
    """One entry of the bar; `name` is a URL name and what a view writes into `nav`."""

    label: str
    name: str
    _: KW_ONLY
    needs_county: bool = False


ENTRIES = (
    Entry("工作台", "desk:home"),
    Entry("态势总览", "dashboards:overview", needs_county=True),
    Entry("比对问题", "desk:findings"),
    Entry("学生档案", "desk:people"),
    Entry("资助", "subsidies:list"),
    Entry("控辍", "dropout:list"),
    Entry("教师", "teachers:list"),
    Entry("营养", "nutrition:list"),
    Entry("学校", "schools:list"),
    Entry("数据导入", "importing:history"),
    Entry("比对工具", "desk:compare"),
    Entry("号码导出", "desk:number-exports"),
    Entry("标准", "standards:list"),
    Entry("用户", "users"),
    Entry("登录锁定", "locks"),
    Entry("二次验证", "second_factors"),
    Entry("权限与任职", "rights"),
    Entry("操作留痕", "desk:audit"),
)


@dataclass(frozen=True)
class Link:
    """An entry as the bar shows it to one user."""

    label: str
    name: str
    url: str


@lru_cache(maxsize=256)
def _door(name: str, urlconf: str) -> tuple[str, Access | None]:
    """Address of a page and what it declares; of the site in use, for tests have their own."""
    url = reverse(name, urlconf)
    return url, access_of(resolve(url, urlconf).func)


def links_for(user: User) -> list[Link]:
    """Entries that a user may open, in the order of the bar; figures only with a county in sight."""
    scope = scope_of(user)
    has_county = scope.city or bool(scope.county_ids)
    found = []
    for entry in ENTRIES:
        try:
            url, access = _door(entry.name, settings.ROOT_URLCONF)
        except NoReverseMatch:  # a portal may run without one of the rooms
            continue
        if opens_to(access, user) and (has_county or not entry.needs_county):
            found.append(Link(entry.label, entry.name, url))
    return found


def first_page(user: User) -> Link | None:
    """Where a user arrives: those who work findings off at the desk, those who only look at the overview."""
    links = links_for(user)
    works = any(user.may(one) for one in (Permission.ANSWER_FINDINGS, Permission.RUN_CROSSCHECK))
    looks = [link for link in links if not works and link.name == "dashboards:overview"]
    return next(iter(looks or links), None)

"""The main navigation: one table of what stands in the bar and who sees it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of


@dataclass(frozen=True)
class Entry:
    """One entry of the bar; `name` is a URL name and what a view writes into `nav`."""

    label: str
    name: str
    permission: Permission
    needs_county: bool = False


ENTRIES = (
    Entry("工作台", "desk:home", Permission.VIEW_FINDINGS),
    Entry("态势总览", "dashboards:overview", Permission.VIEW_OVERVIEW, needs_county=True),
    Entry("比对问题", "desk:findings", Permission.VIEW_FINDINGS),
    Entry("学生档案", "desk:people", Permission.VIEW_PERSONS),
    Entry("资助", "subsidies:list", Permission.VIEW_LEDGERS),
    Entry("控辍", "dropout:list", Permission.VIEW_LEDGERS),
    Entry("教师", "teachers:list", Permission.VIEW_LEDGERS),
    Entry("营养", "nutrition:list", Permission.VIEW_LEDGERS),
    Entry("学校", "schools:list", Permission.VIEW_LEDGERS),
    Entry("数据导入", "importing:history", Permission.IMPORT_ROSTERS),
    Entry("比对工具", "desk:compare", Permission.EXPORT_ROWS),
    Entry("标准", "standards:list", Permission.VIEW_STANDARDS),
    Entry("登录锁定", "locks", Permission.MANAGE_USERS),
    Entry("二次验证", "second_factors", Permission.MANAGE_SECURITY),
    Entry("操作留痕", "desk:audit", Permission.VIEW_AUDIT),
)


@dataclass(frozen=True)
class Link:
    """An entry as the bar shows it to one user."""

    label: str
    name: str
    url: str


def links_for(user: User) -> list[Link]:
    """Entries that a user may open, in the order of the bar; figures only with a county in sight."""
    scope = scope_of(user)
    has_county = scope.city or bool(scope.county_ids)
    found = []
    for entry in ENTRIES:
        if not user.may(entry.permission) or (entry.needs_county and not has_county):
            continue
        try:
            found.append(Link(entry.label, entry.name, reverse(entry.name)))
        except NoReverseMatch:  # a portal may run without one of the rooms
            continue
    return found


def first_page(user: User) -> Link | None:
    """Where a user arrives: those who work findings off at the desk, those who only look at the overview."""
    links = links_for(user)
    works = any(user.may(one) for one in (Permission.ANSWER_FINDINGS, Permission.RUN_CROSSCHECK))
    looks = [link for link in links if not works and link.name == "dashboards:overview"]
    return next(iter(looks or links), None)

"""What the compare tool can append, and the words for how a row was matched."""

from dataclasses import dataclass

from django.db.models import TextChoices

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission

PREFIX = "平台·"
"""Before every appended heading: where it comes from, and so that it is never taken for the clerk's own."""


class Verdict(TextChoices):
    """匹配情况 of one row; CANDIDATE is followed by what agreed."""

    EXACT = "exact", "号码一致"
    CANDIDATE = "candidate", "候选"
    NAMESAKES = "namesakes", "多人同名"
    NOT_FOUND = "not_found", "未找到"
    BAD_NUMBER = "bad_number", "号码有误"


@dataclass(frozen=True)
class Appended:
    """One column a clerk may ask for."""

    key: str
    label: str
    width: int
    permission: Permission = Permission.VIEW_PERSONS


VERDICT_COLUMNS = (Appended("verdict", "匹配情况", 20), Appended("remark", "匹配说明", 36))
COLUMNS = (
    Appended("school", "学校", 24),
    Appended("grade", "年级", 12),
    Appended("boarding", "就读方式", 10),
    Appended("status", "学生状态", 12),
    Appended("categories", "困难类别", 24),
    Appended("aid", "本学期资助", 40, Permission.VIEW_LEDGERS),
    Appended("findings", "未结比对问题", 30, Permission.VIEW_FINDINGS),
)


def columns_for(user: User) -> list[Appended]:
    """Columns a user may ask for."""
    return [column for column in COLUMNS if user.may(column.permission)]


def heading_of(column: Appended, term: str) -> str:
    """平台·学校; aid names its term, for the file outlives it."""
    return f"{PREFIX}{column.label}" + (f"（{term}）" if column.key == "aid" and term else "")

"""Deeds on many findings at once: each through its own action, all in one transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.core.exceptions import PortalError
from datong_edu.crosschecks.engine import actions, policies
from datong_edu.crosschecks.engine.enums import Verdict
from datong_edu.crosschecks.engine.models import Finding

LIMIT = 1_000


@dataclass(frozen=True)
class Outcome:
    """How many findings were dealt with, how many were left as they are, and why."""

    deed: str
    done: int
    left: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        """已派给学校 20 条；3 条没有所属学校或已办结，未改动。"""
        rest = f"；{self.left} 条{self.why}，未改动" if self.left else ""
        return f"{self.deed} {self.done} 条{rest}。"


def is_key(text: str) -> bool:
    """Whether a text is a key of a finding."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def those(chosen: QuerySet[Any]) -> list[Finding]:
    """The findings chosen, in order; more than 1,000 at once are refused."""
    rows = list(chosen.order_by("pk")[: LIMIT + 1])
    if len(rows) > LIMIT:
        raise PortalError(f"一次最多办理 {LIMIT:,} 条，请先缩小范围。")
    if not rows:
        raise PortalError("所选问题不在您的管辖范围内，或已不符合当前筛选条件。")
    return rows


@transaction.atomic
def assign_to_their_schools(*, findings: list[Finding], note: str, by: User) -> Outcome:
    """Hand each finding to its own school; one without a school, or closed, is left."""
    codes = {finding.school.code for finding in findings if finding.school}
    units = {unit.code: unit for unit in Unit.objects.filter(kind=UnitKind.SCHOOL, code__in=codes)}

    def school_of(finding: Finding) -> Unit | None:
        unit = units.get(finding.school.code) if finding.school else None
        return unit if unit and unit.parent_id == finding.county_id else None

    ready = [
        (finding, school)
        for finding in findings
        if policies.may_assign(by, finding) and (school := school_of(finding)) is not None
    ]
    for finding, school in ready:
        actions.assign_to_school(finding=finding, school=school, note=note, by=by)
    return Outcome(
        "已派给学校核实", len(ready), len(findings) - len(ready), "没有所属学校、已办结或不归您办理"
    )


@transaction.atomic
def answer_false_alarm(*, findings: list[Finding], note: str, by: User) -> Outcome:
    """Answer each as 误报 with one reason; those closed or answered so already are left."""
    policies.require_note(note, "标记误报")
    ready = [finding for finding in findings if finding.is_open and policies.may_answer(by, finding)]
    for finding in ready:
        actions.answer_finding(finding=finding, verdict=Verdict.FALSE_ALARM, note=note, by=by)
    return Outcome("已标记误报", len(ready), len(findings) - len(ready), "已办结或不归您办理")

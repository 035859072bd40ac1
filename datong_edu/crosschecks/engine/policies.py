"""May this be done with a finding, now, by this person?  Questions for pages, refusals for actions."""

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of
from datong_edu.crosschecks.engine.enums import TRANSITIONS, Status, Verdict
from datong_edu.crosschecks.engine.exceptions import NotAllowed
from datong_edu.crosschecks.engine.models import Finding


def may_answer(user: User, finding: Finding) -> bool:
    """Whether the user may answer 属实 or 误报; the finding must be in sight."""
    return user.may(Permission.ANSWER_FINDINGS) and _lawful(finding, Status.CONFIRMED, Status.FALSE_ALARM)


def may_close(user: User, finding: Finding) -> bool:
    """Whether the user may close it as 已整改."""
    return user.may(Permission.CLOSE_FINDINGS) and _lawful(finding, Status.FIXED)


def may_reopen(user: User, finding: Finding) -> bool:
    """Whether the user may put a closed finding back to 待核."""
    return user.may(Permission.CLOSE_FINDINGS) and not finding.is_open


def may_assign(user: User, finding: Finding) -> bool:
    """Whether the user may hand it to a school."""
    return user.may(Permission.CLOSE_FINDINGS) and finding.is_open


def may_waive(user: User, finding: Finding) -> bool:
    """Whether the user may let it rest until a day: the county's reviewer or head, never its clerk alone."""
    return may_assign(user, finding) and not user.may(Permission.IMPORT_ROSTERS)


def may_run(user: User, county: Unit | None) -> bool:
    """Whether the user may start a run over a county, or over the city without one."""
    scope = scope_of(user)
    inside = scope.city or (county is not None and county.pk in scope.county_ids)
    return user.may(Permission.RUN_CROSSCHECK) and inside


def require(allowed: bool, deed: str) -> None:
    """Refuse a deed in words."""
    if not allowed:
        raise NotAllowed(f"您的岗位或疑点当前状态不允许{deed}。")


def require_note(note: str, deed: str) -> str:
    """The note without blanks around it; an empty one is refused."""
    text = note.strip()
    if not text:
        raise NotAllowed(f"{deed}必须写明理由。")
    if len(text) > 500:
        raise NotAllowed("说明最多 500 字。")
    return text


def require_school_of(unit: Unit, finding: Finding) -> None:
    """Refuse to hand a finding to anything but a school of its county."""
    if unit.kind != UnitKind.SCHOOL or unit.parent_id != finding.county_id:
        raise NotAllowed("只能派给本县区的学校核实。")


def status_of(verdict: Verdict) -> Status:
    """The status an answer leads to."""
    return Status(verdict.value)


def _lawful(finding: Finding, *targets: Status) -> bool:
    return any(target in TRANSITIONS[Status(finding.status)] for target in targets)

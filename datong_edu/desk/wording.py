"""How the desk says things: grades, the end of a number, states in colour, jobs and traces."""

from decimal import Decimal

from datong_edu.core.models import JobState
from datong_edu.crosschecks.engine.enums import Severity, Status
from datong_edu.web import numbers
from datong_edu.web.grades import grade_words

STATUS_TONES = {
    Status.PENDING: "",
    Status.CONFIRMED: "amber",
    Status.FALSE_ALARM: "blue",
    Status.FIXED: "green",
}
SEVERITY_TONES = {Severity.HIGH: "red", Severity.MEDIUM: "amber", Severity.LOW: ""}
JOB_TONES = {
    JobState.QUEUED: "",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELLED: "",
}
JOB_WORDS = {
    "crosschecks.nightly": "全市比对",
    "crosschecks.recheck_county": "本县比对",
    "importing.read": "读取名册",
    "importing.check": "检查名册",
    "importing.apply": "写入名册",
    "desk.compare": "比对名单",
}
NO_AMOUNT_TO_PAY = "属实"
UNPAID_RULES = ("C01",)
"""Rules whose amount is what is still owed to the pupil."""


def place_words(place: dict[str, object] | None) -> str:
    """Grade of a place as the lists read it (stage, grade); nothing without one."""
    if not place:
        return ""
    grade = place.get("grade")
    return grade_words(str(place.get("stage") or ""), grade if isinstance(grade, int) else None)


def tail(masked: str) -> str:
    """…3317: the end of a masked number, enough to tell two of one name apart."""
    return f"…{masked[-4:]}" if masked else ""


def confirm_words(rule_code: str, amount: Decimal | None) -> str:
    """What the primary button says: 确认应补 625 元, 属实，涉及 312.50 元, or 属实."""
    if not amount:
        return NO_AMOUNT_TO_PAY
    if rule_code in UNPAID_RULES:
        return f"确认应补 {numbers.yuan(amount)} 元"
    return f"属实，涉及 {numbers.yuan(amount)} 元"

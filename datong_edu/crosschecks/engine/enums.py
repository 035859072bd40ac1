"""Choices of the findings ledger and the table of its lawful changes of status."""

from dataclasses import dataclass

from django.db import models

from datong_edu.accounts.roles import Permission


class Severity(models.TextChoices):
    """How grave a doubt is: wrong money or a lost child, something to verify, untidy data."""

    HIGH = "H", "严重"
    MEDIUM = "M", "一般"
    LOW = "L", "轻微"


class SubjectKind(models.TextChoices):
    """What a finding is about; its `subject_id` is the key of such a row, never a number of a person."""

    PERSON = "person", "人员"
    MEMBER = "member", "户成员"
    ENROLMENT = "enrolment", "学籍"
    AWARD_LINE = "award_line", "资助明细"
    SCHOOL_MONTH = "school_month", "学校月份"


class Status(models.TextChoices):
    """Where a finding stands."""

    PENDING = "pending", "待核"
    CONFIRMED = "confirmed", "属实"
    FALSE_ALARM = "false_alarm", "误报"
    FIXED = "fixed", "已整改"


OPEN = (Status.PENDING, Status.CONFIRMED)
"""Findings somebody still has to do something about."""


class EventKind(models.TextChoices):
    """What happened to a finding."""

    FOUND = "found", "比对发现"
    CHANGED = "changed", "证据更新"
    GONE = "gone", "原因消除，自动办结"
    VERIFIED = "verified", "复核：原因已消除"
    RETURNED = "returned", "比对再次发现，重新打开"
    ANSWERED = "answered", "核实答复"
    CLOSED = "closed", "整改办结"
    REOPENED = "reopened", "人工重新打开"
    ASSIGNED = "assigned", "派给学校核实"
    WAIVED = "waived", "批准豁免"


class RunState(models.TextChoices):
    """States of a run."""

    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "中断"


class Verdict(models.TextChoices):
    """Answer after looking into a finding."""

    CONFIRMED = "confirmed", "属实"
    FALSE_ALARM = "false_alarm", "误报"


@dataclass(frozen=True)
class Step:
    """A lawful change of status: who may make it and what the history calls it."""

    permission: Permission
    event: EventKind


_ANSWER = Step(Permission.ANSWER_FINDINGS, EventKind.ANSWERED)
_CLOSE = Step(Permission.CLOSE_FINDINGS, EventKind.CLOSED)
_REOPEN = Step(Permission.CLOSE_FINDINGS, EventKind.REOPENED)

TRANSITIONS: dict[Status, dict[Status, Step]] = {
    Status.PENDING: {
        Status.CONFIRMED: _ANSWER,
        Status.FALSE_ALARM: _ANSWER,
        Status.FIXED: _CLOSE,
    },
    Status.CONFIRMED: {Status.FALSE_ALARM: _ANSWER, Status.FIXED: _CLOSE, Status.PENDING: _REOPEN},
    Status.FALSE_ALARM: {Status.CONFIRMED: _ANSWER, Status.PENDING: _REOPEN},
    Status.FIXED: {Status.PENDING: _REOPEN},
}
"""A run itself takes only two of these edges: open → fixed when the cause is gone, and back to pending."""

EDGES = [(before.value, after.value) for before, steps in TRANSITIONS.items() for after in steps]

"""What people do with findings: answer, close, hand to a school, open again, waive, start a run."""

from datetime import date

from django.db import transaction

from datong_edu.accounts.models import Unit, User
from datong_edu.core import audit, jobs
from datong_edu.core.models import Job
from datong_edu.crosschecks.engine import policies
from datong_edu.crosschecks.engine.enums import EventKind, Status, Verdict
from datong_edu.crosschecks.engine.exceptions import NotAllowed
from datong_edu.crosschecks.engine.models import Finding, FindingLog, Waiver


@transaction.atomic
def answer_finding(*, finding: Finding, verdict: Verdict, note: str, by: User) -> Finding:
    """Answer 属实 or 误报 after looking into it; a 误报 needs its reason."""
    locked = _lock(finding, by)
    policies.require(policies.may_answer(by, locked), "答复")
    if verdict == Verdict.FALSE_ALARM:
        note = policies.require_note(note, "答复误报")
    step = locked._set_status(policies.status_of(verdict))
    locked.waiver = None
    return _keep(locked, step.event, note, by)


@transaction.atomic
def close_finding(*, finding: Finding, note: str, on: date, by: User) -> Finding:
    """Close as 已整改; the next run looks whether the cause is gone and opens it again when not."""
    locked = _lock(finding, by)
    policies.require(policies.may_close(by, locked), "办结")
    note = policies.require_note(note, "办结")
    step = locked._set_status(Status.FIXED)
    locked.closed_on, locked.closed_by, locked.verified_on = on, by, None
    return _keep(locked, step.event, note, by)


@transaction.atomic
def reopen_finding(*, finding: Finding, note: str, by: User) -> Finding:
    """Put a closed or answered finding back to 待核."""
    locked = _lock(finding, by)
    policies.require(policies.may_reopen(by, locked), "重新打开")
    note = policies.require_note(note, "重新打开")
    locked._set_status(Status.PENDING)
    locked.closed_on = locked.closed_by = locked.verified_on = locked.waiver = None
    locked.reopened += 1
    return _keep(locked, EventKind.REOPENED, note, by)


@transaction.atomic
def assign_to_school(*, finding: Finding, school: Unit, note: str = "", by: User) -> Finding:
    """Hand a finding to a school of the county, which then sees and answers it."""
    locked = _lock(finding, by)
    policies.require(policies.may_assign(by, locked), "派给学校")
    policies.require_school_of(school, locked)
    locked.assigned_to = school
    return _keep(locked, EventKind.ASSIGNED, note or school.name, by)


@transaction.atomic
def waive_finding(*, finding: Finding, reason: str, until: date, on: date, by: User) -> Waiver:
    """Let a doubt rest until a day, whatever the evidence does meanwhile; it stands as 误报 till then."""
    locked = _lock(finding, by)
    policies.require(policies.may_waive(by, locked), "批准豁免")
    reason = policies.require_note(reason, "豁免")
    if until <= on:
        raise NotAllowed("豁免的截止日期必须晚于今天。")
    waiver = Waiver.objects.create(
        finding=locked, county=locked.county, reason=reason, until_on=until, granted_by=by
    )
    locked._set_status(Status.FALSE_ALARM)
    locked.waiver = waiver
    _keep(locked, EventKind.WAIVED, f"至 {until:%Y-%m-%d}：{reason}"[:500], by)
    return waiver


def start_run(*, county: Unit | None, by: User) -> Job:
    """Queue a run over a county or the city; the page follows the job."""
    policies.require(policies.may_run(by, county), "发起比对")
    kind = "crosschecks.nightly" if county is None else "crosschecks.recheck_county"
    with transaction.atomic():
        job = jobs.enqueue(kind, by=by, county=county, payload={})
        audit.record(action="crosschecks.run_started", by=by, subject=job, county=county)
    return job


def _lock(finding: Finding, by: User) -> Finding:
    """The finding as it stands now, locked; one out of the user's sight does not exist."""
    seen = Finding.objects.visible_to(by).filter(pk=finding.pk).select_for_update(of=("self",)).first()
    if seen is None:
        raise NotAllowed("没有这条疑点，或它不在您的管辖范围内。")
    return seen


def _keep(finding: Finding, kind: EventKind, note: str, by: User) -> Finding:
    finding.save()
    FindingLog.objects.create(
        finding=finding,
        county=finding.county,
        kind=kind,
        status=finding.status,
        note=note.strip()[:500],
        by=by,
    )
    audit.record(
        action=f"crosschecks.finding_{kind.value}",
        by=by,
        subject=finding,
        county=finding.county,
        detail={"rule": finding.rule_code, "status": finding.status},
    )
    return finding

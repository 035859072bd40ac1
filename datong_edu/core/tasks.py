"""Celery tasks of the ground floor: run one job, sweep the job table, drop files whose hours are over."""

from logging import ERROR, INFO

import structlog
from celery import shared_task

from datong_edu.core import audit, blobs, chain, invariants, jobs
from datong_edu.core.access import machine

log = structlog.get_logger(__name__)


@shared_task(name="core.run_job", access=machine("each kind of job asks for its author's office itself"))
def run_job(job_id: int) -> None:
    """Run one queued job."""
    jobs.run(job_id)


@shared_task(name="core.reap_jobs", ignore_result=True, access=machine("beat, every minute"))
def reap_jobs() -> None:
    """Restart abandoned jobs and wake forgotten ones."""
    jobs.sweep()


@shared_task(name="core.expire_blobs", ignore_result=True, access=machine("beat, every hour"))
def expire_blobs() -> None:
    """Drop the files that were kept for hours only."""
    blobs.expire()


@shared_task(name="core.sign_audit", ignore_result=True, access=machine("beat, every night"))
def sign_audit() -> None:
    """Sign the ends of the audit chains, so that nobody rewrites the past as a whole."""
    chain.sign_ends()


@shared_task(name="core.verify_audit", ignore_result=True, access=machine("beat, every night"))
def verify_audit() -> None:
    """Recompute the trail; what was found is on record, and a break is an error in the log."""
    verdict = chain.verify()
    log.log(ERROR if verdict.breaks else INFO, "audit_verified", breaks=verdict.breaks[:20])
    audit.record(
        action="verify_audit",
        by=None,
        source="job",
        detail={"events": verdict.events, "links": verdict.links, "breaks": len(verdict.breaks)},
    )


@shared_task(name="core.check_invariants", ignore_result=True, access=machine("beat, every night"))
def check_invariants() -> None:
    """Check what must always hold; what was found is on record, and a break is an error in the log."""
    rows = broken = 0
    for outcome in invariants.outcomes():
        rows, broken = rows + outcome.rows, broken + outcome.broken
        if outcome.broken:
            log.error("invariant_broken", name=outcome.name, rows=outcome.broken, breaks=outcome.breaks)
    audit.record(action="check_invariants", by=None, source="job", detail={"rows": rows, "broken": broken})

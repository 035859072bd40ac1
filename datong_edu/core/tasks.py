"""Celery tasks of the ground floor: run one job, sweep the job table, drop files whose hours are over."""

from celery import shared_task

from datong_edu.core import blobs, chain, jobs
from datong_edu.core.access import machine


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

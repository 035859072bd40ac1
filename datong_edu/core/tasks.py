"""Celery tasks of the ground floor: run one job, sweep the job table, drop files whose hours are over."""

from celery import shared_task

from datong_edu.core import blobs, chain, jobs


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    """Run one queued job."""
    jobs.run(job_id)


@shared_task(name="core.reap_jobs", ignore_result=True)
def reap_jobs() -> None:
    """Restart abandoned jobs and wake forgotten ones."""
    jobs.sweep()


@shared_task(name="core.expire_blobs", ignore_result=True)
def expire_blobs() -> None:
    """Drop the files that were kept for hours only."""
    blobs.expire()


@shared_task(name="core.sign_audit", ignore_result=True)
def sign_audit() -> None:
    """Sign the ends of the audit chains, so that nobody rewrites the past as a whole."""
    chain.sign_ends()

"""Celery tasks of the ground floor: run one job, sweep the job table."""

from celery import shared_task

from datong_edu.core import jobs


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    """Run one queued job."""
    jobs.run(job_id)


@shared_task(name="core.reap_jobs", ignore_result=True)
def reap_jobs() -> None:
    """Restart abandoned jobs and wake forgotten ones."""
    jobs.sweep()

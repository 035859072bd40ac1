"""Background jobs: PostgreSQL holds the truth, the broker only wakes, and nobody is left waiting."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from datong_edu.celery import app
from datong_edu.core import jobs
from datong_edu.core.access import machine
from datong_edu.core.models import Job, JobState
from datong_edu.embedded import redis
from tests import factories as make
from tests.worker import handlers
from tests.worker.fixtures import StartWorker
from tests.worker.process import state_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def older(job: Job, **ages: timedelta) -> None:
    """Move instants of a job into the past."""
    Job.objects.filter(pk=job.pk).update(**{name: timezone.now() - age for name, age in ages.items()})


# --- in this process ---------------------------------------------------------------------------------------


def test_job_runs_to_its_end_once() -> None:
    job = jobs.enqueue("test.count", by=None, payload={"steps": 3})
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 1, {"counted": 3})
    assert job.phase == "数数"
    assert job.started_at <= job.finished_at


def test_progress_and_heartbeat_show_while_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.05)
    seen: list[tuple[str, int, int]] = []

    def watch(run: jobs.JobRun) -> None:
        with transaction.atomic():
            run.progress("检查各行", 7, 9)
            wait_for(lambda: Job.objects.filter(pk=run.job.pk, done=7).exists(), "progress")
            seen.append(Job.objects.values_list("phase", "done", "total").get(pk=run.job.pk))

    monkeypatch.setitem(jobs.HANDLERS, "test.watch", watch)
    monkeypatch.setitem(jobs.ACCESS, "test.watch", machine("a test"))
    job = jobs.enqueue("test.watch", by=None)
    jobs.run(job.pk)
    assert seen == [("检查各行", 7, 9)]
    assert state_of(job) == JobState.DONE


def test_failing_job_says_so_in_words_and_shows_no_trace() -> None:
    job = jobs.enqueue("test.fail", by=None)
    jobs.run(job.pk)
    assert state_of(job) == JobState.FAILED
    assert job.message == jobs.FAILED_MESSAGE
    for word in ("Traceback", "ValueError", "File", handlers.SECRET):
        assert word not in job.message


def test_refusal_is_told_as_it_is() -> None:
    job = jobs.enqueue("test.refuse", by=None)
    jobs.run(job.pk)
    assert (state_of(job), job.message) == (JobState.FAILED, "名册里没有一行可以写入。")


def test_kind_nobody_knows_fails_visibly() -> None:
    job = jobs.enqueue("test.unknown", by=None)
    jobs.run(job.pk)
    assert (state_of(job), job.message) == (JobState.FAILED, jobs.FAILED_MESSAGE)


def test_waiting_job_of_a_county_is_not_queued_twice() -> None:
    make.load_reference()
    first = jobs.enqueue("test.count", by=None, county=make.county(), once=True)
    assert jobs.enqueue("test.count", by=None, county=make.county(), once=True) == first
    assert jobs.enqueue("test.count", by=None, county=make.county("140224"), once=True) != first
    assert jobs.enqueue("test.count", by=None, once=True).county is None
    jobs.run(first.pk)
    assert jobs.enqueue("test.count", by=None, county=make.county(), once=True) != first


def test_job_of_a_deed_that_failed_was_never_queued() -> None:
    with transaction.atomic():
        jobs.enqueue("test.count", by=None)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_waiting_job_is_cancelled_at_once() -> None:
    job = jobs.enqueue("test.count", by=None)
    jobs.cancel(job)
    assert state_of(job) == JobState.CANCELLED
    jobs.run(job.pk)
    assert (state_of(job), job.attempts) == (JobState.CANCELLED, 0)


def test_finished_job_cannot_be_cancelled() -> None:
    job = jobs.enqueue("test.count", by=None)
    jobs.run(job.pk)
    jobs.cancel(job)
    assert state_of(job) == JobState.DONE


def test_sweep_queues_an_abandoned_job_again() -> None:
    job = jobs.enqueue("test.count", by=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    older(job, heartbeat_at=timedelta(minutes=3), created_at=timedelta(minutes=3))
    jobs.sweep()
    assert (state_of(job), job.phase) == (JobState.QUEUED, "等待重新开始")
    jobs.run(job.pk)
    assert (state_of(job), job.attempts) == (JobState.DONE, 2)


def test_sweep_leaves_a_job_alone_whose_heart_beats() -> None:
    job = jobs.enqueue("test.count", by=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    jobs.sweep()
    assert state_of(job) == JobState.RUNNING


def test_sweep_gives_up_a_job_that_died_three_times() -> None:
    job = jobs.enqueue("test.count", by=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=jobs.MAX_ATTEMPTS)
    older(job, heartbeat_at=timedelta(minutes=3))
    jobs.sweep()
    assert (state_of(job), job.message) == (JobState.FAILED, jobs.LOST_MESSAGE)
    assert job.finished_at is not None


def test_sweep_ends_an_abandoned_job_that_was_to_be_cancelled() -> None:
    job = jobs.enqueue("test.count", by=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, cancel_requested=True)
    older(job, heartbeat_at=timedelta(minutes=3))
    jobs.sweep()
    assert state_of(job) == JobState.CANCELLED


# --- with a worker -----------------------------------------------------------------------------------------


def test_worker_takes_jobs_and_heeds_a_cancel(start_worker: StartWorker) -> None:
    worker = start_worker()
    short, long = (jobs.enqueue("test.count", by=None, payload={"steps": steps}) for steps in (2, 600))
    wait_for(lambda: state_of(short) == JobState.DONE, "the short job", worker=worker)
    wait_for(lambda: state_of(long) == JobState.RUNNING, "the long job", worker=worker)
    jobs.cancel(long)
    wait_for(lambda: state_of(long) == JobState.CANCELLED, "the cancel", worker=worker)
    assert "取消" in long.message


def test_job_of_a_killed_worker_is_finished_by_the_next(start_worker: StartWorker) -> None:
    worker = start_worker()
    job = jobs.enqueue("test.count", by=None, payload={"steps": 30})
    wait_for(lambda: state_of(job) == JobState.RUNNING and job.done > 0, "a first beat", worker=worker)
    worker.kill()
    older(job, heartbeat_at=timedelta(minutes=3), created_at=timedelta(minutes=3))
    jobs.sweep()
    assert state_of(job) == JobState.QUEUED
    following = start_worker()
    wait_for(lambda: state_of(job) == JobState.DONE, "the second attempt", worker=following)
    assert (job.attempts, job.result) == (2, {"counted": 30})


@pytest.fixture
def lost_broker(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[Path]:
    """A broker of our own that is not running; this process and the workers talk to it."""
    folder = Path(tempfile.mkdtemp(prefix="datong-test-"))
    address = redis.url(folder, 0)
    settings.CELERY_BROKER_URL = address  # type: ignore[attr-defined]
    monkeypatch.setattr(app.conf, "broker_url", address)
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_pages_work_without_redis(lost_broker: Path, client: Client) -> None:
    make.load_reference()
    client.force_login(make.user())
    begun = time.monotonic()
    answer = client.post(reverse("desk:run"))
    assert answer.status_code == 302
    assert "比对已排队" in client.get(answer["Location"]).content.decode()
    assert time.monotonic() - begun < 4
    assert Job.objects.get().state == JobState.QUEUED


def test_without_redis_a_job_is_queued_fast_and_runs_when_it_is_back(
    start_worker: StartWorker, lost_broker: Path
) -> None:
    begun = time.monotonic()
    job = jobs.enqueue("test.count", by=None)
    jobs.sweep()
    assert time.monotonic() - begun < 2
    assert state_of(job) == JobState.QUEUED
    worker = start_worker(broker=redis.url(lost_broker, 0))
    server = redis.start(lost_broker)
    try:
        time.sleep(0.5)
        assert state_of(job) == JobState.QUEUED
        older(job, created_at=jobs.WAKE_AFTER * 2)
        jobs.sweep()
        wait_for(lambda: state_of(job) == JobState.DONE, "the job", worker=worker)
        server.kill()
        server.wait()
        begun = time.monotonic()
        later = jobs.enqueue("test.count", by=None)
        assert time.monotonic() - begun < 2
        server = redis.start(lost_broker)
        older(later, created_at=jobs.WAKE_AFTER * 2)
        jobs.sweep()
        wait_for(lambda: state_of(later) == JobState.DONE, "the job after the fall", worker=worker)
    finally:
        worker.stop()
        server.kill()
        server.wait()

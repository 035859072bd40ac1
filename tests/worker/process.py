"""A real Celery worker in its own process group, as `./run` starts it, on the database of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from datong_edu.core.models import Job

PATIENCE = 40.0


class Worker:
    """A worker that is stopped, or killed, with all its children."""

    def __init__(self, log: Path, *, broker: str | None = None) -> None:
        self.log = log
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.worker.settings",
            "TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "TEST_BROKER": broker or settings.CELERY_BROKER_URL,
        }
        words = ["worker", "--without-mingle", "--without-gossip", "--concurrency", "1", "-l", "warning"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--quiet", "-A", "datong_edu", *words],
                cwd=settings.BASE_DIR, env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    def kill(self) -> None:
        """kill -9, the way the kernel does when memory is short."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop at once, work or no work."""
        if self.process.poll() is None:
            self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        os.killpg(self.process.pid, how)
        self.process.wait(10)


def wait_for(holds: Callable[[], object], what: str, *, worker: Worker | None = None) -> None:
    """Wait until something holds; fail with the worker's own words when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        dead = worker is not None and worker.process.poll() is not None
        if dead or time.monotonic() > deadline:
            said = worker.log.read_text(errors="replace")[-3000:] if worker else ""
            jobs = [f"{job.kind} {job.state} {job.phase} {job.message}" for job in Job.objects.all()]
            pytest.fail(f"{what} did not happen; jobs: {jobs}; worker: {said}")
        time.sleep(0.05)


def state_of(job: Job) -> str:
    """The state of a job now."""
    job.refresh_from_db()
    return str(job.state)

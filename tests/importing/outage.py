"""A portal of its own whose servers are killed while it imports; run as a program, for nobody else's sake.

`python -m tests.importing.outage` works in the folder of PORTAL_DATA under the settings of the tests.  It
prints a line for each outage that was survived and ends with an error at the first that was not.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.test")
django.setup()

from django.conf import settings  # noqa: E402  after django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from datong_edu.accounts.models import User  # noqa: E402
from datong_edu.core import clock, jobs  # noqa: E402
from datong_edu.core.models import JobState  # noqa: E402
from datong_edu.embedded import redis  # noqa: E402
from datong_edu.embedded.postgres import EmbeddedPostgres  # noqa: E402
from datong_edu.importing import actions, undo  # noqa: E402
from datong_edu.importing.enums import BatchState  # noqa: E402
from datong_edu.importing.models import ImportBatch  # noqa: E402
from tests import factories as make  # noqa: E402
from tests.importing import rosters  # noqa: E402
from tests.importing.digest import ledger_digests  # noqa: E402
from tests.importing.test_jobs import abandoned  # noqa: E402
from tests.importing.test_killed import now, roll, waiting  # noqa: E402
from tests.worker.process import Worker, state_of, wait_for  # noqa: E402

ROWS, SEED = 1_500, 11
SILENCE = timedelta(seconds=4)


class Portal:
    """Servers, worker, clerk, and one file that goes in and out again."""

    def __init__(self) -> None:
        self.folder: Path = settings.PORTAL_DATA
        self.chance = random.Random(SEED)
        self.database = EmbeddedPostgres(**settings.EMBEDDED_POSTGRES)
        self.database.ensure()
        self.broker = redis.start(self.folder)
        call_command("migrate", verbosity=0)
        make.load_reference()
        clock.set_business_date(date(2020, 11, 23))
        make.school(name=rosters.TOWN_PRIMARY, kind="211", seat="镇区", code="2114900103")
        self.clerk: User = make.user(username="hunyuan_clerk")
        self.data = roll(self.folder, ROWS)
        self.worker = Worker(self.folder / "worker.log")
        self.empty = ledger_digests()
        self.span = 1.0

    def calm(self) -> None:
        """One undisturbed import, against which all others are held."""
        batch = self.through(lambda: None, during="")
        job = now(batch).job
        self.span = (job.finished_at - job.started_at).total_seconds()
        self.full = ledger_digests()
        assert self.full != self.empty
        self.take_back(batch)

    def through(self, disaster: Callable[[], None], *, during: str) -> ImportBatch:
        """Import the file; the disaster strikes at a seeded moment of one step."""
        batch = waiting(self.clerk, self.data)
        for step in ("importing.check", "importing.apply"):
            if step == "importing.apply":
                actions.start_applying(batch=now(batch), by=self.clerk)
            job = now(batch).job
            if step == during:
                wait_for(lambda one=job: state_of(one) != JobState.QUEUED, "a worker", worker=self.worker)
                time.sleep(self.chance.uniform(0, 0.7 * self.span))
                disaster()
            wait_for(lambda one=job: state_of(one) == JobState.DONE, f"the end of {step}", worker=self.worker)
        assert now(batch).state == BatchState.APPLIED
        return batch

    def take_back(self, batch: ImportBatch) -> None:
        """Undo, so that the same file can come again."""
        undo.undo_batch(batch=now(batch), by=self.clerk, reason="再来一次")
        assert ledger_digests() == self.empty

    def survive(self, name: str, disaster: Callable[[], None], *, during: str) -> None:
        """The ledgers hold what the calm import wrote, whatever happened on the way."""
        batch = self.through(disaster, during=during)
        assert ledger_digests() == self.full
        self.take_back(batch)
        sys.stdout.write(f"{name} {during}\n")
        sys.stdout.flush()

    # --- disasters --------------------------------------------------------------------------------------

    def kill_database(self) -> None:
        """kill -9 of PostgreSQL; whoever needs it next starts it again, and the sweep finds the job."""
        job = ImportBatch.objects.whole_city().select_related("job").latest("pk").job
        was_running = state_of(job) == JobState.RUNNING
        os.kill(int((self.database.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        connection.close()
        wait_for(_database_answers, "the database")
        assert was_running, "struck too late"
        if state_of(job) == JobState.RUNNING:
            wait_for(
                lambda: state_of(job) != JobState.RUNNING or job.heartbeat_at < timezone.now() - SILENCE,
                "silence",
            )
        if state_of(job) == JobState.RUNNING:
            abandoned(job)

    def kill_broker(self) -> None:
        """kill -9 of Redis and a start a little later; a lost call is made again by the sweep."""
        self.broker.kill()
        self.broker.wait()
        time.sleep(1)
        self.broker = redis.start(self.folder)
        jobs.sweep()

    def kill_web(self) -> None:
        """kill -9 of the web server that shows the progress; the job goes on, the next one shows its end."""
        batch = ImportBatch.objects.whole_city().latest("pk")
        web = Web(self.folder, self.clerk)
        assert "浑源县" in web.page(reverse("importing:batch", args=[batch.uid]))
        web.process.kill()
        web.process.wait()
        job = now(batch).job
        wait_for(lambda: state_of(job) == JobState.DONE, "the end of the job", worker=self.worker)
        following = Web(self.folder, self.clerk)
        assert "预览" in following.page(reverse("importing:batch", args=[batch.uid]))
        following.process.kill()
        following.process.wait()

    def stop(self) -> None:
        """Nothing outlives the program."""
        self.worker.stop()
        self.broker.kill()
        self.broker.wait()
        connection.close()
        self.database.stop()


class Web:
    """A web server of its own process, looked at as the clerk."""

    def __init__(self, folder: Path, clerk: User) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.home = f"http://127.0.0.1:{free.getsockname()[1]}"
        client = Client()
        client.force_login(clerk)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        with (folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runserver", "--noreload", self.home.removeprefix("http://")],
                cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for(self._answers, "the web server")

    def page(self, where: str) -> str:
        """A page as text."""
        ask = urllib.request.Request(f"{self.home}{where}", headers={"Cookie": self.cookie})
        with urllib.request.urlopen(ask, timeout=30) as answer:
            return str(answer.read().decode())

    def _answers(self) -> bool:
        try:
            self.page("/")
        except (urllib.error.URLError, OSError):
            return False
        return True


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
        return connection.is_usable()
    except Error:
        connection.close()
        return False


def main() -> None:
    """All outages, one after the other."""
    portal = Portal()
    try:
        portal.calm()
        for step in ("importing.check", "importing.apply"):
            portal.survive("postgresql", portal.kill_database, during=step)
            portal.survive("redis", portal.kill_broker, during=step)
        portal.survive("web", portal.kill_web, during="importing.check")
    finally:
        portal.stop()


if __name__ == "__main__":
    main()

"""An import whose worker is killed again and again, and imports that meet each other.

A real worker, killed with -9 at random points of check, apply, marked workbook and dry run of the undo; the
sweep queues its job again, and in the end ledgers and files hold what one calm run makes.
"""

import io
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import psutil
import pytest
from python_calamine import CalamineWorkbook

from datong_edu.accounts.models import User
from datong_edu.core import clock
from datong_edu.core.models import Job, JobState
from datong_edu.importing import actions, prepared, tasks, undo
from datong_edu.importing.enums import BatchState, Purpose
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.importing import rosters
from tests.importing.digest import ledger_digests
from tests.importing.test_jobs import abandoned, reaches
from tests.worker.fixtures import StartWorker
from tests.worker.process import Worker, state_of, wait_for

assert tasks  # a worker finds the kinds of job by itself, this process by this import
pytestmark = pytest.mark.django_db(transaction=True)
KILLS, KILLS_OF_A_STEP = 10, 2
"""Killed three times, a job is given up; here each step is killed twice at most."""
PAUSE = 0.01


@pytest.fixture
def clerk(emptied_staging: None) -> User:
    """The county's clerk; the portal lives on a day of the 2020 autumn term."""
    make.load_reference()
    clock.set_business_date(date(2020, 11, 23))
    make.school(name=rosters.TOWN_PRIMARY, kind="211", seat="镇区", code="2114900103")
    return make.user(username="hunyuan_clerk")


def roll(folder: Path, rows: int, *, first: int = 0, **given: object) -> bytes:
    """A registry of so many pupils, from the `first` on; the same numbers give the same pupils."""
    names = ("侯明远", "姚玉兰", "邵亮燃", "韩冉迎")
    lines = []
    for at in range(first, first + rows):
        number = f"1402252011{1 + at % 12:02}{1 + at % 28:02}{at % 1000:03}"
        body = f"{number}{check_character(number)}"
        born = f"2011-{1 + at % 12:02}-{1 + at % 28:02}"
        sex = "男" if at % 1000 % 2 else "女"
        told = {"姓名": names[at % len(names)], "出生日期": born, "性别": sex, "班级": f"{1 + at % 6}班"}
        lines.append(rosters.pupil(body, **told | given))
    return rosters.save(folder, lines).read_bytes()


def check_character(body: str) -> str:
    """The last character of an identity number."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def waiting(clerk: User, data: bytes, name: str = "学籍.xlsx") -> ImportBatch:
    """A batch whose check is queued."""
    batch = actions.receive_file(
        kind="student_registry", unit=make.county(), term=make.term(), file_name=name, data=data, by=clerk
    )
    actions.read_batch(batch=batch, by=clerk)
    actions.confirm_mapping(batch=now(batch), mapping=now(batch).mapping, by=clerk)
    return now(batch)


def now(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands."""
    return ImportBatch.objects.whole_city().select_related("job").get(pk=batch.pk)


def calm(batch: ImportBatch, clerk: User, worker: Worker) -> tuple[dict[str, str], dict[str, float]]:
    """Let a batch go through undisturbed; what the ledgers then hold, and the seconds of each kind of job."""
    took = {}
    for state, begin in ((BatchState.READY, None), (BatchState.APPLIED, actions.start_applying)):
        if begin:
            begin(batch=now(batch), by=clerk)
        wait_for(lambda wanted=state: reaches(batch, wanted), str(state), worker=worker)
        job = over(now(batch).job)
        took[job.kind] = (job.finished_at - job.started_at).total_seconds()
    return ledger_digests(), took


def over(job: Job) -> Job:
    """The job once it has ended."""
    wait_for(lambda: state_of(job) not in (JobState.QUEUED, JobState.RUNNING), f"the end of {job.kind}")
    return job


def made_of(batch: ImportBatch, purpose: Purpose) -> object:
    """What a job has made of a batch: the counts of a dry run, the cells of a marked workbook."""
    file = prepared.ready(batch, purpose)
    assert file is not None
    if purpose == Purpose.PLAN:
        return prepared.plan_of(file).counts
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(prepared.pieces_of(file))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class Killer:
    """Kills whoever works on a job, at seeded moments, some of the time the whole worker."""

    def __init__(
        self, seed: int, spans: dict[str, float], start: Callable[[], Worker], worker: Worker
    ) -> None:
        self.chance, self.spans, self.start, self.worker = random.Random(seed), spans, start, worker
        self.hits: list[str] = []

    def see_through(self, job: Job) -> None:
        """Wait for the end of a job, with up to two kills on the way."""
        for _ in range(KILLS_OF_A_STEP):
            wait_for(lambda: state_of(job) != JobState.QUEUED, f"a worker for {job.kind}", worker=self.worker)
            until = time.monotonic() + self.chance.uniform(0, self.spans[job.kind])
            while time.monotonic() < until and state_of(job) == JobState.RUNNING:
                time.sleep(PAUSE)
            if state_of(job) != JobState.RUNNING:
                break
            self._kill()
            if state_of(job) == JobState.RUNNING:
                self.hits.append(f"{job.kind} {job.phase}")
                abandoned(job)
        wait_for(lambda: state_of(job) == JobState.DONE, f"the end of {job.kind}", worker=self.worker)

    def _kill(self) -> None:
        """kill -9: of the process that does the work, every fifth time of all of the worker."""
        working = psutil.Process(self.worker.process.pid).children()
        if len(self.hits) % 5 == 4 or not working:
            self.worker.kill()
            self.worker = self.start()
            return
        for child in working:
            os.kill(child.pid, signal.SIGKILL)
        psutil.wait_procs(working, timeout=5)


def kill_and_compare(
    clerk: User,
    folder: Path,
    start_worker: StartWorker,
    *,
    rows: int,
    seed: int,
    purposes: Sequence[Purpose] = (),
) -> None:
    """Ten kills; each import leaves in the ledgers what the calm run wrote, its undo nothing of it.

    `purposes` are further jobs of a batch that has been written; each kind of job is killed at least once.
    """
    data = roll(folder, rows)
    empty = ledger_digests()
    worker = start_worker()
    first = waiting(clerk, data)
    expected, spans = calm(first, clerk, worker)
    assert expected != empty
    made = {}
    for purpose in purposes:
        job = over(prepared.ask_for(batch=now(first), purpose=purpose, by=clerk).job)
        assert job.state == JobState.DONE
        spans[job.kind] = (job.finished_at - job.started_at).total_seconds()
        made[purpose] = made_of(now(first), purpose)
    undo.undo_batch(batch=now(first), by=clerk, reason="再来一次")
    assert ledger_digests() == empty
    killer = Killer(seed, spans, start_worker, worker)
    while len(killer.hits) < KILLS or len({hit.split()[0] for hit in killer.hits}) < len(spans):
        batch = waiting(clerk, data)
        killer.see_through(now(batch).job)
        assert ledger_digests() == empty
        actions.start_applying(batch=now(batch), by=clerk)
        killer.see_through(now(batch).job)
        assert reaches(batch, BatchState.APPLIED)
        assert ledger_digests() == expected, killer.hits
        for purpose in purposes:
            killer.see_through(prepared.ask_for(batch=now(batch), purpose=purpose, by=clerk).job)
            assert made_of(now(batch), purpose) == made[purpose]
        assert ledger_digests() == expected, killer.hits
        undo.undo_batch(batch=now(batch), by=clerk, reason="再来一次")
        assert ledger_digests() == empty


def test_worker_killed_at_ten_points_writes_what_a_calm_one_writes(
    clerk: User, tmp_path: Path, start_worker: StartWorker
) -> None:
    kill_and_compare(clerk, tmp_path, start_worker, rows=300, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_worker_killed_at_ten_points_of_a_long_roll(
    clerk: User, tmp_path: Path, start_worker: StartWorker, seed: int
) -> None:
    kill_and_compare(clerk, tmp_path, start_worker, rows=10_000, seed=seed, purposes=list(Purpose))


def test_two_workers_write_the_same_county_at_once_and_nothing_is_lost(
    clerk: User, tmp_path: Path, start_worker: StartWorker
) -> None:
    colleague = make.user(username="colleague")
    workers = [start_worker(), start_worker()]
    own = waiting(clerk, roll(tmp_path, 200))
    other = waiting(colleague, roll(tmp_path, 200, first=150, 班级="9班"), name="学籍二.xlsx")
    for batch in (own, other):
        wait_for(lambda one=batch: reaches(one, BatchState.READY), "the check", worker=workers[0])
    actions.start_applying(batch=now(own), by=clerk)
    actions.start_applying(batch=now(other), by=colleague)
    for batch in (own, other):
        wait_for(lambda one=batch: reaches(one, BatchState.APPLIED), "the apply", worker=workers[1])
    standing = Enrolment.objects.whole_city().filter(until_on=None)
    assert standing.count() == standing.values("student_no_index").distinct().count() == 350
    # Who wrote last has the last word about the fifty pupils of both rolls.
    last = max((now(own), now(other)), key=lambda one: one.applied_at)
    nines = standing.filter(class_no=9).count()
    assert nines == (200 if last.pk == other.pk else 150)


def test_same_file_written_by_two_at_once_is_written_once_and_told(
    clerk: User, tmp_path: Path, start_worker: StartWorker
) -> None:
    colleague = make.user(username="colleague")
    data = roll(tmp_path, 50)
    worker = start_worker()
    pair = [waiting(clerk, data), waiting(colleague, data)]
    for batch in pair:
        wait_for(lambda one=batch: reaches(one, BatchState.READY), "the check", worker=worker)
    for batch, by in zip(pair, (clerk, colleague), strict=True):
        actions.start_applying(batch=now(batch), by=by)
    ends = [over(now(batch).job) for batch in pair]
    assert sorted(job.state for job in ends) == [JobState.DONE, JobState.FAILED]
    told = next(job for job in ends if job.state == JobState.FAILED)
    assert "已经写入" in told.message
    assert "不会重复写入" in told.message
    assert Enrolment.objects.whole_city().count() == 50
    actions.step_back(batch=now(pair[ends.index(told)]))
    again = actions.receive_file(
        kind="student_registry",
        unit=make.county(),
        term=make.term(),
        file_name="第三次.xlsx",
        data=data,
        by=clerk,
    )
    assert again.pk == pair[1 - ends.index(told)].pk

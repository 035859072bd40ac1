"""An import on a real worker: seen through to the end, and killed half-way without a trace."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.core import clock, jobs
from datong_edu.core.models import AuditEvent, Job, JobState
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.importing import actions, keeping, tasks
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Enrolment, Person
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import row_counts
from tests.worker.fixtures import StartWorker
from tests.worker.process import state_of, wait_for

assert tasks  # a worker finds the kinds of job by itself, this process by this import
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(emptied_staging: None) -> User:
    """The county's clerk; the portal lives on a day of the 2020 autumn term."""
    make.load_reference()
    clock.set_business_date(date(2020, 11, 23))
    make.school(name=rosters.TOWN_PRIMARY, kind="211", seat="镇区", code="2114900103")
    return make.user(username="hunyuan_clerk")


@pytest.fixture
def wall(emptied_staging: None) -> Iterator["Wall"]:
    """A way to make the work stand still at a table."""
    made = Wall()
    yield made
    made.fall()


class Wall:
    """A lock on a table, held by a connection of its own; work that comes to the table waits there."""

    def __init__(self) -> None:
        self.connection = connections["default"].copy()

    def stand(self, table: str, mode: str) -> None:
        """Hold the lock until `fall`."""
        self.connection.set_autocommit(False)
        with self.connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")

    def someone_waits(self) -> bool:
        """Whether another connection stands before a lock."""
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    def fall(self) -> None:
        """Let everybody pass."""
        self.connection.close()


def upload(clerk: User, folder: Path, count: int = 3) -> ImportBatch:
    """Hand in a registry whose first child is entitled to nothing and has a wrong number."""
    lines = [rosters.pupil() for _ in range(count)]
    number = str(lines[0]["身份证件号"])
    lines[0]["身份证件号"] = number[:-1] + ("1" if number[-1] != "1" else "2")
    data = rosters.save(folder, lines).read_bytes()
    return actions.receive_file(
        kind="student_registry",
        unit=make.county(),
        term=make.term(),
        file_name="学籍.xlsx",
        data=data,
        by=clerk,
    )


def reaches(batch: ImportBatch, state: BatchState) -> bool:
    """Whether a batch stands in a state now."""
    return str(ImportBatch.objects.whole_city().get(pk=batch.pk).state) == state


def checked(clerk: User, folder: Path) -> ImportBatch:
    """A batch ready to be applied, checked in this process."""
    batch = upload(clerk, folder)
    actions.read_batch(batch=batch, by=clerk)
    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=clerk)
    job = ImportBatch.objects.whole_city().get(pk=batch.pk).job
    jobs.run(job.pk)
    assert reaches(batch, BatchState.READY)
    return ImportBatch.objects.whole_city().get(pk=batch.pk)


def abandoned(job: Job) -> None:
    """Let the heart of a job have stopped three minutes ago, and the sweep come by."""
    past = timezone.now() - timedelta(minutes=3)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=past, created_at=past)
    jobs.sweep()
    assert state_of(job) == JobState.QUEUED


def test_import_goes_from_upload_to_finding_on_a_real_worker(
    clerk: User, tmp_path: Path, start_worker: StartWorker
) -> None:
    worker = start_worker()
    batch = upload(clerk, tmp_path)
    actions.start_reading(batch=batch, by=clerk)
    wait_for(lambda: reaches(batch, BatchState.MAPPING), "the mapping", worker=worker)
    batch.refresh_from_db()
    assert set(batch.mapping["名单"].values()) >= {"student_no", "name", "id_no", "school", "grade"}
    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=clerk)
    wait_for(lambda: reaches(batch, BatchState.READY), "the check", worker=worker)
    batch.refresh_from_db()
    assert [batch.counts[key] for key in ("new", "refused", "warned")] == [3, 0, 1]
    assert not Enrolment.objects.whole_city().exists()
    actions.start_applying(batch=batch, by=clerk)
    wait_for(lambda: reaches(batch, BatchState.APPLIED), "the apply", worker=worker)
    assert Enrolment.objects.whole_city().filter(source_batch=batch).count() == 3
    follow_up = Job.objects.get(kind="crosschecks.recheck_county")
    assert follow_up.county == make.county()
    wait_for(lambda: state_of(follow_up) == JobState.DONE, "the cross-check", worker=worker)
    assert Run.objects.count() == 1
    finding = Finding.objects.whole_city().get(rule_code="C13")
    assert finding.county == make.county()
    deeds = AuditEvent.objects.filter(actor=clerk).order_by("id").values_list("action", flat=True)
    assert [deed for deed in deeds if deed.endswith(("file", "mapping", "batch"))] == [
        "receive_file",
        "confirm_mapping",
        "apply_batch",
    ]


def test_worker_killed_while_checking_leaves_nothing_and_the_next_finishes(
    clerk: User, tmp_path: Path, start_worker: StartWorker, wall: Wall
) -> None:
    batch = upload(clerk, tmp_path)
    actions.read_batch(batch=batch, by=clerk)
    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=clerk)
    job = ImportBatch.objects.whole_city().get(pk=batch.pk).job
    before = row_counts()
    wall.stand("registry_personidentifier", "ACCESS EXCLUSIVE")
    worker = start_worker()
    wait_for(wall.someone_waits, "the comparison with the books", worker=worker)
    worker.kill()
    wall.fall()
    wait_for(lambda: not wall.someone_waits(), "the end of the killed worker's work")
    assert row_counts() == before
    assert reaches(batch, BatchState.CHECKING)
    abandoned(job)
    following = start_worker()
    wait_for(lambda: reaches(batch, BatchState.READY), "the second check", worker=following)
    wait_for(lambda: state_of(job) == JobState.DONE, "the end of the job", worker=following)
    assert job.attempts == 2


def test_worker_killed_while_applying_leaves_nothing_and_the_next_finishes(
    clerk: User, tmp_path: Path, start_worker: StartWorker, wall: Wall
) -> None:
    batch = checked(clerk, tmp_path)
    before = row_counts()
    actions.start_applying(batch=batch, by=clerk)
    job = ImportBatch.objects.whole_city().get(pk=batch.pk).job
    wall.stand("registry_enrolment", "SHARE")
    worker = start_worker()
    wait_for(wall.someone_waits, "the writing of the ledger", worker=worker)
    worker.kill()
    wall.fall()
    wait_for(lambda: not wall.someone_waits(), "the end of the killed worker's work")
    wait_for(lambda: not Person.objects.whole_city().exists(), "the undoing")
    now = row_counts()
    changed = {name for name in now if now[name] != before.get(name)}
    assert changed <= {"public.core_job", "public.importing_importbatchevent", "public.core_auditlink"}
    assert reaches(batch, BatchState.APPLYING)
    abandoned(job)
    following = start_worker()
    wait_for(lambda: reaches(batch, BatchState.APPLIED), "the second apply", worker=following)
    wait_for(lambda: state_of(job) == JobState.DONE, "the end of the job", worker=following)
    assert (Enrolment.objects.whole_city().count(), job.attempts) == (3, 2)


def test_apply_of_an_applied_batch_does_nothing(clerk: User, tmp_path: Path) -> None:
    batch = checked(clerk, tmp_path)
    actions.start_applying(batch=batch, by=clerk)
    job = ImportBatch.objects.whole_city().get(pk=batch.pk).job
    jobs.run(job.pk)
    before = row_counts()
    actions.apply_batch(batch=batch, by=clerk)
    assert row_counts() == before


def test_refused_file_ends_its_batch_with_the_sentence(clerk: User) -> None:
    batch = actions.receive_file(
        kind="student_registry",
        unit=make.county(),
        term=make.term(),
        file_name="学籍.xlsx",
        data=b"%PDF-1.7\n",
        by=clerk,
    )
    actions.start_reading(batch=batch, by=clerk)
    batch.refresh_from_db()
    jobs.run(batch.job.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.refusal_key) == (BatchState.REFUSED, "NOT_A_WORKBOOK")
    assert batch.message.endswith("。")


def test_apply_that_fails_can_be_tried_again(
    clerk: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(clerk, tmp_path)
    before = row_counts()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_finish", lambda *given: 1 / 0)
        actions.start_applying(batch=batch, by=clerk)
        job = ImportBatch.objects.whole_city().get(pk=batch.pk).job
        jobs.run(job.pk)
    assert (state_of(job), job.message) == (JobState.FAILED, jobs.FAILED_MESSAGE)
    now = row_counts()
    changed = {name for name in now if now[name] != before.get(name)}
    assert changed <= {"public.core_job", "public.importing_importbatchevent", "public.core_auditlink"}
    actions.resume_batch(batch=batch, by=clerk)
    batch.refresh_from_db()
    jobs.run(batch.job.pk)
    assert reaches(batch, BatchState.APPLIED)


def test_cancelled_check_writes_nothing_and_can_be_resumed(
    clerk: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(clerk, tmp_path)
    actions.read_batch(batch=batch, by=clerk)
    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=clerk)
    batch.refresh_from_db()
    before = row_counts()
    with monkeypatch.context() as patch:
        patch.setattr(jobs.JobRun, "cancelled", True)
        patch.setattr(jobs.JobRun, "__init__", _cancelled_from_the_start)
        jobs.run(batch.job.pk)
    assert state_of(batch.job) == JobState.CANCELLED
    assert row_counts() == before
    actions.resume_batch(batch=batch, by=clerk)
    batch.refresh_from_db()
    jobs.run(batch.job.pk)
    assert reaches(batch, BatchState.READY)


def _cancelled_from_the_start(run: jobs.JobRun, job: Job) -> None:
    run.job, run.phase, run.done, run.total, run.result, run.cancelled = job, "", 0, 0, {}, True
    run.phase_at = None


def test_discarded_batch_keeps_neither_file_nor_rows(clerk: User, tmp_path: Path) -> None:
    batch = checked(clerk, tmp_path)
    actions.discard_batch(batch=batch, by=clerk)
    assert reaches(batch, BatchState.DISCARDED)
    assert not [name for name in row_counts() if name.startswith("staging.")]
    with pytest.raises(actions.PortalError, match="保留期"):
        keeping.stored_bytes(batch)


def test_file_and_rows_go_when_their_time_is_over_and_the_batch_stays(clerk: User, tmp_path: Path) -> None:
    batch = checked(clerk, tmp_path)
    assert keeping.expire_batches() == 0
    late = timezone.now() - timedelta(seconds=1)
    ImportBatch.objects.whole_city().filter(pk=batch.pk).update(file_kept_until=late)
    assert keeping.expire_batches() == 1
    assert not [name for name in row_counts() if name.startswith("staging.")]
    assert keeping.expire_batches() == 0
    batch.refresh_from_db()
    with pytest.raises(actions.PortalError, match="已不在"), transaction.atomic():
        actions.apply_batch(batch=batch, by=clerk)
    assert ImportBatch.objects.whole_city().filter(pk=batch.pk).exists()

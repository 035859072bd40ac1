"""Background jobs: queued in PostgreSQL, woken through the broker, watched by a heartbeat.

A handler is registered under a kind and gets a `JobRun`, through which it tells its phase and progress and
learns that it was cancelled.  Progress and heartbeat are written by a thread with a connection of its own, so
they show while the handler is inside one long transaction.  A job whose heartbeat stops for two minutes is
queued again, at most `MAX_ATTEMPTS` times: handlers are therefore written so that a second start is harmless.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg2
import redis
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from datong_edu.core import history
from datong_edu.core.access import Access
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import Job, JobState
from datong_edu.core.wall.standing import WORKER, Wall, behind

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit, User

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 1.0
STALE_AFTER = timedelta(minutes=2)
WAKE_AFTER = timedelta(seconds=30)
MAX_ATTEMPTS = 3
DATABASE_LOST = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
"""What a lost database says, through Django or, during a COPY, by the driver itself."""
FAILED_MESSAGE = "任务中途出错，未写入任何数据。请重试；若再次失败，请把任务编号告诉系统管理员。"
NO_LONGER_ALLOWED = "发起人现在的岗位不能办理这件事，未写入任何数据。请由有权限的同事重新发起。"
LOST_MESSAGE = "任务多次中断，已停止，未写入任何数据。请重新发起；若再次失败，请联系系统管理员。"


class JobCancelled(Exception):
    """Raised inside a handler when somebody pressed 取消."""


@dataclass
class JobRun:
    """What a handler sees of its job."""

    job: Job
    phase: str = ""
    phase_at: datetime | None = None
    done: int = 0
    total: int = 0
    cancelled: bool = False
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """The ids the job was queued with."""
        return self.job.payload

    @property
    def author(self) -> "User":
        """Who queued the job; jobs of the clock have no author and must not ask."""
        if self.job.created_by is None:
            raise RuntimeError(f"job {self.job.pk} has no author")
        return self.job.created_by

    def progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Tell where the work stands; raises JobCancelled when it shall stop."""
        if phase != self.phase:
            self.phase_at = timezone.now()
        self.phase, self.done, self.total = phase, done, total
        if self.cancelled:
            raise JobCancelled


Handler = Callable[[JobRun], None]
HANDLERS: dict[str, Handler] = {}
AS_AUTHOR: set[str] = set()
"""Kinds whose result is for their author alone: they see what the author sees, by the database too."""
ACCESS: dict[str, Access | None] = {}
"""What the author of each kind of job must be allowed to do."""


def job(kind: str, access: Access | None = None, *, as_author: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler for a kind of job; one that does not say who may ask for it never runs.

    It works on the whole city, unless it does so `as_author`.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[kind], ACCESS[kind] = handler, access
        if as_author:
            AS_AUTHOR.add(kind)
        return handler

    return register


def enqueue(
    kind: str,
    *,
    by: "User | None",
    county: "Unit | None" = None,
    payload: dict[str, Any] | None = None,
    once: bool = False,
) -> Job:
    """Queue a job; it is woken when the present transaction commits.

    With `once`, a job of this kind that already waits for the same county is answered instead.
    """
    if once:
        waiting = Job.objects.filter(kind=kind, county=county, state=JobState.QUEUED).first()
        if waiting is not None:
            return waiting
    queued = Job.objects.create(kind=kind, created_by=by, county=county, payload=payload or {})
    transaction.on_commit(lambda: wake(queued.pk))
    return queued


def wake(job_id: int) -> None:
    """Tell a worker about a queued job; without a broker the job waits for the next sweep."""
    from datong_edu.core.tasks import run_job  # tasks import this module

    if not _broker_answers():
        log.info("broker_unreachable", job=job_id)
        return
    try:
        run_job.apply_async((job_id,), retry=False)
    except (OSError, run_job.OperationalError) as error:
        log.warning("broker_unreachable", job=job_id, error=type(error).__name__)


def cancel(queued: Job) -> None:
    """Stop a job: at once when it waits, at its next sign of progress when it runs."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=queued.pk)
        if locked.state == JobState.QUEUED:
            locked.state, locked.finished_at = JobState.CANCELLED, timezone.now()
        locked.cancel_requested = True
        locked.save(update_fields=["state", "finished_at", "cancel_requested"])


def run(job_id: int) -> None:
    """Run a queued job to its end in this process; a job somebody else has taken is left alone."""
    taken = _take(job_id)
    if taken is None:
        return
    state = JobRun(taken)
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(state, stop), daemon=True)
    beat.start()
    told = {"user": taken.created_by_id, "job": taken.pk, "kind": taken.kind}
    try:
        handler = HANDLERS[taken.kind]
        _ask_for_office(taken)
        with history.context(source="job", **told), behind(_wall(taken)):
            handler(state)
        outcome, message = JobState.DONE, ""
    except JobCancelled:
        outcome, message = JobState.CANCELLED, "已按您的要求取消，未写入任何数据。"
    except PortalError as error:
        outcome, message = JobState.FAILED, error.message
    except DATABASE_LOST:
        # The database went away, and with it all that was not committed: left to the sweep, as if this
        # process had been killed.
        log.exception("database_lost", job=job_id, kind=taken.kind)
        return
    except Exception:
        log.exception("job_failed", job=job_id, kind=taken.kind)
        outcome, message = JobState.FAILED, FAILED_MESSAGE
    finally:
        stop.set()
        beat.join()
    Job.objects.filter(pk=job_id).update(
        state=outcome,
        message=message,
        result=state.result,
        phase=state.phase,
        done=state.done,
        total=state.total,
        finished_at=timezone.now(),
    )


def _wall(taken: Job) -> Wall:
    """The wall of the database that a job runs behind."""
    if taken.kind in AS_AUTHOR and taken.created_by is not None:
        return taken.created_by.wall
    return WORKER


def sweep() -> None:
    """Queue abandoned jobs again and wake those whose call got lost; beat runs this every minute."""
    now = timezone.now()
    stale = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, message=LOST_MESSAGE, finished_at=now
    )
    stale.filter(cancel_requested=True).update(state=JobState.CANCELLED, finished_at=now)
    stale.update(state=JobState.QUEUED, phase="等待重新开始")
    waiting = Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - WAKE_AFTER)
    for job_id in waiting.order_by("id").values_list("pk", flat=True)[:100]:
        wake(job_id)


def _ask_for_office(taken: Job) -> None:
    """The author must be allowed now what was allowed when the job was queued: offices end meanwhile."""
    access = ACCESS[taken.kind]
    if access is None:
        raise RuntimeError(f"job {taken.kind} does not say who may ask for it")
    author: Any = taken.created_by
    if access.permission and (author is None or not author.may(access.permission)):
        raise PortalError(NO_LONGER_ALLOWED)


def _broker_answers() -> bool:
    """Ask the broker once: its client would otherwise retry for seconds while somebody waits for a page."""
    address = settings.CELERY_BROKER_URL.partition("?")[0].replace("redis+socket://", "unix://")
    broker = redis.Redis.from_url(
        address, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(broker.ping())
    except redis.RedisError:
        return False
    finally:
        broker.close()


def _take(job_id: int) -> Job | None:
    with transaction.atomic():
        queued = (
            Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=JobState.QUEUED).first()
        )
        if queued is None:
            return None
        now = timezone.now()
        queued.state, queued.heartbeat_at = JobState.RUNNING, now
        queued.started_at = queued.started_at or now
        queued.attempts += 1
        queued.save(update_fields=["state", "heartbeat_at", "started_at", "attempts"])
        return queued


def _beat(state: JobRun, stop: threading.Event) -> None:
    """Write progress once a second until the handler is done."""
    while not stop.wait(HEARTBEAT_SECONDS):
        try:
            Job.objects.filter(pk=state.job.pk).update(
                phase=state.phase,
                phase_at=state.phase_at,
                done=state.done,
                total=state.total,
                heartbeat_at=timezone.now(),
            )
            state.cancelled = Job.objects.values_list("cancel_requested", flat=True).get(pk=state.job.pk)
        except Exception as error:  # noqa: BLE001  a missed beat must not kill the work
            log.warning("heartbeat_missed", job=state.job.pk, error=type(error).__name__)
            close_old_connections()
    connection.close()

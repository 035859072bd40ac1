"""Background jobs of importing."""

from celery import shared_task

from datong_edu.accounts.roles import Permission
from datong_edu.core.access import machine, needs
from datong_edu.core.jobs import JobRun, job
from datong_edu.importing import actions, keeping, prepared, undo
from datong_edu.importing.enums import Purpose
from datong_edu.importing.models import ImportBatch, PreparedFile

IMPORTER = needs(Permission.IMPORT_ROSTERS)


def _batch(run: JobRun) -> ImportBatch:
    return (
        ImportBatch.objects.whole_city().select_related("unit", "term", "county").get(pk=run.payload["batch"])
    )


@job("importing.read", IMPORTER)
def read(run: JobRun) -> None:
    """Find the headings of an upload."""
    actions.read_batch(batch=_batch(run), by=run.author, progress=run.progress)


@job("importing.check", IMPORTER)
def check(run: JobRun) -> None:
    """Stage and check an upload."""
    actions.check_batch(batch=_batch(run), by=run.author, progress=run.progress)


@job("importing.apply", IMPORTER)
def apply(run: JobRun) -> None:
    """Apply a checked batch."""
    actions.apply_batch(batch=_batch(run), by=run.author, progress=run.progress)


@job(undo.UNDO, IMPORTER)
def undo_applied(run: JobRun) -> None:
    """Undo an applied batch."""
    reason = run.payload["reason"]
    plan = undo.undo_batch(batch=_batch(run), by=run.author, reason=reason, progress=run.progress)
    run.result = plan.counts


@job(undo.REDO, IMPORTER)
def redo(run: JobRun) -> None:
    """Write an undone batch again."""
    plan = undo.redo_batch(batch=_batch(run), by=run.author, progress=run.progress)
    run.result = plan.counts


def _prepared(run: JobRun) -> PreparedFile:
    return PreparedFile.objects.select_related("batch__unit", "batch__term").get(pk=run.payload["prepared"])


@job(prepared.JOBS[Purpose.ERRORS], IMPORTER)
def mark(run: JobRun) -> None:
    """Make the marked workbook of a large batch."""
    prepared.mark(_prepared(run), progress=run.progress)


@job(prepared.JOBS[Purpose.PLAN], IMPORTER)
def plan(run: JobRun) -> None:
    """Make the dry run of taking back a large batch."""
    prepared.plan(_prepared(run), run.author, progress=run.progress)


@shared_task(name="importing.expire", ignore_result=True, access=machine("beat, every night"))
def expire() -> None:
    """Drop files and staged rows whose time is over."""
    keeping.expire_batches()
    prepared.expire()

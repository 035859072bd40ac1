"""Background jobs of the desk."""

from datong_edu.accounts.roles import Permission
from datong_edu.core.access import needs
from datong_edu.core.jobs import JobRun, job
from datong_edu.core.models import StoredBlob
from datong_edu.desk.comparing import actions


@job(actions.JOB_KIND, needs(Permission.EXPORT_ROWS), as_author=True)
def compare(run: JobRun) -> None:
    """Answer a large file of the compare tool; one deleted meanwhile is no longer asked about."""
    blob = StoredBlob.objects.filter(pk=run.payload["blob"]).first()
    if blob is not None:
        actions.compare_queued(blob, by=run.author, progress=run.progress)

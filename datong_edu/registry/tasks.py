"""Background jobs of the base books."""

from datong_edu.accounts.roles import Permission
from datong_edu.core.access import needs
from datong_edu.core.jobs import JobRun, job
from datong_edu.registry import number_exports
from datong_edu.registry.models import NumberExport


@job(number_exports.KIND, needs(Permission.REQUEST_NUMBERS), as_author=True)
def build_number_export(run: JobRun) -> None:
    """Make an approved export with full numbers."""
    rows = NumberExport.objects.whole_city().select_related("requested_by", "county")
    number_exports.build(rows.get(pk=run.payload["export"]), run)

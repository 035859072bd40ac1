"""The job that keeps the summary."""

from datong_edu.core import clock
from datong_edu.core.access import machine
from datong_edu.core.jobs import JobRun, job
from datong_edu.dashboards import summary


@job("dashboards.refresh", machine("follows an import; counts only"))
def refresh(state: JobRun) -> None:
    """Compute the figures of the job's county anew, of every county without one."""
    county = state.payload.get("county") or state.job.county_id
    state.progress("汇总指标")
    summary.refresh(counties=[county] if county else summary.whole_city(), today=clock.today())

"""Jobs of the cross-checks: the nightly run of the city and the re-check of a county after an import."""

from celery import shared_task

from datong_edu.accounts.models import Unit, UnitKind
from datong_edu.core import clock, jobs
from datong_edu.core.access import machine
from datong_edu.core.jobs import JobRun, job
from datong_edu.crosschecks.engine import runner

WAIT_SECONDS = 1800.0


@shared_task(name="crosschecks.nightly", ignore_result=True, access=machine("beat, every night"))
def nightly() -> None:
    """Queue the nightly run; beat calls this at 02:00."""
    jobs.enqueue("crosschecks.nightly", by=None)


@job("crosschecks.nightly", machine("queued by the clock"))
def run_city(state: JobRun) -> None:
    """Check the whole city as of the portal's day; terms gone by with open findings are looked at again."""
    _run(state, None)


@job("crosschecks.recheck_county", machine("follows an import; who asks for it by hand was asked then"))
def recheck_county(state: JobRun) -> None:
    """Check one county again; a roster of the whole city has no county and means the whole city."""
    county_id = state.payload.get("county_id") or state.job.county_id
    county = Unit.objects.filter(pk=county_id, kind=UnitKind.COUNTY).first() if county_id else None
    _run(state, county)


def _run(state: JobRun, county: Unit | None) -> None:
    as_of, by = clock.today(), state.job.created_by
    for term in runner.earlier_terms_unsettled(as_of):
        runner.run(
            as_of=term.ends_on,
            by=by,
            county=county,
            codes=runner.codes_per_term(as_of),
            settle_only=True,
            wait_seconds=WAIT_SECONDS,
            progress=state.progress,
        )
    done = runner.run(as_of=as_of, by=by, county=county, wait_seconds=WAIT_SECONDS, progress=state.progress)
    state.result = {"run": str(done.uid), **{name: getattr(done, name) for name in runner.COUNTS}}

"""The run: every rule in force over the city or one county, as of a day.

Each rule is a transaction of its own with a time limit; one that fails is noted in the run and the others go
on.  Nothing here loops over people: the work is a handful of statements per rule inside PostgreSQL.
"""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from datong_edu.accounts.models import Unit, User
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import Term
from datong_edu.crosschecks.engine import checks, lease, ledger
from datong_edu.crosschecks.engine.checks import CrossCheck, RunScope
from datong_edu.crosschecks.engine.enums import RunState
from datong_edu.crosschecks.engine.models import Finding, RuleRun, Run

log = structlog.get_logger(__name__)

Progress = Callable[[str, int, int], None]
COUNTS = ("found", "new", "changed", "closed", "reopened")
RULE_TIME_LIMIT = "20min"


def _quiet(phase: str, done: int, total: int) -> None:
    """Progress nobody watches."""


def run(
    *,
    as_of: date,
    by: User | None = None,
    county: Unit | None = None,
    codes: Iterable[str] = (),
    settle_only: bool = False,
    wait_seconds: float = 0,
    progress: Progress = _quiet,
) -> Run:
    """Compare the books as they stood on a day and bring the ledger of findings up to date.

    The term is the latest begun by that day.  With `county` only that county's findings are touched; with
    `settle_only` none is opened, as for a term gone by.  When another run holds the same findings for longer
    than `wait_seconds`, RunBusy is raised.
    """
    scope = RunScope(as_of, Term.objects.begun_by(as_of), county)
    chosen = [checks.find(code) for code in codes] or checks.in_force(as_of)
    with lease.held(county, wait_seconds, lambda: progress("等待另一次比对结束", 0, 0)):
        _bury_dead_runs(county)
        present = Run.objects.create(as_of_on=as_of, term=scope.term, county=county, triggered_by=by)
        done = []
        for number, check in enumerate(chosen):
            progress(f"{check.code} {check.title}", number, len(chosen))
            done.append(_run_rule(present, check, scope, settle_only))
        return _finish(present, done)


def earlier_terms_unsettled(as_of: date) -> list[Term]:
    """Terms before the present one with open findings of rules that speak about a term, oldest first."""
    present = Term.objects.begun_by(as_of)
    left = Finding.objects.whole_city().open().filter(rule_code__in=codes_per_term(as_of))
    terms = left.order_by("term").values_list("term", flat=True).distinct()
    return list(Term.objects.filter(pk__in=list(terms), starts_on__lt=present.starts_on))


def codes_per_term(day: date) -> list[str]:
    """Rules in force on a day that speak about one term."""
    return [check.code for check in checks.in_force(day) if check.per_term]


def _run_rule(present: Run, check: CrossCheck, scope: RunScope, settle_only: bool) -> RuleRun:
    started = time.monotonic()
    counts, error = dict.fromkeys(COUNTS, 0), ""
    try:
        with transaction.atomic():
            counts = _apply(present, check, scope, settle_only)
    except (DatabaseError, PortalError) as failure:
        error = _words_of(failure)
        log.error("rule_failed", run=present.pk, rule=check.code, error=type(failure).__name__)
    seconds = round(time.monotonic() - started, 3)
    return RuleRun.objects.create(run=present, code=check.code, seconds=seconds, error=error, **counts)


def _apply(present: Run, check: CrossCheck, scope: RunScope, settle_only: bool) -> dict[str, int]:
    params = scope.params | check.params(scope)
    params |= {
        "run": present.pk,
        "code": check.code,
        "severity": check.severity.value,
        "subject_kind": check.subject_kind.value,
        "due_on": scope.as_of + timedelta(days=check.due_days(scope.as_of)),
    }
    with connection.cursor() as cursor:

        def write(statement: str) -> int:
            cursor.execute(statement, params)
            return cursor.rowcount

        prepare(cursor, city_wide=scope.county is None)
        found = write(ledger.gather(check, scope))
        cursor.execute(f"ANALYZE {ledger.SUSPECT}")
        reopened = 0 if settle_only else write(ledger.return_those_back())
        changed = write(ledger.renew_evidence())
        new = 0 if settle_only else write(ledger.insert_new())
        closed = write(ledger.close_vanished(check, scope))
        write(ledger.verify_closed(check, scope))
        cursor.execute(f"DROP TABLE {ledger.SUSPECT}")
    return {"found": found, "new": new, "changed": changed, "closed": closed, "reopened": reopened}


def prepare(cursor: Any, *, city_wide: bool) -> None:
    """Settings of one rule's transaction; a city-wide rule must not fall into a loop over whole tables."""
    cursor.execute("SET LOCAL jit = off")
    cursor.execute(f"SET LOCAL statement_timeout = '{RULE_TIME_LIMIT}'")
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute(f"SET LOCAL enable_nestloop = {'off' if city_wide else 'on'}")


def _finish(present: Run, done: list[RuleRun]) -> Run:
    for name in COUNTS:
        setattr(present, name, sum(getattr(rule, name) for rule in done))
    present.failed_rules = sum(bool(rule.error) for rule in done)
    present.state = RunState.DONE
    present.finished_at = timezone.now()
    present.save()
    log.info("run_finished", run=present.pk, **{name: getattr(present, name) for name in COUNTS})
    return present


def _bury_dead_runs(county: Unit | None) -> None:
    """Mark runs whose process died: whoever holds the lease knows that nobody else works on its findings."""
    reach = Q() if county is None else Q(county=county)
    running = Run.objects.filter(reach, state=RunState.RUNNING)
    running.update(state=RunState.FAILED, finished_at=timezone.now())


def _words_of(failure: Exception) -> str:
    """A sentence for the run page; a database message may quote values and is not repeated."""
    if isinstance(failure, PortalError):
        return failure.message[:200]
    cause = failure.__cause__
    if getattr(cause, "pgcode", "") == "57014":
        return "超过时间上限，已停止；其余规则照常执行。"
    return f"执行出错（{type(failure).__name__}），其余规则照常执行。"

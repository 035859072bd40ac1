"""The nightly cross-check: all rules over the city, once more with nothing changed, and one county alone."""

from datong_edu.accounts.models import Unit
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.models import Run
from datong_edu.demo.bench.figures import Figure, Watch
from datong_edu.demo.generator import AS_OF

COUNTY = "140225"


def measure() -> list[Figure]:
    """Seconds of each run, findings, and what the unchanged run wrote (it must write nothing)."""
    (first, seconds), (again, seconds_again) = _run(), _run()
    _, seconds_county = _run(Unit.objects.get(code=COUNTY))
    slowest = first.rules.order_by("-seconds")[0]
    return [
        Figure("checks.rules", first.rules.count(), "rules"),
        Figure("checks.findings", sum(rule.found for rule in first.rules.all()), "findings"),
        Figure("checks.first.seconds", seconds, "s"),
        Figure("checks.again.seconds", seconds_again, "s"),
        Figure("checks.again.written", _written(again), "rows"),
        Figure("checks.county.seconds", seconds_county, "s"),
        Figure("checks.county.to_city", seconds_county / seconds_again, "x"),
        Figure(f"checks.slowest.{slowest.code}", float(slowest.seconds), "s"),
    ]


def _run(county: Unit | None = None) -> tuple[Run, float]:
    with Watch() as watch:
        done = runner.run(as_of=AS_OF, county=county)
    failed = [f"{rule.code}: {rule.error}" for rule in done.rules.all() if rule.error]
    if failed:
        raise RuntimeError("; ".join(failed))
    return done, watch.seconds


def _written(done: Run) -> int:
    return sum(rule.new + rule.changed + rule.closed + rule.reopened for rule in done.rules.all())

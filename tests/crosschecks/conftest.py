"""A city with units, terms, schemes and standards, and a way to run rules on it."""

from collections.abc import Callable
from datetime import date

import pytest

from datong_edu.accounts.models import Unit
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.models import Finding, Run
from tests import factories as make

AS_OF = date(2020, 11, 23)

RunRule = Callable[..., Run]


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    """Reference rows, as after set-up."""
    make.load_reference()


@pytest.fixture
def run() -> RunRule:
    """Run one rule as of a day and fail when it fails."""

    def go(code: str, as_of: date = AS_OF, county: Unit | None = None) -> Run:
        done = runner.run(as_of=as_of, codes=[code], county=county)
        assert [rule.error for rule in done.rules.all()] == [""]
        return done

    return go


@pytest.fixture
def found(run: RunRule) -> Callable[..., list[Finding]]:
    """Open findings of a rule after running it."""

    def go(code: str, as_of: date = AS_OF, county: Unit | None = None) -> list[Finding]:
        run(code, as_of, county)
        return list(Finding.objects.whole_city().open().for_rule(code).order_by("id"))

    return go

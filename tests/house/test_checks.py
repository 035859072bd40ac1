"""Rules of the cross-checks: each one says what it doubts, why it matters and what to do, with its source."""

import inspect
import re
from pathlib import Path

import pytest

from datong_edu.accounts.roles import Role
from datong_edu.crosschecks.engine.checks import CHECKS, CrossCheck
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from tests.house.sources import CHINESE

WORDS = ("title", "chip", "compares", "matters", "remedy", "innocent", "source", "summary")
each_check = pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())


def test_checks_are_found() -> None:
    assert len(CHECKS) >= 10, "rules are no longer discovered"


@each_check
def test_check_has_words_for_the_clerk(check: CrossCheck) -> None:
    found = [name for name in WORDS if not CHINESE.search(getattr(check, name, ""))]
    assert not found, f"{check.code}: write in Chinese: {found}"
    labels = [fact.label for fact in check.facts]
    assert labels, f"{check.code}: name the facts that prove it"
    assert all(CHINESE.search(label) for label in labels), f"{check.code}: Chinese labels: {labels}"


@each_check
def test_check_is_classified(check: CrossCheck) -> None:
    assert re.fullmatch(r"C\d\d", check.code)
    assert check.severity in Severity
    assert check.subject_kind in SubjectKind
    assert check.fixed_by in Role
    assert check.until is None or check.until >= check.since


@each_check
def test_check_has_a_file_of_its_own(check: CrossCheck) -> None:
    stem = Path(inspect.getfile(type(check))).stem
    assert stem.startswith(f"{check.code.lower()}_"), (
        f"{check.code}: call its module {check.code.lower()}_<name>.py"
    )

"""What a rule is: one doubt, its words for the clerk, and one SQL query that yields the suspects.

The query stays in a plain subset of SQL (joins, EXISTS, GROUP BY, CASE, date arithmetic), so that it can move
to another engine; what the clerk reads is assembled around it from `summary` and `facts`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from datong_edu.accounts.models import Unit
from datong_edu.accounts.roles import Role
from datong_edu.core.models import Term
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.exceptions import UnknownRule


@dataclass(frozen=True)
class RunScope:
    """Day, term and county a run looks at; county None is the whole city."""

    as_of: date
    term: Term
    county: Unit | None = None

    def within(self, column: str) -> str:
        """Condition that keeps a column to the county of the run."""
        return f"{column} = %(county)s" if self.county else "TRUE"

    @property
    def params(self) -> dict[str, Any]:
        """Parameters every rule may use."""
        return {
            "as_of": self.as_of,
            "term": self.term.code,
            "term_start": self.term.starts_on,
            "term_end": self.term.ends_on,
            "census": self.term.census_on,
            "county": self.county.pk if self.county else None,
        }


@dataclass(frozen=True)
class Fact:
    """One line of evidence: a label and an SQL text over `s` (the suspect) and `place` (its school)."""

    label: str
    expression: str


class CrossCheck(ABC):
    """A rule.  `per_term` rules speak about one term: a run of another term leaves their findings alone."""

    code: ClassVar[str]
    title: ClassVar[str]
    chip: ClassVar[str]
    severity: ClassVar[Severity]
    fixed_by: ClassVar[Role]
    source: ClassVar[str]
    since: ClassVar[date] = date(2016, 1, 1)
    until: ClassVar[date | None] = None
    subject_kind: ClassVar[SubjectKind]
    per_term: ClassVar[bool] = True

    compares: ClassVar[str]
    matters: ClassVar[str]
    remedy: ClassVar[str]
    innocent: ClassVar[str]

    summary: ClassVar[str]
    facts: ClassVar[tuple[Fact, ...]]

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force; a rule retires by `until`, its last day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Parameters of this rule: thresholds from the standards, as of the run."""
        return {}

    @abstractmethod
    def due_days(self, as_of: date) -> int:
        """Days a finding may stay open, from the standards."""

    @abstractmethod
    def suspects(self, scope: RunScope) -> str:
        """The query: one row for each suspect of the term as of the day.

        Columns: subject_id (text), county_id, person_id, school_id, amount, and whatever `summary` and
        `facts` name.
        """


CHECKS: dict[str, CrossCheck] = {}


def register(check: type[CrossCheck]) -> type[CrossCheck]:
    """Make a rule known to the runner; decorator of its class."""
    CHECKS[check.code] = check()
    return check


def find(code: str) -> CrossCheck:
    """The rule of a code; another code is refused with the known ones."""
    try:
        return CHECKS[code.upper()]
    except KeyError:
        known = "、".join(sorted(CHECKS))
        raise UnknownRule(f"没有代码为“{code}”的比对规则，可用：{known}。") from None


def in_force(day: date) -> list[CrossCheck]:
    """Rules in force on a day, in the order of their codes."""
    return [CHECKS[code] for code in sorted(CHECKS) if CHECKS[code].holds_on(day)]

"""Compares the findings of the cross-checks with the answer key of the demonstration city."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class RuleScore:
    """Marks of one rule: subjects found, missed, flagged without ground, and look-alikes among the latter."""

    rule: str
    found: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    fooled: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of the findings that were planted; 1 when nothing was found."""
        return self.found / (self.found + len(self.invented)) if self.found or self.invented else 1.0

    @property
    def recall(self) -> float:
        """Share of the planted faults that were found."""
        return self.found / (self.found + len(self.missed)) if self.found or self.missed else 1.0

    @property
    def is_perfect(self) -> bool:
        """Everything found and nothing else."""
        return not self.missed and not self.invented


def read_findings(text: str) -> set[Pair]:
    """Rule and subject of every open finding in the CSV of `findings`; closed ones are left out."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    return {
        (row["rule_code"], row["subject"])
        for row in rows
        if row["status"] != "fixed" and not row["closed_on"]
    }


def pairs_of(marks: Iterable[dict[str, str]]) -> set[Pair]:
    """Rule and subject of entries of the key."""
    return {(mark["rule"], mark["subject"]) for mark in marks}


def score(key: dict[str, list[dict[str, str]]], findings: set[Pair]) -> list[RuleScore]:
    """One score per rule of the key; findings of rules the key does not know are no part of it."""
    planted, decoys = pairs_of(key["planted"]), pairs_of(key["lookalikes"])
    return [_score_rule(rule, planted, decoys, findings) for rule in sorted({rule for rule, _ in planted})]


def _score_rule(rule: str, planted: set[Pair], decoys: set[Pair], findings: set[Pair]) -> RuleScore:
    wanted = {pair for pair in planted if pair[0] == rule}
    given = {pair for pair in findings if pair[0] == rule}
    return RuleScore(
        rule=rule,
        found=len(wanted & given),
        missed=tuple(sorted(subject for _, subject in wanted - given)),
        invented=tuple(sorted(subject for _, subject in given - wanted)),
        fooled=tuple(sorted(subject for _, subject in (given - wanted) & decoys)),
    )

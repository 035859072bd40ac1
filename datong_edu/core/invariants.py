"""What must always hold: named checks of the rooms, run every night and by `manage.py check_invariants`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from datong_edu.core import sealed_columns
from datong_edu.core.sealed_columns import Checked


@dataclass(frozen=True)
class Outcome:
    """One invariant: how many rows were looked at, and which break it."""

    name: str
    rows: int
    broken: int
    breaks: list[str]


Invariants = Callable[[], Iterator[Outcome]]
ALL: list[Invariants] = []


def invariants(check: Invariants) -> Invariants:
    """Register checks of a room."""
    ALL.append(check)
    return check


def outcomes() -> Iterator[Outcome]:
    """Every invariant, one after another."""
    for check in ALL:
        yield from check()


@invariants
def sealed_values_fit_their_indexes() -> Iterator[Outcome]:
    """Every ciphertext opens in its place, and its value has the blind index that stands beside it."""
    for column in sealed_columns.all_columns():
        found: Checked = sealed_columns.check(column)
        yield Outcome(f"密文与索引一致 {column}", found.rows, found.broken, found.breaks)

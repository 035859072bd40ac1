"""What must always hold: named checks of the rooms, run every night and by `manage.py check_invariants`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from datong_edu.core import sealed_columns
from datong_edu.core.sealed_columns import Checked
from datong_edu.core.sensitive import EncryptedField


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


@invariants
def rows_are_what_their_last_event_says() -> Iterator[Outcome]:
    """Every row of a protected table is as its last event left it; what no event tells did not happen."""
    for event in apps.get_models():
        tracked = getattr(event, "pgh_tracked_model", None)
        if tracked is not None:
            yield _compare_with_events(tracked, event)


def _compare_with_events(tracked: type[models.Model], event: type[models.Model]) -> Outcome:
    # Sealed columns follow new keys without an event; the blind index beside each is compared.
    columns = [
        one.column
        for one in tracked._meta.local_concrete_fields
        if not isinstance(one, models.BinaryField) and not isinstance(one, EncryptedField)
    ]
    now, then = (", ".join(f"{side}.{name}" for name in columns) for side in "te")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH e AS (SELECT DISTINCT ON (pgh_obj_id) * FROM {event._meta.db_table}"
            " ORDER BY pgh_obj_id, pgh_id DESC),"
            " told AS (SELECT coalesce(t.id, e.pgh_obj_id) AS key, CASE"
            " WHEN e.pgh_id IS NULL THEN NOT EXISTS (SELECT FROM core_auditseal WHERE kind = 'cut')"
            " WHEN t.id IS NULL THEN e.pgh_label <> 'delete'"
            f" ELSE e.pgh_label = 'delete' OR ROW({now}) IS DISTINCT FROM ROW({then}) END AS differs"
            f" FROM {tracked._meta.db_table} t FULL JOIN e ON e.pgh_obj_id = t.id)"
            " SELECT count(*), count(*) FILTER (WHERE differs),"
            " (array_agg(key ORDER BY key) FILTER (WHERE differs))[1:20] FROM told"
        )
        rows, broken, keys = cursor.fetchone()
    name = f"台账与留痕一致 {tracked._meta.db_table}"
    return Outcome(name, rows, broken, [f"第 {key} 行与最后一次留痕不同" for key in keys or ()])

"""Who has disappeared: a full roll (全量) names everybody, so whoever it leaves out of the ledger is gone.

They are counted and shown before the batch is applied.  Nothing happens to their rows: a roll that forgets a
school must not take its children away.
"""

from dataclasses import dataclass
from typing import Any

from datong_edu.core.wall.policies import walling_staged
from datong_edu.importing.declare import Context, FullRoll
from datong_edu.importing.staging import ACCEPTED, Stage, parameters_of

SHOWN = 50
OWNERS = ("school", "household")
"""Where a row belongs, by the foreign key that says so."""


@dataclass(frozen=True)
class Gone:
    """One who is in the ledger and no longer in the roll; the number is masked."""

    name: str
    number: str
    place: str


def note_disappeared(stage: Stage, roll: FullRoll, context: Context) -> int:
    """Keep beside the staged rows who is missing from them; returns how many.

    A file whose sheets hold one school each is compared with these schools, any other with its whole county.
    A row that is refused still shows that the person is there.
    """
    conditions = [roll.standing, _scope(stage, roll, context)]
    conditions += [
        f"NOT EXISTS (SELECT 1 FROM {stage.table} s WHERE s.{staged} = t.{column})"
        for column, staged in roll.same.items()
    ]
    conditions += [
        f"NOT EXISTS (SELECT 1 FROM {stage.table} s WHERE s.{staged} = t.{column} AND NOT {ACCEPTED})"
        for column, staged in roll.same_if_refused.items()
    ]
    table = _table(stage)
    stage.run(f"DROP TABLE IF EXISTS {table}")
    gone = stage.run(
        f"CREATE TABLE {table} AS SELECT t.id FROM {roll.model._meta.db_table} t WHERE"
        f" {' AND '.join(f'({one})' for one in conditions)}",
        parameters_of(context),
    )
    stage.run(";".join(walling_staged(table, stage.batch_id)))
    return gone


def who_disappeared(stage: Stage, roll: FullRoll, limit: int | None = SHOWN) -> list[Gone]:
    """Those who are missing, by place and name; empty once the staged rows are gone."""
    if not stage.rows("SELECT to_regclass(%s) IS NOT NULL", [_table(stage)])[0][0]:
        return []
    ids = [key for (key,) in stage.rows(f"SELECT id FROM {_table(stage)}")]
    owners = [one.name for one in roll.model._meta.local_fields if one.name in OWNERS]
    rows: Any = roll.model._base_manager.filter(pk__in=ids).select_related(*owners)
    rows = rows.order_by(*(f"{owner}_id" for owner in owners), "name", "id")
    return [
        Gone(row.name, row.id_no_masked, "、".join(str(getattr(row, owner)) for owner in owners))
        for row in (rows if limit is None else rows[:limit])
    ]


def _scope(stage: Stage, roll: FullRoll, context: Context) -> str:
    """The part of the ledger that the file speaks of."""
    if roll.by_school and _one_school_a_sheet(stage):
        return f"t.school_id IN (SELECT s.school_id FROM {stage.table} s)"
    if context.county is not None:
        return "t.county_id = %(county)s"
    return f"t.county_id IN (SELECT s.county_id FROM {stage.table} s)"


def _one_school_a_sheet(stage: Stage) -> bool:
    """Whether every sheet holds the roll of a single school."""
    most = stage.rows(
        f"SELECT max(schools) FROM (SELECT count(DISTINCT school_id) AS schools FROM {stage.table}"
        " GROUP BY sheet) d"
    )
    return bool(most[0][0] == 1)


def _table(stage: Stage) -> str:
    return f"{stage.table}_gone"

"""Taking back what one deed wrote, set by set, from the history of the ledgers.

Every write of a batch stands in the history under a context of its own.  For each ledger row that such a
context touched, the event before it is the state to return to, and an event after it under another context is
a later edit.  Taking back an undo works the same way, so a redo is nothing else.

What becomes of a row (`Fate`) is decided in a temporary table for each ledger, then carried out by one
delete, one update and one insert.  A row is left alone when somebody changed it later, and when taking it
back would break what stands beside it (`WHY`); leaving one alone may bind others, so the rules run until
nothing moves.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import CASCADE, Model

from datong_edu.importing.merging import columns_of
from datong_edu.importing.models import ImportBatch

Parameters = dict[str, Any]


class Fate(StrEnum):
    """What becomes of a row that the deed touched."""

    NONE = "none"
    REMOVED = "removed"
    RESTORED = "restored"
    RETURNED = "returned"
    KEPT = "kept"
    BLOCKED = "blocked"


WHY = {
    "edited": "之后被改动",
    "deleted": "之后被删除",
    "paid": "之后已发放资金",
    "beside": "同一人的相连记录之后被改动，一并保留",
    "taken": "台账中已有同一关键项的另一条记录",
    "cited": "仍被别的记录引用",
    "part": "所属的记录要保留",
    "owner": "所属的记录不在台账中",
    "number": "之后的记录按这个号码认人",
}
"""Why a row is left alone, for the clerk."""


@dataclass(frozen=True)
class Ledger:
    """A protected table, its history, and the temporary table in which the fate of its rows is decided."""

    model: type[Model]
    history: type[Model]

    @property
    def table(self) -> str:
        """The ledger itself."""
        return self.model._meta.db_table

    @property
    def events(self) -> str:
        """Its history."""
        return self.history._meta.db_table

    @property
    def fates(self) -> str:
        """The touched rows: obj, first, last, before, later, is_there, fate, why."""
        return f"pg_temp.fate_{self.table}"

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        return columns_of(self.model)

    @property
    def title(self) -> str:
        """学籍."""
        return str(self.model._meta.verbose_name)

    def stays(self, row: str) -> str:
        """Condition that a row of it will stand as it does now."""
        return (
            f"NOT EXISTS (SELECT 1 FROM {self.fates} z WHERE z.obj = {row}"
            " AND z.fate IN ('removed', 'restored'))"
        )

    @property
    def goals(self) -> str:
        """The states that rows would return to, with their fate and object."""
        return (
            f"(SELECT e.*, f.obj, f.fate, f.is_there FROM {self.fates} f JOIN {self.events} e"
            " ON e.pgh_id = f.before)"
        )


def _say_nothing(done: int, total: int) -> None:
    """Nobody listens."""


@dataclass
class Reversal:
    """One deed being taken back, inside the caller's transaction.

    `contexts` are the contexts of the history to take back, `dated` the ledgers in which a later row closes
    an earlier one, so that the rows of a person stand or fall together.
    """

    batch: ImportBatch
    contexts: Sequence[UUID]
    dated: frozenset[type[Model]] = frozenset()
    ledgers: list[Ledger] = field(default_factory=list)

    # --- deciding ---------------------------------------------------------------------------------------

    def decide(self, *, lock: bool, tell: Callable[[int, int], None] = _say_nothing) -> None:
        """Find the fate of every touched row; with `lock`, nobody changes one of them before the end.

        `tell` hears how many of the ledgers were gone through, each twice.
        """
        self.ledgers = [ledger for ledger in all_ledgers() if self._touched(ledger)]
        steps = 2 * len(self.ledgers)
        for step, ledger in enumerate(self.ledgers):
            tell(step, steps)
            self._collect(ledger)
        if lock:
            for ledger in self.ledgers:
                self.run(
                    f"SELECT 1 FROM {ledger.table} t WHERE id IN (SELECT obj FROM {ledger.fates})"
                    " ORDER BY id FOR UPDATE"
                )
        for step, ledger in enumerate(self.ledgers, start=len(self.ledgers)):
            tell(step, steps)
            self._judge(ledger)
        while sum(self._bind(ledger) for ledger in self.ledgers) + sum(rule(self) for rule in KEEPERS):
            pass

    def ledger_of(self, model: type[Model]) -> Ledger | None:
        """The ledger of a model, when the deed touched it."""
        return next((ledger for ledger in self.ledgers if ledger.model is model), None)

    def _touched(self, ledger: Ledger) -> bool:
        query = f"SELECT 1 FROM {ledger.events} WHERE pgh_context_id = ANY(%(contexts)s) LIMIT 1"
        return bool(self.rows(query))

    def _collect(self, ledger: Ledger) -> None:
        self.run(f"DROP TABLE IF EXISTS {ledger.fates}")
        self.run(
            f"CREATE TEMPORARY TABLE {ledger.fates} ON COMMIT DROP AS SELECT pgh_obj_id AS obj,"
            f" min(pgh_id) AS first, max(pgh_id) AS last, NULL::bigint AS before, NULL::bigint AS later,"
            f" false AS is_there, ''::text AS fate, ''::text AS why FROM {ledger.events}"
            " WHERE pgh_context_id = ANY(%(contexts)s) GROUP BY 1"
        )
        self._analyse(ledger)

    def _judge(self, ledger: Ledger) -> None:
        """First each row by itself: what it was, whether it is there, who came later."""
        self.run(
            f"UPDATE {ledger.fates} f SET before = a.before, later = a.later FROM (SELECT o.obj,"
            " max(e.pgh_id) FILTER (WHERE e.pgh_id < o.first) AS before, max(e.pgh_id) FILTER (WHERE"
            " e.pgh_id > o.first AND (e.pgh_context_id IS NULL OR e.pgh_context_id <> ALL(%(contexts)s)))"
            f" AS later FROM {ledger.fates} o JOIN {ledger.events} e ON e.pgh_obj_id = o.obj"
            " GROUP BY o.obj) a WHERE a.obj = f.obj"
        )
        self.run(
            f"UPDATE {ledger.fates} f SET before = NULL FROM {ledger.events} e"
            " WHERE e.pgh_id = f.before AND e.pgh_label = 'delete'"
        )
        self.run(f"UPDATE {ledger.fates} f SET is_there = true FROM {ledger.table} t WHERE t.id = f.obj")
        now, then = (", ".join(f"{side}.{name}" for name in ledger.columns) for side in ("t", "e"))
        # A later edit that was itself taken back is none.
        self.run(
            f"UPDATE {ledger.fates} f SET later = NULL FROM {ledger.table} t, {ledger.events} e WHERE"
            f" f.later IS NOT NULL AND t.id = f.obj AND e.pgh_id = f.last"
            f" AND ({now}) IS NOT DISTINCT FROM ({then})"
        )
        self.run(
            f"UPDATE {ledger.fates} SET fate = CASE WHEN before IS NULL AND NOT is_there THEN 'none'"
            " WHEN later IS NOT NULL THEN 'kept' WHEN before IS NULL THEN 'removed'"
            " WHEN NOT is_there THEN 'returned' ELSE 'restored' END,"
            " why = CASE WHEN later IS NULL THEN '' WHEN is_there THEN 'edited' ELSE 'deleted' END"
        )
        self.run(
            f"UPDATE {ledger.fates} f SET fate = 'none' FROM {ledger.table} t, {ledger.events} e"
            f" WHERE f.fate = 'restored' AND t.id = f.obj AND e.pgh_id = f.before"
            f" AND ({now}) IS NOT DISTINCT FROM ({then})"
        )
        for column, value in getattr(ledger.model, "money_has_moved", {}).items():
            self.run(
                f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'paid' FROM {ledger.table} t,"
                f" {ledger.events} e WHERE f.fate = 'kept' AND t.id = f.obj AND e.pgh_id = f.last"
                f" AND t.{column} = %(value)s AND e.{column} <> %(value)s",
                {"value": value},
            )
        self._analyse(ledger)

    def _bind(self, ledger: Ledger) -> int:
        """Then each row beside the others; returns how many more are left alone."""
        return (
            self._keep_together(ledger)
            + self._keep_keys_apart(ledger)
            + self._keep_what_is_cited(ledger)
            + self._keep_parts(ledger)
            + self._want_owners(ledger)
        )

    def _keep_together(self, ledger: Ledger) -> int:
        """In a dated ledger a row closed by a successor that stays must stay closed."""
        if ledger.model not in self.dated:
            return 0
        owners = f"SELECT f.*, e.person_id FROM {ledger.fates} f JOIN {ledger.events} e ON e.pgh_id = f.last"
        return self.run(
            f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'beside' FROM ({owners}) o WHERE"
            f" o.obj = f.obj AND {acting('f')} AND o.person_id IN (SELECT person_id FROM ({owners}) k WHERE"
            " k.fate IN ('kept', 'blocked'))"
        )

    def _keep_keys_apart(self, ledger: Ledger) -> int:
        """A row cannot return to a key that another one holds by now."""
        found = 0
        for columns, condition in unique_keys(ledger.table):
            where = f"WHERE {condition}" if condition else ""
            same = " AND ".join(f"r.{name} = g.{name}" for name in columns)
            found += self.run(
                f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'taken' FROM (SELECT * FROM"
                f" {ledger.goals} q {where}) g, (SELECT * FROM {ledger.table} {where}) r WHERE g.obj = f.obj"
                f" AND f.fate IN ('restored', 'returned') AND r.id <> f.obj AND {same}"
                f" AND {ledger.stays('r.id')}"
            )
        return found

    def _keep_what_is_cited(self, ledger: Ledger) -> int:
        """A row that another one still points at cannot go."""
        found = 0
        for model, column in citations(ledger.model):
            other = self.ledger_of(model)
            apart = f" AND {other.stays('c.id')}" if other else ""
            found += self.run(
                f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'cited' WHERE f.fate = 'removed'"
                f" AND EXISTS (SELECT 1 FROM {model._meta.db_table} c WHERE c.{column} = f.obj{apart})"
            )
        return found

    def _keep_parts(self, ledger: Ledger) -> int:
        """What belongs to a row the batch made stays when that row stays, and returns only with it."""
        found = 0
        for model, column in parts(ledger.model):
            part = self.ledger_of(model)
            if part is None:
                continue
            found += self.run(
                f"UPDATE {part.fates} f SET fate = 'blocked', why = 'part' FROM {part.table} t,"
                f" {ledger.fates} o WHERE f.fate = 'removed' AND t.id = f.obj AND o.obj = t.{column}"
                " AND o.before IS NULL AND o.fate IN ('kept', 'blocked')"
            )
            found += self.run(
                f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'taken' FROM {part.goals} g"
                f" WHERE f.fate = 'returned' AND g.{column} = f.obj AND g.fate = 'blocked'"
                " AND NOT g.is_there"
            )
        return found

    def _want_owners(self, ledger: Ledger) -> int:
        """A row can only return to rows that stand or return as well."""
        found = 0
        for model, column in owners_of(ledger.model):
            owner = self.ledger_of(model)
            gone = back = ""
            if owner is not None:
                of_owner = f"NOT EXISTS (SELECT 1 FROM {owner.fates} z WHERE z.obj = g.{column} AND z.fate ="
                gone, back = f" AND {of_owner} 'removed')", f" AND {of_owner} 'returned')"
            found += self.run(
                f"UPDATE {ledger.fates} f SET fate = 'blocked', why = 'owner' FROM {ledger.goals} g"
                f" WHERE g.obj = f.obj AND f.fate IN ('restored', 'returned') AND g.{column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM {model._meta.db_table} o WHERE o.id = g.{column}{gone})"
                f"{back}"
            )
        return found

    # --- doing ------------------------------------------------------------------------------------------

    def carry_out(self) -> None:
        """Delete, put back, insert again; whatever would not hold together fails here, not at the commit."""
        state_tables = self._state_tables()
        # Without a name, pgtrigger would ignore every trigger there is.
        with pgtrigger.ignore(*state_tables) if state_tables else nullcontext():
            for ledger in self.ledgers:
                self.write(
                    f"DELETE FROM {ledger.table} WHERE id IN (SELECT obj FROM {ledger.fates}"
                    " WHERE fate = 'removed')"
                )
            for ledger in self.ledgers:
                self._restore(ledger)
                names = ", ".join(ledger.columns)
                self.write(
                    f"INSERT INTO {ledger.table} ({names}) SELECT {names} FROM {ledger.goals} g"
                    " WHERE fate = 'returned' ORDER BY obj"
                )
            for follower in FOLLOWERS:
                follower(self)
        self.write("SET CONSTRAINTS ALL IMMEDIATE")
        self.write("SET CONSTRAINTS ALL DEFERRED")

    def _restore(self, ledger: Ledger) -> None:
        pairs = ", ".join(f"{name} = g.{name}" for name in ledger.columns if name != "id")
        self.write(
            f"UPDATE {ledger.table} t SET {pairs} FROM {ledger.goals} g WHERE g.obj = t.id"
            " AND g.fate = 'restored'"
        )

    def _state_tables(self) -> list[str]:
        """Triggers that allow a status only certain steps: going back is not a step."""
        touched = {ledger.model for ledger in self.ledgers}
        return [
            f"{model._meta.label}:{trigger.name}"
            for model, trigger in pgtrigger.registered()
            if model in touched and isinstance(trigger, pgtrigger.FSM)
        ]

    # --- telling ----------------------------------------------------------------------------------------

    def counts(self, ledger: Ledger) -> dict[str, int]:
        """Rows by fate."""
        return dict(self.rows(f"SELECT fate, count(*) FROM {ledger.fates} WHERE fate <> 'none' GROUP BY 1"))

    def counties(self) -> set[int]:
        """Counties whose facts change."""
        found: set[int] = set()
        for ledger in self.ledgers:
            if "county_id" in ledger.columns:
                found |= {
                    county
                    for (county,) in self.rows(
                        f"SELECT DISTINCT e.county_id FROM {ledger.fates} f JOIN {ledger.events} e"
                        f" ON e.pgh_id IN (f.last, f.before) WHERE {acting('f')}"
                    )
                }
        return found

    def left_alone(self, ledger: Ledger, fate: Fate, limit: int) -> list[tuple[Any, ...]]:
        """Rows that stay: why, as the deed left them, as they are now, the later event's time and context."""
        return self.rows(
            "SELECT f.why, to_jsonb(l), to_jsonb(t), e.pgh_created_at, x.metadata FROM"
            f" {ledger.fates} f JOIN {ledger.events} l ON l.pgh_id = f.last"
            f" LEFT JOIN {ledger.table} t ON t.id = f.obj LEFT JOIN {ledger.events} e ON e.pgh_id = f.later"
            " LEFT JOIN pghistory_context x ON x.id = e.pgh_context_id"
            " WHERE f.fate = %(fate)s ORDER BY f.obj LIMIT %(limit)s",
            {"fate": fate, "limit": limit},
        )

    def forget(self) -> None:
        """Drop the temporary tables before the transaction ends."""
        for ledger in self.ledgers:
            self.run(f"DROP TABLE IF EXISTS {ledger.fates}")

    # --- SQL --------------------------------------------------------------------------------------------

    def run(self, statement: str, parameters: Parameters | None = None) -> int:
        """Execute a statement; returns the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._known() | (parameters or {}))
            return max(int(cursor.rowcount), 0)

    def write(self, statement: str) -> None:
        """Change ledgers; what pgtrigger and pghistory put before it allows no named parameters."""
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def rows(self, query: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with connection.cursor() as cursor:
            cursor.execute(query, self._known() | (parameters or {}))
            return list(cursor.fetchall())

    def _known(self) -> Parameters:
        return {"contexts": list(self.contexts), "batch": self.batch.pk, "applied_at": self.batch.applied_at}

    def _analyse(self, ledger: Ledger) -> None:
        self.run(f"ANALYZE {ledger.fates}")


Rule = Callable[[Reversal], int]
Follower = Callable[[Reversal], None]
KEEPERS: list[Rule] = []
"""Rules of the rooms: each leaves more rows alone and returns how many."""
FOLLOWERS: list[Follower] = []
"""What the rooms put right in the same transaction after rows were taken back."""


def acting(alias: str) -> str:
    """Condition that a row will change."""
    return f"{alias}.fate IN ('removed', 'restored', 'returned')"


def all_ledgers() -> list[Ledger]:
    """Every protected table with facts; batches themselves are no fact."""
    tracked = [(getattr(history, "pgh_tracked_model", None), history) for history in apps.get_models()]
    return [
        Ledger(model, history)
        for model, history in tracked
        if model is not None and model is not ImportBatch and model._meta.pk.column == "id"
    ]


def citations(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Tables with a foreign key to this one, histories apart."""
    for relation in model._meta.related_objects:
        other = relation.related_model
        column = getattr(relation.field, "column", None)
        is_table = other._meta.managed and not other._meta.proxy  # proxies of the history have none
        if column and is_table and not hasattr(other, "pgh_tracked_model"):
            yield other, column


def parts(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Tables whose rows belong to a row of this one, as numbers do to a person."""
    for relation in model._meta.related_objects:
        if relation.on_delete is CASCADE and not hasattr(relation.related_model, "pgh_tracked_model"):
            yield relation.related_model, str(relation.field.column)


def owners_of(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Ledgers that rows of this one point at."""
    protected = {ledger.model for ledger in all_ledgers()}
    for one in model._meta.local_fields:
        if one.is_relation and one.related_model in protected:
            yield one.related_model, str(one.column)


def unique_keys(table: str) -> list[tuple[list[str], str]]:
    """Columns and condition of every unique index of a table but the primary key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(a.attname::text ORDER BY k.place), pg_get_expr(i.indpred, i.indrelid)"
            " FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a"
            " WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary"
            " AND a.attrelid = i.indrelid AND a.attnum = k.number AND i.indexprs IS NULL"
            " GROUP BY i.indexrelid, i.indpred, i.indrelid ORDER BY i.indexrelid",
            [table],
        )
        return [(columns, (condition or "").replace("%", "%%")) for columns, condition in cursor.fetchall()]

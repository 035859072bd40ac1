"""Staged rows: one table for each batch, filled by COPY, checked and merged in sets.

The table `staging.batch_<id>` has a typed column for every field, three for a sensitive one (ciphertext,
blind index, masked text), and what the check found: `fault_keys` and `fault_fields` run in parallel, and so
do `note_keys` and `note_fields`.  `sent` is the encrypted row as it was written in the file, `content` the
keyed fingerprint of all it says, `mark` that of where and how it says so as well.  The table is dropped as a
whole when its time is over; a crash of the database empties it, and the file is then checked again.  No
trigger watches it; every later statement goes through Django's cursor, so that the history of the ledgers
knows who did it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from datong_edu.core.wall.policies import walling_staged
from datong_edu.core.wall.standing import as_worker
from datong_edu.importing.cleaning import RUNNING_NUMBER
from datong_edu.importing.copying import NULL, PART, Copying, Lines
from datong_edu.importing.declare import Context, Roster

Parameters = Sequence[Any] | Mapping[str, Any]

SCHEMA = "staging"
FIXED = (
    ("seq", "integer PRIMARY KEY"),
    ("sheet", "text NOT NULL"),
    ("row", "integer NOT NULL"),
    ("hidden", "boolean NOT NULL"),
    ("content", "uuid NOT NULL"),
    ("mark", "uuid NOT NULL"),
    ("sent", "bytea"),
    ("fault_keys", "text[] NOT NULL"),
    ("fault_fields", "text[] NOT NULL"),
    ("note_keys", "text[] NOT NULL"),
    ("note_fields", "text[] NOT NULL"),
)
VERDICT = (("outcome", "text NOT NULL DEFAULT 'unchanged'"), ("changed", "text[]"))
ACCEPTED = "cardinality(s.fault_keys) = 0"


class Stage:
    """The staged rows of one batch."""

    def __init__(self, roster: Roster, batch_id: int) -> None:
        self.roster, self.batch_id = roster, batch_id
        self.table = f"{SCHEMA}.batch_{batch_id}"
        self.sealed = {c.name: c.sealed for c in roster.columns if c.sealed}
        self.plain = {c.name: c.sql for c in roster.columns if not c.sealed and c.field != RUNNING_NUMBER}
        self.plain |= {d.name: d.sql for d in roster.derived if not d.in_sets}
        self.in_sets = {d.name: d.sql for d in roster.derived if d.in_sets}

    # --- building -------------------------------------------------------------------------------------

    @as_worker()
    def create(self) -> None:
        """Make the table anew; whatever an earlier attempt left is dropped."""
        columns = [f'"{name}" {kind}' for name, kind in (*FIXED, *VERDICT)]
        columns += [f'"{name}" {kind}' for name, kind in (self.plain | self.in_sets).items()]
        for name in self.sealed:
            columns += [f'"{name}" bytea', f'"{name}_index" uuid', f'"{name}_masked" text']
        self.drop()
        # Room on each page for the checks to rewrite rows in place; not logged, for the file says it again.
        self.run(f"CREATE UNLOGGED TABLE {self.table} ({', '.join(columns)}) WITH (fillfactor = 60)")
        self.run(";".join(walling_staged(self.table, self.batch_id)))

    @as_worker()
    def drop(self) -> None:
        """Forget the staged rows, and who was missing from them."""
        self.run(f"DROP TABLE IF EXISTS {self.table}, {self.table}_gone CASCADE")

    @as_worker()
    def set_former_aside(self) -> str:
        """Keep the rows of the check before until this one is done; returns the name of their table."""
        former = f"{self.table}_former"
        self.run(f"DROP TABLE IF EXISTS {former}")
        self.run(f"ALTER TABLE {self.table} RENAME TO {former.partition('.')[2]}")
        return former

    @as_worker()
    def forget_former(self) -> None:
        """Drop the rows of the check before, where they were set aside."""
        self.run(f"DROP TABLE IF EXISTS {self.table}_former")

    def exists(self) -> bool:
        """Whether the staged rows are still there: dropped when their time is over, emptied by a crash."""
        there = self.rows("SELECT to_regclass(%s) IS NOT NULL", [self.table])[0][0]
        return bool(there and self.rows(f"SELECT EXISTS (SELECT 1 FROM {self.table})")[0][0])

    @property
    def copied(self) -> list[str]:
        """Columns that a row brings with it; all others are filled in sets."""
        names = [name for name, _ in FIXED] + list(self.plain)
        for name in self.sealed:
            names += [name, f"{name}_index", f"{name}_masked"]
        return names

    def copying(self) -> Copying:
        """The COPY that fills the table; its rows are those that `lines` writes."""
        return self.copying_into(self.table, self.copied)

    @staticmethod
    def copying_into(table: str, columns: Sequence[str]) -> Copying:
        """A COPY into some columns of a table of ours."""
        listed = ", ".join(f'"{name}"' for name in columns)
        return Copying(f"COPY {table} ({listed}) FROM STDIN WITH (DELIMITER '{PART}', NULL '{NULL}')")

    def lines(self) -> Lines:
        """The writer of the table's rows."""
        return Lines(self.plain, self.sealed)

    # --- asking ---------------------------------------------------------------------------------------

    def run(self, statement: str, parameters: Parameters = ()) -> int:
        """Execute a statement; returns the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return int(cursor.rowcount)

    def rows(self, query: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return list(cursor.fetchall())

    def has(self, column: str) -> bool:
        """Whether the roster stages this column."""
        return column in self.plain or column in self.in_sets or column in self.sealed

    def distinct(self, column: str) -> list[Any]:
        """Distinct values of a column over the accepted rows."""
        found = self.rows(
            f"SELECT DISTINCT {column} FROM {self.table} s WHERE {ACCEPTED} AND {column} IS NOT NULL"
        )
        return [value for (value,) in found]

    def counts(self) -> dict[str, int]:
        """Rows by outcome; the four add up to the data rows of the file."""
        found = dict(self.rows(f"SELECT outcome, count(*) FROM {self.table} GROUP BY 1"))
        warned = self.rows(
            f"SELECT count(*) FROM {self.table} s WHERE {ACCEPTED} AND cardinality(note_keys) > 0"
        )
        names = ("new", "changed", "unchanged", "refused")
        return {name: found.get(name, 0) for name in names} | {"warned": warned[0][0]}

    # --- checking -------------------------------------------------------------------------------------

    def mark_duplicates(self) -> None:
        """Refuse later copies of a row, then rows that contradict each other."""
        first = self.roster.conflicts[0].at if self.roster.conflicts else self.roster.columns[0].field
        self.run(
            f"UPDATE {self.table} s SET fault_keys = s.fault_keys || 'DUPLICATE_ROW'::text,"
            f" fault_fields = s.fault_fields || %s::text FROM (SELECT seq, row_number() OVER"
            f" (PARTITION BY content ORDER BY seq) AS copy FROM {self.table}) d"
            f" WHERE d.seq = s.seq AND d.copy > 1",
            [first],
        )
        self.mark_conflicts()

    def mark_conflicts(self) -> None:
        """Refuse the rows that contradict each other and were not refused for it before."""
        for conflict in self.roster.conflicts:
            columns = ", ".join(conflict.columns)
            present = " AND ".join(f"{column} IS NOT NULL" for column in conflict.columns)
            self.run(
                f"UPDATE {self.table} s SET fault_keys = s.fault_keys || 'DUPLICATE_CONFLICT'::text,"
                f" fault_fields = s.fault_fields || %s::text FROM (SELECT seq, count(*) FILTER"
                f" (WHERE {conflict.counted}) OVER (PARTITION BY {columns}) AS rivals FROM {self.table} s"
                f" WHERE {present} AND NOT 'DUPLICATE_ROW' = ANY (fault_keys)) d"
                f" WHERE d.seq = s.seq AND d.rivals > 1"
                f" AND NOT 'DUPLICATE_CONFLICT' = ANY (s.fault_keys)",
                [conflict.at],
            )

    def analyse(self) -> None:
        """Tell the planner what was copied; nobody joins or sorts by what is sealed, masked or listed."""
        narrow = [name for name, kind in self.plain.items() if not kind.endswith("[]")]
        narrow += [f"{name}_index" for name in self.sealed]
        listed = ", ".join(f'"{name}"' for name in ("seq", "content", *narrow))
        self.run("SET LOCAL default_statistics_target = 10")
        self.run(f"ANALYZE {self.table} ({listed})")
        self.run("SET LOCAL default_statistics_target TO DEFAULT")

    def settle(self) -> None:
        """Give refused rows their outcome; all others are unchanged unless the merge says something else."""
        self.run(f"UPDATE {self.table} s SET outcome = 'refused' WHERE NOT ({ACCEPTED})")


def parameters_of(context: Context) -> dict[str, Any]:
    """Values that target expressions may name: `%(term)s`, `%(as_of)s`, `%(term_start)s`, `%(county)s`."""
    county = context.county
    return {
        "term": context.term.code if context.term else None,
        "term_start": context.term.starts_on if context.term else context.as_of,
        "as_of": context.as_of,
        "county": county.pk if county else None,
        "batch": context.batch_id,
    }

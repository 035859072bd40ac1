"""Merging staged rows into the ledgers: the same SQL decides what would change and changes it.

For each `Target` the accepted staged rows are joined to the ledger on the target's key.  No ledger row: new.
A ledger row that differs: changed, and only then is it written, so that importing the same content twice
writes nothing.  Ciphertext is never compared (its nonce is random); the blind index beside it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED

from datong_edu.importing.declare import Context, Target
from datong_edu.importing.models import ImportedFact
from datong_edu.importing.staging import ACCEPTED, Stage, parameters_of

PROVENANCE = {
    "source_batch_id": "%(batch)s::bigint",
    "source_sheet": "s.sheet",
    "source_row": "s.row",
}


@dataclass(frozen=True)
class Plan:
    """The SQL pieces of merging one stage into one target.

    `only_changes` leaves out the rows that the check found unchanged, where nothing was written since.
    """

    stage: Stage
    target: Target
    parameters: dict[str, Any]
    only_changes: bool = False

    @property
    def table(self) -> str:
        """Name of the ledger's table."""
        return self.target.model._meta.db_table

    @property
    def source(self) -> str:
        """The accepted staged rows, one for each element of an unnested column."""
        element = f", unnest(s.{self.target.of_value}) AS element" if self.target.of_value else ""
        return f"(SELECT s.*{element} FROM {self.stage.table} s WHERE {ACCEPTED} AND ({self.target.where})) s"

    @property
    def join(self) -> str:
        """Condition under which a ledger row `t` is the one a staged row means."""
        same = [f"t.{column} = {self.target.columns[column]}" for column in self.target.key]
        if self.target.dated:
            same.append(
                "t.since_on <= %(term_start)s AND (t.until_on IS NULL OR t.until_on > %(term_start)s)"
            )
        return " AND ".join(same)

    @property
    def one_each(self) -> str:
        """The staged rows, the last one of each key."""
        keys = ", ".join(self.target.columns[column] for column in self.target.key)
        last = f"SELECT DISTINCT ON ({keys}) s.* FROM {self.source} ORDER BY {keys}, s.seq DESC"
        return (
            f"(SELECT * FROM ({last}) s WHERE outcome <> 'unchanged') s"
            if self.only_changes
            else f"({last}) s"
        )

    @property
    def compared(self) -> list[str]:
        """Columns whose difference makes a row changed."""
        ciphers = {
            f.column for f in self.target.model._meta.local_fields if isinstance(f, models.BinaryField)
        }
        masked = {f"{cipher}_masked" for cipher in ciphers}
        return [c for c in self.target.columns if c not in self.target.key and c not in ciphers | masked]

    def value(self, column: str) -> str:
        """What an existing row's column becomes: a blank cell keeps the old value."""
        expression = self.target.columns[column]
        return expression if column in self.target.overwrite else f"COALESCE({expression}, t.{column})"

    @property
    def differs(self) -> str:
        """Condition that a ledger row is not what the staged row says."""
        pairs = [f"{self.value(column)} IS DISTINCT FROM t.{column}" for column in self.compared]
        return f"({' OR '.join(pairs)})" if pairs else "false"

    # --- the check ------------------------------------------------------------------------------------

    def classify(self, *, decides_new: bool) -> None:
        """Mark each staged row new or changed, with the ledger columns it would change."""
        names = ", ".join(
            f"CASE WHEN t.id IS NOT NULL AND {self.value(c)} IS DISTINCT FROM t.{c} THEN '{c}' END"
            for c in self.compared
        )
        missing = "'new'" if decides_new else "'changed'"
        # Rows that share a ledger row beside their own, as members share a household: the last one decides.
        rows = self.source if decides_new else self.one_each
        self.stage.run(
            f"UPDATE {self.stage.table} u SET outcome = CASE WHEN u.outcome = 'new' THEN 'new' ELSE"
            f" d.outcome END, changed = COALESCE(u.changed, '{{}}') || d.changed FROM (SELECT s.seq,"
            f" CASE WHEN bool_or(t.id IS NULL) THEN {missing} ELSE 'changed' END AS outcome,"
            f" COALESCE(array_agg(DISTINCT c) FILTER (WHERE c IS NOT NULL), '{{}}') AS changed"
            f" FROM {rows} LEFT JOIN {self.table} t ON {self.join}"
            f" LEFT JOIN LATERAL unnest(ARRAY[{names}]::text[]) c ON true"
            f" WHERE t.id IS NULL OR {self.differs} GROUP BY s.seq) d WHERE d.seq = u.seq",
            self.parameters,
        )

    # --- the deed -------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Write what is new or different."""
        if self.target.dated:
            self._succeed()
        self._update()
        self._insert()

    def _update(self) -> None:
        changes = {c: self.value(c) for c in self.target.columns if c not in self.target.key}
        if not changes:
            return
        changes |= self._provenance()
        pairs = ", ".join(f"{column} = {value}" for column, value in changes.items())
        # PostgreSQL lets SET read the old row only through the updated table itself, hence the alias t.
        self.stage.run(
            f"UPDATE {self.table} t SET {pairs} FROM {self.one_each} WHERE {self.join} AND {self.differs}",
            self.parameters,
        )

    def _insert(self) -> None:
        values = self._defaults() | {
            column: self._or_default(column, expression) for column, expression in self.target.columns.items()
        }
        values |= self._provenance()
        later = ""
        if self.target.dated:
            values |= {"since_on": "%(term_start)s::date", "until_on": "n.since_on"}
            later = self._later()
        self.stage.run(
            f"INSERT INTO {self.table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
            f" FROM {self.one_each} LEFT JOIN {self.table} t ON {self.join}{later} WHERE t.id IS NULL"
            f" ORDER BY s.seq",
            self.parameters,
        )

    def _later(self) -> str:
        """Join of the next row of the same key, for a file of a term that is older than what is known."""
        keys = ", ".join(self.target.key)
        same = " AND ".join(f"n.{column} = {self.target.columns[column]}" for column in self.target.key)
        return (
            f" LEFT JOIN (SELECT {keys}, min(since_on) AS since_on FROM {self.table}"
            f" WHERE since_on > %(term_start)s GROUP BY {keys}) n ON {same}"
        )

    def _succeed(self) -> None:
        """Close changed rows of an earlier term; their successors stand until the old rows would have."""
        kept = [column for column in columns_of(self.target.model) if column != "id"]
        values = {column: f"t.{column}" for column in kept}
        values |= {column: self.value(column) for column in self.target.columns}
        values |= self._provenance() | {"since_on": "%(term_start)s::date", "until_on": "t.stood_until"}
        self.stage.run(
            f"WITH closed AS (UPDATE {self.table} t SET until_on = %(term_start)s::date"
            f" FROM {self.one_each} WHERE {self.join} AND t.since_on < %(term_start)s::date"
            f" AND {self.differs} RETURNING t.*, s.seq AS of_seq, old.until_on AS stood_until)"
            f" INSERT INTO {self.table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
            f" FROM closed t JOIN {self.one_each} ON s.seq = t.of_seq",
            self.parameters,
        )

    def _provenance(self) -> dict[str, str]:
        return PROVENANCE if issubclass(self.target.model, ImportedFact) else {}

    def _or_default(self, column: str, expression: str) -> str:
        default = self._defaults().get(column, "NULL")
        return expression if default == "NULL" else f"COALESCE({expression}, {default})"

    def _defaults(self) -> dict[str, str]:
        fields = self.target.model._meta.local_fields
        return {str(field.column): default_sql(field) for field in fields if not field.primary_key}


def columns_of(model: type[models.Model]) -> list[str]:
    """Column names of a ledger."""
    return [str(field.column) for field in model._meta.local_fields]


def default_sql(field: "models.Field[Any, Any]") -> str:
    """The default of a column as an SQL literal; columns without one are NULL."""
    if field.default is not NOT_PROVIDED and field.default is not None:
        if isinstance(field, models.UUIDField):
            return "gen_random_uuid()"
        value = field.default() if callable(field.default) else field.default
        return literal(value)
    if isinstance(field, models.CharField | models.TextField) and not field.null and field.blank:
        return "''"
    return "NULL"


def literal(value: Any) -> str:
    """A declared default as an SQL literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return "'{}'"
    text = str(value).replace("'", "''").replace("%", "%%")
    return text if isinstance(value, int) else f"'{text}'"


def plans(stage: Stage, context: Context, *, only_changes: bool = False) -> Iterable[Plan]:
    """One plan for each target of the stage's roster, in order."""
    parameters = parameters_of(context)
    for target in stage.roster.targets:
        yield Plan(stage, target, parameters, only_changes)


def classify(stage: Stage, context: Context) -> None:
    """Decide for every accepted row whether it is new, changed or unchanged; without a ledger all are new."""
    if not stage.roster.targets:
        stage.run(f"UPDATE {stage.table} s SET outcome = 'new' WHERE {ACCEPTED}")
    for position, plan in enumerate(plans(stage, context)):
        plan.classify(decides_new=position == 0 or plan.target.decides_new)
    if stage.roster.not_written:
        stage.run(
            f"UPDATE {stage.table} s SET outcome = 'new' WHERE {ACCEPTED} AND {stage.roster.not_written}"
        )


def expect_many_rows() -> None:
    """Let the planner hash for the rest of this transaction.

    An empty but analysed ledger makes it choose a nested loop over every staged row, and so does a plan that
    a trigger of the history kept from a statement of few rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
        cursor.execute("SET LOCAL enable_nestloop = off")


def merge(stage: Stage, context: Context, *, only_changes: bool) -> None:
    """Merge the accepted rows into every target; `only_changes` as the check found them."""
    for plan in plans(stage, context, only_changes=only_changes):
        plan.merge()

"""What can be done at once with all rows of a cause, and the texts that stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from datong_edu.importing.cleaners.base import Refuse
from datong_edu.importing.copying import read_written
from datong_edu.importing.declare import Column, Context, Meaning, Roster
from datong_edu.importing.enums import Deed
from datong_edu.importing.labels import masked
from datong_edu.importing.mending.overlay import LEFT_OUT, Place, word_key
from datong_edu.importing.staging import ACCEPTED, Stage

MOST_ROWS_READ = 20_000
MOST_TEXTS = 30
NEVER_BLANK = ("ID_", "ACCOUNT", "AMOUNT", "SCHOOL", "COUNTY", "DUPLICATE", "NAME", "STUDENT_NO", "TERM")
"""Reasons of what a row is known or paid by: read as blank, it would be another row."""
MISSING = "MISSING"
BLANKABLE_SEALED = frozenset({"phone"})


@dataclass(frozen=True)
class Fixes:
    """What is offered for a cause: deeds for all of its rows, and meanings to choose from for its texts."""

    deeds: tuple[Deed, ...] = ()
    meanings: list[Meaning] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether rows can only be mended one by one."""
        return not self.deeds and not self.meanings


@dataclass(frozen=True)
class Written:
    """One distinct text of a cause: how it is written, in how many rows, and the first of them."""

    text: str
    rows: int
    place: str


def fixes_for(roster: Roster, key: str, field_name: str, context: Context) -> Fixes:
    """The fixes that make sense for a cause; numbers of people, accounts and amounts are never repaired."""
    if key == LEFT_OUT:
        return Fixes()
    column = roster.column_for(field_name)
    meanings = roster.meanings(key, field_name, context)
    deeds = [Deed.LEAVE_OUT]
    if column is not None and _may_be_blank(roster, key, column, context):
        deeds.insert(0, Deed.BLANK)
    return Fixes(tuple(deeds), meanings)


def _may_be_blank(roster: Roster, key: str, column: Column, context: Context) -> bool:
    """Whether the roster can do without the cell: it may be empty, and nobody is known or paid by it."""
    if key.startswith(NEVER_BLANK) or key.endswith(MISSING):
        return False
    if column.sql == "numeric" or (column.sealed and column.sealed not in BLANKABLE_SEALED):
        return False
    try:
        roster.cleaner(column, context)("")
    except Refuse:
        return False
    return True


def written_texts(
    stage: Stage, key: str, field_name: str, mended: Mapping[Place, str], *, is_warning: bool
) -> list[Written]:
    """Distinct texts of a cause with their rows, the most frequent first.

    `mended` are the texts that stand in for the cells of this column.

    Of a very long cause the first 20,000 rows are looked at; the next check shows what is left.  Where the
    file has no such column, the name of the sheet stands for it.  A text with a long number in it is no word.
    """
    sort = "note" if is_warning else "fault"
    condition = ACCEPTED if is_warning else "s.outcome = 'refused'"
    found = stage.rows(
        f"SELECT sheet, row, sent FROM {stage.table} s WHERE {condition} AND EXISTS (SELECT FROM"
        f" unnest(s.{sort}_keys, s.{sort}_fields) AS u(key, field) WHERE u.key = %s AND u.field = %s)"
        f" ORDER BY seq LIMIT {MOST_ROWS_READ}",
        [key, field_name],
    )
    texts: dict[str, tuple[str, str]] = {}
    counted: dict[str, int] = {}
    for sheet, row, sent in found:
        cells = read_written(sent)
        text = mended.get((sheet, row), cells.get(field_name, sheet).strip())
        known = word_key(text)
        counted[known] = counted.get(known, 0) + 1
        texts.setdefault(known, (text, f"{sheet} {row}"))
    written = [
        Written(text, counted[known], place)
        for known, (text, place) in texts.items()
        if known and masked(text) == text
    ]
    return sorted(written, key=lambda one: -one.rows)[:MOST_TEXTS]

"""What is laid over the cells of a file before they are cleaned: mends, answers and decisions.

The uploaded bytes never change.  Every check reads them anew and lays the same things over them, so a
re-check after a closed page or a killed worker comes to the same result.  A batch with nothing to lay over it
is cleaned as it is.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from datong_edu.core import crypto
from datong_edu.importing.cells import shown
from datong_edu.importing.cleaners.base import Refuse, word
from datong_edu.importing.cleaning import RowCleaner
from datong_edu.importing.declare import Context, Roster, Row
from datong_edu.importing.enums import Deed
from datong_edu.importing.models import CauseDecision, CellMend, ImportBatch, RememberedAnswer
from datong_edu.importing.staging import Stage

BLOB_MEND = "cell_mend"
LEFT_OUT = "LEFT_OUT"
RANDOM_BYTES = 16
WAITING = f"outcome = 'refused' AND NOT fault_keys <@ ARRAY['{LEFT_OUT}', 'DUPLICATE_ROW']::text[]"
"""Refused rows that somebody could still mend: left-out rows are decided, a second copy adds nothing."""
Place = tuple[str, int]


class CleansRows(Protocol):
    """Whatever turns the cells of a row into a row: read, then judged, one row after the other."""

    @property
    def fingerprint(self) -> bytes:
        """Fingerprint of the mapping for the row read last; rows that differ in it are never the same."""

    def read(self, number: int, cells: Sequence[Any]) -> Row | None:
        """The texts of one row; None for one that is not taken."""

    def judge(self, row: Row) -> Row:
        """Give the row read last its values, faults and warnings."""


@dataclass
class Overlay:
    """All that is laid over the rows of one batch.

    `texts` are mended cells by place and field, `left_out` the rows left out one by one, `words` the
    remembered meaning of a written word by field, `blanks` the causes whose cells are read as blank.  `only`
    names the rows that are taken at all; None takes every row.
    """

    texts: dict[Place, dict[str, str]] = field(default_factory=dict)
    left_out: set[Place] = field(default_factory=set)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    blanks: set[tuple[str, str]] = field(default_factory=set)
    only: frozenset[Place] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether rows are cleaned as they stand in the file."""
        return self.only is None and not (self.texts or self.left_out or self.words or self.blanks)

    def over(self, cleaner: RowCleaner) -> CleansRows:
        """A sheet's cleaner with everything laid over its rows first."""
        return cleaner if self.is_empty else _MendedCleaner(self, cleaner)

    def meant(self, field_name: str, cell: Any) -> str | None:
        """The word that a written one was said to mean."""
        known = self.words.get(field_name)
        return known.get(word_key(cell)) if known else None


class _MendedCleaner:
    """Cleans the rows of one sheet with mends laid over them; what was sent is kept as it was sent.

    A row that something lies over is like no other row, and is never taken over from another check: its
    fingerprint is random.  With a blank decision nobody knows before a row is judged, so that holds for all.
    """

    def __init__(self, overlay: Overlay, cleaner: RowCleaner) -> None:
        self.overlay, self.cleaner = overlay, cleaner
        self.sheet = cleaner.mapping.name
        self.positions = cleaner.places
        self.answered = [name for name in overlay.words if name in self.positions]
        self.sent: Sequence[Any] = ()
        self.laid: dict[str, str] = {}
        self.is_left_out = False

    @property
    def fingerprint(self) -> bytes:
        """The sheet's own for a row as the file has it."""
        is_touched = self.laid or self.is_left_out or self.overlay.blanks
        return os.urandom(RANDOM_BYTES) if is_touched else self.cleaner.fingerprint

    def read(self, number: int, cells: Sequence[Any]) -> Row | None:
        """The row with everything laid over it."""
        place = (self.sheet, number)
        if self.overlay.only is not None and place not in self.overlay.only:
            return None
        self.sent, self.laid = cells, self._laid_over(place, cells)
        self.is_left_out = place in self.overlay.left_out
        return self.cleaner.read(number, self._with(cells, self.laid) if self.laid else cells)

    def judge(self, row: Row) -> Row:
        """Its values; one that is left out keeps its place and says nothing."""
        self.cleaner.judge(row)
        blank = {at for key, at in row.faults if (key, at) in self.overlay.blanks and at in self.positions}
        if blank:
            self.laid |= dict.fromkeys(blank, "")
            row.cells = self._with(row.cells, dict.fromkeys(blank, ""))
            self.cleaner.judge(row)
            for name in sorted(blank):
                row.warn("READ_AS_BLANK", name)
        if self.laid:
            row.words = self._as_sent(row)
        if self.is_left_out:
            self._leave_out(row)
        return row

    def _laid_over(self, place: Place, cells: Sequence[Any]) -> dict[str, str]:
        mended = self.overlay.texts.get(place, {})
        laid = {name: text for name, text in mended.items() if name in self.positions}
        for name in self.answered:
            meant = self.overlay.meant(name, laid.get(name, self._cell(cells, name)))
            if meant is not None:
                laid[name] = meant
        return laid

    def _cell(self, cells: Sequence[Any], name: str) -> Any:
        position = self.positions[name]
        return cells[position] if position < len(cells) else ""

    def _with(self, cells: Sequence[Any], laid: Mapping[str, str]) -> list[Any]:
        longest = max(self.positions[name] for name in laid) + 1
        mended = [*cells, *[""] * (longest - len(cells))]
        for name, text in laid.items():
            mended[self.positions[name]] = text
        return mended

    def _as_sent(self, row: Row) -> list[str]:
        """The texts of a row as the file has them, whatever was laid over them."""
        words = list(row.words)
        for name in self.laid:
            words[self.positions[name]] = shown(self._cell(self.sent, name))
        return words

    def _leave_out(self, row: Row) -> None:
        """Refused by decision; without values it contradicts no other row and doubles none."""
        row.values = dict.fromkeys(row.values)
        row.said = f"{LEFT_OUT}\x1f{row.sheet}\x1f{row.number}"
        row.faults, row.notes = [(LEFT_OUT, next(iter(row.places), ""))], []


def overlay_of(stage: Stage, context: Context) -> Overlay:
    """Everything that lies over the batch of a stage."""
    batch = ImportBatch.objects.whole_city().select_related("unit").get(pk=stage.batch_id)
    overlay = Overlay(words=remembered_words(stage.roster, batch), only=_rows_to_take(batch, stage.roster))
    for mend in CellMend.objects.filter(batch=batch).iterator():
        place = (mend.sheet, mend.row)
        if mend.field:
            overlay.texts.setdefault(place, {})[mend.field] = text_of(mend)
        else:
            overlay.left_out.add(place)
    blanks = CauseDecision.objects.filter(batch=batch, deed=Deed.BLANK)
    overlay.blanks = set(blanks.values_list("reason_key", "field"))
    return overlay


def overlay_of_rows(batch: ImportBatch, places: Iterable[Place], words: dict[str, dict[str, str]]) -> Overlay:
    """What lies over a few rows of a batch, for a page that shows them; `words` as `remembered_words` has."""
    overlay = Overlay(words=words)
    wanted = set(places)
    rows = [number for _, number in wanted]
    for mend in CellMend.objects.filter(batch=batch, row__in=rows):
        place = (mend.sheet, mend.row)
        if place in wanted and mend.field:
            overlay.texts.setdefault(place, {})[mend.field] = text_of(mend)
        elif place in wanted:
            overlay.left_out.add(place)
    return overlay


def remembered_words(roster: Roster, batch: ImportBatch) -> dict[str, dict[str, str]]:
    """What the batch's unit said words of this roster mean: answer by field and written word."""
    found: dict[str, dict[str, str]] = {}
    answers = RememberedAnswer.objects.whole_city().filter(
        unit=batch.unit, topic__startswith=f"{roster.key}."
    )
    for topic, text, answer in answers.values_list("topic", "text", "answer"):
        found.setdefault(topic.partition(".")[2], {})[text] = answer
    return found


def typed_cells_of(batch: ImportBatch) -> Iterator[tuple[Place, str, str | None]]:
    """Place, field and new text of each typed cell of a batch; no text for a number of the registry."""
    for mend in CellMend.objects.filter(batch=batch).exclude(field="").iterator():
        yield (mend.sheet, mend.row), mend.field, None if mend.is_vouched else text_of(mend)


def count_mends(batch: ImportBatch) -> dict[str, int]:
    """How many cells were typed or rows left out one by one, and how many causes decided."""
    return {
        "mends": CellMend.objects.filter(batch=batch).count(),
        "decisions": CauseDecision.objects.filter(batch=batch).count(),
    }


def leave_out_causes(stage: Stage) -> int:
    """Mark the rows of causes that are not imported by decision; returns how many rows."""
    rows = 0
    decided = CauseDecision.objects.filter(batch_id=stage.batch_id, deed=Deed.LEAVE_OUT)
    for key, at in decided.values_list("reason_key", "field"):
        rows += stage.run(
            f"UPDATE {stage.table} s SET fault_keys = ARRAY[%s]::text[], fault_fields = ARRAY[%s]::text[],"
            # The next check must find these rows new, for the decision may be withdrawn.
            " mark = gen_random_uuid() WHERE s.outcome = 'refused' AND EXISTS"
            " (SELECT FROM unnest(s.fault_keys, s.fault_fields) AS u(key, field)"
            " WHERE u.key = %s AND u.field = %s)",
            [LEFT_OUT, at, key, at],
        )
    return rows


def word_key(cell: Any) -> str:
    """A written word as it is remembered: half-width, without spaces, in capitals; "" for what is none."""
    try:
        return word(cell).upper()[:200]
    except Refuse:
        return ""


def text_of(mend: CellMend) -> str:
    """The text a mend puts into its cell."""
    return crypto.decrypt_blob(BLOB_MEND, mend.cipher).decode() if mend.cipher is not None else ""


def sealed_text(text: str) -> bytes:
    """A mend's text as it is kept."""
    return crypto.encrypt_blob(BLOB_MEND, text.encode())


def forget_mends(batch: ImportBatch) -> None:
    """Drop what was typed for a batch, together with its file."""
    CellMend.objects.filter(batch=batch).delete()


def _rows_to_take(batch: ImportBatch, roster: Roster) -> frozenset[Place] | None:
    """Places of the rows that the batch before left waiting; None where the batch takes all rows."""
    if not batch.is_rest or batch.continues_id is None:
        return None
    before = Stage(roster, batch.continues_id)
    if not before.exists():
        return frozenset()
    return frozenset(before.rows(f"SELECT sheet, row FROM {before.table} WHERE {WAITING}"))

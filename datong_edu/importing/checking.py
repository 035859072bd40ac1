"""The check of one file: read in a child process, clean row by row, stage by COPY, compare in sets.

Everything happens inside the caller's transaction, so that a killed worker leaves nothing behind; a dry run
rolls it back.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.scope import scope_of
from datong_edu.core import clock
from datong_edu.core.models import Term
from datong_edu.importing import mapping as mappings
from datong_edu.importing import merging
from datong_edu.importing.child import ChildReading
from datong_edu.importing.cleaning import RowCleaner
from datong_edu.importing.copying import Copying
from datong_edu.importing.declare import Context, Roster, Row
from datong_edu.importing.enums import BatchState
from datong_edu.importing.layout import Row as SheetRow
from datong_edu.importing.layout import SheetLayout, SheetRole
from datong_edu.importing.mending.overlay import leave_out_causes, overlay_of
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.repeats import Repeats, circumstances_of, repeats_of
from datong_edu.importing.staging import Stage

Progress = Callable[[str, int, int], None]
Observer = Callable[[Row, bool], None]
CHECKING_ROWS = "正在检查各行"
"""The phase in which `done` and `total` are rows of the file, as far as opening it tells."""


def no_progress(phase: str, done: int = 0, total: int = 0) -> None:
    """Say nothing."""


@dataclass
class Checked:
    """What a check found out."""

    stage: Stage
    context: Context
    sheets: list[SheetLayout]
    counts: dict[str, int]
    mapping: mappings.Mapping
    content_digest: str
    circumstances: str
    encoding: str | None = None
    delimiter: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """Rows that can be applied."""
        return self.counts["new"] + self.counts["changed"] + self.counts["unchanged"]


def context_of(*, unit: Unit, term: Term | None, by: User, batch_id: int | None) -> Context:
    """The context of a batch: a file without a term speaks of the day the portal works on."""
    as_of = term.census_on if term else working_day()
    scope = scope_of(by)
    allowed = None if scope.city else scope.county_ids
    return Context(unit=unit, term=term, as_of=as_of, allowed_county_ids=allowed, batch_id=batch_id)


def working_day() -> date:
    """The day a file without a term speaks of.

    The demo city has a day of its own; elsewhere it is the census day of the latest term any roster was
    applied for, so that staff rosters stand beside the registry they belong to; else today.
    """
    applied = ImportBatch.objects.whole_city().filter(state=BatchState.APPLIED).order_by("-term__starts_on")
    latest = applied.exclude(term=None).values_list("term__census_on", flat=True).first()
    return clock.business_date() or latest or clock.today()


def check_file(
    *,
    batch: ImportBatch,
    roster: Roster,
    data: bytes,
    by: User,
    mapping: mappings.Mapping | None = None,
    progress: Progress = no_progress,
    observer: Observer | None = None,
) -> Checked:
    """Stage and check a file; raises RefusedFile when it cannot be read as this roster."""
    context = context_of(unit=batch.unit, term=batch.term, by=by, batch_id=batch.pk)
    progress("读取文件", 0, 0)
    words = mappings.vocabulary(roster, loose=mapping is not None)
    with ChildReading(batch.file_name, data, vocabulary=words) as reading:
        chosen = mapping or mappings.propose(roster, batch.unit, reading.sheets).mapping
        if "*" in chosen:
            chosen = {sheet.name: chosen["*"] for sheet in reading.sheets}
        leave_unmapped(reading.sheets, chosen)
        mappings.check_mapping(roster, reading.sheets, chosen)
        context.is_text_file = reading.kind.encoding is not None
        roster.prepare(context)
        stage = Stage(roster, batch.pk)
        circumstances = circumstances_of(context)
        # Whoever looks at each row wants its values, so that none is taken over.
        repeats = repeats_of(batch, stage, circumstances) if observer is None else Repeats("", stage)
        stage.create()
        staging = _Staging(stage, reading, chosen, context, repeats)
        with without_searching_for_cycles(), stage.copying() as copying:
            digest, rows = staging.run(copying, progress, observer)
        repeats.bring()
        sheets, kind = reading.sheets, reading.kind
        leave_unmapped(sheets, chosen)
    progress(f"核对重复与学校（{rows:,} 行）", 0, 0)
    stage.mark_duplicates()
    stage.analyse()
    progress(f"与库中数据比对（{rows:,} 行）", 0, 0)
    merging.expect_many_rows()
    roster.resolve(stage, context)
    merging.classify(stage, context)
    stage.settle()
    leave_out_causes(stage)
    return Checked(
        stage=stage,
        context=context,
        sheets=sheets,
        counts=stage.counts(),
        mapping=chosen,
        content_digest=digest,
        circumstances=circumstances,
        encoding=kind.encoding,
        delimiter=kind.delimiter,
    )


@contextmanager
def without_searching_for_cycles() -> Iterator[None]:
    """Rows hold no reference cycles; looking for some among so many objects takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def leave_unmapped(sheets: list[SheetLayout], chosen: mappings.Mapping) -> None:
    """A sheet of which no column was mapped is not read."""
    for sheet in sheets:
        if not any(chosen.get(sheet.name, {}).values()):
            sheet.role = SheetRole.IGNORE


def _expected(reading: ChildReading) -> int:
    """Rows of the file, notes and totals among them, as far as opening it tells."""
    return sum(sheet.expected_rows for sheet in reading.sheets if sheet.role is SheetRole.DATA)


class _Staging:
    """The rows of one reading on their way into the staging table."""

    def __init__(
        self,
        stage: Stage,
        reading: ChildReading,
        chosen: mappings.Mapping,
        context: Context,
        repeats: Repeats,
    ) -> None:
        overlay = overlay_of(stage, context)
        self.reading, self.repeats, self.lines = reading, repeats, stage.lines()
        self.cleaners = {
            sheet.name: overlay.over(RowCleaner(stage.roster, context, mappings.sheet_mapping(sheet, chosen)))
            for sheet in reading.sheets
        }
        self.hidden_sheets = {sheet.name for sheet in reading.sheets if sheet.hidden}
        self.digest = hashlib.sha256()

    def run(self, copying: Copying, progress: Progress, observer: Observer | None) -> tuple[str, int]:
        """Clean and copy all rows; returns the digest of what they say, whatever the bytes, and how many."""
        expected = _expected(self.reading)
        progress(CHECKING_ROWS, 0, expected)
        for sheet, rows in _slices(self.reading):
            pending = [self._line(sheet.name, row, observer) for row in rows]
            copying.add("".join(pending))
            progress(CHECKING_ROWS, self.lines.seq, max(expected, self.lines.seq))
        return self.digest.hexdigest(), self.lines.seq

    def _line(self, sheet: str, sent: SheetRow, observer: Observer | None) -> str:
        """The line of one row; "" where it has none, or an earlier check has cleaned it."""
        number, is_hidden, cells = sent
        cleaner = self.cleaners[sheet]
        row = cleaner.read(number, cells)
        if row is None:
            return ""
        self.digest.update(row.said.encode(errors="replace"))
        hidden = is_hidden or sheet in self.hidden_sheets
        mark = self.repeats.mark(row, is_hidden, hidden, cleaner.fingerprint)
        if self.repeats.has(mark):
            self.repeats.add(self.lines.next(), number, mark)
            return ""
        cleaner.judge(row)
        if hidden:
            at = "name" if row.has("name") else next(iter(row.places), "")
            row.warn("HIDDEN_ROW" if is_hidden else "HIDDEN_SHEET", at)
        if observer is not None:
            observer(row, is_hidden)
        return self.lines.line(row, is_hidden, mark)


def _slices(reading: ChildReading) -> Iterator[tuple[SheetLayout, list[SheetRow]]]:
    return ((sheet, rows) for sheet, rows in reading.slices() if sheet.role is SheetRole.DATA)

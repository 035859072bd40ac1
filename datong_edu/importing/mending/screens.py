"""What the pages of mending show: the texts of a cause with what they may mean, and the log of mends."""

from dataclasses import dataclass, field
from datetime import datetime

from datong_edu.accounts.models import User
from datong_edu.importing.copying import read_written
from datong_edu.importing.declare import SCHOOL_REASONS, Meaning, Roster, roster_called
from datong_edu.importing.labels import field_label, masked
from datong_edu.importing.mending.actions import RowChoice, Typed
from datong_edu.importing.mending.answers import candidates, context_for, is_answerable
from datong_edu.importing.mending.causes import MOST_ROWS_READ, Fixes, Written, fixes_for, written_texts
from datong_edu.importing.mending.overlay import Overlay, overlay_of_rows, remembered_words, text_of
from datong_edu.importing.models import CauseDecision, CellMend, ImportBatch
from datong_edu.importing.reasons import REASONS, Reason
from datong_edu.importing.staging import Stage

MOST_LOGGED = 200


@dataclass(frozen=True)
class Question:
    """One written text of a cause, and its likeliest meanings."""

    number: int
    written: Written
    candidates: list[Meaning]


class CauseScreen:
    """Everything about one cause of a batch; raises KeyError for one that the batch does not have."""

    def __init__(self, batch: ImportBatch, by: User, key: str, field_name: str) -> None:
        self.batch, self.key, self.field = batch, key, field_name
        self.roster: Roster = roster_called(batch.kind)
        self.stage = Stage(self.roster, batch.pk)
        self.context = context_for(batch, by)
        summary = batch.layout.get("summary", {})
        refused = self._rows(summary.get("causes", ()))
        warned = self._rows(summary.get("warnings", ()))
        self.is_warning = refused is None
        self.rows = warned if refused is None else refused
        if self.rows is None or key not in REASONS:
            raise KeyError(key)
        self.reason: Reason = REASONS[key]
        self.fixes: Fixes = fixes_for(self.roster, key, field_name, self.context)

    @property
    def label(self) -> str:
        """The column, in words."""
        return field_label(self.field)

    @property
    def asks_school(self) -> bool:
        """Whether the meanings are schools."""
        return self.key in SCHOOL_REASONS

    @property
    def deeds(self) -> list[tuple[str, str]]:
        """What can be decided for all rows; a row that is written with a warning needs no decision."""
        return [] if self.is_warning else [(deed.value, str(deed.label)) for deed in self.fixes.deeds]

    def questions(self) -> list[Question]:
        """Each text that somebody may explain, the most frequent first."""
        if not self.fixes.meanings:
            return []
        mended = {
            (mend.sheet, mend.row): text_of(mend)
            for mend in CellMend.objects.filter(batch=self.batch, field=self.field)
        }
        found = written_texts(self.stage, self.key, self.field, mended, is_warning=self.is_warning)
        asked = [one for one in found if self._is_answerable(one.text)]
        return [
            Question(number, written, candidates(written.text, self.fixes.meanings))
            for number, written in enumerate(asked, start=1)
        ]

    def _is_answerable(self, text: str) -> bool:
        return self.asks_school or is_answerable(self.roster, self.field, text, self.context)

    @property
    def has_more(self) -> bool:
        """Whether the cause has more rows than are looked at for their texts."""
        return self.rows is not None and self.rows > MOST_ROWS_READ

    def _rows(self, causes: list[dict[str, object]]) -> int | None:
        for cause in causes:
            if (cause["key"], cause["field"]) == (self.key, self.field):
                return int(str(cause["rows"]))
        return None


@dataclass(frozen=True)
class Logged:
    """One mend of the log: where, what stood there, what stands there now; numbers are masked."""

    pk: int
    place: str
    label: str
    text: str
    who: str
    at: datetime
    is_row: bool
    is_vouched: bool


@dataclass(frozen=True)
class Decided:
    """One decision about a cause."""

    pk: int
    label: str
    column: str
    deed: str
    who: str
    at: datetime


@dataclass
class MendLog:
    """What was typed and decided for a batch, the latest first."""

    mends: list[Logged] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    more: int = 0


def mend_log(batch: ImportBatch) -> MendLog:
    """The first mends of a batch and all of its decisions."""
    roster = roster_called(batch.kind)
    sealed = {column.field for column in roster.columns if column.sealed}
    rows = CellMend.objects.filter(batch=batch).select_related("mended_by").order_by("-mended_at", "-pk")
    mends = [
        Logged(
            mend.pk,
            f"{mend.sheet} {mend.row}",
            field_label(mend.field) if mend.field else "整行",
            masked(text_of(mend), is_sealed=mend.field in sealed) if mend.field else "不导入",
            str(mend.mended_by),
            mend.mended_at,
            is_row=not mend.field,
            is_vouched=mend.is_vouched,
        )
        for mend in rows[:MOST_LOGGED]
    ]
    decisions = [
        Decided(
            one.pk,
            REASONS[one.reason_key].title,
            field_label(one.field),
            str(one.get_deed_display()),
            str(one.decided_by),
            one.decided_at,
        )
        for one in CauseDecision.objects.filter(batch=batch).select_related("decided_by").order_by("-pk")
    ]
    return MendLog(mends, decisions, max(rows.count() - len(mends), 0))


@dataclass(frozen=True)
class StagedRow:
    """A staged row as a form speaks of it: its place, and its cells as sent and as they now stand."""

    seq: int
    sheet: str
    number: int
    sent: dict[str, str]
    now: dict[str, str]
    is_left_out: bool


def staged_rows(batch: ImportBatch, seqs: list[int]) -> list[StagedRow]:
    """A few staged rows of a batch in clear, for comparing them with what was typed."""
    roster = roster_called(batch.kind)
    stage = Stage(roster, batch.pk)
    found = stage.rows(
        f"SELECT seq, sheet, row, sent FROM {stage.table} WHERE seq = ANY (%s) ORDER BY seq", [seqs]
    )
    places = [(sheet, number) for _, sheet, number, _ in found]
    overlay = overlay_of_rows(batch, places, remembered_words(roster, batch))
    return [_staged_row(line, overlay) for line in found]


def _staged_row(line: tuple[int, str, int, bytes], overlay: Overlay) -> StagedRow:
    seq, sheet, number, cipher = line
    sent = {name: text.strip() for name, text in read_written(cipher).items()}
    now = sent | overlay.texts.get((sheet, number), {})
    for name in overlay.words:
        meant = overlay.meant(name, now.get(name, ""))
        if meant is not None:
            now[name] = meant
    return StagedRow(seq, sheet, number, sent, now, (sheet, number) in overlay.left_out)


def typed_cells(roster: Roster, rows: list[StagedRow], posted: dict[str, str]) -> list[Typed]:
    """The cells that a form changes.

    A field for a masked cell arrives empty when nothing was typed into it; any other that arrives as it was
    shown says nothing either.
    """
    sealed = {column.field for column in roster.columns if column.sealed}
    cells = []
    for row in rows:
        for name in row.sent:
            text = posted.get(f"cell-{row.seq}-{name}")
            if text is None:
                continue
            text, now = text.strip(), row.now[name]
            is_plain = name not in sealed and masked(now) == now
            if text == now or (not text and not is_plain):
                continue
            cells.append(Typed(row.sheet, row.number, name, row.sent[name], text))
    return cells


def row_choices(rows: list[StagedRow], posted: dict[str, str]) -> list[RowChoice]:
    """The rows that a form leaves out, or takes in again."""
    wished = {row.seq: f"out-{row.seq}" in posted for row in rows}
    return [
        RowChoice(row.sheet, row.number, wished[row.seq])
        for row in rows
        if wished[row.seq] != row.is_left_out
    ]

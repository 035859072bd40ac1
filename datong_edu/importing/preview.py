"""The preview of a checked batch, read from its staged rows page by page.

Nothing here writes.  A page costs one indexed read of its rows, one query for each target when it shows
changes, and the figures that `summary` counted when the batch was checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import BinaryField, Field
from django.utils.functional import cached_property

from datong_edu.accounts.models import User
from datong_edu.importing import merging
from datong_edu.importing.checking import context_of
from datong_edu.importing.copying import read_written
from datong_edu.importing.declare import ANSWERABLE, SCHOOL_REASONS, Roster, roster_called
from datong_edu.importing.effects import closes, effects_of_rows
from datong_edu.importing.labels import bare_name, column_label, field_label, field_of, in_words, masked
from datong_edu.importing.mending.overlay import LEFT_OUT, Overlay, Place, overlay_of_rows, remembered_words
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.reasons import REASONS, Reason
from datong_edu.importing.staging import ACCEPTED, Stage
from datong_edu.web.parts import Diff

PAGE_ROWS = 50
WHO = ("line_no", "name", "id_no", "school_code", "school", "grade", "month", "household_no", "member_no")
WHO_COLUMNS, ALL_COLUMNS, DIFF_COLUMNS = 4, 9, 5
WARNED = "warned"
DOUBLES = ("DUPLICATE_ROW", "DUPLICATE_CONFLICT")
"""Faults that no other text in the cell would heal: one of the rows has to go."""
SETTLED = frozenset({LEFT_OUT, "READ_AS_BLANK"})

_CONDITIONS = {
    "new": "s.outcome = 'new'",
    "changed": "s.outcome = 'changed'",
    "unchanged": "s.outcome = 'unchanged'",
    "refused": "s.outcome = 'refused'",
    WARNED: f"{ACCEPTED} AND cardinality(s.note_keys) > 0",
}


class Ask(NamedTuple):
    """Which rows a page asks for: a bucket, narrowed to a changed column or a reason, from a place on."""

    bucket: str
    column: str = ""
    reason: str = ""
    after: int = 0
    before: int = 0


@dataclass(frozen=True)
class Blame:
    """One fault or warning of a row: the column, its cell as it now stands, and what to do.

    `typed` is the cell in full for a field to type in; None for one that is masked or that the file lacks.
    `was` is the cell as sent, where something was typed or remembered in its place.
    """

    key: str
    field: str
    label: str
    cell: str
    reason: Reason
    typed: str | None = None
    is_mendable: bool = False
    was: str | None = None


@dataclass(frozen=True)
class PreviewRow:
    """One row of a page: where it stands in the file, its cells by field, what is wrong, what changes.

    `mended` are the cells as sent of those fields for which something was typed or remembered.
    """

    seq: int
    sheet: str
    number: int
    hidden: bool
    cells: Mapping[str, str]
    blames: tuple[Blame, ...] = ()
    mended: Mapping[str, str] = field(default_factory=dict)
    is_left_out: bool = False
    diffs: dict[str, Diff] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PreviewPage:
    """The rows of a page and the places its neighbours start from (None at an end)."""

    rows: list[PreviewRow]
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class Cause:
    """All rows with one fault in one column: how many, which first, and an example of the cell."""

    key: str
    field: str
    label: str
    reason: Reason
    rows: int
    cell: str
    places: str

    @property
    def is_answerable(self) -> bool:
        """Whether somebody may say what the written text means."""
        return self.key in SCHOOL_REASONS | ANSWERABLE

    @property
    def remedy(self) -> str:
        """What can be done at once for all rows, as the link to it says; empty where nothing can."""
        if self.key in SCHOOL_REASONS:
            return "选择所指学校"
        if self.key in ANSWERABLE:
            return "说明含义"
        return "" if self.key in SETTLED else "统一处理"


@dataclass(frozen=True)
class Facet:
    """A field that changes, and in how many rows."""

    column: str
    label: str
    rows: int


class Preview:
    """The staged rows of one batch, as its clerk looks at them."""

    def __init__(self, batch: ImportBatch, by: User) -> None:
        self.batch, self.by = batch, by
        self.roster: Roster = roster_called(batch.kind)
        self.stage = Stage(self.roster, batch.pk)
        self.sealed = {column.field for column in self.roster.columns if column.sealed}
        self.summary: dict[str, Any] = batch.layout.get("summary", {})
        self.sheets = [s["name"] for s in batch.layout.get("sheets", ()) if s.get("role") == "data"]

    # --- pages ------------------------------------------------------------------------------------------

    def page(self, ask: Ask) -> PreviewPage:
        """The rows asked for, in the order of the file."""
        conditions, values = [_CONDITIONS[ask.bucket]], {"size": PAGE_ROWS + 1}
        parameters: dict[str, Any] = dict(values)
        if ask.column:
            conditions.append("%(column)s = ANY (s.changed)")
            parameters["column"] = ask.column
        if ask.reason:
            keys = "note_keys" if ask.bucket == WARNED else "fault_keys"
            conditions.append(f"%(reason)s = ANY (s.{keys})")
            parameters["reason"] = ask.reason
        if ask.before:
            conditions.append("s.seq < %(place)s")
            parameters["place"] = ask.before
        else:
            conditions.append("s.seq > %(place)s")
            parameters["place"] = ask.after
        found = self.stage.rows(
            "SELECT seq, sheet, row, hidden, sent, fault_keys, fault_fields, note_keys, note_fields"
            f" FROM {self.stage.table} s WHERE {' AND '.join(conditions)}"
            f" ORDER BY seq {'DESC' if ask.before else ''} LIMIT %(size)s",
            parameters,
        )
        more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
        if ask.before:
            found.reverse()
        overlay = self._overlay([(line[1], line[2]) for line in found])
        rows = [self._row(line, overlay, warned=ask.bucket == WARNED) for line in found]
        if ask.bucket == "changed":
            self._compare(rows)
        elif ask.bucket == "new":
            self._add_effects(rows)
        behind, ahead = (more, bool(rows)) if ask.before else (ask.after > 0 and bool(rows), more)
        return PreviewPage(rows, rows[0].seq if behind else None, rows[-1].seq if ahead else None)

    def place(self, row: PreviewRow) -> str:
        """812, or 一年级 812 where the file has several sheets."""
        return f"{row.sheet} {row.number}" if len(self.sheets) > 1 else str(row.number)

    def who_fields(self) -> list[str]:
        """The fields by which a clerk recognises a row."""
        taken = set(self._fields())
        return [name for name in WHO if name in taken][:WHO_COLUMNS]

    def shown_fields(self) -> list[str]:
        """The fields shown of a row that is new or stays as it is."""
        who = self.who_fields()
        rest = [name for name in self._fields() if name not in (*who, "seq")]
        return [*who, *rest][:ALL_COLUMNS]

    def _fields(self) -> list[str]:
        """Fields the file has, in the order of its columns."""
        chosen = [name for sheet in self.batch.mapping.values() for name in sheet.values() if name]
        return list(dict.fromkeys(chosen))

    def _row(self, line: tuple[Any, ...], overlay: Overlay, *, warned: bool) -> PreviewRow:
        seq, sheet, number, hidden, sent, fault_keys, fault_fields, note_keys, note_fields = line
        raw, was = self._laid(sent, (sheet, number), overlay)
        cells = self._masked(raw)
        chosen = self.batch.mapping.get(sheet, {}).values()
        pairs = (
            zip(note_keys, note_fields, strict=True) if warned else zip(fault_keys, fault_fields, strict=True)
        )
        blames = tuple(
            Blame(
                key,
                name,
                field_label(name),
                cells.get(name, ""),
                REASONS[key],
                typed=raw.get(name, "") if self._is_plain(name, raw.get(name, "")) else None,
                is_mendable=name in chosen and key not in (LEFT_OUT, *DOUBLES),
                was=was.get(name),
            )
            for key, name in dict.fromkeys(pairs)
        )
        is_left_out = (sheet, number) in overlay.left_out
        return PreviewRow(seq, sheet, number, hidden, cells, blames, was, is_left_out)

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        return remembered_words(self.roster, self.batch)

    def _overlay(self, places: list[Place]) -> Overlay:
        """What lies over some rows; without a single mend there is nothing to ask for."""
        if not self.batch.layout.get("mended", {}).get("mends"):
            return Overlay(words=self._words)
        return overlay_of_rows(self.batch, places, self._words)

    def _laid(self, sent: Any, place: Place, overlay: Overlay) -> tuple[dict[str, str], dict[str, str]]:
        """The cells of a row with everything laid over them, in full, and the masked ones it replaced."""
        raw = {name: text.strip() for name, text in read_written(sent).items()}
        laid = dict(raw)
        laid |= {name: text for name, text in overlay.texts.get(place, {}).items() if name in raw}
        for name in overlay.words:
            meant = overlay.meant(name, laid.get(name, ""))
            if meant is not None:
                laid[name] = meant
        return laid, self._masked({name: raw[name] for name in raw if laid[name] != raw[name]})

    def _masked(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Cells as they may be shown: long numbers masked."""
        return {name: masked(text, is_sealed=name in self.sealed) for name, text in cells.items()}

    def _is_plain(self, name: str, text: str) -> bool:
        """Whether a cell holds nothing that is masked, so that it may stand in a field to type in."""
        return name not in self.sealed and masked(text) == text

    # --- what changes -------------------------------------------------------------------------------------

    def _compare(self, rows: list[PreviewRow]) -> None:
        """Put beside each other what the ledgers hold and what they would hold."""
        by_seq = {row.seq: row for row in rows}
        context = context_of(unit=self.batch.unit, term=self.batch.term, by=self.by, batch_id=self.batch.pk)
        for plan in merging.plans(self.stage, context):
            _compare_target(plan, by_seq)

    def _add_effects(self, rows: list[PreviewRow]) -> None:
        """Say what each new row would bring about."""
        context = context_of(unit=self.batch.unit, term=self.batch.term, by=self.by, batch_id=self.batch.pk)
        found = effects_of_rows(self.stage, context, [row.seq for row in rows])
        for row in rows:
            row.remarks.extend(found.get(row.seq, ()))

    # --- figures ------------------------------------------------------------------------------------------

    def facets(self) -> list[Facet]:
        """Fields that change, the most frequent first."""
        models = [target.model for target in self.roster.targets]
        return [
            Facet(column, next(column_label(m, column) for m in models if field_of(m, column)), rows)
            for column, rows in self.summary.get("facets", {}).items()
            if any(field_of(m, column) for m in models)
        ]

    def rows_left_out(self) -> int:
        """Rows that are not imported by decision."""
        causes = self.summary.get("causes", ())
        return sum(cause["rows"] for cause in causes if cause["key"] == LEFT_OUT)

    def causes(self) -> list[Cause]:
        """Why rows are refused."""
        return self._named("causes")

    def warnings(self) -> list[Cause]:
        """What is doubtful about rows that will be written."""
        return self._named("warnings")

    def _named(self, sort: str) -> list[Cause]:
        counted = self.summary.get(sort, [])
        seqs = [seq for cause in counted for seq in cause["seqs"]]
        rows = {
            seq: (sheet, number, sent)
            for seq, sheet, number, sent in self.stage.rows(
                f"SELECT seq, sheet, row, sent FROM {self.stage.table} WHERE seq = ANY (%s)", [seqs]
            )
        }
        firsts = [rows[cause["seqs"][0]] for cause in counted if cause["seqs"][0] in rows]
        overlay = self._overlay([(sheet, number) for sheet, number, _ in firsts])
        return [self._cause(cause, rows, overlay) for cause in counted]

    def _cause(self, cause: dict[str, Any], rows: dict[int, tuple[str, int, Any]], overlay: Overlay) -> Cause:
        first = rows.get(cause["seqs"][0])
        laid = self._laid(first[2], (first[0], first[1]), overlay)[0] if first else {}
        cell = self._masked(laid).get(cause["field"], "")
        several = len(self.sheets) > 1
        places = [
            f"{rows[seq][0]} {rows[seq][1]}" if several else str(rows[seq][1])
            for seq in cause["seqs"]
            if seq in rows
        ]
        text = "、".join(places) + (" 等" if cause["rows"] > len(places) else "")
        reason = REASONS[cause["key"]]
        at = cause["field"]
        return Cause(cause["key"], at, field_label(at), reason, cause["rows"], cell, text)


def _compare_target(plan: merging.Plan, by_seq: dict[int, PreviewRow]) -> None:
    """Add to each row what one ledger would change of it."""
    model = plan.target.model
    ciphers = {f.column for f in model._meta.local_fields if isinstance(f, BinaryField)}
    columns = plan.compared
    pairs = []
    for column in columns:
        seen = f"{bare_name(column)}_masked" if bare_name(column) in ciphers else column
        pairs += [f"t.{seen}", plan.value(seen) if seen in plan.target.columns else f"t.{seen}"]
    differs = [f"{plan.value(c)} IS DISTINCT FROM t.{c}" for c in columns]
    found = plan.stage.rows(
        f"SELECT {', '.join(['s.seq', 't.id IS NULL', *pairs, *differs, closes(plan)])} FROM {plan.source}"
        f" LEFT JOIN {plan.table} t ON {plan.join} WHERE s.seq = ANY (%(seqs)s) ORDER BY s.seq",
        plan.parameters | {"seqs": list(by_seq)},
    )
    count = len(columns)
    names = _names_of_relations(plan, columns, found)
    for seq, is_new, *values in found:
        row = by_seq[seq]
        if is_new:
            row.remarks.append(f"新增{model._meta.verbose_name}")
            continue
        if values[3 * count]:
            row.remarks.append(f"结束旧{model._meta.verbose_name}")
        for at, column in enumerate(columns):
            if values[2 * count + at]:
                shown = [names[column](value) for value in values[2 * at : 2 * at + 2]]
                row.diffs[column_label(model, column)] = Diff(*shown)


def _names_of_relations(
    plan: merging.Plan, columns: list[str], found: Iterable[tuple[Any, ...]]
) -> dict[str, Any]:
    """How each column's value is put in words; what points elsewhere goes by the name of its goal."""
    lines = list(found)
    words: dict[str, Any] = {}
    for at, column in enumerate(columns):
        one = field_of(plan.target.model, column)
        if one is not None and one.related_model is not None:
            keys = {line[2 + 2 * at + side] for line in lines for side in (0, 1)} - {None}
            goals = one.related_model._base_manager.in_bulk(keys)
            words[column] = _Named({key: str(goal) for key, goal in goals.items()})
        else:
            words[column] = _InWords(one)
    return words


class _Named(NamedTuple):
    names: dict[Any, str]

    def __call__(self, value: Any) -> str:
        return self.names.get(value, "")


class _InWords(NamedTuple):
    field: "Field[Any, Any] | None"

    def __call__(self, value: Any) -> str:
        return in_words(self.field, value)


def diff_labels(rows: Iterable[PreviewRow]) -> list[str]:
    """The changed fields that get a column of their own on a page: the most frequent ones."""
    counted: dict[str, int] = {}
    for row in rows:
        for label in row.diffs:
            counted[label] = counted.get(label, 0) + 1
    return sorted(counted, key=lambda label: -counted[label])[:DIFF_COLUMNS]

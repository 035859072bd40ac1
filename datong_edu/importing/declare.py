"""What a roster is: a declaration of columns, checks and ledgers.  The engine does the rest.

A room's `imports.py` subclasses `Roster`, decorates it with `@roster`, and is found by autodiscovery.  A
declaration names its columns (field, cleaner, SQL type), what makes two rows the same, and the `Target`
tables a staged row is merged into.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model

from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import Term
from datong_edu.importing.cleaners.base import Cleaner

if TYPE_CHECKING:
    from uuid import UUID

    from datong_edu.accounts.models import Unit, User
    from datong_edu.importing.staging import Stage


NO_LEDGER_YET = "该名册的台账尚未启用，可以检查和下载标红表，暂不能写入。"


@dataclass(frozen=True)
class Column:
    """One column of a roster.

    `sealed` is the kind of sensitive value, which is staged as ciphertext, blind index and masked text;
    `sql` the type it is staged as otherwise; `aliases` are headings beyond the common table;
    `value_field` names the value where it differs from the heading's field.  `in_template` is off for a
    column that only the portal's own exports have.
    """

    field: str
    clean: Cleaner
    sql: str = "text"
    sealed: str = ""
    aliases: tuple[str, ...] = ()
    value_field: str = ""
    in_template: bool = True

    @property
    def name(self) -> str:
        """The field its value is known by after cleaning: a `class` heading becomes `class_no`."""
        return self.value_field or self.field

    @property
    def confirm(self) -> bool:
        """Whether a person must confirm a mapping that is not an exact alias."""
        return bool(self.sealed) or self.sql == "numeric"


@dataclass(frozen=True)
class Derived:
    """A staged column that no heading has: filled by the roster's `finish`, or `in_sets` by SQL later."""

    name: str
    sql: str = "text"
    shown: bool = False
    in_sets: bool = False


@dataclass(frozen=True)
class Conflict:
    """Rows of a file that contradict each other.

    Rows equal in `columns` refuse each other when two or more of them meet the SQL condition `counted`.
    `at` is the field whose cell is quoted.
    """

    columns: tuple[str, ...]
    at: str
    counted: str = "true"


@dataclass(frozen=True)
class Target:
    """A ledger that staged rows are merged into.

    `columns` maps a column of the ledger to an SQL expression over the staged row `s`; `key` are those that
    identify a ledger row.  `where` chooses the staged rows that go here.  `of_value` names a staged array
    column that is unnested, its element being `s.element`.  `dated` ledgers have `since_on` and `until_on`: a
    file is compared with what stood when its term began, and a change closes that row there and opens
    another.  A blank cell keeps the old value, except in the columns of `overwrite`.  A roster's first target
    tells which rows are new, and so do others with `decides_new`.
    """

    model: type[Model]
    key: tuple[str, ...]
    columns: Mapping[str, str]
    where: str = "true"
    of_value: str = ""
    dated: bool = False
    overwrite: frozenset[str] = frozenset()
    decides_new: bool = False


@dataclass(frozen=True)
class FullRoll:
    """How a full roll (全量) tells who has disappeared.

    `standing` is the SQL condition of the ledger rows `t` that a full roll must name; `same` maps a column of
    the ledger to the staged one that shows a row to be named, `same_if_refused` does so for rows that are
    refused and whose person is not looked up; `by_school` ledgers may be rolled school by school.
    """

    model: type[Model]
    same: Mapping[str, str]
    standing: str = "t.until_on IS NULL"
    by_school: bool = True
    same_if_refused: Mapping[str, str] = field(default_factory=dict)


ANSWERABLE = frozenset(
    {"GRADE_UNKNOWN", "CATEGORY_UNKNOWN", "FLAG_UNKNOWN", "RELATION_UNKNOWN", "TYPE_UNKNOWN", "KIND_UNKNOWN"}
    | {"SEAT_UNKNOWN"}
)
"""Reasons for which somebody may say what a written word means; a bank's result is no matter of opinion."""
SCHOOL_REASONS = frozenset({"SCHOOL_UNKNOWN", "SCHOOL_AMBIGUOUS"})
SCHOOL_TOPIC = "school"
"""Under this topic a unit's answers about names of schools are remembered, for all rosters."""


@dataclass(frozen=True)
class Meaning:
    """One thing that a written text may mean.

    `answer` is what is remembered (a school's code, or the word itself), `label` what the clerk sees, `name`
    what likeness is measured by; `county_id` is the county of a school.
    """

    answer: str
    label: str
    name: str = ""
    county_id: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """A person of the registry who may be meant by a row whose number was lost; numbers are masked."""

    uid: "UUID"
    name: str
    number: str
    school: str
    agrees: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What writing a row would bring about, and the SQL condition on the staged row `s` for it.

    `counted` is the SQL expression that is counted over the rows; a row may bring about the same thing as its
    neighbour, as two lines of one new person do.
    """

    label: str
    condition: str
    counted: str = "s.seq"


@dataclass
class Context:
    """What cleaners and checks of one batch may know: the file's unit and term, and the day it speaks of.

    `county` is the file's county, None for a file of the whole city; nothing here asks the database later.
    `allowed_county_ids` are the counties its importer may write to; None means the whole city.
    In a text file nobody can tell a number that a spreadsheet has rounded from one that was typed so.
    """

    unit: "Unit"
    term: Term | None
    as_of: date
    allowed_county_ids: frozenset[int] | None = None
    is_text_file: bool = False
    batch_id: int | None = None
    books: dict[str, Any] = field(default_factory=dict)
    county: "Unit | None" = field(init=False)

    def __post_init__(self) -> None:
        self.county = self.unit.county

    @property
    def county_code(self) -> str | None:
        """Code of the file's county; None for a file of the whole city."""
        return self.county.code if self.county else None


@dataclass(slots=True)
class Row:
    """One data row on its way from cells to staging.

    `cells` are all cells of the row, `words` their text as it was written; `places` tells at which position
    the column of a field stands.  `said` is all text of the row but its running number.
    """

    sheet: str
    number: int
    values: dict[str, Any]
    places: Mapping[str, int] = field(default_factory=dict)
    cells: Sequence[Any] = ()
    words: Sequence[str] = ()
    said: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, key: str, field_name: str) -> None:
        """The row must not be stored, because of one field."""
        self.faults.append((key, field_name))

    def warn(self, key: str, field_name: str) -> None:
        """The row is stored, but a field must be shown to the clerk."""
        self.notes.append((key, field_name))

    def has(self, field_name: str) -> bool:
        """Whether the file has this column at all."""
        return field_name in self.places

    def cell(self, field_name: str) -> Any:
        """The cell of a field as the reader gave it; "" where the file has no such column."""
        return self.cells[self.places[field_name]] if field_name in self.places else ""


class Roster:
    """Base of all declarations."""

    key: ClassVar[str]
    title: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    derived: ClassVar[tuple[Derived, ...]] = ()
    needs_term: ClassVar[bool] = False
    recognised_by: ClassVar[tuple[frozenset[str], ...]]
    """A sheet is of this kind when it has all headings of one of these sets of fields."""
    conflicts: ClassVar[tuple[Conflict, ...]] = ()
    targets: ClassVar[tuple[Target, ...]] = ()
    full_roll: "ClassVar[FullRoll | None]" = None
    diff_fields: ClassVar[tuple[str, ...]] = ()
    ignored: ClassVar[tuple[str, ...]] = ()
    """Extra headings known to belong to this roster although nothing is taken from them."""
    ages: "ClassVar[tuple[int, int] | None]" = None
    """Youngest and oldest of the people listed, so that a parent's number is not taken for a pupil's."""
    ledger_missing: ClassVar[str] = ""
    """Why nothing can be written yet, as the clerk reads it; empty where the roster has its ledger."""
    not_written: ClassVar[str] = ""
    """SQL condition of the staged rows `s` that no ledger takes yet, where it takes others."""

    def column_for(self, field_name: str) -> Column | None:
        """The declared column of a field."""
        return next((c for c in self.columns if c.field == field_name), None)

    def template_columns(self) -> "tuple[Column, ...]":
        """The columns that somebody fills in."""
        return tuple(column for column in self.columns if column.in_template)

    def sheet_like(self, fields: Collection[str]) -> "Roster":
        """The declaration of a sheet with these fields; a kind may have sheets of several makes."""
        return self

    def makes(self) -> "Sequence[Roster]":
        """The declarations of the sheets of this kind, for a template with a sheet of each."""
        return (self,)

    def offered(self, unit: "Unit | None") -> Mapping[str, Sequence[str]]:
        """Words to choose from in a template beyond the common code tables, by field."""
        return {}

    def known_values(self, unit: "Unit") -> Mapping[str, Callable[[str], bool]]:
        """Tests for texts the portal knows, by field, such as the names of a county's schools."""
        return {}

    def prepare(self, context: Context) -> None:
        """Load the books that `finish` looks things up in."""

    def cleaner(self, column: Column, context: Context) -> Cleaner:
        """The cleaner of a column, bound to a batch."""
        return column.clean

    def finish(self, row: Row, context: Context) -> None:
        """Checks across the cells of a row, look-ups, and derived values."""

    def resolve(self, stage: "Stage", context: Context) -> None:
        """Set-based look-ups on the staged rows, such as which person each row means."""

    def create_missing(self, stage: "Stage", context: Context) -> None:
        """Create what staged rows need before they are merged, such as persons not yet known."""

    def after_merge(self, stage: "Stage", context: Context) -> None:
        """What follows in the same transaction once all targets are merged."""

    def meanings(self, key: str, field_name: str, context: Context) -> list[Meaning]:
        """What a text at fault may mean; nothing where only its writer can know."""
        column = self.column_for(field_name)
        if column is None or column.sealed or column.sql == "numeric":
            return []
        words = getattr(self.cleaner(column, context), "meanings", ())
        return [Meaning(text, text, text) for text in words] if key in ANSWERABLE else []

    def suggestions(self, stage: "Stage", seq: int, field_name: str, by: "User") -> list[Suggestion]:
        """Whom the registry knows that may be meant by a row whose number was lost."""
        return []

    def number_of_suggested(
        self, stage: "Stage", seq: int, field_name: str, uid: "UUID", by: "User"
    ) -> str | None:
        """The number of a suggested person in clear, for the row alone; None when nobody suggests them."""
        return None

    def effects(self, stage: "Stage") -> Iterable[Effect]:
        """What writing brings about beside the ledgers themselves, such as new persons."""
        return ()

    def counties(self, stage: "Stage") -> Iterable[int]:
        """Counties whose facts a batch touches."""
        return stage.distinct("county_id") if stage.has("county_id") else ()


ROSTERS: dict[str, Roster] = {}


def roster(declaration: type[Roster]) -> type[Roster]:
    """Register a declaration under its key."""
    ROSTERS[declaration.key] = declaration()
    return declaration


def roster_called(key: str) -> Roster:
    """The declaration of a kind; an unknown kind is refused with the list of known ones."""
    try:
        return ROSTERS[key]
    except KeyError:
        known = "、".join(sorted(ROSTERS))
        raise PortalError(f"没有名册种类“{key}”。可用的种类：{known}。") from None

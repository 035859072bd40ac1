"""What the rosters of all rooms share: finding the school, the county and the person of a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from datong_edu.accounts.models import Unit, User
from datong_edu.core import idnumber
from datong_edu.core.names import name_key
from datong_edu.core.terms import term_code_on
from datong_edu.importing import cleaners as c
from datong_edu.importing.cleaners.base import Cleaner
from datong_edu.importing.declare import (
    SCHOOL_REASONS,
    Column,
    Context,
    Derived,
    Effect,
    Meaning,
    Roster,
    Row,
    Suggestion,
)
from datong_edu.importing.staging import Stage
from datong_edu.registry.books import KnownSchool, SchoolBook, school_answers, schools_to_choose
from datong_edu.registry.models import School
from datong_edu.registry.person_files import PERSON_FILE, note_masked
from datong_edu.registry.resolving import PERSON_COLUMNS, create_persons, number_of_row, resolve_persons
from datong_edu.registry.search import name_grams, name_pinyin
from datong_edu.registry.suggesting import birth_in_rounded, number_of_suggested, suggestions_for

SEQ = Column("seq", c.optional(c.text(40)))
NAME = Column("name", c.required(c.name, "NAME_MISSING"))
SEX = Column("sex", c.optional(c.sex))
PHONE = Column("phone", c.optional(c.phone), sealed="phone")
TOWN = Column("town", c.optional(c.text(60)))
VILLAGE = Column("village", c.optional(c.text(60)))
NOTE = Column("note", c.optional(c.text(200)))
SCHOOL = Column("school", c.school_name)
SCHOOL_CODE = Column("school_code", c.school_code)
COUNTY = Column("county", c.county(), value_field="county_code")
STUDENT_NO = Column("student_no", c.optional(c.student_no), sealed="student_no")
ID_NO_AS_EVIDENCE = Column("id_no", c.required(c.identity(strict=False), "ID_MISSING"), sealed="id_no")
"""A doubtful number is kept as sent with a warning, so that nobody vanishes over a wrong digit."""
ID_NO_FOR_MONEY = Column("id_no", c.required(c.identity(strict=True), "ID_MISSING"), sealed="id_no")
"""Where money is paid, a doubtful number is refused."""

_SEALED = ("", "_index", "_masked")
_STATES = {state: str(state.value) for state in idnumber.IdState}


def sealed(column: str, staged: str = "") -> dict[str, str]:
    """Target columns of a sensitive value and the staged ones they come from."""
    return {f"{column}{part}": f"s.{staged or column}{part}" for part in _SEALED}


def same(*names: str, **renamed: str) -> dict[str, str]:
    """Target columns that take the staged column of the same name, or of another."""
    return {name: f"s.{name}" for name in names} | {name: f"s.{old}" for name, old in renamed.items()}


SCHOOL_FIELDS = (
    "school", "closing_school", "receiving_school", "origin_school", "placed_school", "left_school",
)  # fmt: skip
"""Columns that name a school of the county."""


class PlacedRoster(Roster):
    """A roster whose rows belong to a county, most of them through a school."""

    def known_values(self, unit: Unit) -> Mapping[str, Callable[[str], bool]]:
        """Names and codes of the schools of the file's county, or of all counties."""
        book = SchoolBook.load()
        counties = (unit.county.pk,) if unit.county else book.county_ids
        return {
            "school": lambda text: book.find(None, text, counties) != "SCHOOL_UNKNOWN",
            "school_code": lambda text: text in book.by_code,
        }

    def offered(self, unit: Unit | None) -> Mapping[str, Sequence[str]]:
        """The schools of the county that are open, and the counties."""
        counties = Unit.objects.counties()
        found: dict[str, Sequence[str]] = {"county": list(counties.values_list("name", flat=True))}
        if unit is not None and unit.county is not None:
            open_ = School.objects.for_county(unit.county).filter(closed_on=None)
            found |= dict.fromkeys(SCHOOL_FIELDS, list(open_.order_by("code").values_list("name", flat=True)))
        return found

    def prepare(self, context: Context) -> None:
        """Load the school book."""
        context.books["schools"] = SchoolBook.load(school_answers(context.unit))
        context.books["counties"] = county_ids_by_code()

    def cleaner(self, column: Column, context: Context) -> Cleaner:
        """A county name that was split over districts means the file's county where it may."""
        return c.county(context.county_code) if column.field == "county" else column.clean

    def file_counties(self, row: Row, context: Context) -> tuple[int, ...]:
        """Counties a row may speak of: its own column, else the file's, else all."""
        book: SchoolBook = context.books["schools"]
        named = context.books["counties"].get(row.values.get("county_code"))
        own = context.county
        if own is not None:
            return (own.pk,)
        return (named,) if named else book.county_ids

    def find_school(self, row: Row, context: Context, *, required: bool = True) -> KnownSchool | None:
        """Resolve the row's school and county, or refuse the row.

        Of several sheets without a column of schools, each is called after its school.
        """
        book: SchoolBook = context.books["schools"]
        code, name = row.values.get("school_code"), row.values.get("school")
        at = self._school_field(row)
        found = book.find(code, name, self.file_counties(row, context))
        if not code and not name and not row.has(at):
            found = book.find(None, row.sheet, self.file_counties(row, context))
            if isinstance(found, KnownSchool):
                row.warn("TAKEN_FROM_SHEET_NAME", at)
        if isinstance(found, str) and not code and not name and not required:
            return None
        if isinstance(found, str):
            row.refuse(found, at)
            return None
        row.values |= {"school_code": found.code, "school_id": found.id, "county_id": found.county_id}
        self.check_scope(row, context, at)
        return found

    def _school_field(self, row: Row) -> str:
        """The column that is to blame for a school nobody knows."""
        if row.has("school"):
            return "school"
        fields = {column.name: column.field for column in self.columns}
        named, coded = fields.get("school", "school"), fields.get("school_code", "school_code")
        return named if row.has(named) else coded

    def find_county(self, row: Row, context: Context, *, required: bool = True) -> None:
        """Put the row into the county its own column names, else into the file's."""
        county = context.books["counties"].get(row.values.get("county_code"))
        if county is None and context.county is not None:
            county = context.county.pk
            row.values["county_code"] = context.county.code
        row.values["county_id"] = county
        if county is None and required:
            row.refuse("COUNTY_UNKNOWN", "county")
        if county is not None or required:
            self.check_scope(row, context, "county")

    @staticmethod
    def check_scope(row: Row, context: Context, at: str) -> None:
        """Nobody writes into a county that is not theirs."""
        allowed = context.allowed_county_ids
        if allowed is not None and row.values.get("county_id") not in allowed:
            row.refuse("COUNTY_OUT_OF_SCOPE", at)

    def meanings(self, key: str, field_name: str, context: Context) -> list[Meaning]:
        """For a name of a school, the schools of the counties that the file may speak of."""
        if key not in SCHOOL_REASONS:
            return super().meanings(key, field_name, context)
        return schools_to_choose(context)

    def counties(self, stage: Stage) -> Iterable[int]:
        """Counties of the accepted rows."""
        return stage.distinct("county_id")


PUPIL_AGES = (2, 22)
"""From the youngest group of a kindergarten to the last year of a vocational school."""
STUDENT_AGES = (14, 30)
TEACHER_AGES = (18, 75)


class PersonRoster(PlacedRoster):
    """A roster with one person in each row.

    Each takes the 档案号 of the portal's exports beside the columns it declares.
    `id_no_as_typed` is the cleaner of an evidence roster for numbers that no spreadsheet can have rounded.
    """

    derived: ClassVar[tuple[Derived, ...]] = PERSON_COLUMNS
    id_no_as_typed: "ClassVar[staticmethod[[Any], Any] | None]" = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "columns" in cls.__dict__:
            cls.columns = (*cls.columns, PERSON_FILE)

    def cleaner(self, column: Column, context: Context) -> Cleaner:
        """A number in a text cell of a workbook stands as somebody typed it."""
        if column.field == "id_no" and self.id_no_as_typed is not None and not context.is_text_file:
            return self.id_no_as_typed
        return super().cleaner(column, context)

    def finish(self, row: Row, context: Context) -> None:
        """Derive what makes the person findable and what their number tells."""
        values = row.values
        note_masked(row, self.columns)
        name, number = values.get("name"), values.get("id_no")
        if name:
            values |= {
                "name_key": name_key(name),
                "name_grams": name_grams(name),
                "name_pinyin": name_pinyin(name),
            }
        read = idnumber.read(number)
        values |= {"id_state": _STATES[read.state], "id_birth_on": read.birth_on, "id_sex": read.sex or None}
        if c.sex_mismatch(values.get("sex"), number):
            row.warn("SEX_MISMATCH", "sex")

        if read.birth_on is None and row.has("id_no"):
            values["id_birth_on"] = birth_in_rounded(row.cell("id_no"))

    def suggestions(self, stage: Stage, seq: int, field_name: str, by: User) -> list[Suggestion]:
        """Pupils of the registry with the row's name and birth date, for a lost identity number."""
        return suggestions_for(stage, seq, field_name, by)

    def number_of_suggested(self, stage: Stage, seq: int, field_name: str, uid: UUID, by: User) -> str | None:
        """The number of a pupil who is suggested for the row."""
        return number_of_suggested(stage, seq, field_name, uid, by)

    def effects(self, stage: Stage) -> Iterable[Effect]:
        """New persons."""
        return (Effect("新增人员", "s.person_id IS NULL", f"DISTINCT {number_of_row(stage)}"),)

    def resolve(self, stage: Stage, context: Context) -> None:
        """Match the persons."""
        resolve_persons(stage, context)

    def create_missing(self, stage: Stage, context: Context) -> None:
        """Create the persons nobody knows yet."""
        create_persons(stage)


def school_year(context: Context) -> int:
    """The year in which the school year of the batch began."""
    code = context.term.code if context.term else term_code_on(context.as_of)
    return int(code[:4])


def place_grade(row: Row, context: Context, school: KnownSchool | None) -> None:
    """Turn the spoken grade into stage and grade; 小学 2019级 is grade 2 in autumn 2020."""
    values = row.values
    spoken = values.get("grade")
    values["grade"] = None
    if any(at == "grade" for _, at in row.faults):
        return
    try:
        stage, grade = c.place(
            spoken,
            school_year=school_year(context),
            stage=values.get("stage"),
            stages=school.stages if school else (),
            born=values.get("birth") or values.get("id_birth_on"),
        )
    except c.Refuse as refusal:
        row.refuse(refusal.key, "grade")
        return
    values["stage"], values["grade"] = stage, grade
    if values.get("class_no") is None and spoken is not None:
        values["class_no"] = spoken.class_no


def county_ids_by_code() -> dict[str, int]:
    """County units by their present code."""
    return dict(Unit.objects.counties().values_list("code", "pk"))

"""The clerk's sheet as questions about people: numbers, names, birth dates and schools of every row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from datong_edu.core import idnumber
from datong_edu.core.exceptions import PortalError, RefusedFile
from datong_edu.core.names import name_key
from datong_edu.desk.comparing.headings import FIELDS, IDENTIFYING, AnyRow, columns_of, vocabulary
from datong_edu.importing.child import ChildReading
from datong_edu.importing.cleaners.base import Refuse, Warned, word
from datong_edu.importing.cleaners.dates import day
from datong_edu.importing.cleaners.identity import identity, name, student_no
from datong_edu.importing.gate import FileFormat
from datong_edu.importing.layout import SheetLayout, SheetRole
from datong_edu.importing.reasons import REASONS

MOST_ROWS = 100_000
SEEN_SHOWN = 20
Number = tuple[str, str]
"""Kind of number and its value in clear."""

_clean_id = identity(strict=False)
# Numbers with these faults say nobody; any other doubtful number may still stand in the books as it is.
_SAYS_NOBODY = {"ID_LENGTH", "ID_MASKED"}
_FAULTS = {"ID_CHECKSUM", "ID_BIRTHDATE", *_SAYS_NOBODY}


@dataclass(slots=True)
class Question:
    """One row: where it stands and what it says about its person.

    `numbers` are tried in their order; `fault` is the key of `REASONS` why a number cannot be relied on.
    """

    sheet: str
    row: int
    numbers: tuple[Number, ...] = ()
    fault: str = ""
    remarks: tuple[str, ...] = ()
    name_key: str = ""
    birth_on: date | None = None
    school: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing to look for."""
        return not (self.numbers or self.fault or self.name_key)


@dataclass
class Roster:
    """A file read: its sheets, the questions of their rows, and the rows themselves where they are wanted."""

    name: str
    format: FileFormat
    sheets: list[SheetLayout]
    questions: list[Question]
    cells: dict[str, list[tuple[int, list[Any]]]]

    @property
    def asked(self) -> list[SheetLayout]:
        """Sheets that name people."""
        return [sheet for sheet in self.sheets if names_people(sheet)]


class TooMany(Exception):
    """More rows than may be answered at once."""


def names_people(sheet: SheetLayout) -> bool:
    """Whether a sheet has a number or a name."""
    return sheet.role is SheetRole.DATA and bool(IDENTIFYING & columns_of(sheet.columns).keys())


def read_roster(
    file_name: str,
    data: bytes,
    *,
    most: int = MOST_ROWS,
    keep_cells: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Roster:
    """Read a file in the reading process; raises TooMany, RefusedFile, or PortalError without a key column.

    Rows of an xlsx are only kept with `keep_cells`, for its own file is what goes back.
    """
    questions: list[Question] = []
    cells: dict[str, list[tuple[int, list[Any]]]] = {}
    try:
        with ChildReading(file_name, data, vocabulary=vocabulary()) as reading:
            if not any(names_people(sheet) for sheet in reading.sheets):
                seen = [c.heading for sheet in reading.sheets for c in sheet.columns]
                raise _without_key(seen)
            keeps = keep_cells or reading.kind.format is not FileFormat.XLSX
            for sheet, rows in reading.slices():
                columns = columns_of(sheet.columns) if names_people(sheet) else {}
                if columns:
                    questions += [_question(sheet.name, row.number, row.cells, columns) for row in rows]
                if keeps:
                    cells.setdefault(sheet.name, []).extend((row.number, row.cells) for row in rows)
                if len(questions) > most:
                    raise TooMany
                if progress:
                    progress("读取名单", len(questions), 0)
            return Roster(file_name, reading.kind.format, reading.sheets, questions, cells)
    except RefusedFile as refusal:
        if refusal.reason_key == "NO_HEADER":
            raise _without_key(_headings_seen(file_name, data)) from refusal
        raise


def too_many() -> PortalError:
    """The refusal of a file above all limits."""
    return PortalError(f"名单超过 {MOST_ROWS:,} 行，请按学校或乡镇拆分后再比对。")


def _question(sheet: str, number: int, cells: list[Any], columns: dict[str, int]) -> Question:
    asked = Question(sheet, number)
    numbers: list[Number] = []
    for kind, read in (("id_no", _identity), ("student_no", _student_no)):
        if kind in columns:
            found, fault, remark = read(cells[columns[kind]])
            numbers += [one for one in found if one not in numbers]
            # A bad 学籍号 beside an ID number is not in the way.
            asked.fault = asked.fault or ("" if numbers else fault)
            if remark:
                asked.remarks += (remark,)
    asked.numbers = tuple(numbers)
    if "name" in columns:
        asked.name_key = name_key(_quietly(name, cells[columns["name"]]) or "")
    if "birth" in columns:
        asked.birth_on = _quietly(day, cells[columns["birth"]])
    if "school" in columns:
        asked.school = _quietly(word, cells[columns["school"]]) or ""
    return asked


def _identity(cell: Any) -> tuple[list[Number], str, str]:
    """Numbers of an ID cell, its fault, and what was done to it."""
    try:
        cleaned = _clean_id(cell)
    except Refuse as refusal:
        return [], refusal.key, ""
    if cleaned is None:
        return [], "", ""
    if isinstance(cleaned, str):
        return [("id_no", cleaned)], "", ""
    number, keys = cleaned
    written = idnumber.normalise(str(cell))
    if idnumber.is_student_no(written):
        own = [("id_no", number)] if number != written else []
        return [("student_no", written), *own], "", ""
    fault = next((key for key in keys if key in _FAULTS), "")
    if fault in _SAYS_NOBODY:
        return [], fault, ""
    remark = "按残疾人证号前18位比对" if "ID_IS_DISABILITY_NO" in keys else ""
    return [("id_no", number)], fault, "15位旧号，已换算为18位比对" if "ID_15_DIGIT" in keys else remark


def _student_no(cell: Any) -> tuple[list[Number], str, str]:
    """Numbers of a 学籍号 cell: itself, and the ID number that a G number holds."""
    try:
        number = student_no(cell)
    except Refuse as refusal:
        return [], refusal.key, ""
    if number is None:
        return [], "", ""
    holds_id = number[0] == "G" and idnumber.read(number).is_valid
    own = [("id_no", number[1:])] if holds_id else []
    return [("student_no", number), *own], "", ""


def _quietly(clean: Callable[[Any], Any], cell: Any) -> Any:
    """A cleaned value, None for a cell nobody can read: the row is then looked for by its other cells."""
    try:
        value = clean(cell)
    except Refuse:
        return None
    return value.value if isinstance(value, Warned) else value


def _headings_seen(file_name: str, data: bytes) -> list[str]:
    """Texts of the fullest row near the top."""
    with ChildReading(file_name, data, vocabulary=AnyRow(frozenset(), FIELDS)) as reading:
        return [column.heading for sheet in reading.sheets for column in sheet.columns]


def _without_key(seen: list[str]) -> PortalError:
    told = [heading for heading in dict.fromkeys(seen) if not any(c.isdigit() for c in heading)]
    shown = f"看到的列名有：{'、'.join(told[:SEEN_SHOWN])}。" if told else "没有认出表头行。"
    return PortalError(
        f"没有找到身份证号、学籍号或姓名列。{shown}请在表头写明“身份证号”或“姓名”（可另加“学籍号”“学校”“出生日期”）后重新上传。"
    )


def fault_words(key: str) -> str:
    """What is wrong with a number and what to do."""
    reason = REASONS[key]
    return f"{reason.title}，{reason.remedy.rstrip('。')}"

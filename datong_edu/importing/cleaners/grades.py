"""Grades and classes: 三年级, 3, 小三, 初二, 高一, 中班, 2019级, 初中2019级, 三年级(2)班.

Reading a grade takes two steps.  `grade` reads the cell alone; `place` turns it into a stage and a grade,
which may need the term (a year of entry), the stages the school teaches (一年级 of a senior school is grade
10) or the birth date (2018级 of a nine-year school is grade 3 or grade 9).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from datong_edu.core.codes import STAGE_GRADES, Stage
from datong_edu.importing.cleaners.base import Cell, Refuse, offering, remembered, word
from datong_edu.importing.cleaners.numerals import to_int

PRE, PRI, JUN, HS, VOC, SPE = (
    stage.value for stage in (Stage.PRE, Stage.PRI, Stage.JUN, Stage.HS, Stage.VOC, Stage.SPE)
)
# What a grade of a later stage counts from: 初一 is grade 7, 高一 grade 10.
_OFFSET = {PRE: 0, PRI: 0, JUN: 6, HS: 9, VOC: 0, SPE: 0}
_PREFIXES = {
    "小学": PRI,
    "小": PRI,
    "初中": JUN,
    "初": JUN,
    "普通高中": HS,
    "普高": HS,
    "高中": HS,
    "高": HS,
    "职业高中": VOC,
    "职高": VOC,
    "中职": VOC,
    "中专": VOC,
    "技校": VOC,
    "职": VOC,
    "特教": SPE,
    "幼儿园": PRE,
}
_PRE_CLASSES = {"大": 3, "中": 2, "小": 1}
_NUMERAL = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
_CLASS = rf"(?:[-.]?\(?({_NUMERAL})\)?班|\(({_NUMERAL})\))?"
_PRE = re.compile(rf"(?:幼儿园|幼儿|学前)?(大|中|小)(?:班)?(?:\(?({_NUMERAL})\)?)?班?")
_GRADE = re.compile(
    rf"({'|'.join(sorted(_PREFIXES, key=len, reverse=True))})?"
    rf"(?:(?:((?:20)?\d{{2}})(级|届))|({_NUMERAL})(?:年级|年)?){_CLASS}"
)
_CLASS_ONLY = re.compile(rf"(?:.*[^\d一二三四五六七八九十])?\(?({_NUMERAL})\)?班?")


class SpokenGrade(NamedTuple):
    """A grade as the cell says it: its stage if named, its number or a year, and a class number.

    2019级 says when they entered, 2022届 when they leave.
    """

    stage: str | None
    number: int | None
    entered: int | None = None
    class_no: int | None = None
    leaves: bool = False


_NUMERALS = "一二三四五六七八九"
GRADE_WORDS = (
    *("学前小班", "学前中班", "学前大班"),
    *(f"{numeral}年级" for numeral in _NUMERALS),
    *(f"{prefix}{numeral}" for prefix in ("高", "职", "特教") for numeral in _NUMERALS[:3]),
)


def _grade(cell: Cell) -> SpokenGrade | None:
    """Read a grade cell; text without a grade is refused."""
    text = word(cell)
    if not text:
        return None
    if text in ("学前班", "学前一年"):
        return SpokenGrade(PRE, 3)
    if (match := _PRE.fullmatch(text)) and (text.endswith("班") or text.startswith(("幼儿", "学前"))):
        return SpokenGrade(PRE, _PRE_CLASSES[match[1]], None, to_int(match[2]) if match[2] else None)
    match = _GRADE.fullmatch(text)
    if not match:
        raise Refuse("GRADE_UNKNOWN")
    prefix, entered, kind, number, *classes = match.groups()
    class_no = classes[0] or classes[1]
    if number and classes[0] and _is_one_number(number + classes[0]) and f"{number}{classes[0]}班" in text:
        raise Refuse("GRADE_UNKNOWN")
    return SpokenGrade(
        _PREFIXES[prefix] if prefix else None,
        to_int(number) if number else None,
        int(entered) + (2000 if len(entered) == 2 else 0) if entered else None,
        to_int(class_no) if class_no else None,
        kind == "届",
    )


def _is_one_number(digits: str) -> bool:
    """Whether what looks like grade and class is one number of a class: 12班, 103班, 十一班; not 六二班."""
    return digits.isdecimal() or "十" in digits


def _numbered(number: int, stage: str | None, stages: Sequence[str]) -> tuple[str, int] | None:
    """Stage and grade of a number: 初二 -> (JUN, 8); without a named stage the school's stages decide."""
    if stage is None:
        if tuple(stages) == (SPE,):
            stage = SPE
        elif number > 6:
            stage = HS if number > 9 else JUN
        elif number > 3 or not stages or PRI in stages:
            stage = PRI
        elif len(stages) == 1:
            stage = stages[0]
        else:
            return None
    if stage not in STAGE_GRADES:
        return None
    low, high = STAGE_GRADES[stage]
    if number < low:
        number += _OFFSET.get(stage, 0)
    return (stage, number) if low <= number <= high else None


def _of_year(
    spoken: SpokenGrade, school_year: int, stages: Sequence[str], born: date | None
) -> tuple[str, int] | None:
    """Stage and grade of those who enter or leave in a year; the age decides between two stages of a school.

    A 届 that has left by now is no grade, although some write 届 where they mean 级.
    """
    found = []
    for stage in stages:
        low, high = STAGE_GRADES[stage]
        year = spoken.entered or 0
        number = high - (year - school_year - 1) if spoken.leaves else low + school_year - year
        if low <= number <= high:
            found.append((stage, number))
    if len(found) <= 1:
        return found[0] if found else None
    if born is None:
        return None
    age = school_year - born.year - (born.month >= 9)

    def distance(choice: tuple[str, int]) -> int:
        stage, number = choice
        usual = {PRE: 2, VOC: 14}.get(stage, 5) + number
        return abs(age - usual)

    found.sort(key=distance)
    nearest, second = distance(found[0]), distance(found[1])
    return found[0] if nearest <= 2 and nearest < second else None


def place(
    spoken: SpokenGrade | None,
    *,
    school_year: int,
    stage: str | None = None,
    stages: Sequence[str] = (),
    born: date | None = None,
) -> tuple[str | None, int | None]:
    """Stage and grade of a pupil in the school year that begins in autumn `school_year`.

    `stage` is what the row's own column says, `stages` what the school teaches.  Refuses GRADE_UNKNOWN when a
    grade is given but cannot be placed.
    """
    if spoken is None:
        return stage, None
    named = spoken.stage or stage
    if spoken.entered is not None:
        found = _of_year(spoken, school_year, (named,) if named else stages, born)
    else:
        found = _numbered(spoken.number or 0, named, stages)
    if found is None:
        raise Refuse("GRADE_UNKNOWN")
    return found


grade = offering(remembered(_grade), GRADE_WORDS)


@remembered
def class_no(cell: Cell) -> int | None:
    """Number of a class: 2班, (2)班, 二班, 三年级2班, 2; a class with a name has none."""
    match = _CLASS_ONLY.fullmatch(word(cell))
    return to_int(match[1]) if match else None

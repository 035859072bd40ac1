"""The measured file: a registry roll of the whole city, twenty columns, one bad row in a hundred."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from datong_edu.accounts.models import Unit
from datong_edu.demo.generator.headings import REGISTRY_HEADINGS
from datong_edu.demo.generator.people import People
from datong_edu.demo.generator.workbook import Cell, Sheet, write_workbook
from datong_edu.registry.models import School

SEED = 2020
TERM = "2020-2021-1"
PUPILS_OF_A_SCHOOL = 600
HEADINGS = REGISTRY_HEADINGS
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
PRIMARY_GRADES = 6
BAD_EVERY, CHANGED_EVERY, CHANGED_AT = 100, 50, 7
NUMBER, NAME, SCHOOL_CODE, SCHOOL_NAME, GRADE, GUARDIAN, PHONE = 0, 1, 6, 7, 9, 17, 19
# A cell that makes the row unacceptable: no name, no 学籍号, no such grade, no such school.
FAULTS: tuple[dict[int, Cell], ...] = (
    {NAME: ""},
    {NUMBER: "20200917"},
    {GRADE: "不详"},
    {SCHOOL_CODE: "", SCHOOL_NAME: "不在名单的学校"},
)


def found_schools(rows: int) -> list[School]:
    """Nine-year schools, evenly over the counties, enough for so many pupils."""
    counties = list(Unit.objects.counties().order_by("code"))
    number = max(len(counties), rows // PUPILS_OF_A_SCHOOL)
    return School.objects.bulk_create(
        School(
            code=f"3114{n:06}",
            name=f"第{n}九年制学校",
            kind="312",
            seat="乡村",
            county=counties[n % len(counties)],
        )
        for n in range(number)
    )


def rows_of_roll(rows: int, schools: list[School]) -> list[list[Cell]]:
    """Pupils of grades one to nine; the same number of rows gives the same pupils."""
    rng = random.Random(SEED)
    people = People(rng)
    return [_row(number, people, rng, rng.choice(schools)) for number in range(rows)]


def _row(number: int, people: People, rng: random.Random, school: School) -> list[Cell]:
    grade = number % len(GRADES)
    sex = people.sex()
    born = date(2013 - grade, 9, 1) + timedelta(days=rng.randrange(365))
    surname = people.name()[0]
    own = people.id_number(f"1402{rng.choice(('24', '25', '26'))}", born, sex)
    parent = people.id_number("140225", date(1985, 1, 1) + timedelta(days=rng.randrange(3000)), "男")
    row: list[Cell] = [
        f"G{own}",
        people.name(surname),
        sex,
        born.isoformat(),
        "居民身份证",
        own,
        school.code,
        school.name,
        "小学" if grade < PRIMARY_GRADES else "初中",
        GRADES[grade],
        f"{rng.randrange(1, 7)}班",
        f"{2020 - grade % PRIMARY_GRADES}-09",
        rng.choice(("住校", "走读")),
        "农业",
        "在读",
        "",
        "",
        people.name(surname),
        parent,
        f"139{rng.randrange(10**8):08}",
    ]
    if number % BAD_EVERY == BAD_EVERY // 2:
        for at, cell in FAULTS[number // BAD_EVERY % len(FAULTS)].items():
            row[at] = cell
    return row


def change_some(roll: list[list[Cell]]) -> None:
    """Give one pupil in fifty another guardian and phone."""
    for number in range(CHANGED_AT, len(roll), CHANGED_EVERY):
        roll[number][GUARDIAN] = "改名人"
        roll[number][PHONE] = f"138{number:08}"


def changed_rows(rows: int) -> int:
    """How many rows of such a roll `change_some` changes."""
    return len(range(CHANGED_AT, rows, CHANGED_EVERY))


def bad_rows(rows: int) -> int:
    """How many rows of such a roll must come back refused."""
    return len(range(BAD_EVERY // 2, rows, BAD_EVERY))


def write_roll(path: Path, roll: list[list[Cell]]) -> None:
    """Write the workbook."""
    write_workbook(path, [Sheet("学籍", HEADINGS, list(_frozen(roll)))])


def _frozen(roll: list[list[Cell]]) -> Iterator[tuple[Cell, ...]]:
    return (tuple(row) for row in roll)

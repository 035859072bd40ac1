"""The city as county offices send it: roster files in the order they are imported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from datong_edu.demo.generator import sheets
from datong_edu.demo.generator.city import TERM, AidLine, City
from datong_edu.demo.generator.key import write_key
from datong_edu.demo.generator.mend import mend_rosters
from datong_edu.demo.generator.places import TEXT_FILE_COUNTY, County
from datong_edu.demo.generator.workbook import Sheet, write_workbook

CITY_CODE = "140200"
# Counties that still send the term's compulsory-stage aid on the printed form instead of the common roll.
PRINTED_AID = ("140226", "140212")


@dataclass(frozen=True)
class Roster:
    """A file to import: kind and unit of the importer, the term it speaks of, and its sheets."""

    name: str
    kind: str
    unit: str
    term: str
    sheets: tuple[Sheet, ...]


def write_city(city: City, folder: Path) -> list[Roster]:
    """Writes rosters, `mend/` and `answer_key.json`; returns the rosters in the order of import."""
    (folder / "mend").mkdir(parents=True, exist_ok=True)
    rosters = list(rosters_of(city))
    for roster in rosters:
        write_workbook(folder / roster.name, roster.sheets)
    mended = [
        (mend, Roster(f"mend/{name}", mend.kind, unit, TERM, (sheet,)))
        for mend, name, unit, sheet in mend_rosters(city)
    ]
    for _, roster in mended:
        write_workbook(folder / roster.name, roster.sheets)
    write_key(
        city,
        folder / "answer_key.json",
        rosters=[_entry(roster) for roster in rosters],
        fixes={mend.rule: [_entry(roster) | {"closes": [mend.subject]}] for mend, roster in mended},
    )
    return rosters


def _entry(roster: Roster) -> dict[str, object]:
    return {"file": roster.name, "kind": roster.kind, "unit": roster.unit, "term": roster.term}


def rosters_of(city: City) -> Iterator[Roster]:
    """All rosters: schools, pupils, households, lists, money, staff, meals and the dropout ledger."""
    yield _roster("00_学校名单.xlsx", "school_list", CITY_CODE, [sheets.school_sheet(city)])
    for county in city.counties:
        suffix = "csv" if county.code == TEXT_FILE_COUNTY else "xlsx"
        yield _roster(
            f"10_{county.name}_学籍.{suffix}",
            "student_registry",
            county.code,
            [sheets.registry_sheet(city, county)],
        )
    for county in city.counties:
        yield _roster(
            f"20_{county.name}_建档立卡户成员.xlsx",
            "poverty_members",
            county.code,
            [sheets.poverty_sheet(city, county)],
        )
    for county in city.counties:
        yield _roster(
            f"30_{county.name}_民政残联名单.xlsx",
            "civil_list",
            county.code,
            sheets.civil_sheets(city, county),
        )
    yield _roster(
        "40_死亡迁出名单.xlsx", "death_move", CITY_CODE, sheets.death_move_sheets(city.deaths, city.moves)
    )
    yield from _aid_rosters(city)
    for county in city.counties:
        yield _roster(
            f"60_{county.name}_教师花名册.xlsx",
            "r14_teachers",
            county.code,
            [sheets.teacher_sheet(city, county)],
        )
    poor = [county for county in city.counties if county.is_poor]
    for county in poor:
        yield _roster(
            f"61_{county.name}_乡村教师生活补助.xlsx",
            "r15_rural_allowance",
            county.code,
            [sheets.allowance_sheet(city, county)],
        )
    for county in poor:
        yield _roster(
            f"70_{county.name}_营养餐月报.xlsx",
            "r9_meal_month",
            county.code,
            [sheets.meal_sheet(city, county)],
        )
    for county in poor:
        yield _roster(
            f"80_{county.name}_控辍台账.xlsx",
            "r11_dropout_ledger",
            county.code,
            [sheets.dropout_sheet(city, county)],
        )


def _roster(name: str, kind: str, unit: str, content: Iterable[Sheet], term: str = TERM) -> Roster:
    return Roster(name, kind, unit, term, tuple(sheet for sheet in content if sheet.rows))


def _aid_rosters(city: City) -> Iterator[Roster]:
    """The common aid roll per county and term, oldest first; the printed form where a county keeps it."""
    for term in (*reversed(city.earlier_terms), TERM):
        for county in city.counties:
            lines = [line for line in city.lines if line.term == term and line.school.county is county]
            printed = [line for line in lines if _is_printed(county, term, line)]
            rest = [line for line in lines if not _is_printed(county, term, line)]
            label = f"{term[:4]}秋" if term.endswith("1") else f"{term[5:9]}春"
            name = f"50_{county.name}_学生资助发放名册_{label}.xlsx"
            yield _roster(name, "aid_roll", county.code, sheets.aid_sheets(rest), term)
            if printed:
                name = f"51_{county.name}_义教生活补助_{label}.xlsx"
                yield _roster(
                    name,
                    "r2_living_allowance",
                    county.code,
                    [sheets.printed_aid_sheet(city, county, printed)],
                    term,
                )


def _is_printed(county: County, term: str, line: AidLine) -> bool:
    return (
        county.code in PRINTED_AID
        and term == TERM
        and line.scheme.startswith("CE_")
        and not line.pupil.is_reserved
    )

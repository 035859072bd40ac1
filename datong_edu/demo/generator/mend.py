"""One roster for each rule that takes away the cause of one planted fault when it is imported."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from datong_edu.demo.generator import headings, sheets
from datong_edu.demo.generator.city import City, Mend
from datong_edu.demo.generator.workbook import Sheet


def mend_rosters(city: City) -> Iterator[tuple[Mend, str, str, Sheet]]:
    """Mend, file name, unit code and sheet, in the order of the rules."""
    for mend in sorted(city.mends, key=lambda item: item.rule):
        yield (
            mend,
            f"{mend.rule}_{mend.county.name}.xlsx",
            mend.county.code,
            _WRITERS[mend.rule](mend.content),
        )


def _aid(line: Any) -> Sheet:
    return Sheet("补发追回", headings.AID_HEADINGS, [sheets.aid_row(line)])


def _right_amount(content: Any) -> Sheet:
    line, right = content
    return Sheet("更正", headings.AID_HEADINGS, [sheets.aid_row(replace(line, amount=right))])


def _registry_status(content: Any) -> Sheet:
    row, status, change, on = content
    mended = replace(row, status=status, change=change, changed_on=on)
    return Sheet("学籍", headings.REGISTRY_HEADINGS, [sheets.registry_row(mended)])


def _registry_number(content: Any) -> Sheet:
    row, number = content
    return Sheet("学籍", headings.REGISTRY_HEADINGS, [sheets.registry_row(replace(row, id_text=number))])


def _civil(entry: Any) -> Sheet:
    return Sheet(entry.sheet, headings.CIVIL_HEADINGS, [sheets.civil_row(entry)])


def _moved(entry: Any) -> Sheet:
    return sheets.death_move_sheets((), [entry])[1]


def _meal(report: Any) -> Sheet:
    return Sheet(
        "营养餐月报", headings.MEAL_HEADINGS, [sheets.meal_row(replace(report, eaters=report.enrolled))]
    )


def _teacher(teacher: Any) -> Sheet:
    back = replace(teacher, state="在岗")
    return Sheet("教师花名册", headings.TEACHER_HEADINGS, [sheets.teacher_row(1, back)])


_WRITERS: dict[str, Callable[[Any], Sheet]] = {
    "C01": _aid,
    "C03": _aid,
    "C06": _civil,
    "C09": _registry_status,
    "C10": _right_amount,
    "C13": _registry_number,
    "C14": _registry_status,
    "C17": _moved,
    "C25": _meal,
    "C32": _teacher,
}

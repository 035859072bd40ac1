"""What the city pays a pupil in a term, by its own constants, and the ledger lines that follow.

Amounts are yuan a term, half of the yearly amount: boarders 1000/1250 and non-boarders 500/625
(primary/junior), preschool 1000, high-school grant tiers 1000/2000/3000, vocational grant 2000.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from datong_edu.demo.generator.city import (
    FIRST_GRADE,
    POOR,
    TERM,
    TERM_STARTS,
    AidLine,
    City,
    Pupil,
    RegistryRow,
)

SCHEME_NAMES = {
    "PRE_AID": "学前教育资助",
    "CE_BOARD": "义务教育寄宿生生活补助",
    "CE_NONBOARD": "义务教育非寄宿生生活补助",
    "HS_GRANT": "普通高中国家助学金",
    "HS_FEE": "普通高中免学杂费",
    "VOC_FEE": "中职免学费",
    "VOC_GRANT": "中职国家助学金",
}
BATCH_CODES = {
    "PRE_AID": "XQ",
    "CE_BOARD": "YJ",
    "CE_NONBOARD": "YJ",
    "HS_GRANT": "PZ",
    "HS_FEE": "PM",
    "VOC_FEE": "ZM",
    "VOC_GRANT": "ZZ",
}
WAIVERS = ("HS_FEE", "VOC_FEE")
_FOUR_CLASSES = {POOR, "残疾", "农村低保", "农村特困"}
_FLAT = {
    ("CE_BOARD", "PRI"): Decimal("500"),
    ("CE_BOARD", "JUN"): Decimal("625"),
    ("CE_NONBOARD", "PRI"): Decimal("250"),
    ("CE_NONBOARD", "JUN"): Decimal("312.50"),
    ("PRE_AID", "PRE"): Decimal("500"),
    ("VOC_GRANT", "VOC"): Decimal("1000"),
}
_TIERS = {POOR: "1500", "农村特困": "1500", "孤儿": "1500", "残疾": "1000"}
_PAID_ON = {"2019-2020-1": date(2019, 11, 22), "2019-2020-2": date(2020, 5, 20), TERM: date(2020, 11, 18)}


def schemes_due(pupil: Pupil, stage: str, grade: int) -> list[str]:
    """Schemes owed to a pupil of a category in a stage and grade; empty without one."""
    held = pupil.categories
    if not held:
        return []
    if stage == "PRE":
        return ["PRE_AID"]
    if stage in ("PRI", "JUN"):
        if pupil.boards:
            return ["CE_BOARD"]
        return ["CE_NONBOARD"] if held & _FOUR_CLASSES else []
    if stage == "HS":
        return ["HS_GRANT", "HS_FEE"] if held & _FOUR_CLASSES else ["HS_GRANT"]
    if POOR not in held:
        return []
    grant = pupil.county.is_poor and pupil.is_rural and grade <= 2
    return ["VOC_GRANT", "VOC_FEE"] if grant else ["VOC_FEE"]


def amount_of(pupil: Pupil, scheme: str, stage: str) -> Decimal:
    """Yuan a term for one scheme; a waiver is half the school's yearly tuition."""
    if scheme in WAIVERS:
        return Decimal(pupil.school.tuition) / 2
    if scheme == "HS_GRANT":
        return Decimal(_TIERS.get(pupil.main_category, "500"))
    return _FLAT[scheme, stage]


def line_of(
    city: City, pupil: Pupil, scheme: str, *, term: str = TERM, row: RegistryRow | None = None
) -> AidLine:
    """A successful line of the scheme for a term, added to the ledger."""
    row = row or pupil.rows[0]
    grade = grade_in(row, term)
    waived = scheme in WAIVERS
    line = AidLine(
        number=city.next_line_number(term, row.school.county),
        school=row.school,
        pupil=pupil,
        scheme=scheme,
        term=term,
        of_term=term,
        amount=amount_of(pupil, scheme, row.stage),
        category=pupil.main_category or POOR,
        status="已免除" if waived else "发放成功",
        paid_on="" if waived else f"{_PAID_ON[term]:%Y-%m-%d}",
        stage=row.stage,
        grade=grade,
    )
    city.lines.append(line)
    return line


def again(city: City, line: AidLine, **changes: Any) -> AidLine:
    """A second ledger line like `line`, with its own 行号 and the given cells changed."""
    copy = replace(line, number=city.next_line_number(line.term, line.school.county), **changes)
    city.lines.append(copy)
    return copy


def pay(city: City, pupil: Pupil, *, term: str = TERM, row: RegistryRow | None = None) -> list[AidLine]:
    """All lines due to a pupil in a term."""
    row = row or pupil.rows[0]
    return [
        line_of(city, pupil, scheme, term=term, row=row)
        for scheme in schemes_due(pupil, row.stage, grade_in(row, term))
    ]


def grade_in(row: RegistryRow, term: str) -> int:
    """Grade the row's pupil was in during a term; the row shows the grade of autumn 2020 (or at leaving)."""
    if row.status == "毕业":
        return row.grade
    return row.grade - (TERM_STARTS[TERM].year - int(term[:4]))


def pay_everybody(city: City) -> None:
    """Pays every pupil no planter has taken over, in this term and in the earlier ones."""
    for pupil in city.pupils:
        if not pupil.pays_by_hand:
            pay(city, pupil)
            pay_earlier(city, pupil)


def pay_earlier(city: City, pupil: Pupil) -> None:
    """Lines of the earlier terms, for pupils who were already in the stage they are in now."""
    row = pupil.rows[0]
    for term in city.earlier_terms:
        if grade_in(row, term) >= FIRST_GRADE[row.stage]:
            pay(city, pupil, term=term)

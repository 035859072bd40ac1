"""What the aid regulations say is due to whom, as one table both Python and SQL read.

Sources: the city's report on education against poverty (about end 2020); for non-boarders the national rule
of 2019 autumn (four classes); 财教〔2016〕292号 for general high schools; 财教〔2024〕181号 for vocational
grants.  Amounts are standards under the key of the scheme; a yearly amount is paid half per term.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from datong_edu.core.codes import Boarding, Category, Stage
from datong_edu.standards import lookup as standards

ANY = ""

FOUR_CLASSES: tuple[Category, ...] = (
    Category.JDLK,
    Category.DISABLED,
    Category.DIBAO_RURAL,
    Category.TEKUN_RURAL,
    Category.DIBAO,  # the roster does not say town or country: counted as rural
    Category.TEKUN,
)
"""四类学生: those aided without boarding and freed of high-school fees."""

RATED_SCHEMES = ("PRE_AID", "CE_BOARD", "CE_NONBOARD", "HS_GRANT", "VOC_GRANT")
"""Schemes whose amount is a standard; fees follow the school's approved tuition."""
STAGED_SCHEMES = ("CE_BOARD", "CE_NONBOARD")
TIERED_SCHEMES = ("HS_GRANT",)
NEEDS_CATEGORY = ("PRE_AID", "CE_BOARD", "CE_NONBOARD", "HS_GRANT", "HS_FEE", "YULU")
"""Schemes nobody may receive without a hardship category, whatever the school's county or the day."""


@dataclass(frozen=True)
class Due:
    """One line of the regulation: who is due a scheme.  ANY leaves a condition open."""

    scheme: str
    stage: Stage
    boarding: str = ANY
    category: str = ANY
    last_grade: int = 99
    poverty_county_only: bool = False


def due_table(on: date, book: standards.Book | None = None) -> list[Due]:
    """The regulation as in force on a day; every line supposes a hardship category of some kind.

    `book` are the standards already at hand; without it they are looked up.
    """
    book = book or standards.book()
    lines = [Due("PRE_AID", Stage.PRE), Due("HS_GRANT", Stage.HS)]
    for stage in (Stage.PRI, Stage.JUN):
        lines.append(Due("CE_BOARD", stage, Boarding.BOARDER))
        lines += [Due("CE_NONBOARD", stage, Boarding.DAY, category) for category in FOUR_CLASSES]
    lines += [Due("HS_FEE", Stage.HS, category=category) for category in FOUR_CLASSES]
    if book.at("VOC_FEE_ALL", on):
        lines.append(Due("VOC_FEE", Stage.VOC))
    else:
        lines.append(Due("VOC_FEE", Stage.VOC, category=Category.JDLK))
    last_grade = book.at("VOC_GRANT_GRADES", on)
    if isinstance(last_grade, int):
        lines.append(Due("VOC_GRANT", Stage.VOC, last_grade=last_grade, poverty_county_only=True))
    return [line for line in lines if is_in_force(line.scheme, line.stage, on, book)]


def is_in_force(scheme: str, stage: str, on: date, book: standards.Book) -> bool:
    """Whether a scheme pays anything on a day: CE_NONBOARD does not before 2019 autumn."""
    if scheme in STAGED_SCHEMES:
        return book.at(scheme, on, stage=stage) is not None
    if scheme in TIERED_SCHEMES:
        return book.at(scheme, on, tier="low") is not None
    return book.at(scheme, on) is not None


def due_schemes(
    *,
    stage: str,
    grade: int,
    boarding: str,
    categories: Iterable[str],
    in_poverty_county: bool,
    table: Iterable[Due],
) -> set[str]:
    """Schemes a pupil with these hardship categories is due by a `due_table`; nothing without a category.

    Where the registry does not say whether a pupil boards, the pupil is taken as a day pupil.
    """
    held = set(categories)
    return {
        line.scheme
        for line in table
        if held
        and line.stage == stage
        and line.boarding in (ANY, boarding or Boarding.DAY)
        and (line.category == ANY or line.category in held)
        and grade <= line.last_grade
        and (in_poverty_county or not line.poverty_county_only)
    }


def schemes_needing_category(on: date) -> list[str]:
    """Schemes a paid line of which supposes a hardship category on a day.

    Vocational fees stop needing one when all full-time students are freed; the vocational grant of poverty
    counties covers every pupil there and never needs one.
    """
    extra = [] if standards.at("VOC_FEE_ALL", on) else ["VOC_FEE"]
    return [*NEEDS_CATEGORY, *extra]

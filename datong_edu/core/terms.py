"""School years and terms, as pure values.

A term code reads `2020-2021-1`: school year and 1 (autumn) or 2 (spring).  Autumn runs from 1 September to
the end of February with its census on 30 September, spring from 1 March to 31 August with its census on
31 March; there is no gap between terms.  These days are the city's defaults: the table `core.Term` is seeded
from them and is what every query reads, so the city may move a date without touching code.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from datong_edu.core.exceptions import PortalError

_CODE = re.compile(r"^(\d{4})-(\d{4})-([12])$")
FIRST_YEAR, LAST_YEAR = 2011, 2035


@dataclass(frozen=True, order=True)
class TermDates:
    """One term: code, first and last day, census day 基准日."""

    code: str
    starts_on: date
    ends_on: date
    census_on: date

    @property
    def label(self) -> str:
        """The name a clerk says: 2020 秋季."""
        year, autumn = self.starts_on.year, self.code.endswith("-1")
        return f"{year} {'秋季' if autumn else '春季'}"


def term_dates(code: str) -> TermDates:
    """Dates of a term code; a code of another shape is refused with a sentence."""
    match = _CODE.match(code)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise PortalError(f"学期代码“{code}”不对，应写成 2020-2021-1（秋季）或 2020-2021-2（春季）。")
    first, second, half = int(match[1]), int(match[2]), match[3]
    if half == "1":
        end = date(second, 3, 1) - timedelta(days=1)
        return TermDates(code, date(first, 9, 1), end, date(first, 9, 30))
    return TermDates(code, date(second, 3, 1), date(second, 8, 31), date(second, 3, 31))


def term_code_on(day: date) -> str:
    """Code of the term that contains a day."""
    if day.month >= 9:
        return f"{day.year}-{day.year + 1}-1"
    if day.month <= 2:
        return f"{day.year - 1}-{day.year}-1"
    return f"{day.year - 1}-{day.year}-2"


def all_terms() -> list[TermDates]:
    """Every term the portal keeps books for, oldest first."""
    years = range(FIRST_YEAR, LAST_YEAR)
    return [term_dates(f"{year}-{year + 1}-{half}") for year in years for half in (1, 2)]

"""What does the law say on this day?  The one question code asks about standards.

    from datong_edu.standards import lookup as standards
    standards.at("CE_BOARD", term.starts_on, stage="JUN")          # Decimal("1500.00"), a year's amount

A declared dimension must be given; a value for a county wins over the city's, then the one narrowed by more
dimensions.  All values are kept in each process; every question compares one token with the database, so that
a new value counts at once in every process.  A rule that asks thousands of times takes `book()` once.
In SQL: the view `standards_rate` and the function `standards_number` (migration 0002 shows their use), or
`StandardValue.objects.in_force(on)`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from datong_edu.standards.enums import DIMENSIONS
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.models import Standard, StandardsVersion, StandardValue
from datong_edu.standards.rules import Answer, answer

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit

_NAMES = tuple(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Rate:
    """One value with its days and its document, for the trace of an amount."""

    key: str
    value: Answer
    from_on: date
    until_on: date | None
    codes: tuple[str, ...]
    county_id: int | None
    source_title: str
    source_number: str

    @property
    def rank(self) -> tuple[bool, int, tuple[bool, ...]]:
        """How narrowly it is meant: county first, then the number of dimensions, then their order."""
        given = tuple(bool(code) for code in self.codes)
        return self.county_id is not None, sum(given), given

    def fits(self, on: date, codes: tuple[str, ...], county_id: int | None) -> bool:
        """Whether it holds on a day for somebody described by codes and county."""
        return (
            self.from_on <= on
            and (self.until_on is None or on < self.until_on)
            and self.county_id in (None, county_id)
            and all(own in ("", asked) for own, asked in zip(self.codes, codes, strict=True))
        )


class Book:
    """All standards at one moment."""

    def __init__(self, token: UUID | None) -> None:
        self.token = token
        self._dimensions: dict[str, list[str]] = {}
        self._rates: dict[str, list[Rate]] = {}
        for key, dimensions in Standard.objects.values_list("key", "dimensions"):
            self._dimensions[key] = dimensions
            self._rates[key] = []
        for row in StandardValue.objects.select_related("standard"):
            key = row.standard.key
            self._rates[key].append(
                Rate(
                    key=key,
                    value=answer(row.standard.value_type, row.number, row.text),
                    from_on=row.from_on,
                    until_on=row.until_on,
                    codes=tuple(getattr(row, name) for name in _NAMES),
                    county_id=row.county_id,
                    source_title=row.source_title,
                    source_number=row.source_number,
                )
            )
        for rates in self._rates.values():
            rates.sort(key=lambda rate: rate.rank, reverse=True)

    def rate_at(self, key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> Rate | None:
        """The value in force with its document; None when there is none or the standard has ended.

        An unknown key, an unknown dimension, or a declared dimension left out raises `StandardsError`: the
        caller is wrong, not the office.
        """
        if key not in self._rates:
            raise StandardsError(f"没有代码为 {key} 的标准，请先载入标准参数文件。")
        unknown = set(scope) - set(_NAMES)
        missing = [name for name in self._dimensions[key] if not scope.get(name)]
        if unknown or missing:
            names = "、".join(sorted(unknown) or missing)
            raise StandardsError(f"查询标准 {key} 时{'多了' if unknown else '缺少'}维度 {names}。")
        codes = tuple(scope.get(name, "") for name in _NAMES)
        county_id = county if county is None or isinstance(county, int) else county.pk
        for rate in self._rates[key]:
            if rate.fits(on, codes, county_id):
                return None if rate.value is None else rate
        return None

    def at(self, key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> Answer:
        """The value in force on a day; see `rate_at`."""
        rate = self.rate_at(key, on, county=county, **scope)
        return rate.value if rate else None


_kept: list[Book] = []


def book() -> Book:
    """The standards as the database has them now; read anew only when the token has changed."""
    token = StandardsVersion.objects.values_list("token", flat=True).first()
    if not (_kept and token is not None and _kept[0].token == token):
        _kept[:] = [Book(token)]
    return _kept[0]


def at(key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> Answer:
    """What a standard says on a day: Decimal for money (yuan) and ratios, int, bool, text, or None."""
    return book().at(key, on, county=county, **scope)


def rate_at(key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> Rate | None:
    """The same with first day and document, for showing why."""
    return book().rate_at(key, on, county=county, **scope)


def amount(key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> Decimal | None:
    """Yuan (or a ratio) in force on a day, None when nothing is; another kind of standard is refused."""
    value = at(key, on, county=county, **scope)
    if value is not None and not isinstance(value, Decimal):
        raise StandardsError(f"标准 {key} 不是金额或比例。")
    return value


def limit(key: str, on: date, *, county: "Unit | int | None" = None, **scope: str) -> int:
    """A count such as days or persons that must be in force on the day; raises when it is not."""
    value = at(key, on, county=county, **scope)
    if not isinstance(value, int):
        raise StandardsError(f"标准 {key} 在 {on} 没有可用的数值，请标准管理员补录。")
    return value

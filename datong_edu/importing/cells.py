"""What a cell of a roster can hold, and how it is shown when a message quotes it.

Ordinary cells are plain Python values: str, float, bool, date, datetime, time, timedelta; "" is an empty
cell.  Only what nobody can use gets a class of its own, so that a sheet of millions of cells stays cheap.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

# From here on a spreadsheet no longer keeps every digit of a number.
EXACT_INTEGER_LIMIT = 10**15

Value: TypeAlias = "str | float | bool | date | datetime | time | timedelta | CellError | MissingFormula"


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell with an error value; `text` is what the sheet shows, such as `#REF!`."""

    text: str


@dataclass(frozen=True, slots=True)
class MissingFormula:
    """A formula saved without a value; `text` is the formula with its equals sign."""

    text: str


class BadBytes(str):
    """Text of which some bytes could not be decoded; `\\ufffd` stands for each of them."""

    __slots__ = ()


def shown(value: object) -> str:
    """The cell as it was sent, for quoting in a message.

    A whole number below 10^15 is exact and shown in full; above, the sheet itself only knows `1.40225e+17`.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) < EXACT_INTEGER_LIMIT:
            return str(int(value)) if value == int(value) else repr(value)
        return f"{value:g}"
    if isinstance(value, CellError | MissingFormula):
        return value.text
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)

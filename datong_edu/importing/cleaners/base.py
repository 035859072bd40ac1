"""What a cleaner is: a pure function from one cell to one value.

    value = clean(cell)

A cell is whatever the reader hands over: `str`, `float`, `int`, `datetime`, `date`, `bool`, `None`, a
`CellError` or a `MissingFormula`.  The answer is

* a value (None for a blank cell),
* `Warned(value, keys)`: the value is kept and the clerk is told why it is doubtful, or
* the exception `Refuse(key)`: the row must not be stored.

Keys are those of `importing.reasons`.  Cleaners of columns with few distinct values remember their answers.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache, wraps
from typing import Any, NamedTuple, TypeAlias

from datong_edu.importing.cells import EXACT_INTEGER_LIMIT, CellError, MissingFormula

Cell: TypeAlias = str | float | bool | datetime | date | time | timedelta | CellError | MissingFormula | None
Cleaner: TypeAlias = Callable[[Any], Any]


class Warned(NamedTuple):
    """A value that is stored but must be shown to the clerk, with the reasons."""

    value: Any
    keys: tuple[str, ...]


class Refuse(Exception):
    """The cell forbids storing its row; `key` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


# A cell with nothing but these says nothing.
BLANKS = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "、", ".", "NULL", "NONE", "NAN", "N/A", "(空)"}
)
NOTHING = BLANKS | {"无", "暂无", "没有", "不详", "未知"}

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ERROR_TEXTS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_WRAPPED = re.compile(r'^="(.*)"$', re.DOTALL)
_EXPONENT = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,3}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def number_text(number: float | int) -> str:
    """A number cell as a person would have typed it: no `.0`, no exponent."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise Refuse("CELL_ERROR")
        if number.is_integer():
            return str(int(number))
    return repr(number)


def _trimmed(text: str) -> str:
    text = text.strip()
    if "\ufffd" in text:
        raise Refuse("BAD_BYTES")
    if text[:1] == "#" and text.upper() in _ERROR_TEXTS:
        raise Refuse("CELL_ERROR")
    return _WRAPPED.sub(r"\1", text).strip() if text[:2] == '="' else text


def raw_text(cell: Cell) -> str:
    """Text of any cell, trimmed; error cells, uncalculated formulas and spoilt bytes are refused."""
    if isinstance(cell, str):
        return _trimmed(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, CellError):
        raise Refuse("CELL_ERROR")
    if isinstance(cell, MissingFormula):
        raise Refuse("FORMULA_NO_VALUE")
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def word(cell: Cell) -> str:
    """Text for looking up: half-width, without spaces or invisible characters; "" for a blank cell."""
    text = raw_text(cell)
    if not text:
        return ""
    text = "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split()).strip("'")
    return "" if text.upper() in BLANKS else text


def remembered(clean: Cleaner) -> Cleaner:
    """The same cleaner with a memory, for columns with few distinct values."""
    return lru_cache(maxsize=8192, typed=True)(clean)


def required(clean: Cleaner, key: str) -> Cleaner:
    """A cleaner that refuses a blank cell with `key`."""

    @wraps(clean)
    def clean_required(cell: Cell) -> Any:
        value = clean(cell)
        if value is None or value == []:
            raise Refuse(key)
        return value

    return clean_required


def wanted(clean: Cleaner, key: str) -> Cleaner:
    """A cleaner that warns with `key` where the cell is blank."""

    @wraps(clean)
    def clean_wanted(cell: Cell) -> Any:
        value = clean(cell)
        return Warned(value, (key,)) if value is None or value == [] else value

    return clean_wanted


def optional(clean: Cleaner) -> Cleaner:
    """A cleaner of a column nobody depends on: an error cell is a warning and reads as blank."""

    @wraps(clean)
    def clean_optional(cell: Cell) -> Any:
        try:
            return clean(cell)
        except Refuse as fault:
            if fault.key in ("CELL_ERROR", "FORMULA_NO_VALUE"):
                return Warned(None, (fault.key,))
            raise

    return clean_optional


def text(limit: int = 200) -> Cleaner:
    """Free text of at most `limit` characters, without control characters."""

    def clean_text(cell: Cell) -> str | None:
        value = raw_text(cell)
        if not value:
            return None
        if len(value) > limit:
            raise Refuse("TEXT_TOO_LONG")
        if value.isalnum():
            return value
        value = _CONTROL.sub("", value.translate(_INVISIBLE)).strip().strip("'")
        return None if value in BLANKS else value

    return clean_text


def code(limit: int = 40) -> Cleaner:
    """A code of digits or letters, such as a household's number; one that lost digits is refused."""
    clean_text = text(limit)

    def clean_code(cell: Cell) -> str | None:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT_INTEGER_LIMIT:
            raise Refuse("NUMBER_INVALID")
        value: str | None = clean_text(cell)
        if value and _EXPONENT.fullmatch(value):
            raise Refuse("NUMBER_INVALID")
        return value

    return clean_code


def lookup(table: dict[str, Any], unknown: str, *, refuse: bool = False) -> Cleaner:
    """A cleaner for a code table: word in, value out; an unknown word warns (value None) or refuses.

    Keys of the table are compared half-width, without spaces and in capitals.
    """
    known = {unicodedata.normalize("NFKC", key).upper(): value for key, value in table.items()}

    def clean_word(cell: Cell) -> Any:
        key = word(cell).upper()
        if not key:
            return None
        if key in known:
            return known[key]
        if refuse:
            raise Refuse(unknown)
        return Warned(None, (unknown,))

    return offering(remembered(clean_word), _one_word_each(table))


def offering(clean: Cleaner, words: Sequence[str]) -> Cleaner:
    """The same cleaner, which tells by `meanings` the words somebody may choose from for an unknown one."""
    clean.meanings = tuple(words)  # type: ignore[attr-defined]
    return clean


def _one_word_each(table: dict[str, Any]) -> list[str]:
    """For each value of a code table the first Chinese word it goes by."""
    words: dict[Any, str] = {}
    for name, value in table.items():
        if value is not None and _CHINESE.search(name):
            words.setdefault(value, name)
    return list(words.values())

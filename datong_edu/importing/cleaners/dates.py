"""Days, months, years and terms in every form county files use.

Known forms of a day: 20200901 (text or number), 2020-9-1, 2020/9/1, 2020.9.1, 2020年9月1日,
二〇二〇年九月一日, a date cell, a serial number of Excel (text or number), each with or without a time.  A
month drops the day.  A day is never made up: a month in a column of days is refused.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta

from datong_edu.importing.cleaners.base import NOTHING, Cell, Refuse, raw_text, remembered, word
from datong_edu.importing.cleaners.numerals import chinese_int, to_int

_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 system, for every serial after February 1900
_SERIALS = range(10_000, 80_000)
_OPEN_ENDED = NOTHING | {"至今", "今", "长期", "永久", "在职", "未撤并"}
_TIME = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d{2}.*$|(?<=日)\s*\d{1,2}:\d{2}.*$")
_NUMERAL = "[零〇○O一二三四五六七八九十]"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_DAY_WORDS = re.compile(
    rf"(\d{{4}}|{_NUMERAL}{{4}})年(\d{{1,2}}|{_NUMERAL}{{1,3}})月(\d{{1,2}}|{_NUMERAL}{{1,3}})[日号]"
)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?(?:份)?")
_MONTH_WORDS = re.compile(rf"(\d{{4}}|{_NUMERAL}{{4}})年(\d{{1,2}}|{_NUMERAL}{{1,3}})月(?:份)?")
_YEAR = re.compile(r"(\d{4})(?:年|年度)?")
_TERM_CODE = re.compile(
    r"(\d{4})-(\d{4})(?:学年度?)?-?(?:第?\(?([12一二])\)?(?:学期)?|([上下春秋])季?(?:学期)?)"
)
_TERM_SEASON = re.compile(r"(\d{4})年?([春秋])季?(?:学期|学年)?")


def _day(year: int | None, month: int | None, day: int | None) -> date:
    if year is None or month is None or day is None or not 1900 <= year < 2100:
        raise Refuse("DATE_INVALID")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refuse("DATE_INVALID") from None


def _compact(cell: Cell) -> str:
    text = unicodedata.normalize("NFKC", raw_text(cell))
    text = "".join(_TIME.sub("", text).split()).strip("'")
    return "" if text.upper() in _OPEN_ENDED else text


def _day_in(text: str) -> date | None:
    """The day a text spells; None when it has no form of a day."""
    if len(text) == 8 and text.isdigit():
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := _DAY.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_WORDS.fullmatch(text):
        return _day(to_int(match[1]), to_int(match[2]), to_int(match[3]))
    number = text.split(".", 1)[0]
    if len(number) == 5 and text.replace(".", "", 1).isdigit() and int(number) in _SERIALS:
        return _EPOCH + timedelta(days=int(number))
    return None


@remembered
def day(cell: Cell) -> date | None:
    """A day; blank, 无, 长期 and 至今 read as None."""
    if isinstance(cell, datetime):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    text = _compact(cell)
    if not text:
        return None
    found = _day_in(text)
    if found is None:
        raise Refuse("DATE_INVALID")
    return found


def _month_text(year: int | None, month: int | None) -> str:
    first = _day(year, month, 1)
    return f"{first.year}-{first.month:02}"


@remembered
def month(cell: Cell) -> str | None:
    """A month as `YYYY-MM`; a whole day gives its month.

    The number 2020.1 may have been typed as 2020.10, so one decimal in a number cell is refused.
    """
    if isinstance(cell, datetime | date):
        return _month_text(cell.year, cell.month)
    text = _compact(cell)
    if not text:
        return None
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.\d", text):
        raise Refuse("DATE_INVALID")
    if len(text) == 6 and text.isdigit():
        return _month_text(int(text[:4]), int(text[4:]))
    if match := _MONTH.fullmatch(text):
        return _month_text(int(match[1]), int(match[2]))
    if match := _MONTH_WORDS.fullmatch(text):
        return _month_text(to_int(match[1]), to_int(match[2]))
    found = _day_in(text)
    if found is None:
        raise Refuse("DATE_INVALID")
    return _month_text(found.year, found.month)


@remembered
def year(cell: Cell) -> int | None:
    """A calendar year: 2018, 2018年, 2018年度, 二〇一八年; a whole day or month gives its year."""
    if isinstance(cell, datetime | date):
        return cell.year
    text = _compact(cell)
    if not text:
        return None
    found = int(match[1]) if (match := _YEAR.fullmatch(text)) else chinese_int(text.rstrip("年"))
    if found is None or not 1900 <= found < 2100:
        return int(str(month(cell))[:4])
    return found


@remembered
def term(cell: Cell) -> str | None:
    """A term code `2020-2021-1` from 2020年秋季学期, 2020-2021学年第一学期, 2020-2021-1 and their like."""
    text = re.sub(r"[—–~～至/]+", "-", word(cell))
    if not text:
        return None
    if match := _TERM_CODE.fullmatch(text):
        first, half = int(match[1]), match[3] or match[4]
        if int(match[2]) == first + 1:
            return f"{match[1]}-{match[2]}-{1 if half in '1一上秋' else 2}"
    if match := _TERM_SEASON.fullmatch(text):
        first = int(match[1]) - (match[2] == "春")
        return f"{first}-{first + 1}-{2 if match[2] == '春' else 1}"
    raise Refuse("DATE_INVALID")

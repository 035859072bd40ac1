"""Money in yuan and whole numbers, with or without units, in digits or in words."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from datong_edu.importing.cleaners.base import Cell, Cleaner, Refuse, remembered, word
from datong_edu.importing.cleaners.numerals import chinese_int

_CENT = Decimal("0.01")
_NOISE = Decimal("0.000001")  # rounding dust of a spreadsheet formula
_MOST = Decimal("10000000000")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+")
_BRACKETED = re.compile(r"\((.+)\)")
_CURRENCY = re.compile(r"^(?:[¥$]|RMB|CNY|人民币)|(?:RMB|CNY)$", re.IGNORECASE)
_RATE = re.compile(
    r"(?:/|每)(?:人)?(?:/|·)?(?:天|日|月|年|生|人|学期|学年|次)+$|/(?:生|人)[./·](?:天|日|月|年|学期)$"
)
_WORDS = re.compile(r"(.+?)(?:块钱|[元圆块])(?:零?(.)角)?(?:零?(.)分)?[整正]?")
_UNIT = re.compile(r"(万)?(?:元|圆|块钱|块)?[整正]?$")


def _plain(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _in_words(text: str) -> Decimal | None:
    """三百一十二元五角, 四千八百, 陆佰元整."""
    if match := _WORDS.fullmatch(text):
        yuan, jiao, fen = (chinese_int(part) if part else 0 for part in match.groups())
        if yuan is None or jiao is None or fen is None or max(jiao, fen) > 9:
            return None
        return Decimal(yuan) + Decimal(jiao) / 10 + Decimal(fen) / 100
    whole = chinese_int(text)
    return None if whole is None else Decimal(whole)


def _amount(text: str) -> Decimal | None:
    """Yuan a text means, or None."""
    if match := _BRACKETED.fullmatch(text):
        inner = _amount(match[1])
        return None if inner is None else -inner
    sign = -1 if text[:1] in "-−" else 1
    text = _CURRENCY.sub("", text.lstrip("-−+"))
    unit = _UNIT.search(text)
    figure = _plain(text[: unit.start()]) if unit else None
    if figure is not None and unit:
        return sign * figure * (10_000 if unit[1] else 1)
    words = _in_words(text)
    return None if words is None else sign * words


def money(*, negative: bool = False, exact: bool = True, rate: bool = False) -> Cleaner:
    """Yuan as Decimal with two places.

    A negative amount is refused unless `negative` (only recoveries 追回).  Parts of a fen are refused unless
    `exact` is off (averages such as income, rounded half up).  `rate` lets `4元/天` and `1000元/年` pass.
    """

    @remembered
    def clean_money(cell: Cell) -> Decimal | None:
        if isinstance(cell, bool):
            raise Refuse("AMOUNT_INVALID")
        text = word(cell)
        if not text:
            return None
        amount = _amount(_RATE.sub("", text) if rate else text)
        if amount is None or abs(amount) >= _MOST or (amount < 0 and not negative):
            raise Refuse("AMOUNT_INVALID")
        rounded = amount.quantize(_CENT, ROUND_HALF_UP)
        if exact and abs(rounded - amount) > _NOISE:
            raise Refuse("AMOUNT_INVALID")
        return rounded

    return clean_money


def whole(*, low: int = 0, high: int = 10_000_000, units: Iterable[str] = ()) -> Cleaner:
    """A whole number from `low` to `high`; `units` (人, 天, 个月 …) may follow it."""
    tail = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    ending = re.compile(rf"(?:{tail})$") if tail else None

    @remembered
    def clean_whole(cell: Cell) -> int | None:
        if isinstance(cell, bool):
            raise Refuse("NUMBER_INVALID")
        text = word(cell)
        if not text:
            return None
        if ending:
            text = ending.sub("", text)
        figure = _plain(text)
        number = chinese_int(text) if figure is None else figure
        if number is None or number != int(number) or not low <= number <= high:
            raise Refuse("NUMBER_INVALID")
        return int(number)

    return clean_whole


people = whole(units=("人", "名", "个", "生"))
person_times = whole(units=("人次", "人", "次"))
days = whole(high=366, units=("天", "日"))
months = whole(low=0, high=12, units=("个月", "月"))
times = whole(high=1000, units=("次", "回"))

"""Figures in words: thousands separators, 万元 above 10,000, deadlines in days."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

WAN = 10_000
DAYS_TOLD = 30


def count(value: int | None) -> str:
    """1,580; nothing for None."""
    return "" if value is None else f"{value:,}"


def yuan(value: Decimal | float | None) -> str:
    """625, 1,250 or 312.50: yuan with its fen only when there are any."""
    if value is None:
        return ""
    amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def wan(value: Decimal | float | None) -> str:
    """An amount with its unit: 625 元, 2,374.1 万元."""
    if value is None:
        return ""
    amount = Decimal(value)
    if abs(amount) < WAN:
        return f"{yuan(value)} 元"
    return f"{amount / WAN:,.1f} 万元"


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """98.2% for a share of 0.982; a dash when there is nothing to divide by."""
    return "—" if value is None else f"{float(value) * 100:.{int(places)}f}%"


def deadline(due_on: date | None, today: date) -> str:
    """超 2 天, 今天 or 剩 3 天; nothing without a deadline."""
    if due_on is None:
        return ""
    left = (due_on - today).days
    if left < 0:
        return f"超 {-left} 天"
    return f"剩 {left} 天" if left else "今天"


def ago(value: date | datetime | None) -> str:
    """When something happened in the office: 今天 08:30, 昨天 02:00, 5 天前 14:05, 2020-12-15 08:30.

    Told from the real day, so that it also reads well in the demo city, whose working day is another one.
    """
    if value is None:
        return ""
    now = timezone.localtime()
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        on, hour = moment.date(), f" {moment:%H:%M}"
    else:
        on, hour = value, ""
    days = (now.date() - on).days
    if 0 <= days <= DAYS_TOLD:
        words = ("今天", "昨天")[days] if days < 2 else f"{days} 天前"
    else:
        words = f"{on:%Y-%m-%d}"
    return f"{words}{hour}"


def round_up(value: float) -> float:
    """The next round figure for the top of a scale: 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** (len(str(int(value))) - 1)
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)

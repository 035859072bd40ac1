"""How the portal writes figures and days, and how its small drawings are measured."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from datong_edu.web import numbers
from datong_edu.web.parts import Bar, Trend

register = template.Library()

register.filter("count", numbers.count)
register.filter("yuan", numbers.yuan)
register.filter("wan", numbers.wan)
register.filter("percent", numbers.percent)


@register.filter
def day(value: date | datetime | None) -> str:
    """2020-12-15; an instant shows its day in Datong."""
    return f"{_day(value):%Y-%m-%d}" if value else ""


@register.filter
def day_short(value: date | datetime | None) -> str:
    """12-15."""
    return f"{_day(value):%m-%d}" if value else ""


@register.filter
def day_cn(value: date | None) -> str:
    """2020年12月15日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter
def instant(value: date | datetime | None) -> str:
    """今天 08:30, 昨天 02:00, 5 天前 14:05; beyond a month 2020-12-15 08:30."""
    return numbers.ago(value)


@register.filter
def deadline(due_on: date | None, today: date) -> str:
    """超 2 天, 今天 or 剩 3 天."""
    return numbers.deadline(due_on, today)


@register.filter
def term_short(code: str) -> str:
    """2020 秋 for 2020-2021-1, 2021 春 for 2020-2021-2."""
    first, second, half = code.split("-")
    return f"{first} 秋" if half == "1" else f"{second} 春"


@register.filter
def scaled(bars: Iterable[Bar]) -> list[dict[str, Any]]:
    """Bars with their widths in percent of the largest, to two places."""
    rows = list(bars)
    scale = float(max((bar.value for bar in rows), default=0) or 1)
    return [
        {
            **vars(bar),
            "width": f"{min(100.0, float(bar.value) / scale * 100):.2f}",
            "late_width": f"{min(100.0, float(bar.late) / scale * 100):.2f}" if bar.late else "",
        }
        for bar in rows
    ]


@register.simple_tag
def trend_shape(trend: Trend) -> dict[str, Any]:
    """Positions of a stacked-column drawing in a box of 720 × 200; its floor is at 160, its top at 20."""
    totals = [sum(column.values) for column in trend.columns]
    top = numbers.round_up(max(totals, default=0))
    lines = [{"y": round(160 - 140 * i / 5, 1), "text": numbers.count(round(top * i / 5))} for i in range(6)]
    step = 660 / max(1, len(trend.columns))
    width = round(min(48.0, step * 0.6), 1)
    columns = []
    for index, column in enumerate(trend.columns):
        middle, floor, boxes = 56 + step * (index + 0.5), 160.0, []
        for series, value in enumerate(column.values, start=1):
            height = 140 * float(value) / top
            floor -= height
            boxes.append({"series": series, "y": round(floor, 1), "height": round(height, 1)})
        columns.append(
            {
                "x": round(middle - width / 2, 1),
                "middle": round(middle, 1),
                "width": width,
                "top": round(floor, 1),
                "boxes": boxes,
                "label": column.label,
                "note": column.note,
                "total_text": column.total_text,
            }
        )
    return {"lines": lines, "columns": columns}


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value

"""The base table of every list, and its columns.

A column knows how it looks (`render`) and what it exports (`value`): money and counts leave as numbers, days
as dates, everything else as text.  `order_by` of a column names model paths; only columns marked
`orderable=True` can be sorted.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.core import sensitive
from datong_edu.web import cells, numbers

NUMBER_CELL = {"td": {"class": "dt-num"}, "th": {"class": "dt-num"}}
TIGHT_CELL = {"td": {"class": "dt-nowrap"}}

Exports = Mapping[str, Permission]


def exported(*columns: str, to: Permission = Permission.EXPORT_ROWS) -> Exports:
    """Columns that leave in a workbook, and the permission each takes; joined with `|`."""
    return dict.fromkeys(columns, to)


class MoneyColumn(tables.Column):
    """Yuan; put 元 into the heading."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": NUMBER_CELL, **kwargs})

    def render(self, value: Decimal) -> str:
        """1,250 or 312.50."""
        return numbers.yuan(value)

    def value(self, value: Decimal) -> float:
        """A number in the workbook."""
        return float(value)


class CountColumn(tables.Column):
    """A whole number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": NUMBER_CELL, **kwargs})

    def render(self, value: int) -> str:
        """1,580."""
        return numbers.count(value)

    def value(self, value: int) -> int:
        """A number in the workbook."""
        return value


class DayColumn(tables.Column):
    """A day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": TIGHT_CELL, **kwargs})

    def render(self, value: date) -> str:
        """2020-12-15."""
        return f"{value:%Y-%m-%d}"

    def value(self, value: date) -> str:
        """2020-12-15, as the import reads it."""
        return f"{value:%Y-%m-%d}"


class CountyColumn(tables.Column):
    """The county; a list with one county in sight hides it and still exports it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults = {"verbose_name": "县区", "accessor": "county__name", "attrs": TIGHT_CELL}
        super().__init__(*args, **{**defaults, **kwargs})


class MaskedColumn(tables.Column):
    """A sensitive value by its masked text; point the accessor to the `_masked` column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": TIGHT_CELL, **kwargs})


class BadgeColumn(tables.Column):
    """A choice as a badge where `tones` gives its value a tone ("" is grey), as plain text elsewhere."""

    def __init__(self, *args: Any, tones: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": TIGHT_CELL, **kwargs})
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString | str:
        """The label, on its tinted ground."""
        tone = self.tones.get(bound_column.accessor.resolve(record, quiet=True))
        if tone is None:
            return str(value)
        return format_html('<span class="dt-badge{}">{}</span>', f" dt-badge-{tone}" if tone else "", value)

    def value(self, value: Any) -> str:
        """The label."""
        return str(value)


class DeadlineColumn(tables.Column):
    """Days left until a deadline, red when late; the table knows the day the portal works on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": TIGHT_CELL, **kwargs})

    def render(self, value: date, table: "PortalTable") -> SafeString | str:
        """超 2 天, 今天, 剩 3 天."""
        text = numbers.deadline(value, table.today)
        return format_html('<span class="dt-red">{}</span>', text) if value < table.today else text

    def value(self, value: date) -> str:
        """The deadline itself."""
        return f"{value:%Y-%m-%d}"


class PortalTable(tables.Table):
    """Base of every list.  `today` is the day deadlines are counted from.

    `exports` is the whitelist of what leaves in a workbook; columns it does not name stay on the screen.
    """

    exports: ClassVar[Exports] = {}

    class Meta:
        template_name = "web/parts/table.html"
        attrs = {"class": "dt-table dt-rows"}
        orderable = False
        default = ""

    def __init__(self, *args: Any, today: date, sort: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.sort = sort

    @property
    def has_picks(self) -> bool:
        """Whether rows have a box to tick."""
        return "pick" in self.columns

    def hide_counties(self) -> None:
        """Leave the county out of the page."""
        if "county" in self.columns:
            self.columns.hide("county")

    @classmethod
    def sort_paths(cls, sort: str) -> list[str]:
        """Model paths of `?sort=name` or `?sort=-name`; empty for a column that cannot be sorted."""
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        column = cls.base_columns.get(name)
        if column is None or not column.orderable:
            return []
        paths = column.order_by or (str(column.accessor or name).replace(".", "__"),)
        return [_turned(path) if descending else path for path in paths]

    def heads(self) -> list[dict[str, Any]]:
        """Column headings with the sort each leads to, for the table template."""
        return [
            {
                "label": column.header,
                "attrs": column.attrs["th"].as_html(),
                "sort": self._next_sort(column.name) if self.base_columns[column.name].orderable else "",
                "state": self._sort_state(column.name),
            }
            for column in self.columns
        ]

    def body(self) -> SafeString:
        """The rows, for the table template."""
        return cells.body_of(self)

    def values_for(self, user: User, *, in_full: bool = False) -> Iterator[list[Any]]:
        """Headings and rows for a workbook: what is on the whitelist and what its reader may take along.

        `in_full` puts whole numbers in place of masked ones, for an export that a second person approved.
        """
        leaving = {name for name, to in self.exports.items() if user.may(to)}
        return cells.values_of(self, leaving, self.unmasked() if in_full else {})

    @classmethod
    def unmasked(cls) -> dict[str, cells.Read]:
        """Masked columns with how the whole number of a record is read; callers hold the approval."""
        return {
            name: partial(_whole_number, str(column.accessor or name).replace(".", "__"))
            for name, column in cls.base_columns.items()
            if isinstance(column, MaskedColumn)
        }

    def as_values(self, exclude_columns: Any = None) -> Iterator[list[Any]]:
        """Refused: a workbook is made for somebody."""
        raise NotImplementedError("say values_for(user)")

    def _sort_state(self, name: str) -> str:
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")

    def _next_sort(self, name: str) -> str:
        return f"-{name}" if self.sort == name else name


def _whole_number(masked_path: str, record: Any) -> str | None:
    """Unseal the value beside a masked one, along the same path."""
    *steps, masked = masked_path.split("__")
    for step in steps:
        record = getattr(record, step, None)
        if record is None:
            return None
    name = masked.removesuffix("_masked")
    cipher = getattr(record, name)
    if cipher is None:
        return None
    kind = record._meta.get_field(name).kind
    return sensitive.unseal(kind, cipher, getattr(record, f"{name}_index"))


def _turned(path: str) -> str:
    return path[1:] if path.startswith("-") else f"-{path}"

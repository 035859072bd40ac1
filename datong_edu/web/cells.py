"""Drawing the cells of a list.

django-tables2 finds out anew for every cell how its column reads and draws it, which is most of a page's
time.  Here each column is asked once per table; what a cell shows stays the same: the label of a choice,
`render_x` of the table or `render` of the column, its link, and the column's default where there is nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from inspect import Parameter, signature
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.safestring import SafeString
from django_tables2.utils import Accessor

Read = Callable[[Any], Any]
Draw = Callable[..., Any]


def body_of(table: Any) -> SafeString:
    """The rows of a table as HTML, without the `tbody`."""
    records = list(table.data)
    pens = [_Pen(table, column, column.render, records) for column in table.columns.itervisible()]
    lines = ("".join([pen.cell(record) for pen in pens]) for record in records)
    return SafeString("".join(f"<tr>{line}</tr>\n" for line in lines))


def values_of(table: Any, leaving: Collection[str], instead: Mapping[str, Read]) -> Iterator[list[Any]]:
    """What leaves in a workbook: the headings, then the rows; of `leaving`, hidden columns too.

    `instead` reads some columns otherwise than the screen does.
    """
    columns = [column for column in table.columns.iterall() if column.name in leaving]
    records = list(table.data)
    reads = [
        instead.get(column.name) or _Pen(table, column, column.value, records).value for column in columns
    ]
    yield [str(column.header) for column in columns]
    for record in records:
        yield [read(record) for read in reads]


class _Pen:
    """How one column of one table reads and draws."""

    def __init__(self, table: Any, bound: Any, draw: Draw, records: Iterable[Any]) -> None:
        self.draw = draw
        self.read = _reader(Accessor(bound.accessor), next(iter(records), None))
        self.empty = bound.column.empty_values
        self.wanted = _names_of(getattr(draw, "__func__", draw))
        self.known = {"column": bound.column, "bound_column": bound, "table": table}
        self.default = _escaped(bound.default)
        self.link = bound.link
        attrs = bound.attrs["td"].as_html()
        self.opening = f"<td {attrs}>" if attrs else "<td>"

    def cell(self, record: Any) -> str:
        """The cell as HTML."""
        value = self.read(record)
        if value in self.empty:
            return f"{self.opening}{self.default}</td>"
        content = self._drawn(value, record)
        if self.link is None:
            return f"{self.opening}{_escaped(content)}</td>"
        url = self.link.compose_url(value=value, record=record, **self.known)
        inner = f'<a href="{_escaped(url)}">{_escaped(content)}</a>' if url else _escaped(content)
        return f"{self.opening}{inner}</td>"

    def value(self, record: Any) -> Any:
        """The cell as a plain value; numbers stay numbers."""
        value = self.read(record)
        content = None if value in self.empty else self._drawn(value, record)
        return content if content is None or isinstance(content, int | float) else str(content)

    def _drawn(self, value: Any, record: Any) -> Any:
        if self.wanted == ("value",):
            return self.draw(value=value)
        given = {"value": value, "record": record, **self.known}
        return self.draw(**(given if self.wanted is None else {name: given[name] for name in self.wanted}))


def _escaped(content: Any) -> str:
    """Safe in HTML; what is marked as such already stays."""
    return str(content.__html__()) if hasattr(content, "__html__") else escape(str(content))


@lru_cache(maxsize=1024)
def _names_of(draw: Draw) -> tuple[str, ...] | None:
    """Parameters a drawing asks for, without itself; None when it takes whatever there is."""
    asked = signature(draw).parameters.values()
    if any(one.kind == Parameter.VAR_KEYWORD for one in asked):
        return None
    return tuple(one.name for one in asked if one.name != "self")


def _reader(accessor: Accessor, sample: Any) -> Read:
    """How the accessor finds its value in a record like the sample."""
    if not isinstance(sample, Model):
        return lambda record: accessor.resolve(record, quiet=True)
    *path, last = accessor.bits
    labels = _labels(accessor, sample)

    def read(record: Any) -> Any:
        for name in path:
            record = getattr(record, name, None)
        value = getattr(record, last, None)
        return labels.get(value, value) if labels else value

    return read


def _labels(accessor: Accessor, sample: Model) -> dict[Any, str]:
    """Labels of a field with choices."""
    try:
        field = accessor.get_field(sample)
    except FieldDoesNotExist:
        return {}
    return {value: str(label) for value, label in getattr(field, "flatchoices", None) or ()}

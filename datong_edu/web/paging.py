"""Pages of long lists at a constant price: keyset paging, with a count that stops at 10,001.

A page is named by the key of its neighbour (`after`, `before`) or by `last`, so the hundredth page costs what
the first does, and no personal value stands in a URL.  Rows and count come in one query; a page after the
first needs one more, for the sort values of its neighbour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import IntegerField, Model, Q, QuerySet, Subquery

COUNT_CAP = 10_000
PAGE_SIZES = (50, 100, 200)
PARAMETERS = ("after", "before", "last", "from")


class CappedCount(Subquery):
    """Number of rows of a queryset, counted no further than one above the cap."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: COUNT_CAP + 1], output_field=IntegerField())


@dataclass(frozen=True)
class Page:
    """One page: its rows, the capped count, and the parameters of its neighbours (None at an end)."""

    rows: list[Any]
    total: int
    size: int
    first_number: int | None
    first: Mapping[str, str] | None
    previous: Mapping[str, str] | None
    next: Mapping[str, str] | None
    last: Mapping[str, str] | None

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.total > COUNT_CAP

    @property
    def total_text(self) -> str:
        """23, or 10,000 以上."""
        return f"{COUNT_CAP:,} 以上" if self.is_capped else f"{self.total:,}"

    @property
    def last_number(self) -> int | None:
        """Number of the last row shown, when the place is known."""
        return None if self.first_number is None else self.first_number + len(self.rows) - 1


def page_of(
    rows: QuerySet[Any], *, order: Sequence[str], params: Mapping[str, str], size: int = PAGE_SIZES[0]
) -> Page:
    """The page that `params` names; an unknown or vanished neighbour gives the first page.

    `order` holds lookup paths with an optional minus; the primary key is added to make the order total.
    Nulls stand where PostgreSQL puts them: last ascending, first descending.
    """
    keys = _total_order(order)
    backwards, anchor = _direction(rows, keys, params)
    walk = [_reversed(key) for key in keys] if backwards else keys
    found = rows.order_by(*walk).annotate(_capped_total=CappedCount(rows))
    if anchor is not None:
        found = found.filter(_beyond(rows.model, walk, anchor))
    shown = list(found[: size + 1])
    if not shown and (anchor is not None or backwards):
        return page_of(rows, order=order, params={}, size=size)
    total = shown[0]._capped_total if shown else 0
    more, shown = len(shown) > size, shown[:size]
    if backwards:
        shown.reverse()
    behind, ahead = (more, anchor is not None) if backwards else (anchor is not None, more)
    number = _number(params, backwards, anchor, total, len(shown))
    if backwards and anchor is not None and not more:
        number = 1
    return Page(
        rows=shown,
        total=total,
        size=size,
        first_number=number,
        first={} if behind else None,
        previous=_link("before", shown[0], None if number is None else max(1, number - size))
        if behind
        else None,
        next=_link("after", shown[-1], None if number is None else number + len(shown)) if ahead else None,
        last={"last": "1"} if ahead else None,
    )


def _total_order(order: Sequence[str]) -> list[str]:
    keys = list(order)
    return keys if any(key.lstrip("-") in ("pk", "id") for key in keys) else [*keys, "pk"]


def _reversed(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _direction(
    rows: QuerySet[Any], keys: Sequence[str], params: Mapping[str, str]
) -> tuple[bool, list[Any] | None]:
    """Whether to walk backwards, and the sort values of the neighbour to start from."""
    for name, backwards in (("after", False), ("before", True)):
        if wish := params.get(name, ""):
            try:
                anchor = rows.order_by().filter(pk=wish).values_list(*[k.lstrip("-") for k in keys]).first()
            except (ValueError, ValidationError):
                anchor = None
            return (backwards, list(anchor)) if anchor is not None else (False, None)
    return "last" in params, None


def _beyond(model: type[Model], keys: Sequence[str], anchor: Sequence[Any]) -> Q:
    """Rows that come after the anchor in the order of `keys`; the first key bounds the index scan."""
    reach, same, bound = Q(pk__in=[]), Q(), Q()
    for place, (key, value) in enumerate(zip(keys, anchor, strict=True)):
        path, descending = key.lstrip("-"), key.startswith("-")
        ahead, nullable = "lt" if descending else "gt", _is_nullable(model, path)
        if value is None:
            step = Q(**{f"{path}__isnull": False}) if descending else None
            equal = Q(**{f"{path}__isnull": True})
        else:
            step = Q(**{f"{path}__{ahead}": value})
            if nullable and not descending:
                step |= Q(**{f"{path}__isnull": True})
            equal = Q(**{path: value})
            if place == 0 and not nullable:
                bound = Q(**{f"{path}__{ahead}e": value})
        if step is not None:
            reach |= same & step
        same &= equal
    return bound & reach


def _is_nullable(model: type[Model], path: str) -> bool:
    """Whether a sort key may be null; an annotation may always be."""
    current: Any = model
    for name in path.split("__"):
        if name == "pk":
            return False
        try:
            field = current._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null or field.one_to_many or field.many_to_many:
            return True
        current = field.related_model
    return False


def _number(
    params: Mapping[str, str], backwards: bool, anchor: Sequence[Any] | None, total: int, shown: int
) -> int | None:
    """Number of the first row shown; None where only the end of a very long list is known."""
    if anchor is None:
        if not backwards:
            return 1
        return None if total > COUNT_CAP else total - shown + 1
    claimed = params.get("from", "")
    return int(claimed) if claimed.isascii() and claimed.isdigit() and int(claimed) > 0 else None


def _link(name: str, row: Model, number: int | None) -> dict[str, str]:
    return {name: str(row.pk)} | ({} if number is None else {"from": str(number)})

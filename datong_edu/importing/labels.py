"""What a clerk calls a column: the heading of the portal's own templates, or the ledger's name for it."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import models

from datong_edu.importing.aliases import ALIASES
from datong_edu.web import numbers

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d(?:\s?\d){9,}\s?[\dXxＸｘ]")
_SEALED_NUMBER = re.compile(r"\d(?:[^\w]?\d){6,}[^\w]?[\dXxＸｘ]")
_PARTS = ("_index", "_masked")
KEPT_AHEAD, KEPT_BEHIND = 4, 2


def field_label(field: str) -> str:
    """身份证号 for id_no: the heading that the portal's own templates use."""
    return ALIASES[field][0] if field in ALIASES else field


@lru_cache(maxsize=1024)
def column_label(model: type[models.Model], column: str) -> str:
    """A ledger's column in words; a blind index goes by the name of the number it stands for."""
    for name in (column, f"{bare_name(column)}_masked", bare_name(column)):
        field = field_of(model, name)
        if field is not None and _CHINESE.search(str(field.verbose_name)):
            return str(field.verbose_name)
    base = bare_name(column).removesuffix("_id") if bare_name(column) not in ALIASES else bare_name(column)
    return field_label(base) if base in ALIASES else "其他内容"


def bare_name(column: str) -> str:
    """id_no for id_no_index and id_no_masked."""
    for part in _PARTS:
        column = column.removesuffix(part)
    return column


def field_of(model: type[models.Model], column: str) -> "models.Field[Any, Any] | None":
    """The field that a ledger's column belongs to."""
    return next((f for f in model._meta.local_fields if column in (f.column, f.name)), None)


def masked(text: str, *, is_sealed: bool = False) -> str:
    """A cell as sent, with numbers of people, phones and accounts masked: 1402****17.

    Eleven digits or more are masked anywhere; in a column of sensitive numbers (`is_sealed`) eight are
    enough, and marks between the digits change nothing.
    """
    number = _SEALED_NUMBER if is_sealed else _NUMBER
    return number.sub(lambda m: f"{m[0][:KEPT_AHEAD]}****{m[0][-KEPT_BEHIND:]}", text)


def in_words(field: "models.Field[Any, Any] | None", value: Any) -> str:
    """A ledger's value as people read it: choices by label, flags as 是 and 否, days ISO."""
    if value is None or value == "":
        return ""
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return numbers.yuan(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        base = getattr(field, "base_field", None)
        return "、".join(in_words(base, item) for item in value)
    return str(choices.get(value, value))

"""One cell as a spreadsheet's XML: text is typed as text, so that nothing a cell says is ever a formula."""

import math
import re
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from datong_edu.importing.cells import shown

LONGEST_TEXT = 32_767
_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_STRIPPED = re.compile(f"[{_FORBIDDEN}]")
_DOUBTFUL = re.compile(f"[&<>{_FORBIDDEN}]")
_EPOCH = date(1899, 12, 30)


def text_cell(place: str, text: str, look: str = "") -> str:
    """A cell of text at a place such as `B5`; `look` is its style attribute with a space in front."""
    if _DOUBTFUL.search(text):
        text = escape(_STRIPPED.sub("", text))
    kept = text[:LONGEST_TEXT]
    return f'<c r="{place}"{look} t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def value_cell(place: str, value: Any, day_look: str) -> str:
    """A cell of any value: numbers stay numbers and days stay days; what is neither is its text."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, date) and not isinstance(value, datetime) and value > _EPOCH:
        return f'<c r="{place}"{day_look}><v>{(value - _EPOCH).days}</v></c>'
    return text_cell(place, shown(value))

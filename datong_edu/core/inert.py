"""Cells of text files that no spreadsheet computes."""

import re

_COMPUTED = re.compile("[\\s\"';,\ufeff\u200b-\u200f\u202a-\u202e]*[=+\\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def inert(text: str) -> str:
    """The text on one line, with an apostrophe in front where a spreadsheet might take it for a formula.

    Workbooks need none of this, for their cells say that they are text; a .csv cannot, and a line break
    inside a cell may begin another one.  Plain numbers stay.
    """
    line = _BREAKS.sub(" ", text)
    return f"'{line}" if _COMPUTED.match(line) and not _NUMBER.fullmatch(line) else line


_OUTSIDE = re.compile(
    r"\b(?:HYPERLINK|WEBSERVICE|IMAGE|IMPORT(?:XML|DATA|HTML|FEED|RANGE)|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC"
    r"|SQL\.REQUEST)\s*\(|\|[^|]*!|(?<![\w\])])\[\d+\]|file:|https?:",
    re.IGNORECASE,
)


def reaches_outside(formula: str) -> bool:
    """Whether a formula of somebody's own workbook would ask another program, file or address for something.

    Sums and look-ups inside the workbook do not.
    """
    return bool(_OUTSIDE.search(formula))

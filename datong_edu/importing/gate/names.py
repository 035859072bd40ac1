"""The name a file came with, made fit to be shown and kept; it is never used as a path."""

import re
import unicodedata

LONGEST_NAME = 200
NAMELESS = "未命名文件"
# Control, format (which turns the reading direction), lone surrogates, private use
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co"})


def shown_name(name: str) -> str:
    """The last part of a name without characters that hide or turn text; a long one loses its middle."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSHOWN).strip()
    if len(seen) > LONGEST_NAME:
        stem, dot, ending = seen.rpartition(".")
        ending = f"{dot}{ending}" if dot and len(ending) <= 8 else ""
        seen = (stem if ending else seen)[: LONGEST_NAME - len(ending) - 1] + "…" + ending
    return seen if seen.strip(". ") else NAMELESS

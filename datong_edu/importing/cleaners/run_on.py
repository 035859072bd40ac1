"""Several words of a code table in one cell: numbered (1.建档立卡 2.低保) or run together (低保残疾)."""

import re
from collections.abc import Collection

_CIRCLED = re.compile("[①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩]")
_COUNTED = re.compile(
    r"(?<![\d.年])[(（]?\d{1,2}(?:[.、．:：]|[)）][.、]?)\s*(?=[\u4e00-\u9fff])"
    r"|(?:^|(?<=[\s、,，;；。]))[(（]?[一二三四五六七八九十]{1,2}(?:[、.．]|[)）]、?)\s*(?=[\u4e00-\u9fff])"
)
SHORTEST = 2
"""Characters of a word that may be found inside a longer text; 残 and 孤 alone may be part of anything."""


def without_numbering(text: str) -> str:
    """The text with a separator for each number of its list: ①低保②残疾 -> 、低保、残疾."""
    return _COUNTED.sub("、", _CIRCLED.sub("、", text))


def parted(text: str, words: Collection[str]) -> list[str] | None:
    """The known words a text is made of, without a rest; None when it is not, or when that is not certain.

    The reading with the fewest words counts (低保边缘户残疾 is 低保边缘户 and 残疾); two different ones of as
    many words are no reading.
    """
    best: list[list[list[str]]] = [[[]]]
    longest = max(map(len, words), default=0)
    for end in range(1, len(text) + 1):
        found: list[list[str]] = []
        for start in range(max(0, end - longest), end - SHORTEST + 1):
            if text[start:end] in words:
                found += [[*before, text[start:end]] for before in best[start]]
        fewest = min(map(len, found), default=0)
        best.append([reading for reading in found if len(reading) == fewest][:2])
    readings = best[len(text)]
    return readings[0] if len(readings) == 1 else None

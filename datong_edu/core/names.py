"""Names of persons and schools: one spelling to store, one key to compare.

A stored name keeps what the family writes; a key only answers whether two spellings may be the same and is
never shown.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACE_BESIDE_HAN = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
_DOTS = re.compile(r"[·•‧∙⋅・･᛫●](?!$)|(?<=[^\x00-\x7f])[.](?=[^\x00-\x7f])")
_NOTE = re.compile(r"^(.+?)[(\[{【〔〈《]([^()\[\]]*)[)\]}】〕〉》]?$")
# Forms of one character that registries and banks mix; the left is read as the right.
_VARIANTS = str.maketrans("昇陞堃崐峯羣粧邨龢騐", "升升坤昆峰群妆村和验")


def normalise_name(text: str) -> str:
    """The spelling to store: no spaces inside a Chinese name, one middle dot `·`, half-width letters.

    A name in Latin letters keeps single spaces between its words.
    """
    text = text.strip()
    if text.isalpha() and not text.isascii() and unicodedata.is_normalized("NFKC", text):
        return text
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip().lstrip("'")
    text = _SPACE_BESIDE_HAN.sub("", " ".join(text.split()))
    return _DOTS.sub("·", text)


def split_note(name: str) -> tuple[str, str]:
    """A normalised name and the bracket note behind it: `秦林锐(大)` -> (`秦林锐`, `大`)."""
    match = _NOTE.match(name) if name[-1:] in ")]}】〕〉》" or "(" in name else None
    return (match[1], match[2]) if match else (name, "")


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """Key under which two spellings of a person's name meet: no dots, no note, variants folded."""
    name = split_note(normalise_name(text))[0]
    return name.replace("·", "").replace(" ", "").upper().translate(_VARIANTS)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for spaces, dots, notes and variant characters."""
    return one == other or name_key(one) == name_key(other)


@lru_cache(maxsize=65536)
def school_name_key(text: str) -> str:
    """Key of a school's name or alias: half-width, without spaces and without 山西省 or 大同市 in front.

    Nothing else is shortened: 第三中学 and 三中 meet through the alias table, which has dates, and never by
    guess.  大同市 alone in front of a district's name says nothing; before 第一中学 it is part of the name.
    """
    name = "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split()).upper()
    name = name.removeprefix("山西省")
    rest = name.removeprefix("大同市")
    return rest if rest[2:3] in ("县", "区") else name

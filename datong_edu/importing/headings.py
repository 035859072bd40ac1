"""Column headings: one spelling, and which heading is which field; the aliases are in `aliases`.

A roster declares the fields it has; only those are looked for.  Field names are those of the portal's import
format.  A heading is compared after `normalise_heading`; a two-row heading arrives as `upper/lower`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from datong_edu.importing.aliases import ALIASES, CATEGORY_FLAGS, LOOKALIKE_WORDS, LOOKALIKES

__all__ = [
    "ALIASES",
    "CATEGORY_FLAGS",
    "EXPLANATION",
    "LOOKALIKES",
    "Match",
    "fields_said",
    "is_lookalike",
    "match_columns",
    "normalise_heading",
]

EXPLANATION = "错误说明"
"""Heading of the column that a marked workbook adds; what it wrote there is no part of a row."""
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
# Groups that say whom a roster is about anyway; 家长, 监护人, 户主 and 成员 are other people and stay.
_OWN_GROUP = re.compile(
    r"^(?:(?:受助)?(?:学生|幼儿|儿童|教师|本人|个人)(?:基本)?(?:信息|情况|资料)?"
    r"|(?:基本|学籍|就读|资助|补助|发放|资金|银行|账户|困难|其他)(?:信息|情况|资料|内容|明细))/"
)
# A group about the family says nothing more where the heading below it names whose it is.
_FAMILY_GROUP = re.compile(
    r"^(?:家庭|家长|监护人)(?:基本|主要)?(?:成员)?(?:信息|情况|资料)?/(?=监护人|家长|户主|家庭|联系电话|电话|住址)"
)
_MARKS = re.compile(r"[*★☆※:;。、，\"'“”‘’?_]|必填|选填")


@lru_cache(maxsize=4096)
def normalise_heading(text: str) -> str:
    """Half-width, without spaces, line breaks, `*★:`, 必填 and bracket notes: `金额 (元)*` -> `金额`.

    Of a two-row heading whose upper half only says that it is about the listed person the lower half is left:
    `学生信息/姓名` -> `姓名`, but never `家长信息/姓名`.
    """
    text = "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())
    bare = _BRACKETS.sub("", text)
    plain = _MARKS.sub("", bare or text).strip("./-").upper()
    return _FAMILY_GROUP.sub("", _OWN_GROUP.sub("", plain))


@dataclass(frozen=True, slots=True)
class Match:
    """A column recognised: the field it holds and how that is known."""

    field: str
    confidence: str = "alias"


_LOOKALIKES = {field: frozenset(map(normalise_heading, texts)) for field, texts in LOOKALIKES.items()}
_LOOKALIKE_WORDS = {field: re.compile(words) for field, words in LOOKALIKE_WORDS.items()}


def _ranks(texts: Sequence[str]) -> dict[str, int]:
    """Rank of each alias: 1 for the first, 2 for the others."""
    ranks = {normalise_heading(text): 2 for text in texts}
    ranks[normalise_heading(texts[0])] = 1
    return ranks


_RANKS = {field: _ranks(texts) for field, texts in ALIASES.items()}


def is_lookalike(heading: str, field: str) -> bool:
    """Whether a heading must never hold a field, although it looks as if it did."""
    normal = normalise_heading(heading)
    if normal in _RANKS.get(field, ()):
        return False
    words = _LOOKALIKE_WORDS.get(field)
    return normal in _LOOKALIKES.get(field, frozenset()) or bool(words and words.search(normal))


def fields_said(heading: str, fields: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every field that a heading is an alias of, in the common table or a roster's own (`fields`)."""
    normal = normalise_heading(heading)
    own = [field for field, texts in fields.items() if normal in map(normalise_heading, texts)]
    return tuple(own or [field for field, ranks in _RANKS.items() if normal in ranks])


def _rank(heading: str, field: str, extra: Sequence[str]) -> int | None:
    """0 the roster's own alias, 1 the field's first heading, 2 another alias; None when it does not fit."""
    if heading in {normalise_heading(text) for text in extra}:
        return 0
    if heading in _LOOKALIKES.get(field, frozenset()):
        return None
    return _RANKS.get(field, {}).get(heading)


def match_columns(headings: Sequence[str], fields: Mapping[str, Sequence[str]]) -> list[Match | None]:
    """Which of a roster's fields each heading is; `fields` maps each field to the roster's own extra aliases.

    A heading goes to the field it fits best and a field to the heading that fits it best; a tie on either
    side leaves the column open, for the clerk to decide.  No field is given twice.
    """
    claims: list[tuple[str, int] | None] = []
    for text in headings:
        heading = normalise_heading(text)
        ranks = {field: _rank(heading, field, extra) for field, extra in fields.items()}
        found = {field: rank for field, rank in ranks.items() if rank is not None}
        best = [field for field, rank in found.items() if rank == min(found.values())]
        claims.append((best[0], found[best[0]]) if len(best) == 1 else None)
    ranks_of: dict[str, list[int]] = {}
    for claim in claims:
        if claim:
            ranks_of.setdefault(claim[0], []).append(claim[1])
    matches: list[Match | None] = []
    for claim in claims:
        rivals = ranks_of[claim[0]] if claim else []
        wins = claim is not None and claim[1] == min(rivals) and rivals.count(claim[1]) == 1
        matches.append(Match(claim[0]) if claim and wins else None)
    return matches

"""What makes a name findable: its characters and pairs of characters, and its pinyin.

A trigram index cannot answer a search for two Chinese characters; an array of characters and pairs under a
GIN index answers it in well under a millisecond.
"""

from functools import lru_cache

from pypinyin import lazy_pinyin

from datong_edu.core.names import name_key


@lru_cache(maxsize=65536)
def name_grams(name: str) -> tuple[str, ...]:
    """Every character and every pair of neighbours of a name's key."""
    key = name_key(name)
    pairs = (key[i : i + 2] for i in range(len(key) - 1))
    return tuple(dict.fromkeys([*key, *pairs]))


@lru_cache(maxsize=65536)
def _syllable(character: str) -> str:
    return str(lazy_pinyin(character)[0])


def name_pinyin(name: str) -> str:
    """Pinyin without tones, for sorting and for meeting homophones.

    Character by character: names are not words, and the same character must always give the same syllable.
    """
    return " ".join(map(_syllable, name_key(name)))[:120]

"""Which scheme of the catalogue a roster means by its own words."""

import unicodedata
from functools import lru_cache

from datong_edu.core.codes import Boarding

_WORDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("非寄宿",), "CE_NONBOARD"),
    (("走读", "补助"), "CE_NONBOARD"),
    (("寄宿",), "CE_BOARD"),
    (("营养", "市县"), "MEAL_CITY"),
    (("营养",), "MEAL"),
    (("教科书",), "CE_BOOK"),
    (("保教费",), "PRE_FEE"),
    (("学前",), "PRE_AID"),
    (("幼儿",), "PRE_AID"),
    (("雨露",), "YULU"),
    (("贷款",), "LOAN"),
    (("新生",), "UNI_ONE"),
    (("中职", "免"), "VOC_FEE"),
    (("中等职业", "免"), "VOC_FEE"),
    (("中职",), "VOC_GRANT"),
    (("中等职业",), "VOC_GRANT"),
    (("义教", "免"), "CE_FEE"),
    (("义务教育", "免"), "CE_FEE"),
    (("高", "免"), "HS_FEE"),
    (("高", "助学金"), "HS_GRANT"),
)
"""First line whose words all occur wins; a line stands before those it would otherwise fall under."""

_LIVING = ("生活补助", "生活补贴", "生活费补助")


@lru_cache(maxsize=512)
def scheme_called(text: str, boarding: str | None = None) -> str | None:
    """Code of the scheme a text names, such as 普高国家助学金; None when it names none.

    A bare 义务教育生活补助 is the boarder's unless the row says 走读: the allowance began as 寄宿生生活补助
    and only the part for 非寄宿 carries a name of its own.
    """
    spoken = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    for words, code in _WORDS:
        if all(word in spoken for word in words):
            return code
    if any(word in spoken for word in _LIVING):
        return "CE_NONBOARD" if boarding == Boarding.DAY else "CE_BOARD"
    return None

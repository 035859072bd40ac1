"""What a written text may mean: the meanings a column offers, the likeliest first, none chosen beforehand.

A roster says which meanings a column has: schools of the counties in sight, or the words of its code table.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from datong_edu.accounts.models import User
from datong_edu.core.exceptions import PortalError
from datong_edu.importing.checking import context_of
from datong_edu.importing.cleaners.base import Refuse, Warned, word
from datong_edu.importing.declare import SCHOOL_REASONS, SCHOOL_TOPIC, Context, Meaning, Roster
from datong_edu.importing.labels import field_label
from datong_edu.importing.models import ImportBatch

_YEAR_OF_ENTRY = re.compile(r"\d{2,4}[级届]")
CANDIDATES = 3
LEAST_LIKENESS = 0.34


def context_for(batch: ImportBatch, by: User) -> Context:
    """The context in which a batch is mended: what its importer may see."""
    return context_of(unit=batch.unit, term=batch.term, by=by, batch_id=batch.pk)


def topic_of(roster: Roster, key: str, field: str) -> str:
    """Under which topic an answer is remembered: a school's name holds for all rosters of a unit."""
    return SCHOOL_TOPIC if key in SCHOOL_REASONS else f"{roster.key}.{field}"


def topic_label(topic: str, roster_titles: dict[str, str]) -> str:
    """A topic as the clerk reads it: 学校名称, or 学籍名单 · 年级."""
    if topic == SCHOOL_TOPIC:
        return "学校名称"
    key, _, field = topic.partition(".")
    return f"{roster_titles.get(key, key)} · {field_label(field)}"


def meaning_called(
    answer: str, meanings: Sequence[Meaning], roster: Roster, field: str, context: Context
) -> Meaning:
    """The meaning that somebody chose by its code, its label or its name.

    A column of words also takes several of them in one text, as long as its cleaner reads it without a doubt.
    """
    wanted = word(answer).upper()
    for called in ("answer", "label", "name"):
        found = [one for one in meanings if word(getattr(one, called)).upper() == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise PortalError(f"“{answer}”对应多所学校，请从候选中选择带标识码的一项。")
    column = roster.column_for(field)
    if column is not None and not any(one.county_id is not None for one in meanings):
        try:
            value = roster.cleaner(column, context)(answer)
        except Refuse:
            value = None
        if value and not isinstance(value, Warned):
            return Meaning(answer[:100], answer[:100])
    raise PortalError(f"“{answer}”不在可选的范围内，请从候选中选择。")


def is_answerable(roster: Roster, field: str, text: str, context: Context) -> bool:
    """Whether a word may be explained once for all; one that is wrong only within its row may not.

    2019级 of a school with two stages means another grade in every file.
    """
    column = roster.column_for(field)
    if column is None or _YEAR_OF_ENTRY.search(text):
        return False
    try:
        return isinstance(roster.cleaner(column, context)(text), Warned)
    except Refuse:
        return True


def candidates(text: str, meanings: Iterable[Meaning]) -> list[Meaning]:
    """The likeliest meanings of a written text, at most three; likeness proposes and never decides."""
    wanted = word(text)
    scored = [(likeness(wanted, one.name or one.label), one) for one in meanings]
    best = sorted((pair for pair in scored if pair[0] >= LEAST_LIKENESS), key=lambda pair: -pair[0])
    return [one for _, one in best[:CANDIDATES]]


def likeness(written: str, name: str) -> float:
    """0 to 1: how much of the written text stands in the name in the same order, and how little else does."""
    if not written or not name:
        return 0.0
    matcher = SequenceMatcher(None, written, name, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    return 0.7 * shared / len(written) + 0.3 * shared / len(name)

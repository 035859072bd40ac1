"""Finding the one or two rows of headings among the first rows of a sheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from datong_edu.importing.cells import Value
from datong_edu.importing.layout.vocabulary import Column, Vocabulary
from datong_edu.importing.reader.book import Merge, column_letter

# Headings stand near the top; a file without any is refused after this many rows.
SEARCHED_ROWS = 100
LONGEST_HEADING = 60
SCHOOL = "学校"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# "单位：… 日期：…" lines are merged in pieces like group headings, but are none.
FEWEST_HEADINGS = 2
NUMBER_ROWS = 20
LONG_NUMBER = re.compile(r"\d{8}")
FORM_LINE = re.compile(r"[:：]|编报|填报|制表|\d{4}\s*年")


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of headings (numbers from 1) and the columns they name."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    score: int


def find_header(
    rows: Sequence[list[Value]],
    merges: Sequence[Merge],
    vocabulary: Vocabulary,
    *,
    above: int = 0,
    with_school: bool = False,
) -> Header | None:
    """The row, or pair of rows, with the most headings the roster knows; the first of equals.

    `rows` are the first rows of the table, the first of them row `above + 1` of the sheet.  A pair is a row
    of group headings over a row of headings; their columns are named `upper/lower`.  `with_school` takes a
    table without a column for schools as if it had one.
    """
    best: Header | None = None
    best_rank = (False, 0)
    for at, row in enumerate(rows):
        number = above + at + 1
        single = _header((number,), [_text(cell) for cell in row], vocabulary)
        double = None
        if at + 1 < len(rows):
            joined = joined_headings(number, row, rows[at + 1], merges)
            double = _header((number, number + 1), joined, vocabulary) if joined else None
        for found in (double, single):
            if found is None:
                continue
            headings = [column.heading for column in found.columns] + [SCHOOL] * with_school
            rank = (vocabulary.recognises(headings), found.score)
            if rank > best_rank:
                best, best_rank = found, rank
    if best is None or not best_rank[0]:
        return None
    if not vocabulary.many_tables:
        return best
    # A table with more headings may follow below the first; the first one's rows are no titles.
    over = rows[: best.rows[0] - above - 1]
    upper = find_header(over, merges, vocabulary, above=above, with_school=with_school)
    between = over[upper.rows[-1] - above :] if upper else []
    return upper if any(_is_long_number(cell) for row in between for cell in row) else best


def any_header(rows: Sequence[list[Value]]) -> Header | None:
    """The first row of different short texts above rows of numbers, whatever the texts say; score 0.

    A row with a number is one of data: a file without headings is not guessed at.
    """
    for at, row in enumerate(rows):
        texts = [_text(cell) for cell in row]
        told = [text for text in texts if text]
        filled = sum(cell != "" for cell in row)
        is_plain = len(told) == filled == len(set(told)) >= FEWEST_HEADINGS
        if not is_plain or any(FORM_LINE.search(text) or LONG_NUMBER.search(text) for text in told):
            continue
        below = rows[at + 1 : at + 1 + NUMBER_ROWS]
        if any(_is_long_number(cell) for under in below for cell in under):
            columns = tuple(Column(at, column_letter(at), text) for at, text in enumerate(texts) if text)
            return with_nameless_columns(Header((at + 1,), columns, 0), rows)
        return None
    return None


def with_nameless_columns(header: Header, rows: Sequence[list[Value]], *, above: int = 0) -> Header:
    """Add the columns of long numbers whose heading cell is blank; only the clerk can tell what they are.

    `rows` and `above` are those of `find_header`.
    """
    last = header.rows[-1] - above
    below = [row for row in rows[last : last + NUMBER_ROWS] if any(c != "" for c in row)]
    named = {column.index for column in header.columns}
    width = max((len(row) for row in below), default=0)
    nameless = tuple(
        Column(at, column_letter(at), "")
        for at in range(width)
        if at not in named
        and 2 * sum(at < len(row) and _is_long_number(row[at]) for row in below) > len(below)
    )
    if not nameless:
        return header
    columns = tuple(sorted((*header.columns, *nameless), key=lambda column: column.index))
    return replace(header, columns=columns)


def _is_long_number(cell: Value) -> bool:
    if isinstance(cell, bool):
        return False
    return abs(cell) >= 10**7 if isinstance(cell, int | float) else bool(LONG_NUMBER.search(str(cell)))


def _header(numbers: tuple[int, ...], headings: Sequence[str], vocabulary: Vocabulary) -> Header | None:
    columns = tuple(Column(at, column_letter(at), text) for at, text in enumerate(headings) if text)
    score = sum(vocabulary.knows(column.heading) for column in columns)
    return Header(numbers, columns, score) if score else None


def _text(cell: Value) -> str:
    """A heading as written, without spaces and control characters; anything but a short text is none."""
    if not isinstance(cell, str) or len(cell) > LONGEST_HEADING:
        return ""
    return CONTROL.sub("", "".join(cell.split()))


def joined_headings(
    number: int, upper: list[Value], lower: list[Value], merges: Sequence[Merge]
) -> list[str] | None:
    """Headings of a pair of rows, or None when the second is not one of headings."""
    width = max(len(upper), len(lower))
    over = [_text(cell) for cell in upper] + [""] * (width - len(upper))
    under = [_text(cell) for cell in lower] + [""] * (width - len(lower))
    if not any(under) or any(cell != "" and not isinstance(cell, str) for cell in lower):
        return None
    groups = _groups(number, over, under, merges)
    if not groups or any(FORM_LINE.search(text) for text in groups.values()):
        return None
    headings = []
    for at in range(width):
        group = groups.get(at)
        if group and under[at]:
            headings.append(f"{group}/{under[at]}")
        elif over[at] and under[at]:
            # Two texts one above the other without a group: a row of headings over a row of data.
            return None
        else:
            headings.append(over[at] or under[at])
    return headings


def _groups(number: int, over: list[str], under: list[str], merges: Sequence[Merge]) -> dict[int, str]:
    """Column → group heading above it: by merged range, or else by the blank cells to its right."""
    groups: dict[int, str] = {}
    for merge in merges:
        across = merge.top == merge.bottom == number and merge.right > merge.left
        if across and merge.left < len(over) and over[merge.left]:
            if merge.right - merge.left + 1 >= len(over):
                return {}  # a title over the whole width
            for at in range(merge.left, min(merge.right + 1, len(over))):
                groups[at] = over[merge.left]
    return groups or _groups_beside_blanks(over, under)


def _groups_beside_blanks(over: list[str], under: list[str]) -> dict[int, str]:
    """Without merges, groups are only believed beside headings that stand alone in their column."""
    columns = list(zip(over, under, strict=True))
    if not any(top and not below for top, below in columns):
        return {}
    groups: dict[int, str] = {}
    current = ""
    for at, (top, below) in enumerate(columns):
        if top:
            starts = below and at + 1 < len(columns) and not over[at + 1] and under[at + 1]
            current = top if starts else ""
        elif not below:
            current = ""
        if current and below:
            groups[at] = current
    return groups

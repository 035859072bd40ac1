"""Side-by-side tables: one sheet whose row of headings says the same headings twice or more.

Offices print long lists in two columns of pages: 序号|姓名|金额 and once more 序号|姓名|金额 to the right.
Such a sheet is taken apart into blocks of columns.  The left block keeps the sheet's name, each further one
is read after it as a sheet of its own, named after the sheet and `·右栏`.  Rows and columns of a block keep
the numbers and letters they have on the sheet, so that every message points at the cell as it stands.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from datong_edu.importing.cells import Value
from datong_edu.importing.headings import EXPLANATION, normalise_heading
from datong_edu.importing.layout.header import SEARCHED_ROWS
from datong_edu.importing.layout.vocabulary import Vocabulary
from datong_edu.importing.reader.book import Sheet

MOST_BLOCKS = 4
FEWEST_HEADINGS = 2
RIGHT = "·右栏"


def blocks_of(sheet: Sheet, vocabulary: Vocabulary) -> list[Sheet]:
    """The blocks of a sheet from left to right; the sheet itself when it is one table."""
    for row in islice(sheet.rows(), SEARCHED_ROWS):
        starts = _starts(row, vocabulary)
        if starts:
            ends = [*starts[1:], None]
            return [
                _block(sheet, place, start, end)
                for place, (start, end) in enumerate(zip(starts, ends, strict=True))
            ]
    return [sheet]


def _starts(row: list[Value], vocabulary: Vocabulary) -> list[int]:
    """First columns of the blocks that a row of headings repeats; none when it is no such row."""
    texts = {at: normalise_heading(cell) for at, cell in enumerate(row) if isinstance(cell, str)}
    # The column that the portal adds to a marked workbook belongs to no block.
    columns = [at for at, text in texts.items() if text and text != EXPLANATION]
    headings = [texts[at] for at in columns]
    for blocks in range(2, MOST_BLOCKS + 1):
        each, rest = divmod(len(headings), blocks)
        once = headings[:each]
        whole = not rest and each >= FEWEST_HEADINGS and len(set(once)) == each and once * blocks == headings
        if whole and vocabulary.recognises(once):
            # What stands left of the first heading belongs to the first block.
            return [0, *columns[each::each]]
    return []


def _block(sheet: Sheet, place: int, start: int, end: int | None) -> Sheet:
    last = max((merge.right for merge in sheet.merges), default=start) if end is None else end - 1
    merges = [
        merge._replace(right=min(merge.right, last)) for merge in sheet.merges if start <= merge.left <= last
    ]
    number = "" if place < 2 else str(place)
    return replace(
        sheet,
        name=sheet.name + (f"{RIGHT}{number}" if place else ""),
        source=partial(_columns, sheet, start, end),
        hidden_columns={at for at in sheet.hidden_columns if at >= start and (end is None or at < end)},
        merges=merges,
        formulas=sheet.formulas if not place else 0,
    )


def _columns(sheet: Sheet, start: int, end: int | None) -> Iterator[list[Value]]:
    blank: list[Value] = [""] * start
    for row in sheet.rows():
        yield blank + row[start:end] if len(row) > start else []

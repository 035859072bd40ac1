"""A second table below the first on the same sheet, with other headings.

Read under the headings of the first its cells would land in the wrong fields.  So the sheet is cut above the
second headings and each table is read as a sheet of its own, the lower one named after the sheet and `·下表`.
Rows keep the numbers they have on the sheet.  Only the first rows of a sheet are searched before it is read;
a long sheet that turns out later to hold another table is refused, with the row where that begins.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import Value
from datong_edu.importing.headings import match_columns
from datong_edu.importing.layout.header import (
    LONG_NUMBER,
    LONGEST_HEADING,
    SEARCHED_ROWS,
    find_header,
    joined_headings,
)
from datong_edu.importing.layout.vocabulary import Column, Vocabulary
from datong_edu.importing.reader.book import Sheet

SEARCHED_BELOW = 20_000
MOST_TABLES = 20
FEWEST_KNOWN = 3
MOST_LINES_ABOVE = 10
BELOW = "·下表"
NUMBERS = ("id_no", "student_no", "disability_no", "account", "member_no", "amount")
"""Fields whose cells are never words; a row with digits there is none of headings."""


class RepeatedHeadings:
    """The headings of a table, to be known again where they are printed on each page."""

    def __init__(self, rows: Iterable[Sequence[Value]] = ()) -> None:
        self.rows: list[dict[int, str]] = []
        for cells in rows:
            self.add(cells)

    def add(self, cells: Sequence[Value]) -> None:
        """Learn one row of headings."""
        texts = {at: _bare(cell) for at, cell in enumerate(cells) if isinstance(cell, str)}
        self.rows.append({at: text for at, text in texts.items() if text})

    def has(self, cells: Sequence[Value]) -> bool:
        """Whether a row repeats one of them, four cells of five alike."""
        for texts in self.rows:
            # The first heading may lie under a cell that is merged down from above.
            for probe in texts:
                if probe >= len(cells) or cells[probe] != "":
                    break
            else:
                continue
            if probe >= len(cells) or not isinstance(cells[probe], str):
                continue
            if _bare(cells[probe]) == texts[probe]:
                same = sum(at < len(cells) and _bare(cells[at]) == text for at, text in texts.items())
                if same * 5 >= len(texts) * 4:
                    return True
        return False


class OtherHeadings:
    """Tells rows of headings that are not those of the table they stand in."""

    def __init__(self, columns: Sequence[Column], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        matches = match_columns([column.heading for column in columns], vocabulary.fields)
        places = {match.field: at.index for at, match in zip(columns, matches, strict=True) if match}
        self.probe = next((places[name] for name in NUMBERS if name in places), None)

    def has(self, cells: Sequence[Value]) -> bool:
        """Whether a row is one of headings: words only, three of them and most of all known to the roster."""
        if not self.vocabulary.many_tables:
            return False
        if self.probe is not None and self.probe < len(cells):
            cell = cells[self.probe]
            if cell and (type(cell) is not str or cell[0].isdigit()):
                return False
        filled = [cell for cell in cells if cell != ""]
        if len(filled) < FEWEST_KNOWN or not all(isinstance(cell, str) for cell in filled):
            return False
        texts = [text for text in map(_bare, filled) if text]
        if len(texts) != len(set(texts)) or any(
            len(text) > LONGEST_HEADING or LONG_NUMBER.search(text) for text in texts
        ):
            return False
        known = sum(self.vocabulary.knows(text) for text in texts)
        return known >= FEWEST_KNOWN and known * 5 >= len(texts) * 3


def tables_of(sheet: Sheet, vocabulary: Vocabulary) -> list[Sheet]:
    """The tables of a sheet from top to bottom; the sheet itself when it is one table."""
    tables = [sheet]
    if not vocabulary.many_tables:
        return tables
    while len(tables) < MOST_TABLES and (start := _next_start(tables[-1], vocabulary)):
        upper = tables.pop()
        number = "" if not tables else str(len(tables) + 1)
        lower = replace(upper, name=f"{sheet.name}{BELOW}{number}", above=start - 1, formulas=0)
        source = partial(_first, upper, start - 1)
        tables += [replace(upper, source=source, last_row=min(upper.last_row, start - 1)), lower]
    return tables


def refuse_other_table(sheet: str, row: int) -> None:
    """Raises `RefusedFile` TABLE_BELOW: a sheet too long to have been searched holds another table."""
    raise RefusedFile(
        "TABLE_BELOW",
        f"工作表“{sheet[:31]}”第 {row:,} 行起是另一张表，列与上面的不同。"
        "请把它剪切到单独的工作表里，保存后再上传。",
    )


def _first(sheet: Sheet, rows: int) -> Iterator[list[Value]]:
    return islice(sheet.rows(), rows)


def _next_start(sheet: Sheet, vocabulary: Vocabulary) -> int:
    """The row where the next table begins, its titles included; 0 when there is none."""
    rows = islice(sheet.rows(), sheet.above, sheet.above + SEARCHED_BELOW)
    top = list(islice(rows, SEARCHED_ROWS))
    header = find_header(top, sheet.merges, vocabulary, above=sheet.above)
    if header is None:
        return 0
    own = RepeatedHeadings(top[number - 1 - sheet.above] for number in header.rows)
    other = OtherHeadings(header.columns, vocabulary)
    number = header.rows[-1]
    before: deque[list[Value]] = deque(maxlen=MOST_LINES_ABOVE)
    for cells in chain(top[number - sheet.above :], rows):
        number += 1
        if other.has(cells) and not own.has(cells):
            return number - _lines_above(number, cells, list(before), sheet)
        before.append(cells)
    return 0


def _lines_above(number: int, cells: list[Value], before: list[list[Value]], sheet: Sheet) -> int:
    """How many rows right above second headings belong to them: group headings, titles, blank rows."""
    lines = 0
    if before and before[-1] and joined_headings(number - 1, before[-1], cells, sheet.merges):
        lines = 1
    for above in reversed(before[: len(before) - lines]):
        filled = [cell for cell in above if cell != "" and _bare(cell)]
        if len(filled) > 1 or (filled and (not isinstance(filled[0], str) or "计" in filled[0])):
            break
        lines += 1
    return lines


def _bare(cell: Value) -> str:
    return "".join(str(cell).split())

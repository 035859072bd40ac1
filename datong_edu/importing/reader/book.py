"""Sheets and workbooks as the rest of the engine sees them, whatever file they came from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.cells import Value
from datong_edu.importing.gate.kinds import Limits


class Merge(NamedTuple):
    """A merged range: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet.  `rows()` yields the cells of row 1, 2, 3 … up to the last row with a value.

    Rows are numbered from 1 as on the screen; columns count from 0.  `hidden_rows` are hidden by hand or by a
    filter; `formulas` counts formula cells (their stored values are read).  `last_row` is the last row as
    far as opening the file tells, 0 when only reading it would.  The first `above` rows belong to another
    table of the same sheet.
    """

    name: str
    source: Callable[[], Iterator[list[Value]]]
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    formulas: int = 0
    last_row: int = 0
    above: int = 0

    def rows(self) -> Iterator[list[Value]]:
        """All rows from the first; may be walked again."""
        return self.source()


@dataclass(slots=True)
class Workbook:
    """The sheets of a file in the order of their tabs."""

    sheets: list[Sheet]


def column_letter(index: int) -> str:
    """Letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Column counted from 0: A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def check_area(sheet: str, *, last_row: int, last_column: int, limits: Limits) -> None:
    """Refuse a sheet whose used rectangle no parser can hold, naming the far corner for the clerk."""
    columns = last_column + 1
    if columns > limits.columns or last_row * columns > limits.area:
        message = (
            f"工作表“{sheet[:31]}”用到了第{last_row}行、{column_letter(last_column)}列，范围过大。"
            "请删除名单以外的单元格（选中多余的行和列，右键删除后保存），或拆分后再上传。"
        )
        raise RefusedFile("TOO_LARGE_UNPACKED", message)

"""Tables of a web page: what many government systems export under the name of .xls.

Every cell is text, as the page writes it; nothing on the page is run, fetched or followed.  A table inside a
cell of another is a table of its own, for pages are often laid out in tables.
"""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser

from datong_edu.importing.cells import Value
from datong_edu.importing.gate.kinds import Limits
from datong_edu.importing.reader.book import Merge, Sheet, Workbook, check_area
from datong_edu.importing.reader.plain import unwrapped

DEEPEST = 50
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
BREAKS = frozenset(("br", "p", "div", "li"))
UNSEEN = frozenset(("style", "title", "xml"))
SPAN_DIGITS = 5


def read_web_page(data: bytes, limits: Limits, *, encoding: str) -> Workbook:
    """The tables of a page in the order they begin; raises `RefusedFile` TOO_LARGE_UNPACKED."""
    page = _Page(limits)
    page.feed(data.decode(encoding, "replace").removeprefix("\ufeff").replace("\x00", ""))
    page.close()
    return Workbook([table.sheet() for table in page.tables if table.rows])


class _Table:
    """One table while it is being read."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.rows: list[list[Value]] = []
        self.hidden_rows: set[int] = set()
        self.merges: list[Merge] = []
        self.covered: dict[int, int] = {}
        """Columns that a cell from above reaches down into, with the last row it covers."""
        self.in_row = False
        self.text: list[str] | None = None
        self.span = (1, 1)

    def begin_row(self, *, hidden: bool) -> None:
        """A new row; one that was left open ends here."""
        self.end_row()
        self.rows.append([])
        self.in_row = True
        if hidden:
            self.hidden_rows.add(len(self.rows))
        check_area(self.name, last_row=len(self.rows), last_column=0, limits=self.limits)

    def end_row(self) -> None:
        """No further cell comes."""
        self.end_cell()
        self.in_row = False

    def begin_cell(self, down: int, across: int) -> None:
        """A new cell of the present row."""
        if not self.in_row:
            self.begin_row(hidden=False)
        self.end_cell()
        self.text, self.span = [], (down, across)

    def end_cell(self) -> None:
        """Put the cell where the rows above leave room."""
        if self.text is None:
            return
        words = "\n".join(" ".join(line.split()) for line in "".join(self.text).split("\n")).strip()
        self.text = None
        number, row = len(self.rows), self.rows[-1]
        while self.covered.get(len(row), 0) >= number:
            row.append("")
        left, (down, across) = len(row), self.span
        check_area(self.name, last_row=number, last_column=left + across - 1, limits=self.limits)
        row += [unwrapped(words), *[""] * (across - 1)]
        if down > 1 or across > 1:
            self.merges.append(Merge(number, left, number + down - 1, left + across - 1))
        if down > 1:
            self.covered |= dict.fromkeys(range(left, left + across), number + down - 1)

    def sheet(self) -> Sheet:
        """The finished table."""
        return Sheet(self.name, partial(_copies, self.rows), hidden_rows=self.hidden_rows, merges=self.merges)


class _Page(HTMLParser):
    """Collects the tables of a page."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Rows and cells end where the next begins, whether or not the page says so."""
        said = dict(attrs)
        if tag == "table" and len(self.open) < DEEPEST:
            self.open.append(_Table(f"表{len(self.tables) + 1}", self.limits))
            self.tables.append(self.open[-1])
        elif tag in UNSEEN:
            self.unseen += 1
        if not self.open:
            return
        table = self.open[-1]
        if tag == "tr":
            table.begin_row(hidden=bool(HIDDEN.search(said.get("style") or "")))
        elif tag in ("td", "th"):
            table.begin_cell(_span(said.get("rowspan")), _span(said.get("colspan")))
        elif tag in BREAKS and table.text:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A table gives way to the one around it."""
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif not self.open:
            return
        elif tag == "table":
            self.open.pop().end_row()
        elif tag == "tr":
            self.open[-1].end_row()
        elif tag in ("td", "th"):
            self.open[-1].end_cell()

    def handle_data(self, data: str) -> None:
        """Text of the innermost open cell."""
        if self.open and not self.unseen and self.open[-1].text is not None:
            self.open[-1].text.append(data.replace("\n", " "))

    def close(self) -> None:
        """Whatever was left open ends with the page."""
        super().close()
        for table in self.open:
            table.end_row()


def _span(text: str | None) -> int:
    """How many rows or columns a cell takes; what is no small number counts as one."""
    digits = (text or "").strip()
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= SPAN_DIGITS else 1


def _copies(rows: list[list[Value]]) -> Iterator[list[Value]]:
    return (list(row) for row in rows)

"""What the fragments in templates/web/parts are filled with.

Each class names its fragment; every optional field has a default, so that a template never meets an unknown
variable.  Figures arrive formatted unless a field says it is a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

TILE_PLACES = {
    "140212": (1, 2), "140221": (1, 4), "140222": (1, 5),
    "140226": (2, 1), "140214": (2, 2), "140213": (2, 3), "140215": (2, 4),
    "140225": (3, 4), "140223": (3, 5),
    "140224": (4, 5),
}  # fmt: skip
"""Row and column of each county on the 5 × 4 grid; a position sketch, not a map."""


@dataclass(frozen=True)
class Badge:
    """badge.html: a state as a word; tone is "", red, amber, green or blue."""

    label: str
    tone: str = ""


@dataclass(frozen=True)
class Tab:
    """tabs.html: one queue; tone red for overdue ones."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Chip:
    """chips.html: one kind with its count."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Kpi:
    """kpi.html: one figure; change such as "↓ 46" with its tone red or green."""

    label: str
    value: str
    unit: str = ""
    url: str = ""
    tone: str = ""
    foot: str = ""
    change: str = ""
    change_tone: str = "grey"


@dataclass(frozen=True)
class Tile:
    """tiles.html: one county; shade 0–4, None for a county that has not reported."""

    code: str
    name: str
    value: str = ""
    shade: int | None = None
    late: bool = False
    url: str = ""

    @property
    def row(self) -> int:
        """Row on the grid."""
        return TILE_PLACES[self.code][0]

    @property
    def col(self) -> int:
        """Column on the grid."""
        return TILE_PLACES[self.code][1]


@dataclass(frozen=True)
class Bar:
    """bars.html: one bar; value and late are numbers on one scale, late is drawn red at the start."""

    label: str
    value: float
    text: str = ""
    url: str = ""
    late: float = 0
    late_text: str = ""
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Progress:
    """progress.html: a job under way; total 0 when it is not known yet, `unit` what done and total count."""

    label: str
    done: int = 0
    total: int = 0
    rate: str = ""
    eta: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Step:
    """stepper.html: state is "done", "now" or ""."""

    label: str
    state: str = ""


@dataclass(frozen=True)
class Bucket:
    """buckets.html: one share of the rows of a file; tone "", red or amber."""

    label: str
    count: int
    url: str = ""
    current: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Diff:
    """diff.html: one cell before and after."""

    old: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new


@dataclass(frozen=True)
class Todo:
    """todo.html: one thing that waits, with its tag, its place and its figure."""

    tag: str
    text: str
    url: str = ""
    note: str = ""
    figure: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Change:
    """One field changed by an event of the timeline."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """timeline.html: what happened on a day; tone "", red or green."""

    on: date
    kind: str
    text: str
    url: str = ""
    tone: str = ""
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of matrix.html (state ok, short, odd or none) or of compare.html (differs)."""

    text: str
    state: str = "none"
    differs: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """One scheme of matrix.html."""

    label: str
    cells: Sequence[Cell]
    total: str = ""


@dataclass(frozen=True)
class Matrix:
    """matrix.html: scheme by term, 应享与实享."""

    corner: str
    columns: Sequence[str]
    rows: Sequence[MatrixRow]


@dataclass(frozen=True)
class Source:
    """A book of compare.html and the day of its latest import."""

    label: str
    on: date | None = None


@dataclass(frozen=True)
class CompareRow:
    """One field of compare.html: adopted names the source that counts, or a badge says 一致 or 待核实."""

    label: str
    cells: Sequence[Cell]
    adopted: str = ""
    badge: Badge | None = None


@dataclass(frozen=True)
class Comparison:
    """compare.html: the same fields in several books."""

    sources: Sequence[Source]
    rows: Sequence[CompareRow]


@dataclass(frozen=True)
class Fact:
    """One line of facts.html."""

    label: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Subject:
    """facts.html: whom the page is about."""

    name: str
    note: str = ""
    facts: Sequence[Fact] = ()
    tags: Sequence[Badge] = ()


@dataclass(frozen=True)
class Empty:
    """empty.html: nothing to show, and the way on."""

    text: str = "没有符合条件的记录"
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Column:
    """One term of trend.html; values run in the order of the series."""

    label: str
    values: Sequence[float]
    total_text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Trend:
    """trend.html: stacked columns over terms, at most four series."""

    caption: str
    series: Sequence[str]
    columns: Sequence[Column]


def shades(values: dict[str, float]) -> dict[str, int]:
    """Shade 0–4 of each county by the size of its value, in five equal steps up to the largest."""
    top = max(values.values(), default=0)
    return {code: min(4, int(value / top * 5)) if top else 0 for code, value in values.items()}

"""What a hostile file is, and how its builder is registered."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.workbooks.builders import raw_xlsx, text_row
from tests.workbooks.golden import living, table

READ = "read"
HEAD, FIRST, SECOND = table([living(1), living(2)])
GOOD_ROWS = "".join(
    text_row(at, [str(cell) for cell in row]) for at, row in enumerate((HEAD, FIRST, SECOND), start=1)
)


@dataclass(frozen=True)
class Hostile:
    """A builder and the outcomes allowed: keys of a refusal, or READ with so many rows stored."""

    build: Callable[[], bytes]
    outcomes: tuple[str, ...]
    name: str = "名单.xlsx"
    stored: int | None = None


FILES: dict[str, Hostile] = {}


def hostile(
    *outcomes: str, name: str = "名单.xlsx", stored: int | None = None
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a builder under its own name."""

    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES[build.__name__] = Hostile(build, outcomes, name, stored)
        return build

    return register


def good(**more: bytes | str) -> bytes:
    """A good roster with further parts; `__` in a name is a slash, `_` a dot."""
    return raw_xlsx(GOOD_ROWS, more={key.replace("__", "/").replace("_", "."): v for key, v in more.items()})

"""Which parts are measured, in order: the import on empty ledgers, then checks and pages on a whole city."""

import importlib.util
from collections.abc import Callable, Iterable, Sequence

from datong_edu.demo.bench import checks, city, comparing, gate, importing, limit, pages, preview
from datong_edu.demo.bench.figures import Figure

LEAST_ROWS = 100
PEER_PACKAGES = ("import_export", "tablib", "openpyxl")
LIMIT_PACKAGES = ("fastexcel", "polars")
"""What the yardstick needs; they come with the test dependencies, hence it is no part of a plain run."""


def missing(packages: Iterable[str]) -> list[str]:
    """Packages that are not installed."""
    return [name for name in packages if importlib.util.find_spec(name) is None]


def measure(parts: Sequence[str], *, rows: int, peer: bool, say: Callable[[str], None]) -> list[Figure]:
    """Figures of the parts asked for; `rows` is the length of the roll and the number of pupils."""
    figures: list[Figure] = []
    if "import" in parts:
        say(f"导入：{rows} 行")
        figures += importing.measure(rows, peer=peer)
    if "limit" in parts:
        say(f"极限：{rows} 行")
        figures += limit.measure(rows)
    if "gate" in parts:
        say(f"文件检查：{rows} 行")
        figures += gate.measure(rows)
    if "preview" in parts:
        say(f"预览：{rows} 行")
        figures += preview.measure(rows)
    if {"checks", "pages", "compare"} & set(parts):
        say(f"演示城市：{max(rows, city.LEAST_STUDENTS)} 名学生")
        figures += city.settle(rows)
    if "checks" in parts or "pages" in parts:
        say("比对")
        found = checks.measure()
        figures += found if "checks" in parts else []
    if "pages" in parts:
        say("页面")
        figures += pages.measure()
    if "compare" in parts:
        say(f"比对工具：{comparing.ROWS} 行")
        figures += comparing.measure()
    return figures

"""`manage.py bench`: how fast imports, checks, pages and the compare tool are, also beside a peer."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from datong_edu.demo.bench import importing, running
from datong_edu.demo.bench.figures import Figure
from datong_edu.demo.bench.scratch import scratch_database

PARTS = ("import", "gate", "preview", "checks", "pages", "compare")
LIMIT = "limit"
ALL = "all"


class Command(BaseCommand):
    """Measures in a database of its own, which is dropped at the end; the portal's data stay untouched."""

    help = "在独立的临时库中测量导入、比对、页面和比对工具的速度；--peer 同时与常见做法对比。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, comparison, parts and form of the output."""
        parser.add_argument("--rows", type=int, default=20_000, help="名册行数和学生人数，默认 20000")
        parser.add_argument("--peer", action="store_true", help="与 django-import-export、bulk_create 对比")
        parser.add_argument("--part", choices=(*PARTS, LIMIT, ALL), default=ALL, help="只测量其中一项")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print; a missing peer package is a failure."""
        if options["peer"]:
            _need(running.PEER_PACKAGES, "requirements.txt")
        if options["part"] == LIMIT:
            _need(running.LIMIT_PACKAGES, "requirements-dev.txt")
        if options["rows"] < running.LEAST_ROWS:
            raise CommandError(f"--rows 至少为 {running.LEAST_ROWS}。")
        parts = PARTS if options["part"] == ALL else (options["part"],)
        with scratch_database():
            figures = running.measure(parts, rows=options["rows"], peer=options["peer"], say=self._say)
        if options["as_json"]:
            self.stdout.write(json.dumps({f.name: {"value": f.rounded, "unit": f.unit} for f in figures}))
        else:
            self._print(figures)

    def _print(self, figures: list[Figure]) -> None:
        for figure in figures:
            self.stdout.write(str(figure))
        if any(figure.name.startswith("peer.import_export") for figure in figures):
            self.stderr.write(
                f"import_export 逐行处理，每行耗时不随行数变化，最多测 {importing.PEER_ROWS} 行。"
            )

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


def _need(packages: Sequence[str], lock: str) -> None:
    """A comparison that cannot be made is a failure, not a figure less."""
    missing = running.missing(packages)
    if missing:
        raise CommandError(f"没有安装对比所需的包：{'、'.join(missing)}。请先安装 {lock}。")

"""`manage.py leak_crawl`: asks every address as everybody for everybody's rows, and searches the answers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from datong_edu.demo.bench.scratch import scratch_database
from datong_edu.demo.crawl import running

REQUESTS = 24_000


class Command(BaseCommand):
    """Crawls an invented city in a database of its own; exit 1 on a leak, a failure, a write or a gap."""

    help = "在独立的临时库中以各岗位访问全部地址，检查有无越权内容、出错和读操作写库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, form of the output, and the guards that are switched off to prove the crawl."""
        parser.add_argument(
            "--requests", type=int, default=REQUESTS, help=f"请求数，默认 {REQUESTS}；更大时访问所有组合"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出一个 JSON 对象")
        guards = parser.add_mutually_exclusive_group()
        guards.add_argument(
            "--break-scope", action="store_true", help="对照：关闭程序和数据库的范围控制，应当发现越权"
        )
        guards.add_argument(
            "--wall-only", action="store_true", help="对照：只关闭程序的范围控制，数据库仍应挡住越权"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Crawl, say what was found, and print the figures."""
        broken, wall_only = options["break_scope"], options["wall_only"]
        with scratch_database(), running.guards_off(scope=broken or wall_only, wall=broken):
            result = running.crawl(options["requests"], schools=not wall_only, say=self._say)
        for route in result.unmapped:
            self._say(route)
        if options["as_json"]:
            self.stdout.write(json.dumps(result.figures))
        else:
            for name, figure in result.figures.items():
                self.stdout.write(f"{name} {figure}")
        if not result.is_clean:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()

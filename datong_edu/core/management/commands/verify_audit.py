"""`manage.py verify_audit`: recomputes the audit trail and tells what was changed, lost, added or moved."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from datong_edu.core import chain, sealed_columns
from datong_edu.core.commands import PortalCommand


class Command(PortalCommand):
    """Reads only, in one snapshot; exit 1 on a break."""

    help = "重新计算操作留痕与留痕链，找出被改动、删除、插入或调换的记录；发现问题时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Form of the output, and whether ciphertexts are opened too."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出一个 JSON 对象")
        parser.add_argument("--quick", action="store_true", help="不逐个打开留痕中的密文")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, print the figures, then each break."""
        verdict = chain.verify()
        opened = 0
        if not options["quick"]:
            for model in chain.event_models():
                for column in sealed_columns.columns_of(model):
                    checked = sealed_columns.check(column)
                    opened += checked.rows
                    verdict.breaks += [f"{column}：{line}" for line in checked.breaks]
        if options["as_json"]:
            told = {
                "events": verdict.events,
                "links": verdict.links,
                "seals": verdict.seals,
                "opened": opened,
                "without_context": verdict.without_context,
                "breaks": verdict.breaks,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(
                f"留痕 {verdict.events:,} 条，链 {verdict.links:,} 环，签章 {verdict.seals} 个，"
                f"打开密文 {opened:,} 个；没有来源的变更 {verdict.without_context} 条"
            )
            for line in verdict.breaks:
                self.stdout.write(f"异常：{line}")
        if not verdict.is_whole:
            raise CommandError(f"操作留痕有 {len(verdict.breaks)} 处异常，请立即报告审计管理员。")

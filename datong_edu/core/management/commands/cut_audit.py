"""`manage.py cut_audit`: lets go of events older than the years they are kept, under a signed seal."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from datong_edu.core import audit, chain
from datong_edu.core.commands import PortalCommand


class Command(PortalCommand):
    """Says what would go; does it with `--apply`, and only when the trail is whole before and after."""

    help = (
        "清理超过保存年限（PORTAL_AUDIT_YEARS，至少 3 年）的操作留痕：不加 --apply 只说明将清理什么；"
        "清理处留下签章，verify_audit 仍能校验其后的全部留痕。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing goes without `--apply`."""
        parser.add_argument("--apply", action="store_true", help="真正清理")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, cut, verify again in one transaction."""
        before = chain.earliest_cut(timezone.now(), settings.AUDIT_YEARS)
        day = f"{timezone.localtime(before):%Y-%m-%d}"
        if not options["apply"]:
            links, events = chain.to_cut(before=before)
            self.stdout.write(
                f"{day} 以前的留痕：链 {links:,} 环、{events:,} 条，可以清理。加 --apply 执行。"
                if links
                else f"{day} 以前没有留痕，不需要清理。"
            )
            return
        try:
            links, events = chain.cut_whole(before=before)
        except chain.BrokenTrail as broken:
            raise CommandError(f"{broken}清理没有进行，请先运行 verify_audit 并报告审计管理员。") from broken
        audit.record(
            action="cut_audit",
            by=None,
            source="command",
            detail={"before": day, "links": links, "events": events},
        )
        self.stdout.write(f"已清理 {day} 以前的留痕：链 {links:,} 环、{events:,} 条。")

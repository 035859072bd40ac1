"""`manage.py check_invariants`: what must always hold, a line each with the rows checked."""

from typing import Any

from django.core.management.base import CommandError

from datong_edu.core import invariants
from datong_edu.core.commands import PortalCommand


class Command(PortalCommand):
    """Reads only; exit 1 on a break."""

    help = "逐项核对数据不变式（密文与索引一致等），每项一行并写明核对的行数；有不符时退出码为 1。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each invariant with its rows, then what breaks it."""
        broken = 0
        for outcome in invariants.outcomes():
            said = f"{outcome.rows:,} 行" if outcome.rows else "nothing to check"
            self.stdout.write(
                f"{outcome.name}：{said}，{f'{outcome.broken:,} 行不符' if outcome.broken else '正常'}"
            )
            for line in outcome.breaks:
                self.stdout.write(f"  {line}")
            broken += outcome.broken
        if broken:
            raise CommandError(f"共有 {broken:,} 行不符，请联系系统管理员。")

"""`manage.py rotate_keys`: seals every value under the current key while the portal works."""

from typing import Any

from django.core.management.base import CommandError

from datong_edu.core import audit, keys, rotation, sealed_columns
from datong_edu.core.commands import PortalCommand
from datong_edu.core.sealed_columns import Column


class Command(PortalCommand):
    """May be stopped and started again at any time; exit 1 while an older key still seals something."""

    help = (
        "用当前密钥重新加密全部密文：先换 PORTAL_FIELD_KEY 与编号，旧密钥放进 PORTAL_OLD_FIELD_KEYS，"
        "重启门户后运行；可随时中断、重复运行。盲索引密钥不轮换。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, then say what is still under an older key."""
        current = keys.provider().current_id()
        done = rotation.rotate(progress=self._say)
        left = rotation.retire()
        audit.record(
            action="rotate_keys",
            by=None,
            source="command",
            detail={"key": current, "values": sum(done.values()), "left": left},
        )
        for column, count in done.items():
            self.stdout.write(f"{column}：{count:,} 个值")
        remaining = {
            str(one): count for one in sealed_columns.everything_sealed() if (count := rotation.left(one))
        }
        self.stdout.write(
            f"当前密钥 {current}：重新加密 {sum(done.values()):,} 个值，"
            f"旧密钥下还有 {sum(remaining.values()):,} 个"
        )
        if remaining:
            raise CommandError(
                f"旧密钥 {'、'.join(left)} 还不能移除，请确认门户各进程已换用新密钥后再运行一次。"
            )

    def _say(self, column: Column, done: int) -> None:
        self.stderr.write(f"{column}：{done:,}")

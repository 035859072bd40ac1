"""`manage.py undo_import BATCH`: what an undo would do; with --apply it is done."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from datong_edu.accounts.actions import user_called
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.undo import Kept, UndoPlan, plan_undo, redo_batch, undo_batch
from datong_edu.web import numbers

FAILED = 1
BY_COMMAND = "命令行撤销"
ALREADY_UNDONE = "这个批次已经撤销；要重新写入请加 --redo。"
NOT_UNDONE = "这个批次没有撤销，不能重新写入。"


class Command(PortalCommand):
    """Undo an applied batch, or write an undone one again."""

    help = "撤销已写入的批次：不加 --apply 时只列出将做什么。退出码：0 可以或已经完成，1 不能撤销或出错。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Batch, apply, redo, reason, by."""
        parser.add_argument("batch", help="批次编号（导入历史中的编号或 UUID）")
        parser.add_argument("--apply", action="store_true", help="执行，而不只是试算")
        parser.add_argument("--redo", action="store_true", help="把已撤销的批次重新写入")
        parser.add_argument("--reason", default=BY_COMMAND, help="撤销原因")
        parser.add_argument("--by", help="以哪个用户的身份执行，默认服务账号“命令行”")

    def handle(self, *args: Any, **options: Any) -> None:
        """Dry run, or the deed."""
        try:
            self._run(**options)
        except PortalError as error:
            self.stderr.write(error.message)
            sys.exit(FAILED)

    def _run(self, **options: Any) -> None:
        by = user_called(options["by"])
        batch = _batch(options["batch"])
        plan = plan_undo(batch, by, named=None)
        if plan.is_redo is not options["redo"]:
            raise PortalError(ALREADY_UNDONE if plan.is_redo else NOT_UNDONE)
        if options["apply"]:
            done = (
                redo_batch(batch=batch, by=by, progress=self._progress)
                if plan.is_redo
                else undo_batch(batch=batch, by=by, reason=options["reason"], progress=self._progress)
            )
            plan.ledgers = done.ledgers
        self._say(plan, applied=options["apply"])

    def _say(self, plan: UndoPlan, *, applied: bool) -> None:
        will = "已" if applied else "将"
        for one in plan.ledgers:
            self.stdout.write(
                f"{one.title}：{will}删除 {one.removed} 条，恢复 {one.restored} 条，写回 {one.returned} 条；"
                f"保留 {one.kept} 条（之后被改动），{one.blocked} 条（不能动）。"
            )
        for kept in plan.kept:
            self.stdout.write(f"  保留 {kept.ledger} {kept.subject}：{_words(kept)}")
        done = "已重新写入。" if plan.is_redo else "已撤销。"
        self.stdout.write(done if applied else "未改动任何数据；加 --apply 执行。")

    def _progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        self.stderr.write(f"  {phase}")


def _words(kept: Kept) -> str:
    parts = (kept.why, kept.changed, numbers.ago(kept.at), kept.who, kept.through)
    return "，".join(part for part in parts if part)


def _batch(text: str) -> ImportBatch:
    batches = ImportBatch.objects.whole_city().select_related("unit", "unit__parent", "term", "county", "job")
    if text.isascii() and text.isdigit():
        found = batches.filter(pk=int(text)).first()
    else:
        try:
            found = batches.filter(uid=UUID(text)).first()
        except ValueError:
            found = None
    if found is None:
        raise PortalError(f"没有编号为“{text}”的批次，请到导入历史中查看编号。")
    return found

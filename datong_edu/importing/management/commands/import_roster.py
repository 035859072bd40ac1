"""`manage.py import_roster FILE --kind K`: the browser's import, from the command line."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from datong_edu.accounts.actions import user_called
from datong_edu.accounts.models import Unit, User
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError, RefusedFile
from datong_edu.core.models import Term
from datong_edu.core.terms import term_dates
from datong_edu.importing import actions, keeping, mapping
from datong_edu.importing.checking import Checked
from datong_edu.importing.declare import ROSTERS, roster_called
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.report import RowReport

CITY = "140200"
FAILED, NOTHING_TO_APPLY = 1, 2


class Command(PortalCommand):
    """Check a roster file, and apply it when asked."""

    help = "检查名册文件；加 --apply 时写入。退出码：0 有可写入的行，2 文件被拒收或没有可写入的行，1 出错。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, kind, unit, term, mapping, apply, json."""
        parser.add_argument("file", type=Path, help="名册文件")
        parser.add_argument("--kind", required=True, help=f"名册种类：{'、'.join(sorted(ROSTERS))}")
        parser.add_argument("--unit", default=CITY, help="单位代码，默认全市 140200")
        parser.add_argument("--term", help="学期，例如 2020-2021-1")
        parser.add_argument("--full", action="store_true", help="全量名册：列出名册中不再出现的人数")
        parser.add_argument("--mapping", type=Path, help="对应关系文件（JSON）")
        parser.add_argument("--apply", action="store_true", help="写入可以写入的行")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出逐行结果（JSON）")
        parser.add_argument("--by", help="以哪个用户的身份执行，默认服务账号“命令行”")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the check, always whole; write only with --apply."""
        try:
            code = self._run(**options)
        except RefusedFile as refusal:
            answer = {"outcome": "refuse", "reason": refusal.reason_key, "message": refusal.message}
            self._say_refusal(answer, as_json=options["as_json"])
            code = NOTHING_TO_APPLY
        except PortalError as error:
            self.stderr.write(error.message)
            code = FAILED
        if code:
            sys.exit(code)

    def _run(self, **options: Any) -> int:
        by = user_called(options["by"])
        roster = roster_called(options["kind"])
        if options["apply"]:
            actions.refuse_without_ledger(roster)
        unit = _unit(options["unit"])
        term = _term(options["term"])
        file: Path = options["file"]
        try:
            data = file.read_bytes()
        except OSError as error:
            raise PortalError(f"读不了文件 {file.name}：请检查路径和权限。") from error
        chosen = mapping.from_file(options["mapping"]) if options["mapping"] else None
        known = actions.known_batch(kind=roster.key, unit=unit, term=term, data=data)
        report = RowReport(roster)
        with transaction.atomic():
            batch = (
                _again(known, data, by, is_full=options["full"])
                if known is not None
                else actions.receive_file(
                    kind=roster.key,
                    unit=unit,
                    term=term,
                    file_name=file.name,
                    data=data,
                    by=by,
                    is_full=options["full"],
                )
            )
            checked = actions.check_here(
                batch=batch,
                mapping=chosen,
                by=by,
                progress=self._progress,
                observer=report if options["as_json"] else None,
            )
            answer = report.build(batch, checked) if options["as_json"] else None
            known = known or actions.twin_of(batch)
            writable = checked.accepted > 0
            apply = options["apply"] and known is None
            if apply and writable:
                actions.apply_batch(batch=batch, by=by, progress=self._progress)
            else:
                transaction.set_rollback(True)
        self._say(answer, checked, known=known, applied=apply and writable)
        return 0 if writable or known is not None else NOTHING_TO_APPLY

    def _progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        figure = f" {done:,}/{total:,}" if total else f" {done:,}" if done else ""
        self.stderr.write(f"  {phase}{figure}")

    def _say_refusal(self, answer: dict[str, str], *, as_json: bool) -> None:
        self.stdout.write(
            json.dumps(answer, ensure_ascii=False) if as_json else f"文件被拒收：{answer['message']}"
        )

    def _say(
        self,
        answer: dict[str, Any] | None,
        checked: Checked,
        *,
        known: ImportBatch | None,
        applied: bool,
    ) -> None:
        if answer is not None:
            if known is not None:
                answer["known_batch"] = str(known.uid)
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        counts = checked.counts
        self.stdout.write(
            f"新增 {counts['new']} 行，变更 {counts['changed']} 行，无变化 {counts['unchanged']} 行，"
            f"错误 {counts['refused']} 行，提醒 {counts['warned']} 行。"
        )
        if "disappeared" in counts:
            self.stdout.write(f"名册中不再出现 {counts['disappeared']} 人，不会删除。")
        if known is not None:
            self.stdout.write(f"这个文件已由批次 {known.uid} 写入过，没有重复写入。")
        elif applied:
            self.stdout.write("已写入。")
        else:
            self.stdout.write("未写入任何数据。")


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first() or Unit.objects.filter(aliases__code=code).first()
    if unit is None:
        raise PortalError(f"没有代码为“{code}”的单位，请写县区的6位代码，全市写 140200。")
    return unit


def _term(code: str | None) -> Term | None:
    if not code:
        return None
    term_dates(code)
    term = Term.objects.filter(code=code).first()
    if term is None:
        raise PortalError(f"学期 {code} 不在学期表中。")
    return term


def _again(known: ImportBatch, data: bytes, by: User, *, is_full: bool) -> ImportBatch:
    """A throw-away batch to check known bytes under; the transaction is rolled back."""
    batch = ImportBatch.objects.create(
        kind=known.kind,
        unit=known.unit,
        county=known.county,
        term=known.term,
        file_name=known.file_name,
        file_size=known.file_size,
        file_sha256=known.file_sha256,
        created_by=by,
        is_full=is_full,
    )
    keeping.store_bytes(batch, data)
    return batch

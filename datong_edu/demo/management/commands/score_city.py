"""score_city: mark the open findings against the answer key of the demonstration city."""

import io
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command

from datong_edu.core.commands import PortalCommand
from datong_edu.demo.scoring import Pair, RuleScore, read_findings, score


class Command(PortalCommand):
    """Prints precision and recall per rule; exit code 1 unless all are 1.0."""

    help = "用答案核对演示城市的比对结果：逐条规则给出查准率和查全率，不全对时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the key lies, and whether to try the mends."""
        parser.add_argument("--key", type=Path, help="答案文件，默认在数据目录 demo_city 下")
        parser.add_argument("--mend", action="store_true", help="导入整改名册，核对是否恰好消除相应疑点")

    def handle(self, *args: Any, **options: Any) -> None:
        """Scores the present findings; with --mend imports the mends, checks again and compares."""
        path: Path = options["key"] or Path(settings.PORTAL_DATA) / "demo_city" / "answer_key.json"
        if not path.exists():
            raise CommandError(f"没有答案文件 {path}，请先运行 seed_city。")
        key = json.loads(path.read_text(encoding="utf-8"))
        before = _open_findings()
        scores = score(key, before)
        for line in scores:
            self._write_score(line)
        is_perfect = self._write_total(scores)
        if options["mend"]:
            is_perfect &= self._mend(key, path.parent, before)
        if not is_perfect:
            raise SystemExit(1)

    def _write_score(self, line: RuleScore) -> None:
        planted = line.found + len(line.missed)
        self.stdout.write(
            f"{line.rule}  埋设 {planted:3d}  查准率 {line.precision:.3f}  查全率 {line.recall:.3f}  "
            f"误中陷阱 {len(line.fooled)}"
        )
        for title, subjects in (("漏报", line.missed), ("多报", line.invented)):
            for subject in subjects:
                self.stdout.write(f"    {title} {_short(subject)}")

    def _write_total(self, scores: list[RuleScore]) -> bool:
        found = sum(line.found for line in scores)
        missed = sum(len(line.missed) for line in scores)
        invented = sum(len(line.invented) for line in scores)
        fooled = sum(len(line.fooled) for line in scores)
        precision = found / (found + invented) if found else 0.0
        recall = found / (found + missed) if found else 0.0
        self.stdout.write(f"合计  查准率 {precision:.3f}  查全率 {recall:.3f}  误中陷阱 {fooled}")
        return bool(scores) and all(line.is_perfect for line in scores)

    def _mend(self, key: dict[str, Any], folder: Path, before: set[Pair]) -> bool:
        """Imports one mend per rule and runs the checks; true when exactly their subjects were closed."""
        wanted: set[Pair] = set()
        for rule, fixes in sorted(key["fixes"].items()):
            for fix in fixes:
                _import_mend(folder / fix["file"], fix)
                wanted |= {(rule, subject) for subject in fix["closes"]}
        call_command("crosscheck", "--as-of", key["as_of"], stdout=io.StringIO())
        after = _open_findings()
        for title, pairs in (
            ("应消未消", wanted & after),
            ("误消", before - after - wanted),
            ("新增", after - before),
        ):
            for rule, subject in sorted(pairs):
                self.stdout.write(f"    {title} {rule} {_short(subject)}")
        self.stdout.write(f"整改 {len(wanted)} 项，消除 {len(before - after)} 项")
        return before - after == wanted and not after - before


def _open_findings() -> set[Pair]:
    output = io.StringIO()
    call_command("findings", "--format", "csv", stdout=output)
    return read_findings(output.getvalue())


def _import_mend(path: Path, fix: dict[str, str]) -> None:
    arguments = ("--kind", fix["kind"], "--unit", fix["unit"], "--term", fix["term"], "--apply")
    output = io.StringIO()
    try:
        call_command("import_roster", str(path), *arguments, stdout=output)
    except SystemExit as exit_:
        if exit_.code:
            raise CommandError(f"{path.name} 没有导入：{output.getvalue()[:500]}") from exit_


def _short(subject: str) -> str:
    """Long numbers keep six characters in front and four behind: a subject may be an ID number."""
    return f"{subject[:6]}…{subject[-4:]}" if len(subject) >= 15 and subject[:6].isdigit() else subject

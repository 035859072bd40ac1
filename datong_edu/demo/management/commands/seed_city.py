"""seed_city: write an invented Datong as roster files and, on request, import it like any county's files."""

import io
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command

from datong_edu.accounts.actions import create_demo_users
from datong_edu.accounts.models import Unit
from datong_edu.core.clock import set_business_date
from datong_edu.core.commands import PortalCommand
from datong_edu.demo.generator import AS_OF, Roster, build_city, write_city

PRINCIPAL_COUNTY = "140225"


class Command(PortalCommand):
    """Writes rosters and answer key; with --import imports them and runs the cross-checks."""

    help = "生成演示城市的名册文件和答案；加 --import 时按正常流程导入、建立演示账号并运行比对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, seed and place of the city, and whether to import it."""
        parser.add_argument("--students", type=int, default=20_000, help="学生人数，默认 20000")
        parser.add_argument("--seed", type=int, default=2020, help="随机种子，默认 2020")
        parser.add_argument("--out", type=Path, help="存放文件的文件夹，默认在数据目录下 demo_city")
        parser.add_argument(
            "--terms", type=int, choices=(1, 2), default=1, help="另生成几个以前学期的资助名册"
        )
        parser.add_argument("--import", action="store_true", dest="imports", help="导入并运行比对")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes, and imports when asked; a refused file ends the command with a failure that names it."""
        folder: Path = options["out"] or Path(settings.PORTAL_DATA) / "demo_city"
        started = time.monotonic()
        try:
            city = build_city(students=options["students"], seed=options["seed"], terms=options["terms"])
        except LookupError as error:
            raise CommandError("学生人数太少，放不下全部疑点，请至少给 --students 2500。") from error
        rosters = write_city(city, folder)
        self._say(f"已写出 {len(rosters)} 个名册，用时 {time.monotonic() - started:.1f} 秒")
        if options["imports"]:
            self._import(rosters, folder)
        self.stdout.write(str(folder))

    def _import(self, rosters: list[Roster], folder: Path) -> None:
        set_business_date(AS_OF)
        for number, roster in enumerate(rosters, start=1):
            self._import_one(roster, folder, f"[{number}/{len(rosters)}]")
        create_demo_users(school=_demo_school())
        started = time.monotonic()
        call_command("crosscheck", "--as-of", AS_OF.isoformat(), stdout=io.StringIO(), stderr=self.stderr)
        self._say(f"比对完成，用时 {time.monotonic() - started:.1f} 秒")

    def _import_one(self, roster: Roster, folder: Path, label: str) -> None:
        started, output = time.monotonic(), io.StringIO()
        arguments = ("--kind", roster.kind, "--unit", roster.unit, "--term", roster.term, "--apply", "--json")
        try:
            call_command("import_roster", str(folder / roster.name), *arguments, stdout=output)
        except SystemExit as exit_:
            if exit_.code:
                raise CommandError(f"{roster.name} 没有导入：{output.getvalue()[:500]}") from exit_
        self._say(f"{label} {roster.name}{_counts(output.getvalue())}  {time.monotonic() - started:.1f} 秒")

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


def _counts(output: str) -> str:
    """Accepted and rejected rows of the importer's answer, empty when it has none."""
    try:
        counts = json.loads(output)["counts"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f"  接收 {counts['accepted']} 行，退回 {counts['rejected']} 行"


def _demo_school() -> Unit | None:
    """The school unit of the two school log-ins: the first of Hunyuan."""
    schools = Unit.objects.filter(kind="school", parent__code=PRINCIPAL_COUNTY)
    return schools.order_by("code").first()

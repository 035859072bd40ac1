"""Run the cross-checks from the command line, as the scheduler does at night."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.core import clock
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError
from datong_edu.crosschecks.engine import policies, runner

WAIT_SECONDS = 600.0


class Command(PortalCommand):
    """One line for each rule: code, found, new, closed, re-opened, seconds."""

    help = "运行交叉比对"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Day, rule, county and user."""
        parser.add_argument("--as-of", type=date.fromisoformat, help="比对日期，默认为今天")
        parser.add_argument("--rule", action="append", default=[], help="只运行这条规则，可重复")
        parser.add_argument("--unit", help="县区代码；不填为全市")
        parser.add_argument("--by", help="经办人用户名；不填为命令行")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print; a rule that failed is named and makes the command fail."""
        try:
            county = county_of(options["unit"])
            by = user_of(options["by"])
            if by:
                policies.require(policies.may_run(by, county), "发起比对")
            done = runner.run(
                as_of=options["as_of"] or clock.today(),
                by=by,
                county=county,
                codes=options["rule"],
                wait_seconds=WAIT_SECONDS,
                progress=self._tell,
            )
        except PortalError as error:
            raise CommandError(error.message) from error
        for rule in done.rules.order_by("code"):
            self.stdout.write(
                f"{rule.code} found={rule.found} new={rule.new} closed={rule.closed} "
                f"reopened={rule.reopened} seconds={rule.seconds:.3f}"
                + (f" error={rule.error}" if rule.error else "")
            )
        if done.failed_rules:
            raise CommandError(f"{done.failed_rules} 条规则出错，其余已完成。")

    def _tell(self, phase: str, done: int, total: int) -> None:
        self.stderr.write(f"[{done + 1}/{total}] {phase}" if total else phase)


def county_of(code: str | None) -> Unit | None:
    """The county of a code; None for no code or the city's."""
    if not code:
        return None
    unit = Unit.objects.filter(code=code).exclude(kind=UnitKind.SCHOOL).first()
    if unit is None:
        raise PortalError(f"没有代码为 {code} 的县区。")
    return None if unit.kind == UnitKind.CITY else unit


def user_of(username: str | None) -> User | None:
    """The user of a name; None stands for the command line."""
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise PortalError(f"没有用户 {username}，或已停用。")
    return user

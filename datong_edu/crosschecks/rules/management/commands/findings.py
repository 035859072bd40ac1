"""Print the findings ledger with its subjects in clear, for the operator; every use is audited."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError
from datong_edu.crosschecks.engine import checks
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.crosschecks.rules.management.commands.crosscheck import county_of, user_of
from datong_edu.crosschecks.rules.subjects import in_clear

COLUMNS = ("rule_code", "subject", "unit", "severity", "status", "found_on", "closed_on")
_FIELDS = (
    "rule_code", "subject_kind", "subject_id", "county__code", "severity", "status", "found_on", "closed_on",
)  # fmt: skip


class Command(PortalCommand):
    """Open findings, or all of them, as CSV or as columns."""

    help = "列出比对疑点（含完整号码，留痕）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to print and how."""
        parser.add_argument("--all", action="store_true", help="包括已办结和误报")
        parser.add_argument("--rule", default="", help="只列这条规则")
        parser.add_argument("--unit", help="只列这个县区")
        parser.add_argument("--format", choices=("text", "csv"), default="text", help="输出格式")
        parser.add_argument("--by", help="经办人用户名；不填为命令行")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, audit, open the numbers in bulk, print."""
        try:
            rows = self._rows(options)
        except PortalError as error:
            raise CommandError(error.message) from error
        clear = in_clear({(kind, subject) for _, kind, subject, *_ in rows})
        delimiter = "," if options["format"] == "csv" else "\t"
        writer = csv.writer(self.stdout, delimiter=delimiter, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([rule, clear.get((kind, subject), ""), *rest] for rule, kind, subject, *rest in rows)

    def _rows(self, options: dict[str, Any]) -> list[tuple[Any, ...]]:
        county, by = county_of(options["unit"]), user_of(options["by"])
        if by and not by.may(Permission.SEE_NUMBERS):
            raise PortalError("您没有查看完整号码的权限。")
        findings = Finding.objects.visible_to(by) if by else Finding.objects.whole_city()
        if options["rule"]:
            findings = findings.for_rule(checks.find(options["rule"]).code)
        if county:
            findings = findings.filter(county=county)
        if not options["all"]:
            findings = findings.open()
        rows = list(findings.order_by("rule_code", "county__code", "id").values_list(*_FIELDS))
        audit.record(
            action="crosschecks.findings_printed",
            by=by,
            county=county,
            source="command",
            detail={"rule": options["rule"], "all": options["all"], "rows": len(rows)},
        )
        return rows

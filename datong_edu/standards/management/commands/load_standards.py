"""`manage.py load_standards`: the parameter files into the table of standards; safe to repeat."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from datong_edu.accounts.models import User
from datong_edu.core.commands import PortalCommand
from datong_edu.standards.declarations import PARAMETERS, read_all
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.loader import load


class Command(PortalCommand):
    """Load or only check the parameter files."""

    help = "载入标准与依据的参数文件；有错时指出文件和行号，不写入任何内容"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Folder, check only, and who."""
        parser.add_argument("--dir", type=Path, default=PARAMETERS, help="参数文件夹")
        parser.add_argument("--check", action="store_true", help="只检查文件，不写入")
        parser.add_argument("--by", help="操作人用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line; a fault ends with exit code 1."""
        try:
            if options["check"]:
                self.stdout.write(f"标准参数文件 {len(read_all(options['dir']))} 个，没有发现错误")
                return
            by = self._user(options["by"])
            report = load(options["dir"], by=by)
        except StandardsError as error:
            raise CommandError(error.message) from error
        self.stdout.write(str(report))
        for place in report.kept:
            self.stderr.write(f"  保留标准管理员录入的取值：{place}")

    def _user(self, username: str | None) -> User | None:
        """The person named on the command line."""
        if not username:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为 {username} 的用户。")
        return user

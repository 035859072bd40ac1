"""demo_code: the present one-time code of a demo user, for development only."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from datong_edu.accounts import second_factor
from datong_edu.accounts.actions import demo_user
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError


class Command(PortalCommand):
    """Prints six digits; the phone of a demo user is this command."""

    help = "打印演示用户此刻的手机验证码（仅限开发环境）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose code."""
        parser.add_argument("user", help="演示账号的用户名，例如 hunyuan_clerk")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside development; anybody who can run this there could log in as anybody."""
        if not settings.DEMO_CODES:
            raise CommandError("demo_code 只能在开发环境使用；请用本人手机上的验证器。")
        try:
            code, seconds = second_factor.present_code(demo_user(options["user"]))
        except PortalError as error:
            raise CommandError(error.message) from error
        self.stdout.write(code)
        self.stderr.write(f"{seconds} 秒内有效，只能用一次")

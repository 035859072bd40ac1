"""Create, list and revoke the clients of the API."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from datong_edu.accounts.actions import user_called
from datong_edu.accounts.clients import create_client, revoke_client
from datong_edu.accounts.models import ApiClient, Unit
from datong_edu.core.commands import PortalCommand
from datong_edu.core.exceptions import PortalError


class Command(PortalCommand):
    """One JSON object (or list) on stdout; the secret is printed once, when a client is created."""

    help = "接口客户端：新建、列出、停用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        create = deeds.add_parser("create", help="新建客户端，打印编号和密钥（密钥只显示这一次）")
        create.add_argument("name", help="对接系统的名称")
        create.add_argument("--unit", required=True, help="县区代码")
        create.add_argument("--scopes", default="read", help="权限范围，以逗号分开：read、import")
        create.add_argument("--until", type=date.fromisoformat, help="截止日期，如 2027-12-31")
        revoke = deeds.add_parser("revoke", help="立即停用客户端")
        revoke.add_argument("client_id", help="客户端编号")
        deeds.add_parser("list", help="列出客户端")
        for one in deeds.choices.values():
            one.add_argument("--by", help="经办人用户名；不填为命令行")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        try:
            answer = getattr(self, f"_{options['deed']}")(options)
        except PortalError as error:
            raise CommandError(error.message) from error
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _create(self, options: dict[str, Any]) -> dict[str, Any]:
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise PortalError("没有这个代码的单位，请写县区的六位代码。")
        made = create_client(
            name=options["name"],
            unit=unit,
            scopes=[word.strip() for word in options["scopes"].split(",") if word.strip()],
            until_on=options["until"],
            by=user_called(options["by"]),
        )
        seconds = settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
        return {
            "client_id": made.client.client_id,
            "client_secret": made.secret,
            "scopes": made.client.scopes,
            "unit": unit.code,
            "token_seconds": seconds,
        }

    def _revoke(self, options: dict[str, Any]) -> dict[str, Any]:
        client = revoke_client(client_id=options["client_id"], by=user_called(options["by"]))
        return {"client_id": client.client_id, "revoked": True}

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "client_id": client.client_id,
                "name": client.name,
                "unit": client.unit.code,
                "scopes": client.scopes,
                "revoked": client.revoked_at is not None,
            }
            for client in ApiClient.objects.select_related("unit").order_by("pk")
        ]

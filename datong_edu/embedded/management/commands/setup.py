"""Prepare this machine's portal: keys, assets, database, standards and reference tables. No demo data."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from datong_edu.embedded import assets, static_files
from datong_edu.embedded.postgres import EmbeddedPostgres
from datong_edu.embedded.progress import step

REFERENCE_COMMANDS = {"load_reference": "登记基础代码表", "load_standards": "登记政策标准"}


class Command(BaseCommand):
    """``manage.py setup``; running it again changes nothing that is in order."""

    help = "准备本机门户：密钥、前端资源、数据库、政策标准和代码表（不含演示数据）"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the steps in order, each with its seconds."""
        if not assets.is_current(settings.BASE_DIR, settings.ASSETS_DIR):
            with step(self.stdout, "安装前端资源"):
                assets.install(settings.BASE_DIR, settings.ASSETS_DIR)
        with step(self.stdout, "启动数据库"):
            if not settings.DATABASE_URL:
                EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).renew()
            connection.ensure_connection()
        with step(self.stdout, "更新数据库结构"):
            call_command("migrate", interactive=False, verbosity=0)
        for name, label in REFERENCE_COMMANDS.items():
            with step(self.stdout, label):
                call_command(name, verbosity=0, stdout=StringIO(), stderr=StringIO())
        if not settings.DEBUG and not static_files.are_current():
            with step(self.stdout, "整理静态文件"):
                static_files.collect()

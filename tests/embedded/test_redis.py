"""The embedded Redis keeps what was waiting when it is killed."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from datong_edu.embedded import redis


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="datong-test-"))
    yield made
    shutil.rmtree(made)


def test_killed_server_keeps_what_was_waiting(folder: Path) -> None:
    first = redis.start(folder)
    with Redis(unix_socket_path=str(redis.socket_path(folder))) as client:
        client.rpush("queue", "job 1")
        client.config_set("appendfsync", "always")
        client.rpush("queue", "job 2")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not redis.answers(folder)
    second = redis.start(folder)
    with Redis(unix_socket_path=str(redis.socket_path(folder))) as client:
        assert client.lrange("queue", 0, -1) == [b"job 1", b"job 2"]
    second.terminate()
    second.wait()


def test_server_that_cannot_start_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis, "DATABASES", -1)
    with pytest.raises(redis.RedisWontStart, match="未能启动"):
        redis.start(folder)

"""The supervisor restarts what dies, gives up on what keeps dying, and stops in reverse order."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from datong_edu.embedded.supervisor import Service, ServiceWontStart, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def process_of(service: Service) -> int:
    assert service.process is not None
    return service.process.pid


def test_dead_service_is_restarted(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(say=said.append, folder=tmp_path)
    service = Service("任务", SLEEP)
    supervisor.start(service)
    first = process_of(service)
    os.kill(first, signal.SIGKILL)
    threading.Timer(1.5, supervisor.ask_to_stop).start()
    assert supervisor.watch()
    supervisor.stop()
    assert process_of(service) != first
    assert any("意外退出" in line for line in said)


def test_service_that_keeps_dying_ends_the_portal(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(say=said.append, folder=tmp_path)
    supervisor.start(Service("任务", [sys.executable, "-c", "raise SystemExit(3)"]))
    assert not supervisor.watch()
    assert "反复退出（3）" in said[-1]


def test_service_that_never_answers_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor(say=lambda line: None, folder=tmp_path)
    service = Service("网站", SLEEP, ready=lambda: False, ready_seconds=0.3)
    with pytest.raises(ServiceWontStart, match="网站"):
        supervisor.start(service)
    supervisor.stop()


def test_stop_ends_every_service(tmp_path: Path) -> None:
    supervisor = Supervisor(say=lambda line: None, folder=tmp_path)
    for name in ("一", "二"):
        supervisor.start(Service(name, SLEEP))
    supervisor.stop()
    assert [service.process.poll() is not None for service in supervisor.services if service.process] == [
        True
    ] * 2

"""Runs the portal's processes together: starts them in order, shows their output, stops them in reverse."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10.0
MOST_RESTARTS = 5
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Service:
    """One process: its label in the output, its command, and how long it may take to be of use."""

    name: str
    command: list[str]
    ready: Callable[[], bool] | None = None
    ready_seconds: float = 30.0
    process: subprocess.Popen[bytes] | None = None
    output: threading.Thread | None = None
    restarts: int = 0


class ServiceWontStart(RuntimeError):
    """A process ended or did not answer while the portal was starting."""


@dataclass
class Supervisor:
    """Keeps services running until Ctrl-C, a termination signal, or a service that keeps dying."""

    say: Callable[[str], None]
    folder: Path
    services: list[Service] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def take_signals(self) -> None:
        """Let Ctrl-C and SIGTERM ask for the end instead of tearing the process down."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ask_to_stop())

    @property
    def stopping(self) -> bool:
        """Return whether the end has been asked for."""
        return self._stopping.is_set()

    def start(self, service: Service) -> None:
        """Start one process and wait until it is of use."""
        self.services.append(service)
        self._spawn(service)
        if service.ready is None:
            return
        deadline = time.monotonic() + service.ready_seconds
        while not service.ready():
            if self.stopping:
                return
            if service.process is None or service.process.poll() is not None or time.monotonic() > deadline:
                raise ServiceWontStart(f"{service.name} 未能启动，原因见上面的输出或数据目录中的日志。")
            time.sleep(0.1)

    def ask_to_stop(self) -> None:
        """Let watch() return soon."""
        self._stopping.set()

    def watch(self) -> bool:
        """Restart what dies until the end is asked for; return False when something keeps dying."""
        while not self._stopping.wait(0.5):
            for service in self.services:
                if service.process is None or service.process.poll() is None:
                    continue
                if service.restarts >= MOST_RESTARTS:
                    self.say(f"{service.name} 反复退出（{service.process.returncode}），门户停止。")
                    return False
                service.restarts += 1
                code = service.process.returncode
                self.say(f"{service.name} 意外退出（{code}），第 {service.restarts} 次重新启动。")
                self._spawn(service)
        return True

    def stop(self) -> None:
        """Ask every process to end, the last one first, and end by force what does not in ten seconds."""
        for service in reversed(self.services):
            process = service.process
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{service.name} 没有按时结束，强制停止；未完成的任务会在下次启动后继续。")
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for service in self.services:
            if service.output is not None:
                service.output.join(1)

    def _spawn(self, service: Service) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only us.

        Called in the main thread: the kernel ends a child when the *thread* that made it is gone.
        """
        service.process = subprocess.Popen(
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=_end_with_parent if LIBC is not None else None,
        )
        service.output = threading.Thread(
            target=self._pump, args=(service.name, service.process), daemon=True
        )
        service.output.start()

    def _pump(self, name: str, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.say(f"[{name}] {line.decode('utf-8', 'replace').rstrip()}")


def _end_with_parent() -> None:
    """Have the kernel end this child when the supervisor is killed outright."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

"""Reading processes kept warm: started once, used for file after file, thrown away when anything is odd.

A process that ended a file in good order waits for the next one, so that a small roster costs no interpreter
start.  One that was stopped, fell over, read a large file or has read many is replaced.  Each portal process
keeps its own: a forked worker forgets those of its parent, and a reading process whose portal is gone sees
the end of its pipe and leaves.
"""

import atexit
import os
import subprocess
import sys
import threading
from pathlib import Path

from datong_edu.importing.gate.kinds import Limits

HOUSE = Path(__file__).resolve().parents[1]
# The house's own package starts Celery when imported; the child takes its modules without running it.
START = (
    "import sys, types\n"
    "house = types.ModuleType('datong_edu')\n"
    "house.__path__ = [sys.argv[1]]\n"
    "sys.modules['datong_edu'] = house\n"
    "from datong_edu.importing.reading import main\n"
    "main()\n"
)
# All the child gets of our environment, so that no key of the portal is near a parser.
KEPT = ("PATH", "LD_LIBRARY_PATH")
PLAIN = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
FILES_EACH = 200
# A larger file leaves its memory behind; a fresh interpreter costs little beside reading it.
LARGE_BYTES = 4 * 2**20
WAITING = 2


class Reader:
    """One reading process and how much it has read."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.files, self.largest = limits, 0, 0
        self.process = subprocess.Popen(
            [sys.executable, "-s", "-E", "-c", START, str(HOUSE)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            cwd="/", env={name: os.environ[name] for name in KEPT if name in os.environ} | PLAIN,
        )  # fmt: skip

    @property
    def is_fresh(self) -> bool:
        """Whether another file may be read in it."""
        small = self.largest <= LARGE_BYTES and self.files < FILES_EACH
        return small and self.process.poll() is None

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.close_pipes()

    def close_pipes(self) -> None:
        """Let go of both pipes; a waiting process then leaves by itself."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


class _Waiting:
    """The readers of this portal process that wait for a file."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.readers: list[Reader] = []

    def take(self, limits: Limits, size: int) -> Reader:
        """A reader for a file of this size: a waiting one, else a new one."""
        with self.lock:
            found = next((reader for reader in reversed(self.readers) if reader.limits == limits), None)
            if found is not None:
                self.readers.remove(found)
        if found is not None and not found.is_fresh:
            found.stop()
            found = None
        reader = found or Reader(limits)
        reader.files += 1
        reader.largest = max(reader.largest, size)
        return reader

    def give_back(self, reader: Reader) -> None:
        """Keep a reader that is done for the next file, unless it had better go."""
        with self.lock:
            keeps = reader.is_fresh and len(self.readers) < WAITING
            if keeps:
                self.readers.append(reader)
        if not keeps:
            reader.stop()

    def stop_all(self) -> None:
        """End every waiting reader."""
        with self.lock:
            readers, self.readers = self.readers, []
        for reader in readers:
            reader.stop()

    def forget(self) -> None:
        """In a forked process: they are the parent's, only our copies of their pipes are closed."""
        readers, self.readers, self.lock = self.readers, [], threading.Lock()
        for reader in readers:
            reader.close_pipes()
            reader.process.returncode = 0


_waiting = _Waiting()
take, give_back, stop_all = _waiting.take, _waiting.give_back, _waiting.stop_all
os.register_at_fork(after_in_child=_waiting.forget)
atexit.register(_waiting.stop_all)

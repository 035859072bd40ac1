"""Reading an uploaded file in a process of its own, with limits on memory and time.

The parsers meet whatever people upload, so they work where a crash costs nothing: a fresh interpreter without
Django, without the portal's environment and keys, without files of its own.  The bytes go in through a pipe
and the rows come back in slices, so neither side ever holds all of them as Python values.  A plain subprocess
also works inside a Celery worker, whose daemonic processes may have no multiprocessing children.
"""

import io
import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate.kinds import DEFAULT_LIMITS, FileKind, Limits
from datong_edu.importing.layout import Row, SheetLayout, Vocabulary

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
LENGTH = struct.Struct("<I")
LONGEST_MESSAGE = 256 * 2**20
STOPPED = "文件过大或内容异常，读取时超出了内存或时间限制。请删除多余的空白行列，或拆分后再上传。"
BROKEN_OFF = "文件已损坏，读取时出错。请用Excel或WPS打开并重新保存后再上传。"

# What may come out of the child besides plain values; anything else in the pipe is refused.
ALLOWED = {
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"),
    ("datong_edu.importing.cells", "CellError"), ("datong_edu.importing.cells", "MissingFormula"),
    ("datong_edu.importing.cells", "BadBytes"),
    ("datong_edu.importing.gate.kinds", "FileFormat"), ("datong_edu.importing.gate.kinds", "FileKind"),
    ("datong_edu.importing.layout.vocabulary", "Column"),
    ("datong_edu.importing.layout.rows", "IgnoredRow"), ("datong_edu.importing.layout.rows", "RowReason"),
    ("datong_edu.importing.layout.rows", "SheetLayout"), ("datong_edu.importing.layout.rows", "SheetRole"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is asked to do; the file's bytes follow it in the pipe."""

    name: str
    vocabulary: Vocabulary
    limits: Limits
    rows_per_slice: int


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


class ChildReading:
    """A file being read: `kind` and `sheets` are known at once, rows come through `slices()`.

    Use it in a `with` block; leaving the block stops the child.  The counts of `sheets` are complete after
    the last slice.
    """

    def __init__(
        self,
        name: str,
        data: bytes,
        *,
        vocabulary: Vocabulary,
        limits: Limits = DEFAULT_LIMITS,
        on_progress: Callable[[int], None] | None = None,
        rows_per_slice: int = 1_000,
    ) -> None:
        self.limits, self.on_progress = limits, on_progress
        self.child = subprocess.Popen(
            [sys.executable, "-s", "-E", "-c", START, str(HOUSE)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            cwd="/", env={name: os.environ[name] for name in KEPT if name in os.environ} | PLAIN,
        )  # fmt: skip
        order = pickle.dumps(Order(name, vocabulary, limits, rows_per_slice), protocol=5)
        feeder = threading.Thread(
            target=self._feed, args=(LENGTH.pack(len(order)) + order, data), daemon=True
        )
        feeder.start()
        self.kind: FileKind
        self.sheets: list[SheetLayout]
        try:
            self.kind, self.sheets = self._receive("opened")
        except BaseException:
            self.close()
            raise

    def slices(self) -> Iterator[tuple[SheetLayout, list[Row]]]:
        """Data rows with the sheet they stand on, in slices; raises `RefusedFile`, NO_DATA at the end."""
        done = 0
        try:
            while True:
                kind, content = self._message()
                if kind == "rows":
                    at, rows = content
                    done += len(rows)
                    yield self.sheets[at], [Row(*row) for row in rows]
                    if self.on_progress:
                        self.on_progress(done)
                elif kind == "end":
                    for sheet, final in zip(self.sheets, content, strict=True):
                        for part in SheetLayout.__slots__:
                            setattr(sheet, part, getattr(final, part))
                    return
        finally:
            self.close()

    def close(self) -> None:
        """Stop the child, whatever it is doing."""
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _feed(self, order: bytes, data: bytes) -> None:
        pipe = self.child.stdin
        if pipe is None:
            return
        try:
            with pipe:
                for piece in (order, data):
                    view = memoryview(piece)
                    while view:
                        view = view[pipe.write(view) :]
        except (OSError, ValueError):
            # The child is gone or was stopped; the reader of its answers says why.
            return

    def _receive(self, expected: str) -> Any:
        while True:
            kind, content = self._message()
            if kind == expected:
                return content

    def _message(self) -> tuple[str, Any]:
        """The next message; a refusal is raised, a dead or silent child is one."""
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if length > LONGEST_MESSAGE:
            raise RefusedFile("TOO_LARGE_UNPACKED", STOPPED)
        try:
            kind, content = _Unpickler(io.BytesIO(self._exactly(length))).load()
        except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, EOFError) as error:
            raise RefusedFile("DAMAGED", BROKEN_OFF) from error
        if kind == "refused":
            raise RefusedFile(*content)
        return kind, content

    def _exactly(self, length: int) -> bytes:
        assert self.child.stdout is not None
        pipe, parts = self.child.stdout.fileno(), []
        until = time.monotonic() + self.limits.silence_seconds
        while length:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(pipe, min(length, 2**20)) if ready else b""
            if not piece:
                raise self._failure(silent=not ready)
            parts.append(piece)
            length -= len(piece)
        return b"".join(parts)

    def _failure(self, *, silent: bool) -> RefusedFile:
        """A child stopped by a limit had too much to do; one that fell over met a damaged file."""
        if silent:
            self.child.kill()
        code = self.child.wait()
        if silent or code < 0:
            return RefusedFile("TOO_LARGE_UNPACKED", STOPPED)
        return RefusedFile("DAMAGED", BROKEN_OFF)


def read_in_child(
    name: str,
    data: bytes,
    *,
    vocabulary: Vocabulary,
    limits: Limits = DEFAULT_LIMITS,
    on_progress: Callable[[int], None] | None = None,
    rows_per_slice: int = 1_000,
) -> ChildReading:
    """Gate, read and lay out a file in a limited child process.

    Returns once the headings are known.  `on_progress` is called after each slice with the number of data
    rows so far.  Raises `RefusedFile` with any of the gate's keys or NO_HEADER, and NO_DATA after the last
    slice.
    """
    return ChildReading(
        name, data, vocabulary=vocabulary, limits=limits, on_progress=on_progress,
        rows_per_slice=rows_per_slice,
    )  # fmt: skip

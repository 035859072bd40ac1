"""Reading an uploaded file in a process of its own, with limits on memory and time.

The parsers meet whatever people upload, so they work where a crash costs nothing: an interpreter without
Django, without the portal's environment and keys, without files of its own.  The bytes go in through a pipe
and the rows come back in slices, so neither side ever holds all of them as Python values.  A plain subprocess
also works inside a Celery worker, whose daemonic processes may have no multiprocessing children.
"""

import io
import os
import pickle
import select
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing import virus, warm
from datong_edu.importing.gate.kinds import DEFAULT_LIMITS, FileKind, Limits
from datong_edu.importing.layout import Row, SheetLayout, Vocabulary
from datong_edu.importing.wire import BROKEN_OFF, LENGTH, LONGEST_MESSAGE, STOPPED, Order

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


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


class ChildReading:
    """A file being read: `kind` and `sheets` are known at once, rows come through `slices()`.

    Use it in a `with` block; leaving the block before the last slice stops the child.  The counts of `sheets`
    are complete after the last slice.
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
        virus.scan(data)
        self.limits, self.on_progress = limits, on_progress
        self.reader: warm.Reader | None = warm.take(limits, len(data))
        self.child = self.reader.process
        order = pickle.dumps(Order(name, vocabulary, limits, rows_per_slice, len(data)), protocol=5)
        self.feeder = threading.Thread(
            target=self._feed, args=(LENGTH.pack(len(order)) + order, data), daemon=True
        )
        self.feeder.start()
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
                    self._is_done()
                    return
        finally:
            self.close()

    def close(self) -> None:
        """Stop the child, whatever it is doing; one that is done already reads for somebody else."""
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.process.kill()
            self.feeder.join()
            reader.stop()

    def _is_done(self) -> None:
        """The child waits for another order."""
        reader, self.reader = self.reader, None
        if reader is not None:
            self.feeder.join()
            warm.give_back(reader)

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
            self._is_done()
        if kind in {"refused", "failed"}:
            raise RefusedFile(*content)
        return kind, content

    def _exactly(self, length: int) -> bytes:
        assert self.child.stdout is not None
        pipe, parts = self.child.stdout.fileno(), []
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        until = time.monotonic() + self.limits.silence_seconds
        while length:
            ready = waiting.poll(max(0.0, until - time.monotonic()) * 1000)
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

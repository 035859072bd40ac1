"""From cleaned rows to the staging table, by one COPY that runs while later rows are still being cleaned.

The COPY has a thread of its own, and nobody else uses the connection until it ends.  Fields are parted by a
control character that no value holds, so that a whole line is escaped at once.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from datetime import date
from types import TracebackType
from typing import Any, Self

from django.db import connection

from datong_edu.core import crypto
from datong_edu.core.sensitive import Sealing
from datong_edu.importing.declare import Row

PART, END_OF_NAMES, NULL = "\x1f", "\x1e", "\x02"
STAGED_ROW = "staged_row"
SLICES_WAITING = 4
"""Slices of rows that may wait for the database before cleaning pauses."""
_UNFIT = str.maketrans(dict.fromkeys("\x00\x02\x1e\x1f", " "))


# --- lines ------------------------------------------------------------------------------------------------


class Lines:
    """Writes cleaned rows as lines of COPY text, their sensitive values sealed.

    A line holds running number, sheet, row, whether hidden, the keyed fingerprints `content` and `mark`, the
    row as it was written (encrypted), keys and fields of faults and of warnings, the plain values, and of
    each sensitive value ciphertext, blind index and masked text.
    """

    def __init__(self, plain: Iterable[str], sealed: Mapping[str, str]) -> None:
        self.plain = tuple(plain)
        self.sealed = [(name, Sealing(kind)) for name, kind in sealed.items()]
        self.whole = crypto.Sealer(STAGED_ROW)
        self.parts = 11 + len(self.plain) + 3 * len(self.sealed)
        self.seq = 0

    def next(self) -> int:
        """The running number of the next row, for one that needs no line too."""
        self.seq += 1
        return self.seq

    def line(self, row: Row, hidden: bool, mark: bytes) -> str:
        """One row, with its line break."""
        values = row.values
        parts = [
            str(self.next()),
            row.sheet,
            str(row.number),
            "t" if hidden else "f",
            self.whole.index(row.said.encode(errors="replace")).hex(),
            mark.hex(),
            "\\x" + self.whole.encrypt(written(row)).hex(),
            *_pairs(row.faults),
            *_pairs(row.notes),
        ]
        for name in self.plain:
            value = values[name]
            parts.append(value if type(value) is str else _FORMS.get(type(value), str)(value))
        for name, sealing in self.sealed:
            value = values[name]
            if value:
                cipher, index, masked = sealing.columns(value)
                parts += ("\\x" + cipher.hex(), index.hex(), masked)
            else:
                parts += (NULL, NULL, NULL)
        line = PART.join(parts)
        if line.count(PART) >= self.parts or "\x00" in line:
            line = PART.join([part if part == NULL else part.translate(_UNFIT) for part in parts])
        # Backslashes first: the line breaks that follow bring their own.
        return line.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "\n"


def written(row: Row) -> bytes:
    """The mapped cells of a row as the file has them: names of the fields, then their texts."""
    words = PART.join([row.words[position] for position in row.places.values()])
    if words.count(PART) >= len(row.places):
        words = PART.join([row.words[position].translate(_UNFIT) for position in row.places.values()])
    return f"{PART.join(row.places)}{END_OF_NAMES}{words}".encode(errors="replace")


def read_written(cipher: bytes | memoryview) -> dict[str, str]:
    """Inverse of `written` after encryption: the cells of a staged row by field, in clear."""
    names, _, words = crypto.decrypt_blob(STAGED_ROW, cipher).decode().partition(END_OF_NAMES)
    return dict(zip(names.split(PART), words.split(PART), strict=True)) if names else {}


def _pairs(pairs: list[tuple[str, str]]) -> tuple[str, str]:
    """Faults or warnings as two arrays: their keys and their fields."""
    if not pairs:
        return ("{}", "{}")
    return _array(key for key, _ in pairs), _array(name for _, name in pairs)


def _array(items: Iterable[Any]) -> str:
    quoted = ('"' + str(item).replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items)
    return "{" + ",".join(quoted) + "}"


_FORMS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: NULL,
    bool: lambda value: "t" if value else "f",
    date: date.isoformat,
    list: _array,
    tuple: _array,
}
"""How a value is written; text stands as it is, everything else as `str` has it."""


# --- the copy ---------------------------------------------------------------------------------------------


class Copying:
    """One COPY into a staging table, to be used in a `with` block; leaving it waits for the last row.

    Whatever the database says against a row is raised by the next `add` or on leaving.  Leaving with an
    exception stops the COPY, and nothing of it stays.  A query in the block would break into the COPY and is
    refused.
    """

    def __init__(self, statement: str) -> None:
        self.cursor = connection.cursor()
        self.alone = connection.execute_wrapper(_refuse_query)
        self.waiting: queue.Queue[str | BaseException] = queue.Queue(SLICES_WAITING)
        self.error: BaseException | None = None
        here = copy_context()  # the wall of the database stands in the thread too
        self.thread = threading.Thread(target=here.run, args=(self._run, statement), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self.alone.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.alone.__exit__(None, None, None)
        self._put(error or "")
        self.thread.join()
        self.cursor.close()
        if error is None:
            self._raise()

    def add(self, lines: str) -> None:
        """Hand over finished lines; waits while the database is behind."""
        if lines:
            self._put(lines)
            self._raise()

    def _put(self, piece: "str | BaseException") -> None:
        while self.thread.is_alive():
            try:
                self.waiting.put(piece, timeout=1)
                return
            except queue.Full:
                continue

    def _raise(self) -> None:
        if self.error is not None:
            with connection.wrap_database_errors:
                raise self.error

    def _run(self, statement: str) -> None:
        try:
            self.cursor.cursor.copy_expert(statement, self)
        except BaseException as error:  # noqa: BLE001  it is raised where the rows come from
            self.error = error

    def read(self, size: int = -1) -> str:
        """The next lines for the driver; the empty text ends the COPY."""
        piece = self.waiting.get()
        if isinstance(piece, BaseException):
            raise piece
        return piece


def _refuse_query(execute: object, statement: str, *rest: object) -> None:
    raise RuntimeError(f"rows are being copied, nothing may be asked now: {statement[:80]}")

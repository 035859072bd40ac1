"""The program of the reading process: limits first, then gate, reader and layout, rows out in slices."""

import gc
import os
import pickle
import resource
import sys
from typing import Any, BinaryIO

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.child import BROKEN_OFF, LENGTH, STOPPED, Order
from datong_edu.importing.gate import Limits, inspect
from datong_edu.importing.layout import Row, open_sheets, refuse_without_data
from datong_edu.importing.reader import read


def main() -> None:
    """Read an order and a file from standard input, answer on standard output."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    orders = sys.stdin.buffer
    (length,) = LENGTH.unpack(orders.read(LENGTH.size))
    order: Order = pickle.loads(orders.read(length))
    limit(order.limits)
    try:
        _work(order, orders.read(), answers)
    except RefusedFile as refusal:
        _say(answers, "refused", (refusal.reason_key, refusal.message))
    except MemoryError:
        _say(answers, "refused", ("TOO_LARGE_UNPACKED", STOPPED))
    except BaseException:  # noqa: BLE001 - a parser's panic is no Exception; whatever it is, the file is at fault
        _say(answers, "refused", ("DAMAGED", BROKEN_OFF))


def limit(limits: Limits) -> None:
    """Let this process use so much memory and time, and write no file at all."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(order: Order, data: bytes, answers: BinaryIO) -> None:
    # Rows hold no cycles; looking for them would cost a tenth of the time.
    gc.disable()
    kind = inspect(order.name, data, order.limits)
    workbook = read(kind, data, order.limits)
    layouts = open_sheets(workbook, order.vocabulary)
    sources = [layout.sheet for layout in layouts]
    _without_sources(layouts)
    _say(answers, "opened", (kind, layouts))
    for at, layout in enumerate(layouts):
        layout.sheet = sources[at]
        rows: list[tuple[int, bool, list[Any]]] = []
        for row in layout.rows():
            rows.append(_plain(row))
            if len(rows) == order.rows_per_slice:
                _say(answers, "rows", (at, rows))
                rows = []
        if rows:
            _say(answers, "rows", (at, rows))
    refuse_without_data(layouts)
    _without_sources(layouts)
    _say(answers, "end", layouts)


def _plain(row: Row) -> tuple[int, bool, list[Any]]:
    return (row.number, row.hidden, row.cells)


def _without_sources(layouts: list[Any]) -> None:
    for layout in layouts:
        layout.sheet = None


def _say(answers: BinaryIO, kind: str, content: object) -> None:
    message = pickle.dumps((kind, content), protocol=5)
    answers.write(LENGTH.pack(len(message)))
    answers.write(message)
    answers.flush()

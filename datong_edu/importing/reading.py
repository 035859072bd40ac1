"""The program of the reading process: limits first, then gate, reader and layout, rows out in slices."""

import gc
import os
import pickle
import resource
import sys
from typing import Any, BinaryIO

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate import Limits, inspect
from datong_edu.importing.layout import Row, open_sheets, refuse_without_data
from datong_edu.importing.reader import read
from datong_edu.importing.wire import BROKEN_OFF, LENGTH, STOPPED, Order


def main() -> None:
    """Read orders and files from standard input, answer each on standard output; leave at its end."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    orders = sys.stdin.buffer
    # Rows hold no cycles; looking for them would cost a tenth of the time.
    gc.disable()
    gc.freeze()
    while length := orders.read(LENGTH.size):
        order: Order = pickle.loads(orders.read(*LENGTH.unpack(length)))
        limit(order.limits)
        if not _answer(order, orders.read(order.file_bytes), answers):
            return
        gc.collect()


def _answer(order: Order, data: bytes, answers: BinaryIO) -> bool:
    """Serve one order; answers whether this process is still good for another."""
    try:
        _work(order, data, answers)
    except RefusedFile as refusal:
        _say(answers, "refused", (refusal.reason_key, refusal.message))
    except MemoryError:
        _say(answers, "failed", ("TOO_LARGE_UNPACKED", STOPPED))
        return False
    except BaseException:  # noqa: BLE001 - a parser's panic is no Exception; whatever it is, the file is at fault
        _say(answers, "failed", ("DAMAGED", BROKEN_OFF))
        return False
    return True


def limit(limits: Limits) -> None:
    """Let this process use so much memory, so much time for this file, and write no file at all."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(order: Order, data: bytes, answers: BinaryIO) -> None:
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

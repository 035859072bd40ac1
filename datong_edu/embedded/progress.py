"""Progress lines for steps somebody waits for in a terminal."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

TICK_SECONDS = 5.0


class Output(Protocol):
    """A command's stdout."""

    def write(self, msg: str = "", *, ending: str | None = None) -> None:
        """Write one piece of text."""

    def flush(self) -> None:
        """Send it now."""


@contextmanager
def step(output: Output, label: str) -> Iterator[None]:
    """Say what begins, give a sign of life every five seconds, and say how many seconds it took."""
    begun = time.monotonic()
    over = threading.Event()
    output.write(f"· {label} …", ending="")
    output.flush()

    def tick() -> None:
        while not over.wait(TICK_SECONDS):
            output.write(f" {time.monotonic() - begun:.0f}", ending="")
            output.flush()

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    except BaseException:
        _end(over, ticker)
        output.write(" 失败")
        raise
    _end(over, ticker)
    output.write(f" 完成，{time.monotonic() - begun:.1f} 秒")


def _end(over: threading.Event, ticker: threading.Thread) -> None:
    over.set()
    ticker.join()

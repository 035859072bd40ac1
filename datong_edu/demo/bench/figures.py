"""One line of the result, and how seconds, memory and percentiles are taken."""

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

MEGABYTE = 1_000_000
SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Figure:
    """A measured value: a dotted name, a number and its unit (`x` is a ratio, ours to the peer's)."""

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.name} {self.rounded:g} {self.unit}"

    @property
    def rounded(self) -> float:
        """The value as it is printed: whole from a hundred up, otherwise two places."""
        return float(round(self.value)) if abs(self.value) >= 100 else round(self.value, 2)


class Watch:
    """Wall-clock seconds of a `with` block, and the highest resident memory of this process and its children.

    Memory is sampled twenty times a second, in megabytes of 1,000,000 bytes; the reading process counts, the
    database server does not.
    """

    def __init__(self) -> None:
        self.seconds = self.peak = 0.0
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._sampler.start()
        self._begun = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._begun
        self._over.set()
        self._sampler.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while True:
            self.peak = max(self.peak, _resident(own) / MEGABYTE)
            if self._over.wait(SAMPLE_SECONDS):
                return


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` per cent of the values do not exceed; needs at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def _resident(process: psutil.Process) -> int:
    """Bytes of a process and its children; one that ends meanwhile counts nothing."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total

"""What the gate costs beside the reading it guards: the same bytes, looked at and then parsed, in one run.

The gate reads the directory of the zip and the first bytes of its XML parts; the reader's own pass over a
sheet's XML, which finds hidden rows, formulas and the far corner, counts with the parsing and is shown apart.
"""

import time

from datong_edu.demo.bench import roll
from datong_edu.demo.bench.figures import Figure
from datong_edu.demo.bench.scratch import scratch_folder
from datong_edu.importing.gate import inspect
from datong_edu.importing.reader import read
from datong_edu.registry.models import School

ROUNDS = 3
SCHOOLS = 100


def measure(rows: int) -> list[Figure]:
    """Seconds of gate, opening and rows, the best of three rounds, and the gate's share."""
    schools = [School(code=f"3114{n:06}", name=f"第{n}九年制学校") for n in range(SCHOOLS)]
    with scratch_folder() as folder:
        file = folder / "roll.xlsx"
        roll.write_roll(file, roll.rows_of_roll(rows, schools))
        data = file.read_bytes()
    rounds = [_round(file.name, data, rows) for _ in range(ROUNDS)]
    gate, opened, walked = (min(times) for times in zip(*rounds, strict=True))
    return [
        Figure("gate.milliseconds", gate * 1000, "ms"),
        Figure("gate.open.seconds", opened, "s"),
        Figure("gate.rows.seconds", walked, "s"),
        Figure("gate.share_of_parse", 100 * gate / (opened + walked), "%"),
    ]


def _round(name: str, data: bytes, rows: int) -> tuple[float, float, float]:
    times = [time.perf_counter()]
    kind = inspect(name, data)
    times.append(time.perf_counter())
    book = read(kind, data)
    times.append(time.perf_counter())
    found = sum(1 for sheet in book.sheets for _ in sheet.rows())
    times.append(time.perf_counter())
    if found != rows + 1:
        raise AssertionError(f"{found} rows read, {rows + 1} expected")
    gate, opened, walked = (after - before for before, after in zip(times, times[1:], strict=False))
    return gate, opened, walked

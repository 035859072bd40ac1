"""One run at a time: a lease in the database that dies with its holder.

A city run holds the city alone; county runs share the city and hold their county alone, so two counties may
be looked at together and never the same findings twice.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from datong_edu.accounts.models import Unit
from datong_edu.crosschecks.engine.exceptions import RunBusy

_ROOM = 0x0C05C4
_CITY = 0
_POLL_SECONDS = 0.5


@contextmanager
def held(county: Unit | None, wait_seconds: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lease of a county or the city; raises RunBusy when it is not free within the time."""
    locks = [("", _CITY)] if county is None else [("_shared", _CITY), ("", county.pk)]
    taken: list[tuple[str, int]] = []
    deadline = time.monotonic() + wait_seconds
    try:
        for mode, key in locks:
            while not _take(mode, key):
                if time.monotonic() >= deadline:
                    raise RunBusy
                waiting()
                time.sleep(_POLL_SECONDS)
            taken.append((mode, key))
        yield
    finally:
        for mode, key in reversed(taken):
            _ask(f"SELECT pg_advisory_unlock{mode}(%s, %s)", key)


def _take(mode: str, key: int) -> bool:
    return _ask(f"SELECT pg_try_advisory_lock{mode}(%s, %s)", key)


def _ask(statement: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_ROOM, key])
        return bool(cursor.fetchone()[0])

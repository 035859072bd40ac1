"""Under which database role and scope the statements of a request or a job run.

Every statement behind a wall brings its role and scope along, set for its transaction only.  So nothing is
left on a pooled connection, a rollback to a savepoint loses nothing, and a statement outside any transaction
is walled as well.  Without a wall (migrations, the command line) the log-in role works, which owns the
tables.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakSet

import psycopg2.extensions
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.sql import Composable

from datong_edu.core.wall.roles import Reach

_UNWALLED = ("savepoint", "rollback", "release")
"""How statements begin that must run in a failed transaction too; they read no row."""
_CODE = re.compile(r"[0-9A-Za-z_-]+")


@dataclass(frozen=True)
class Wall:
    """A database role with what its policies compare: counties, codes of schools, and the user."""

    reach: Reach
    county_ids: frozenset[int] = frozenset()
    school_codes: frozenset[str] = frozenset()
    user_id: int | None = None
    before: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        for code in self.school_codes:
            if not _CODE.fullmatch(code):
                raise ValueError(f"no code of a school: {code!r}")
        counties = ",".join(str(int(county)) for county in sorted(self.county_ids))
        told = {
            "role": self.reach.value,
            "portal.counties": f"{{{counties}}}",
            "portal.schools": f"{{{','.join(sorted(self.school_codes))}}}",
            "portal.user": str(int(self.user_id or 0)),
        }
        calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in told.items())
        object.__setattr__(self, "before", f"SELECT {calls}; ")


NOBODY = Wall(Reach.COUNTY)
"""Sees no personal row: a request before its log-in is known."""
WORKER = Wall(Reach.WORKER)
"""Jobs that speak of the whole city: imports, comparisons, summaries."""

_DOWN = "SELECT set_config('role', 'none', true); "
_WALLED: WeakSet[psycopg2.extensions.connection] = WeakSet()
"""Connections whose present transaction may still be behind a wall."""
_STANDING: ContextVar[Wall | None] = ContextVar("wall", default=None)


@contextmanager
def behind(wall: Wall) -> Iterator[None]:
    """Run statements behind a wall; the one that stood before stands again afterwards."""
    token = _STANDING.set(wall)
    try:
        yield
    finally:
        _STANDING.reset(token)


def stand(wall: Wall) -> None:
    """Let a wall stand for the rest of the request around, whose own `behind` takes it down."""
    _STANDING.set(wall)


def standing() -> Wall | None:
    """The wall that stands now."""
    return _STANDING.get()


@contextmanager
def as_worker() -> Iterator[None]:
    """Make or drop what belongs to the worker, on behalf of a request that may have it made or dropped."""
    if _STANDING.get() is None:
        yield
    else:
        with behind(WORKER):
            yield


@contextmanager
def as_user(user_id: int | None) -> Iterator[None]:
    """Write a row in the name of a user whose log-in is only just being proved; sees no county more."""
    wall = _STANDING.get()
    if wall is None or wall.user_id == user_id:
        yield
    else:
        with behind(replace(wall, user_id=user_id)):
            yield


class WalledCursor(psycopg2.extensions.cursor):
    """The driver's cursor; each statement brings the wall that stands along."""

    def execute(self, query: Any, vars: Any = None) -> None:
        """Run one statement behind the wall."""
        before = self._before()
        if not before:
            return super().execute(query, vars)
        query = query.as_string(self) if isinstance(query, Composable) else query
        query = query.decode() if isinstance(query, bytes) else query
        if self.name is not None:
            with self._apart(before):
                return super().execute(query, vars)
        if not query.lstrip()[:9].lower().startswith(_UNWALLED):
            query = before + query
        return super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run one statement for each set of values behind the wall."""
        for values in vars_list:
            self.execute(query, values)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Run a COPY behind the wall."""
        before = self._before()
        if not before:
            return super().copy_expert(sql, file, size)
        with self._apart(before):
            return super().copy_expert(sql, file, size)

    def _before(self) -> str:
        """What goes before a statement: the wall that stands, or the end of one in this transaction."""
        wall, connection = _STANDING.get(), self.connection
        if wall is not None:
            _WALLED.add(connection)
            return wall.before
        if connection in _WALLED:
            if connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
                return _DOWN
            _WALLED.discard(connection)
        return ""

    @contextmanager
    def _apart(self, before: str) -> Iterator[None]:
        """Set the wall apart, where it cannot be put before the statement.

        Outside a transaction one is made for it.  The rows of a server-side cursor that outlives that one
        (WITH HOLD) are settled when it ends.
        """
        begins = self.connection.autocommit
        with self.connection.cursor(cursor_factory=psycopg2.extensions.cursor) as plain:
            plain.execute(f"BEGIN; {before}" if begins else before)
            try:
                yield
            except BaseException:
                if begins:
                    plain.execute("ROLLBACK")
                raise
            if begins:
                plain.execute("COMMIT")

"""New keys for old values: every sealed value is opened and sealed again under the current key.

It runs in small transactions while the portal works, takes only what is still under another key, and writes a
value only if nobody has changed it since it was read: so it may be killed and started again at any time, and
a second run finds nothing to do.  Blind indexes stay as they are.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from datong_edu.core import crypto, keys, sealed_columns
from datong_edu.core.models import KeyCheck
from datong_edu.core.sealed_columns import Column

CHUNK = 1_000
BLOB_CHUNK = 20
FOREIGN = "{0} IS NOT NULL AND substring({0} FROM 2 FOR get_byte({0}, 0)) <> %s"
"""Condition that a ciphertext is under another key than the one given."""

Progress = Callable[[Column, int], None]


def left(column: Column) -> int:
    """Values of a column that are not under the current key."""
    return int(
        _rows(f"SELECT count(*) FROM {column.table} WHERE {FOREIGN.format(column.cipher)}", [_current()])[0][
            0
        ]
    )


def rotate(*, progress: Progress) -> dict[str, int]:
    """Seal everything under the current key; returns the values sealed anew by column."""
    done = {}
    for column in sealed_columns.everything_sealed():
        count = _rotate_column(column, progress)
        if count:
            done[str(column)] = count
    return done


def retire() -> list[str]:
    """Write down that older keys seal nothing any more; returns the ids of those that still do."""
    in_use: set[str] = set()
    for column in sealed_columns.everything_sealed():
        rows = _rows(
            f"SELECT DISTINCT substring({column.cipher} FROM 2 FOR get_byte({column.cipher}, 0))"
            f" FROM {column.table} WHERE {FOREIGN.format(column.cipher)}",
            [_current()],
        )
        in_use |= {bytes(label).decode(errors="replace") for (label,) in rows}
    kept = {f"field:{key_id}" for key_id in (*in_use, keys.provider().current_id())}
    KeyCheck.objects.filter(purpose__startswith="field:", retired_at=None).exclude(purpose__in=kept).update(
        retired_at=timezone.now()
    )
    KeyCheck.objects.filter(purpose__in=kept).update(retired_at=None)
    return sorted(in_use)


def _rotate_column(column: Column, progress: Progress) -> int:
    after: int = -1
    done = 0
    while True:
        after, taken, written = _rotate_chunk(column, after)
        done += written
        if not taken:
            return done
        progress(column, done)


@transaction.atomic
def _rotate_chunk(column: Column, after: int) -> tuple[int, int, int]:
    """One chunk in one transaction: last key, values taken, values written."""
    index = "NULL" if column.is_blob else f"{column.name}_index"
    rows = _rows(
        f"SELECT {column.key}, {column.cipher}, {index}, {column.kind_in or 'NULL'} FROM {column.table}"
        f" WHERE {column.key} > %s AND {FOREIGN.format(column.cipher)} ORDER BY {column.key}"
        f" LIMIT {BLOB_CHUNK if column.is_blob else CHUNK}",
        [after, _current()],
    )
    if not rows:
        return after, 0, 0
    sealer_of = cache(crypto.Sealer)
    fresh = []
    for key, cipher, at, kind_here in rows:
        kind = kind_here or column.kind
        fresh.append((key, bytes(cipher), sealer_of(kind).seal_anew(kind, cipher, at.bytes if at else b"")))
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            f"UPDATE {column.table} t SET {column.name} = {column.holding('v.fresh')}"
            " FROM (VALUES %s) v (key, old, fresh)"
            f" WHERE t.{column.key} = v.key AND {column.cipher} = v.old",
            fresh,
            template="(%s, %s::bytea, %s::bytea)",
            page_size=len(fresh),
        )
        return rows[-1][0], len(rows), int(cursor.rowcount)


def _current() -> bytes:
    return keys.provider().current_id().encode()


def _rows(query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())

"""Every sealed column of the portal: finding them, checking what stands in them, sealing it anew.

Columns of models are found from the models.  Whole files and rows, which have no index beside them, are
declared by their rooms (`declare_blob`), and so are tables that are no models (`declare_tables`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from datong_edu.core import crypto
from datong_edu.core.exceptions import PortalError
from datong_edu.core.sensitive import EncryptedField

CHUNK = 2_000
NAMED = 20
"""Broken values told one by one; all are counted."""


@dataclass(frozen=True)
class Column:
    """One sealed column: where it stands, what it holds, which column names a row.

    `kind` is the kind of all its values; else `kind_in` is the column, or SQL over columns, that says it.  A
    blob has no index beside it.  `inside` is the key in a JSON column at which the value stands in base64.
    """

    table: str
    name: str
    kind: str
    key: str
    is_blob: bool = False
    kind_in: str = ""
    inside: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.name}" + (f".{self.inside}" if self.inside else "")

    @property
    def cipher(self) -> str:
        """SQL of a row's ciphertext, NULL without one."""
        return f"decode({self.name} ->> '{self.inside}', 'base64')" if self.inside else self.name

    def holding(self, cipher: str) -> str:
        """SQL of what the column holds once a ciphertext, itself SQL, stands in it."""
        if not self.inside:
            return cipher
        # PostgreSQL breaks base64 into lines.
        text = f"translate(encode({cipher}, 'base64'), E'\\n', '')"
        return f"jsonb_set({self.name}, '{{{self.inside}}}', to_jsonb({text}))"


@dataclass
class Checked:
    """Values that were opened, and rows whose value does not fit its blind index."""

    rows: int = 0
    broken: int = 0
    breaks: list[str] = field(default_factory=list)


Tables = Callable[[], Iterable[Column]]
BLOBS: list[tuple[str, Column]] = []
TABLES: list[Tables] = []


def declare_blob(model: str, column: str, *, kind: str = "", kind_in: str = "", inside: str = "") -> None:
    """Say that a column of a model holds sealed files, rows or texts; `model` is its label."""
    BLOBS.append((model, Column("", column, kind, "", is_blob=True, kind_in=kind_in, inside=inside)))


def declare_tables(tables: Tables) -> None:
    """Say which sealed columns stand in tables that are no models; asked anew at every run."""
    TABLES.append(tables)


def columns_of(model: type[models.Model]) -> list[Column]:
    """The sealed columns of one model."""
    meta = model._meta
    return [
        Column(meta.db_table, str(one.column), one.kind, str(meta.pk.column), kind_in=one.kind_in)
        for one in meta.local_concrete_fields
        if isinstance(one, EncryptedField)
    ]


def all_columns() -> list[Column]:
    """The sealed columns of every model, tables of events among them."""
    return [column for model in apps.get_models() for column in columns_of(model)]


def all_blobs() -> list[Column]:
    """The declared columns of sealed files and rows."""
    found = []
    for label, column in BLOBS:
        meta = apps.get_model(label)._meta
        found.append(replace(column, table=meta.db_table, key=str(meta.pk.column)))
    return found


def everything_sealed() -> list[Column]:
    """All of it, with the tables that are no models."""
    return [*all_columns(), *all_blobs(), *(column for tables in TABLES for column in tables())]


def check(column: Column) -> Checked:
    """Open every value and work out its blind index again; a break names the row, never a value."""
    checked = Checked()
    fingerprint_of = cache(lambda kind: crypto.Sealer(kind).index)
    for key, cipher, index, kind_here in _values(column):
        checked.rows += 1
        kind = kind_here or column.kind
        fault = _fault(kind, cipher, index, fingerprint_of(kind))
        if fault:
            checked.broken += 1
            if checked.broken <= NAMED:
                checked.breaks.append(f"第 {key} 行{fault}")
    return checked


def _fault(kind: str, cipher: Any, index: UUID | None, fingerprint: Any) -> str:
    if cipher is None or index is None:
        return "密文与索引不成对"
    try:
        plain = crypto.decrypt(kind, cipher, index)
    except PortalError:
        return "密文打不开"
    return "" if fingerprint(plain.encode()) == index.bytes else "密文与索引不是同一个值"


def _values(column: Column) -> Iterator[tuple[Any, Any, Any, str | None]]:
    """Rows with a ciphertext or an index and the kind they name, by key, in chunks."""
    after = -1
    query = (
        f"SELECT {column.key}, {column.name}, {column.name}_index, {column.kind_in or 'NULL'}"
        f" FROM {column.table} WHERE {column.key} > %s"
        f" AND ({column.name} IS NOT NULL OR {column.name}_index IS NOT NULL)"
        f" ORDER BY {column.key} LIMIT {CHUNK}"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [after])
            rows = cursor.fetchall()
        for row in rows:
            after = row[0]
            yield row
        if len(rows) < CHUNK:
            return

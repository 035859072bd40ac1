"""The yardstick of the import: the fastest parse there is, a bare COPY, and the indexes built afterwards.

Nobody can import with less: no check, no sealing, no history, no preview, one table.  Ours is measured beside
it twice, as it is and with sealing and history switched off, which only this scratch database allows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from django.db import connection, transaction

from datong_edu.accounts.models import Unit
from datong_edu.core import crypto
from datong_edu.core.models import Term
from datong_edu.demo.bench import importing, roll
from datong_edu.demo.bench.figures import Figure, Watch
from datong_edu.demo.bench.scratch import scratch_folder
from datong_edu.importing.declare import roster_called
from datong_edu.importing.staging import Stage

INDEXED = (0, 1, 5, 6, 9, 18, 19)
"""Columns of the bare table that get an index, as many as the ledger of the registry has."""


def measure(rows: int) -> list[Figure]:
    """Seconds of the yardstick and of ours with and without protection, first fill of the same file."""
    with scratch_folder() as folder:
        files = importing.write_files(folder, rows)
        with Watch() as bare:
            _bare(files.first, rows)
        on = _ours(files, files.first)
        importing.forget_pupils()
        with _unprotected():
            off = _ours(files, files.again)
        importing.forget_pupils()
    return [
        Figure("limit.rows", rows, "rows"),
        Figure("limit.bare.seconds", bare.seconds, "s"),
        Figure("limit.ours.seconds", on.seconds, "s"),
        Figure("limit.ours.peak_memory", on.peak, "MB"),
        Figure("limit.ours.to_bare", on.seconds / bare.seconds, "x"),
        Figure("limit.unprotected.seconds", off.seconds, "s"),
        Figure("limit.unprotected.to_bare", off.seconds / bare.seconds, "x"),
    ]


def _ours(files: importing.Files, path: Path) -> Watch:
    """A first fill from either file of the roll; nothing of it is left for the next one to take over."""
    with Watch() as watch:
        batch = importing.import_file(
            path, kind=importing.KIND, unit=Unit.objects.city(), term=Term.objects.get(code=roll.TERM)
        )
    Stage(roster_called(batch.kind), batch.pk).drop()
    importing.agree("limit", batch.counts, {"new": files.rows - files.bad, "refused": files.bad})
    return watch


@transaction.atomic
def _bare(path: Path, rows: int) -> None:
    import fastexcel  # only the yardstick needs it

    buffer = BytesIO()
    fastexcel.read_excel(path).load_sheet(0).to_polars().write_csv(buffer, include_header=False)
    buffer.seek(0)
    width = len(roll.HEADINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({', '.join(f'c{at} text' for at in range(width))})")
        cursor.cursor.copy_expert("COPY bare FROM STDIN WITH (FORMAT csv)", buffer)
        for at in INDEXED:
            cursor.execute(f"CREATE INDEX ON bare (c{at})")
        cursor.execute("SELECT count(*) FROM bare")
        importing.agree("bare", {"rows": cursor.fetchone()[0]}, {"rows": rows})
        cursor.execute("DROP TABLE bare")


@contextmanager
def _unprotected() -> Iterator[None]:
    """Values in clear and no history; the fingerprints stay, for rows are joined by them."""
    clear = patch.multiple(crypto, decrypt_blob=lambda kind, cipher: bytes(cipher))
    with connection.cursor() as cursor, clear, patch.object(crypto.Sealer, "encrypt", _in_clear):
        for table in ("registry_person", "registry_personidentifier", "registry_enrolment"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table in ("registry_person", "registry_personidentifier", "registry_enrolment"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _in_clear(self: crypto.Sealer, plain: bytes, index: bytes = b"") -> bytes:
    return plain

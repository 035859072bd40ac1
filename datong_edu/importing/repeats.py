"""Rows that an earlier check of this unit has cleaned already, word for word, under the same circumstances.

A county sends its roll again every month with few rows changed, and a mended batch is checked again whole.
What such a row says was cleaned and sealed before, so it is taken over from the staged rows of that check in
one statement.  The comparison with the ledgers is made anew for all rows.

Circumstances are everything a cleaned row depends on beside its own cells: the code, the term and day, the
books of schools and answers, the key.  A row's `mark` adds sheet, mapping, kinds of cells and what is hidden.
"""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from datong_edu.core import crypto, keys
from datong_edu.importing.copying import STAGED_ROW
from datong_edu.importing.declare import Context, Row
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.staging import Stage

SLICE = 5_000
OF_SETS = "ARRAY['DUPLICATE_ROW', 'DUPLICATE_CONFLICT']"
"""Faults that other rows of the file caused; a row with one is cleaned again."""


class Repeats:
    """The rows of a check that were met before: `mark` each, ask `has`, `add` those, `bring` all in last."""

    def __init__(self, earlier: str, stage: Stage) -> None:
        self.earlier, self.stage = earlier, stage
        self.sealer = crypto.Sealer(STAGED_ROW)
        self.known: set[bytes] = set()
        self.found: list[tuple[int, int, bytes]] = []
        if earlier:
            rows = stage.rows(f"SELECT uuid_send(mark) FROM {earlier} WHERE NOT fault_keys && {OF_SETS}")
            self.known = {bytes(mark) for (mark,) in rows}

    def mark(self, row: Row, hidden: bool, on_hidden: bool, mapping: bytes) -> bytes:
        """Fingerprint of a row with where and how it says what it says; `mapping` is that of its sheet."""
        kinds = [f"{at}{type(cell).__name__}" for at, cell in enumerate(row.cells) if type(cell) is not str]
        said = f"{row.sheet}\x1f{hidden}{on_hidden}\x1f{kinds}\x1f{row.said}".encode(errors="replace")
        return self.sealer.index(mapping + said)

    def has(self, mark: bytes) -> bool:
        """Whether a row with this mark was cleaned before."""
        return mark in self.known

    def add(self, seq: int, row: int, mark: bytes) -> None:
        """Note a row to be taken over."""
        self.found.append((seq, row, mark))

    def bring(self) -> None:
        """Put the rows taken over into the staging table, and let go of what they came from."""
        if self.found:
            self.stage.run(
                "CREATE TEMPORARY TABLE repeats (seq integer, row integer, mark uuid) ON COMMIT DROP"
            )
            with self.stage.copying_into("repeats", ("seq", "row", "mark")) as copying:
                for start in range(0, len(self.found), SLICE):
                    part = self.found[start : start + SLICE]
                    copying.add("".join(f"{seq}\x1f{row}\x1f{mark.hex()}\n" for seq, row, mark in part))
            kept = [name for name in self.stage.copied if name not in ("seq", "row")]
            listed = ", ".join(f'"{name}"' for name in kept)
            taken = ", ".join(f'e."{name}"' for name in kept)
            self.stage.run(
                f"INSERT INTO {self.stage.table} (seq, row, {listed}) SELECT r.seq, r.row, {taken}"
                f" FROM repeats r JOIN (SELECT DISTINCT ON (mark) * FROM {self.earlier}"
                f" WHERE NOT fault_keys && {OF_SETS} ORDER BY mark) e ON e.mark = r.mark"
            )
            self.stage.run("DROP TABLE repeats")
        self.stage.forget_former()


def repeats_of(batch: ImportBatch, stage: Stage, circumstances: str) -> Repeats:
    """What an earlier check under the same circumstances has cleaned; the newest one that is still kept.

    Call it before the staging table is made: the batch's own earlier rows are set aside for it.
    """
    same = ImportBatch.objects.whole_city().filter(
        kind=batch.kind, unit_id=batch.unit_id, layout__circumstances=circumstances
    )
    if same.filter(pk=batch.pk).exists() and stage.exists():
        return Repeats(stage.set_former_aside(), stage)
    kept = same.exclude(pk=batch.pk).filter(file_kept_until__gt=timezone.now()).order_by("-pk")
    for earlier in kept[:3]:
        found = Stage(stage.roster, earlier.pk)
        if found.exists():
            return Repeats(found.table, stage)
    return Repeats("", stage)


def circumstances_of(context: Context) -> str:
    """Digest of all that the cleaning of a row depends on beside the row itself; the books must be loaded."""
    told: list[Any] = [
        _edition(),
        keys.provider().current_id(),
        context.term.code if context.term else "",
        context.as_of,
        context.unit.pk,
        sorted(context.allowed_county_ids or ()),
        context.allowed_county_ids is None,
        context.is_text_file,
        sorted(context.books.items()),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def _edition() -> str:
    """Digest of the portal's own code: whatever changes in it, every row is cleaned again."""
    digest = hashlib.sha256()
    for package in sorted(path.parent for path in settings.BASE_DIR.glob("*/__init__.py")):
        for path in sorted(package.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()

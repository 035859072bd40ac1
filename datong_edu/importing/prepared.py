"""What a job makes of a large batch, because it would take too long in a request.

The marked workbook of a long roster, and the dry run of taking a long one back.  Both are kept encrypted in
pieces of a few megabytes: nobody ever holds all of a file to hand it out.  A file says what it was made of;
when the batch has moved on, it is made again.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.core import audit, crypto, jobs
from datong_edu.core.exceptions import Conflict
from datong_edu.importing import undo, workbook
from datong_edu.importing.actions import locked_batch
from datong_edu.importing.checking import Progress, no_progress
from datong_edu.importing.declare import roster_called
from datong_edu.importing.enums import BatchState, Purpose
from datong_edu.importing.models import CellMend, FilePiece, ImportBatch, PreparedFile

JOBS = {Purpose.ERRORS: "importing.mark", Purpose.PLAN: "importing.plan"}
PIECE_BYTES = 4 * 2**20
PLAN_KEPT = timedelta(days=1)
BLOB_PIECE = "prepared_piece"
PLACE_IN = f"'{BLOB_PIECE}:' || file_id || ':' || number"
"""SQL of the kind of a piece, which says its place as `_place` does."""
WITH_ERRORS = (BatchState.READY, BatchState.APPLIED)


def current(batch: ImportBatch, purpose: Purpose) -> PreparedFile | None:
    """The file that was asked for, ready or not, unless the batch has moved on since."""
    asked = PreparedFile.objects.filter(batch=batch, purpose=purpose, kept_until__gt=timezone.now())
    return asked.filter(made_of=_made_of(batch, purpose)).select_related("job", "created_by").first()


@transaction.atomic
def ask_for(*, batch: ImportBatch, purpose: Purpose, by: User) -> PreparedFile:
    """Queue the making of a file; one that is under way already is answered instead."""
    locked = locked_batch(batch)
    _refuse_unless_possible(locked, purpose, by)
    asked = current(locked, purpose)
    if asked is not None and asked.job is not None and not asked.job.is_over:
        return asked
    for former in PreparedFile.objects.filter(batch=locked, purpose=purpose).select_related("job"):
        if former.job is not None and not former.job.is_over:
            jobs.cancel(former.job)
        former.delete()
    of_file = locked.file_kept_until if purpose == Purpose.ERRORS else None
    prepared = PreparedFile.objects.create(
        batch=locked,
        purpose=purpose,
        made_of=_made_of(locked, purpose),
        created_by=by,
        kept_until=of_file or timezone.now() + PLAN_KEPT,
    )
    prepared.job = jobs.enqueue(
        JOBS[purpose], by=by, county=locked.county, payload={"prepared": prepared.pk, "batch": locked.pk}
    )
    prepared.save(update_fields=["job"])
    return prepared


def ready(batch: ImportBatch, purpose: Purpose) -> PreparedFile | None:
    """The file that was asked for, when it is ready."""
    asked = current(batch, purpose)
    return asked if asked is not None and asked.ready_at is not None else None


def cancel(prepared: PreparedFile) -> None:
    """Stop the making of a file."""
    if prepared.job is None or prepared.job.is_over:
        raise Conflict("这一步已经结束，没有可以取消的任务。")
    jobs.cancel(prepared.job)


def mark(prepared: PreparedFile, progress: Progress = no_progress) -> None:
    """Make the marked workbook and keep it."""
    batch = prepared.batch
    progress("读取原表", 0, 0)
    with workbook.build(batch, roster_called(batch.kind), progress) as content:
        _keep(prepared, content, progress)


def plan(prepared: PreparedFile, by: User, progress: Progress = no_progress) -> None:
    """Make the dry run of an undo, or of the redo after it, and keep it."""
    told = asdict(undo.plan_undo(prepared.batch, by, progress=progress))
    del told["batch"]
    _keep_bytes(prepared, json.dumps(told, default=datetime.isoformat).encode())


def plan_of(prepared: PreparedFile) -> undo.UndoPlan:
    """The dry run as it was made."""
    told: dict[str, Any] = json.loads(b"".join(pieces_of(prepared)))
    moments = [row["at"] and datetime.fromisoformat(row["at"]) for row in told["kept"]]
    kept = [undo.Kept(**row | {"at": at}) for row, at in zip(told["kept"], moments, strict=True)]
    ledgers = [undo.LedgerCount(**ledger) for ledger in told["ledgers"]]
    return undo.UndoPlan(prepared.batch, told["is_redo"], ledgers, kept)


def pieces_of(prepared: PreparedFile) -> Iterator[bytes]:
    """The file in clear, piece by piece."""
    numbers = FilePiece.objects.filter(file=prepared).order_by("number").values_list("number", flat=True)
    for number in list(numbers):
        cipher = FilePiece.objects.values_list("cipher", flat=True).get(file=prepared, number=number)
        yield crypto.decrypt_blob(_place(prepared, number), cipher)


def record_download(batch: ImportBatch, *, by: User) -> None:
    """Who took a marked workbook, and how many rows were wrong in it."""
    detail = {"kind": batch.kind, "rows": batch.counts.get("refused", 0)}
    audit.record(action="download_errors", by=by, subject=batch, county=batch.county, detail=detail)


def expire() -> int:
    """Delete what is over its time."""
    return PreparedFile.objects.filter(kept_until__lte=timezone.now()).delete()[0]


def _keep(prepared: PreparedFile, content: IO[bytes], progress: Progress) -> None:
    size = content.seek(0, 2)
    content.seek(0)
    with transaction.atomic():
        # A second start after a broken one finds nothing of the first: pieces come with `ready_at` or not.
        number = 0
        while piece := content.read(PIECE_BYTES):
            progress("加密保存", content.tell() * 100 // size, 100)
            cipher = crypto.encrypt_blob(_place(prepared, number), piece)
            FilePiece.objects.create(file=prepared, number=number, cipher=cipher)
            number += 1
        _is_ready(prepared, size)


def _keep_bytes(prepared: PreparedFile, content: bytes) -> None:
    with transaction.atomic():
        cipher = crypto.encrypt_blob(_place(prepared, 0), content)
        FilePiece.objects.create(file=prepared, number=0, cipher=cipher)
        _is_ready(prepared, len(content))


def _is_ready(prepared: PreparedFile, size: int) -> None:
    prepared.size, prepared.ready_at = size, timezone.now()
    prepared.save(update_fields=["size", "ready_at"])


def _place(prepared: PreparedFile, number: int) -> str:
    return f"{BLOB_PIECE}:{prepared.pk}:{number}"


def _made_of(batch: ImportBatch, purpose: Purpose) -> str:
    """Fingerprint of what a file is made of: check and mends for the workbook, writes for the dry run."""
    if purpose == Purpose.PLAN:
        source: list[Any] = [batch.state, [str(one) for one in batch.history_ids]]
    else:
        typed = CellMend.objects.filter(batch=batch).aggregate(cells=Count("pk"), at=Max("mended_at"))
        source = [batch.counts, batch.mapping, batch.layout.get("summary", {}).get("causes")]
        source += [typed["cells"], str(typed["at"])]
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def _refuse_unless_possible(batch: ImportBatch, purpose: Purpose, by: User) -> None:
    if purpose == Purpose.PLAN:
        undo.refuse_unless_possible(batch, by, is_redo=batch.state == BatchState.UNDONE)
    elif batch.state not in WITH_ERRORS or not workbook.is_kept(batch):
        raise Conflict("这个批次没有可以标红的原表，请刷新页面查看。")

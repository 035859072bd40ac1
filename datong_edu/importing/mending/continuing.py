"""Carrying on: the rows that waited, mended on the screen or uploaded again, never written twice.

A batch that was written leaves its refused rows behind.  Mended on the screen they become a batch of their
own, which reads the same bytes and takes those rows only, so that facts keep their file, sheet and row.
Uploaded again in the marked workbook they come as a new file that refers to the batch it continues: rows that
stand in the ledgers are found unchanged, and an earlier batch that was never written makes way.
"""

import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from datong_edu.accounts.models import Unit, User
from datong_edu.core import audit
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.core.models import Term
from datong_edu.importing.actions import (
    locked_batch,
    queue_check,
)
from datong_edu.importing.declare import roster_called
from datong_edu.importing.enums import BatchState, Deed
from datong_edu.importing.keeping import KEPT_UNAPPLIED, store_bytes, stored_bytes
from datong_edu.importing.mending.overlay import WAITING
from datong_edu.importing.models import CauseDecision, CellMend, ImportBatch
from datong_edu.importing.policies import may_import_for
from datong_edu.importing.staging import Stage

MARKED = "_标红"
CONTINUED_WITHIN = timedelta(days=30)
OVER = (BatchState.DISCARDED, BatchState.REFUSED, BatchState.UNDONE)
_COPY = re.compile(r"(?:\s*[(（]\d{1,3}[)）]|\s*-\s*副本)+$")


def waiting_rows(batch: ImportBatch) -> int:
    """Refused rows of a batch that somebody could still mend, while they are kept."""
    if not batch.counts.get("refused"):
        return 0
    stage = Stage(roster_called(batch.kind), batch.pk)
    if not stage.exists():
        return 0
    found: int = stage.rows(f"SELECT count(*) FROM {stage.table} WHERE {WAITING}")[0][0]
    return found


def rest_of(batch: ImportBatch) -> ImportBatch | None:
    """The batch that already carries the waiting rows of another."""
    rests = ImportBatch.objects.whole_city().filter(continues=batch, is_rest=True).exclude(state__in=OVER)
    return rests.order_by("-pk").first()


@transaction.atomic
def carry_on(*, batch: ImportBatch, by: User) -> ImportBatch:
    """A batch of the waiting rows of one that was written; asked for twice, the first one is answered."""
    locked = locked_batch(batch)
    if not may_import_for(by, locked.unit):
        raise PortalError("您没有为该单位导入名册的权限。")
    if locked.state != BatchState.APPLIED:
        raise Conflict("这个批次还没有写入，或已撤销，请刷新页面查看。")
    known = rest_of(locked)
    if known is not None:
        return known
    if not waiting_rows(locked):
        raise PortalError("没有待改的行，或暂存的数据已过保留期。请在原表中改好后重新上传。")
    rest = ImportBatch.objects.create(
        kind=locked.kind,
        unit=locked.unit,
        county=locked.county,
        term=locked.term,
        file_name=locked.file_name,
        file_size=locked.file_size,
        file_sha256=locked.file_sha256,
        state=BatchState.UPLOADED,
        layout={"sheets": locked.layout.get("sheets", [])},
        mapping=locked.mapping,
        created_by=by,
        continues=locked,
        is_rest=True,
        file_kept_until=timezone.now() + KEPT_UNAPPLIED,
    )
    store_bytes(rest, stored_bytes(locked))
    _copy_mends(locked, rest)
    queue_check(rest, by)
    audit.record(
        action="carry_on",
        by=by,
        subject=rest,
        county=rest.county,
        detail={"kind": rest.kind, "of": locked.pk},
    )
    return rest


def batch_continued_by(*, kind: str, unit: Unit, term: Term | None, file_name: str) -> ImportBatch | None:
    """The batch whose marked workbook an upload is, told by its name: 名单_标红.xlsx comes from 名单.

    Only the latest batch of that name counts, while it still has rows that wait.
    """
    stem = _bare(file_name)
    if stem == _COPY.sub("", file_name.rpartition(".")[0]):
        return None
    recent = ImportBatch.objects.whole_city().filter(
        kind=kind,
        unit=unit,
        term=term,
        state__in=(BatchState.READY, BatchState.APPLIED),
        created_at__gt=timezone.now() - CONTINUED_WITHIN,
    )
    for batch in recent.order_by("-pk")[:50]:
        if _bare(batch.file_name) == stem:
            return batch if batch.counts.get("refused") else None
    return None


def _bare(name: str) -> str:
    """File name without its ending, its marks and the numbers a browser adds."""
    stem = _COPY.sub("", name.rpartition(".")[0] or name)
    while stem.endswith(MARKED):
        stem = _COPY.sub("", stem.removesuffix(MARKED))
    return stem


def _copy_mends(earlier: ImportBatch, rest: ImportBatch) -> None:
    """What was typed for rows that waited goes with them; rows left out stay behind."""
    mends = CellMend.objects.filter(batch=earlier).exclude(field="")
    CellMend.objects.bulk_create(
        [
            CellMend(
                batch=rest,
                sheet=mend.sheet,
                row=mend.row,
                field=mend.field,
                cipher=mend.cipher,
                is_vouched=mend.is_vouched,
                mended_by_id=mend.mended_by_id,
            )
            for mend in mends
        ]
    )
    decisions = CauseDecision.objects.filter(batch=earlier, deed=Deed.BLANK)
    CauseDecision.objects.bulk_create(
        [
            CauseDecision(
                batch=rest,
                reason_key=one.reason_key,
                field=one.field,
                deed=one.deed,
                decided_by_id=one.decided_by_id,
            )
            for one in decisions
        ]
    )

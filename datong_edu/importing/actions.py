"""The verbs of importing: receive a file, confirm its mapping, check it, apply it, discard it."""

import hashlib
import json
import re
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from datong_edu.accounts.models import Unit, User
from datong_edu.core import audit, clock, crypto, history, jobs
from datong_edu.core.exceptions import Conflict, PortalError, RefusedFile
from datong_edu.core.models import Term
from datong_edu.importing import mapping as mappings
from datong_edu.importing import merging
from datong_edu.importing.cells import shown
from datong_edu.importing.checking import (
    Checked,
    Observer,
    Progress,
    check_file,
    context_of,
    no_progress,
)
from datong_edu.importing.child import ChildReading
from datong_edu.importing.content import FIRST_ROWS
from datong_edu.importing.declare import Roster, roster_called
from datong_edu.importing.disappeared import note_disappeared
from datong_edu.importing.effects import count_effects
from datong_edu.importing.enums import TRANSITIONS, BatchState
from datong_edu.importing.gate.names import shown_name
from datong_edu.importing.keeping import (
    BLOB_SAMPLES,
    KEPT_APPLIED,
    KEPT_UNAPPLIED,
    drop_content,
    layouts_of,
    store_bytes,
    stored_bytes,
)
from datong_edu.importing.layout import NO_HEADER, SheetRole
from datong_edu.importing.mending.overlay import count_mends
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.policies import may_import_for
from datong_edu.importing.staging import Stage
from datong_edu.importing.summary import summarise

SAMPLES = 3
LONG_NUMBER = re.compile(r"[0-9]{8,}[0-9Xx]")


def known_batch(*, kind: str, unit: Unit, term: Term | None, data: bytes) -> ImportBatch | None:
    """The batch that has already applied these bytes, if any."""
    return (
        ImportBatch.objects.whole_city()
        .filter(
            kind=kind,
            unit=unit,
            term=term,
            file_sha256=hashlib.sha256(data).hexdigest(),
            state=BatchState.APPLIED,
            is_rest=False,
        )
        .first()
    )


@transaction.atomic
def receive_file(
    *,
    kind: str,
    unit: Unit,
    term: Term | None,
    file_name: str,
    data: bytes,
    by: User,
    is_full: bool = False,
    continues: ImportBatch | None = None,
) -> ImportBatch:
    """Take in a file, encrypted; nothing of it is read yet.

    Bytes that were applied before are answered with the batch that did it.  `is_full` says that the roll
    names everybody, so that whoever is missing from it is told; `continues` that its mended rows come back.
    """
    roster = roster_called(kind)
    if not may_import_for(by, unit):
        raise PortalError("您没有为该单位导入名册的权限。")
    if roster.needs_term and term is None:
        raise PortalError(f"{roster.title}要写明学期，请先选择学期。")
    if is_full and roster.full_roll is None:
        raise PortalError(f"{roster.title}不是全量名册，请去掉“全量”后重新上传。")
    known = known_batch(kind=kind, unit=unit, term=term, data=data)
    if known is not None:
        return known
    batch = ImportBatch.objects.create(
        kind=kind,
        unit=unit,
        county=unit.county,
        term=term,
        file_name=shown_name(file_name),
        file_size=len(data),
        file_sha256=hashlib.sha256(data).hexdigest(),
        created_by=by,
        is_full=is_full,
        continues=continues,
        file_kept_until=timezone.now() + KEPT_UNAPPLIED,
    )
    store_bytes(batch, data)
    audit.record(action="receive_file", by=by, subject=batch, county=batch.county, detail={"kind": kind})
    return batch


@transaction.atomic
def start_reading(*, batch: ImportBatch, by: User) -> None:
    """Queue the reading of a received file."""
    batch.job = jobs.enqueue("importing.read", by=by, county=batch.county, payload={"batch": batch.pk})
    batch.save(update_fields=["job"])


def read_batch(*, batch: ImportBatch, by: User, progress: Progress = no_progress) -> None:
    """Find sheets and headings and propose a mapping; goes on to the check when nothing must be asked."""
    roster = roster_called(batch.kind)
    progress("读取表头", 0, 0)
    try:
        try:
            layout, proposal, samples = _look(batch, roster, loose=False)
        except RefusedFile as refusal:
            if refusal.reason_key != "NO_HEADER":
                raise
            layout, proposal, samples = _look(batch, roster, loose=True)
    except RefusedFile as refusal:
        _refuse(batch, refusal)
        return
    batch.layout, batch.mapping = {"sheets": layout, "content": proposal.remarks}, proposal.mapping
    batch.stored_file.samples = crypto.encrypt_blob(BLOB_SAMPLES, json.dumps(samples).encode())
    batch.stored_file.save(update_fields=["samples"])
    if proposal.to_confirm or proposal.incomplete:
        set_state(batch, BatchState.MAPPING)
    else:
        set_state(batch, BatchState.CHECKING)
        check_batch(batch=batch, by=by, progress=progress)


@transaction.atomic
def confirm_mapping(*, batch: ImportBatch, mapping: mappings.Mapping, by: User) -> None:
    """The clerk has said what each column is; remember it and queue the check."""
    locked = locked_batch(batch)
    if locked.state not in (BatchState.MAPPING, BatchState.READY):
        raise Conflict("这个批次的对应列已经确认过，请刷新页面。")
    roster = roster_called(locked.kind)
    sheets = layouts_of(locked)
    mappings.check_mapping(roster, sheets, mapping)
    mappings.remember(roster, locked.unit, sheets, mapping, by)
    locked.mapping = mapping
    queue_check(locked, by)
    audit.record(action="confirm_mapping", by=by, subject=locked, county=locked.county)


def queue_check(locked: ImportBatch, by: User) -> None:
    """Let a locked batch be checked, again or for the first time."""
    locked.job = jobs.enqueue("importing.check", by=by, county=locked.county, payload={"batch": locked.pk})
    set_state(locked, BatchState.CHECKING)


def check_batch(*, batch: ImportBatch, by: User, progress: Progress = no_progress) -> Checked | None:
    """Stage and check a batch; a refused file is told and closed."""
    try:
        return check_here(batch=batch, mapping=batch.mapping or None, by=by, progress=progress)
    except RefusedFile as refusal:
        _refuse(batch, refusal)
        return None


@transaction.atomic
def check_here(
    *,
    batch: ImportBatch,
    mapping: mappings.Mapping | None,
    by: User,
    progress: Progress = no_progress,
    observer: Observer | None = None,
) -> Checked:
    """Stage and check a batch in this process; raises RefusedFile, and then nothing has happened."""
    set_state(batch, BatchState.CHECKING)
    mark, before = ledger_mark(), batch.counts.get("refused")
    checked = check_file(
        batch=batch,
        roster=roster_called(batch.kind),
        data=stored_bytes(batch),
        by=by,
        mapping=mapping,
        progress=progress,
        observer=observer,
    )
    full_roll = roster_called(batch.kind).full_roll
    if batch.is_full and full_roll is not None:
        checked.counts["disappeared"] = note_disappeared(checked.stage, full_roll, checked.context)
    sheets = [sheet.description() for sheet in checked.sheets]
    summary = summarise(checked.stage) | {"effects": count_effects(checked.stage, checked.context)}
    content = {"content": batch.layout["content"]} if "content" in batch.layout else {}
    batch.layout = {
        "sheets": sheets,
        "summary": summary,
        "ledger_mark": mark,
        "circumstances": checked.circumstances,
        "refused_before": before,
        "mended": count_mends(batch),
        **content,
    }
    batch.mapping = checked.mapping
    batch.counts = checked.counts
    batch.content_digest = checked.content_digest
    twin = first_of_content(batch)
    batch.message = _twin_words(batch, twin) if twin else ""
    batch.layout["twin"] = str(twin.uid) if twin else ""
    set_state(batch, BatchState.READY)
    supersede_earlier(batch, by)
    return checked


@transaction.atomic
def start_applying(*, batch: ImportBatch, by: User) -> None:
    """Queue the apply of a checked batch."""
    locked = locked_batch(batch)
    if not may_import_for(by, locked.unit):
        raise PortalError("您没有为该单位写入名册的权限。")
    refuse_without_ledger(roster_called(locked.kind))
    retry = locked.state == BatchState.APPLYING and locked.job is not None and locked.job.is_over
    if locked.state != BatchState.READY and not retry:
        raise Conflict("这个批次不在待写入状态，请刷新页面查看。")
    if not writable_rows(locked.counts):
        raise PortalError("没有可以写入的行。请下载标红的原表，改好后重新上传。")
    locked.job = jobs.enqueue("importing.apply", by=by, county=locked.county, payload={"batch": locked.pk})
    set_state(locked, BatchState.APPLYING)


def refuse_without_ledger(roster: Roster) -> None:
    """A roster may be checked before its ledger is built; it cannot be written anywhere."""
    if roster.ledger_missing:
        raise PortalError(roster.ledger_missing)


@transaction.atomic
def apply_batch(*, batch: ImportBatch, by: User, progress: Progress = no_progress) -> None:
    """Merge a checked batch into the ledgers, once, in one transaction."""
    one_at_a_time()
    locked = locked_batch(batch)
    if locked.state == BatchState.APPLIED:
        return
    if locked.state not in (BatchState.READY, BatchState.APPLYING):
        raise Conflict("这个批次不在待写入状态，请刷新页面查看。")
    roster = roster_called(locked.kind)
    refuse_without_ledger(roster)
    refuse_if_written(locked)
    set_state(locked, BatchState.APPLYING)
    stage = Stage(roster, locked.pk)
    if not stage.exists():
        raise PortalError("暂存的数据已不在，请返回预览，点“重新检查”后再写入。")
    context = context_of(unit=locked.unit, term=locked.term, by=by, batch_id=locked.pk)
    merging.expect_many_rows()
    with history.context(source="import", user=by.pk, batch=locked.pk) as written:
        locked.history_ids = [written.id]
        progress("核对人员", 1, 4)
        still_holds = locked.layout.get("ledger_mark") == ledger_mark()
        if not still_holds:
            roster.resolve(stage, context)
        roster.create_missing(stage, context)
        progress("写入台账", 2, 4)
        merging.merge(stage, context, only_changes=still_holds)
        progress("收尾", 3, 4)
        roster.after_merge(stage, context)
        _finish(locked, roster, stage, by)
    progress("完成", 4, 4)


def refuse_if_written(batch: ImportBatch) -> None:
    """Two people may have checked the same file at once: the second is told who has written it.

    A batch of waiting rows is over the same bytes as the one whose rows were written, and is none of these.
    """
    if batch.is_rest:
        return
    first = (
        ImportBatch.objects.whole_city()
        .filter(kind=batch.kind, unit=batch.unit, term=batch.term, state=BatchState.APPLIED)
        .filter(file_sha256=batch.file_sha256, is_rest=False)
        .select_related("applied_by")
        .first()
    )
    if first is not None:
        raise Conflict(f"同一个文件已经写入（经办人：{first.applied_by}），不会重复写入；这一批可以放弃。")


@transaction.atomic
def resume_batch(*, batch: ImportBatch, by: User) -> None:
    """Start again the step whose job failed or was cancelled, or the check whose staged rows were lost."""
    locked = locked_batch(batch)
    if locked.job is not None and not locked.job.is_over:
        raise Conflict("任务还在进行，请稍候。")
    if locked.state == BatchState.APPLYING:
        start_applying(batch=locked, by=by)
    elif locked.state == BatchState.CHECKING:
        payload = {"batch": locked.pk}
        locked.job = jobs.enqueue("importing.check", by=by, county=locked.county, payload=payload)
        locked.save(update_fields=["job"])
    elif locked.state == BatchState.UPLOADED:
        start_reading(batch=locked, by=by)
    elif locked.state == BatchState.READY and not Stage(roster_called(locked.kind), locked.pk).exists():
        stored_bytes(locked)
        queue_check(locked, by)
    else:
        raise Conflict("这个批次没有中断的任务，请刷新页面。")


@transaction.atomic
def step_back(*, batch: ImportBatch) -> None:
    """Return to the preview after an apply that failed or was cancelled; nothing was written."""
    locked = locked_batch(batch)
    if locked.state != BatchState.APPLYING or (locked.job is not None and not locked.job.is_over):
        raise Conflict("这个批次没有中断的写入，请刷新页面。")
    set_state(locked, BatchState.READY)


@transaction.atomic
def discard_batch(*, batch: ImportBatch, by: User) -> None:
    """Give up a batch that was not applied; its file and staged rows are deleted."""
    locked = locked_batch(batch)
    if BatchState.DISCARDED not in TRANSITIONS[locked.state]:
        raise Conflict("这个批次已经写入或正在写入，不能放弃。")
    if locked.job is not None and not locked.job.is_over:
        jobs.cancel(locked.job)
    drop_content(locked)
    set_state(locked, BatchState.DISCARDED)
    audit.record(action="discard_batch", by=by, subject=locked, county=locked.county)


@transaction.atomic
def stop_step(*, batch: ImportBatch, by: User) -> None:
    """Ask the step under way to stop; it does at its next sign of progress."""
    locked = locked_batch(batch)
    if locked.job is None or locked.job.is_over:
        raise Conflict("这一步已经结束，没有可以取消的任务。")
    jobs.cancel(locked.job)
    audit.record(action="cancel_job", by=by, subject=locked, county=locked.county)


def one_at_a_time() -> None:
    """Wait until no other batch is being written: persons are shared, and the second must see the first's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('importing.apply'))")


def ledger_mark() -> str:
    """Moments of the latest apply and undo: while they stand, so does what a check found of persons."""
    latest = ImportBatch.objects.whole_city().aggregate(at=Max("applied_at"), back=Max("undone_at"))
    return " ".join(moment.isoformat() for moment in latest.values() if moment)


def writable_rows(counts: dict[str, int]) -> int:
    """Rows that an apply would write or find unchanged."""
    return sum(counts.get(name, 0) for name in ("new", "changed", "unchanged"))


def _look(
    batch: ImportBatch, roster: Roster, *, loose: bool
) -> tuple[list[dict[str, object]], mappings.Proposal, dict[str, dict[str, list[str]]]]:
    """Sheets, proposed mapping and samples of a file; `loose` when its headings do not tell its kind."""
    words = mappings.vocabulary(roster, loose=loose)
    on = batch.term.census_on if batch.term else clock.today()
    with ChildReading(batch.file_name, stored_bytes(batch), vocabulary=words) as reading:
        rows = _first_rows(reading)
        proposal = mappings.propose(
            roster, batch.unit, reading.sheets, incomplete=loose, first_rows=rows, on=on
        )
        if loose and proposal.says_nothing:
            raise RefusedFile("NO_HEADER", NO_HEADER)
        return [sheet.description() for sheet in reading.sheets], proposal, _samples(reading, rows)


def _first_rows(reading: ChildReading) -> mappings.FirstRows:
    """The first rows of each data sheet; reading stops once all have some."""
    found: mappings.FirstRows = {}
    for sheet, rows in reading.slices():
        if sheet.name not in found:
            found[sheet.name] = [row.cells for row in rows[:FIRST_ROWS]]
        if all(sheet.name in found for sheet in reading.sheets if sheet.role is SheetRole.DATA):
            break
    return found


def _samples(reading: ChildReading, first: mappings.FirstRows) -> dict[str, dict[str, list[str]]]:
    """The first cells of each column; long numbers are masked, for a sample only has to be recognised."""
    found: dict[str, dict[str, list[str]]] = {}
    for sheet in reading.sheets:
        for column in sheet.columns if sheet.name in first else ():
            seen = found.setdefault(sheet.name, {}).setdefault(column.letter, [])
            for cells in first[sheet.name]:
                if len(seen) >= SAMPLES:
                    break
                text = shown(cells[column.index]) if column.index < len(cells) else ""
                if text and text not in seen:
                    seen.append(LONG_NUMBER.sub(lambda m: f"{m[0][:4]}****{m[0][-2:]}", text[:40]))
    return found


def twin_of(batch: ImportBatch) -> ImportBatch | None:
    """The first batch that applied the same content under other bytes, when nothing has changed since."""
    return None if batch.counts["new"] or batch.counts["changed"] else first_of_content(batch)


def first_of_content(batch: ImportBatch) -> ImportBatch | None:
    """The first batch that applied the same content under other bytes, whatever happened to it since."""
    return (
        ImportBatch.objects.whole_city()
        .filter(kind=batch.kind, unit=batch.unit, term=batch.term, state=BatchState.APPLIED)
        .filter(content_digest=batch.content_digest, is_rest=False)
        .exclude(pk=batch.pk)
        .order_by("pk")
        .first()
    )


def _twin_words(batch: ImportBatch, first: ImportBatch) -> str:
    day = timezone.localtime(first.applied_at).strftime("%Y-%m-%d") if first.applied_at else ""
    same = f"内容与 {day} 写入的“{first.file_name}”相同"
    differing = batch.counts["new"] + batch.counts["changed"]
    if not differing:
        return f"{same}，没有需要写入的变化。"
    return f"{same}，但此后台账有过改动；继续写入会把其中 {differing} 行改回名册的内容，请先核对。"


def supersede_earlier(batch: ImportBatch, by: User) -> None:
    """Give up the check that a re-uploaded file continues, where it was never written."""
    if batch.continues is None or batch.is_rest:
        return
    earlier = locked_batch(batch.continues)
    if earlier.state != BatchState.READY:
        return
    drop_content(earlier)
    earlier.message = f"改好的名册已重新上传（{batch.file_name}），这次检查不再使用。"
    set_state(earlier, BatchState.DISCARDED)
    audit.record(action="supersede_batch", by=by, subject=earlier, county=earlier.county)


def _finish(batch: ImportBatch, roster: Roster, stage: Stage, by: User) -> None:
    batch.applied_by, batch.applied_at = by, timezone.now()
    batch.file_kept_until = timezone.now() + KEPT_APPLIED
    set_state(batch, BatchState.APPLIED)
    audit.record(
        action="apply_batch",
        by=by,
        subject=batch,
        county=batch.county,
        source="import",
        detail={"kind": batch.kind, "counts": batch.counts},
    )
    follow_up("importing.applied", roster.counties(stage), by)


def follow_up(deed: str, county_ids: Iterable[int], by: User) -> None:
    """Queue what other rooms do in the touched counties once a deed has happened."""
    for county in Unit.objects.filter(pk__in=list(county_ids)):
        for kind in settings.FOLLOW_UPS.get(deed, ()):
            jobs.enqueue(kind, by=by, county=county, once=True)


def locked_batch(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands now; nobody else changes it before this transaction ends."""
    return ImportBatch.objects.whole_city().select_for_update(of=("self",)).get(pk=batch.pk)


def _refuse(batch: ImportBatch, refusal: RefusedFile) -> None:
    batch.refusal_key, batch.message = refusal.reason_key, refusal.message
    set_state(batch, BatchState.REFUSED)


def set_state(batch: ImportBatch, state: BatchState) -> None:
    """The only writer of `state`; a step the table does not allow is a conflict."""
    if batch.state != state and state not in TRANSITIONS[batch.state]:
        raise Conflict("这个批次的状态已经变化，请刷新页面。")
    batch.state = state
    batch.save()

"""The verbs of taking back: undo an applied batch for thirty days, with a dry run first, and write it again.

What stays is named: who changed it later, when and what.  Remembered mappings stay, and so do the units of
schools that a school list made, for they may have users by now.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.core import audit, history, jobs
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.importing import merging
from datong_edu.importing.actions import follow_up, locked_batch, one_at_a_time, set_state
from datong_edu.importing.checking import Progress, no_progress
from datong_edu.importing.declare import ROSTERS, roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.labels import bare_name, column_label, field_of, in_words
from datong_edu.importing.models import ImportBatch, ImportedFact
from datong_edu.importing.policies import may_import_for
from datong_edu.importing.reversal import WHY, Fate, Ledger, Reversal
from datong_edu.importing.staging import Stage

UNDONE_WITHIN = timedelta(days=30)
NAMED = 50
"""Rows that stay and are named on the page."""
UNDO, REDO = "importing.undo", "importing.redo"
SUBJECT = ("name", "household_no", "code", "month", "category")
CHANGES_NAMED = 4


@dataclass(frozen=True)
class Kept:
    """A row that stays as it is: whose, why, and the later edit; numbers are masked."""

    ledger: str
    subject: str
    why: str
    changed: str = ""
    at: datetime | None = None
    who: str = ""
    through: str = ""


@dataclass(frozen=True)
class LedgerCount:
    """What becomes of the rows of one ledger."""

    title: str
    removed: int = 0
    restored: int = 0
    returned: int = 0
    kept: int = 0
    blocked: int = 0


@dataclass
class UndoPlan:
    """The dry run: what an undo, or the redo after it, would do or did."""

    batch: ImportBatch
    is_redo: bool
    ledgers: list[LedgerCount] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    @property
    def removed(self) -> int:
        """Rows that go."""
        return sum(one.removed for one in self.ledgers)

    @property
    def restored(self) -> int:
        """Rows that get their former content back."""
        return sum(one.restored for one in self.ledgers)

    @property
    def returned(self) -> int:
        """Rows that come back."""
        return sum(one.returned for one in self.ledgers)

    @property
    def edited(self) -> int:
        """Rows left alone because they were changed later."""
        return sum(one.kept for one in self.ledgers)

    @property
    def blocked(self) -> int:
        """Rows left alone because of what stands beside them."""
        return sum(one.blocked for one in self.ledgers)

    @property
    def counts(self) -> dict[str, int]:
        """The totals by name."""
        names = ("removed", "restored", "returned", "edited", "blocked")
        return {name: getattr(self, name) for name in names}


def undone_until(batch: ImportBatch) -> datetime | None:
    """Until when a batch can be undone, or written again after an undo; None when it never can."""
    since = {BatchState.APPLIED: batch.applied_at, BatchState.UNDONE: batch.undone_at}
    moment = since.get(BatchState(batch.state))
    return moment + UNDONE_WITHIN if moment is not None and batch.history_ids else None


@transaction.atomic
def plan_undo(
    batch: ImportBatch, by: User, *, named: int | None = NAMED, progress: Progress = no_progress
) -> UndoPlan:
    """What an undo of an applied batch, or a redo of an undone one, would do; nothing is written."""
    is_redo = batch.state == BatchState.UNDONE
    refuse_unless_possible(batch, by, is_redo=is_redo)
    reversal = _reversal(batch, is_redo=is_redo)
    # Right after a large import nobody has counted the events yet, and the planner takes them for few.
    merging.expect_many_rows()
    reversal.decide(lock=False, tell=partial(progress, "核对之后的改动"))
    progress("列出保留的记录", 0, 0)
    plan = _told(reversal, is_redo=is_redo, named=named)
    reversal.forget()
    return plan


@transaction.atomic
def start_undo(*, batch: ImportBatch, by: User, reason: str) -> None:
    """Queue the undo of an applied batch; a reason must be given."""
    locked = locked_batch(batch)
    refuse_unless_possible(locked, by, is_redo=False)
    if not reason.strip():
        raise PortalError("请写明撤销的原因。")
    _queue(locked, UNDO, by, {"batch": locked.pk, "reason": reason.strip()})


@transaction.atomic
def start_redo(*, batch: ImportBatch, by: User) -> None:
    """Queue the writing again of an undone batch."""
    locked = locked_batch(batch)
    refuse_unless_possible(locked, by, is_redo=True)
    _queue(locked, REDO, by, {"batch": locked.pk})


@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: User, reason: str, progress: Progress = no_progress) -> UndoPlan:
    """Take back everything a batch wrote that nobody has changed since, in one transaction."""
    one_at_a_time()
    locked = locked_batch(batch)
    refuse_unless_possible(locked, by, is_redo=False)
    plan = _reverse(locked, by, "undo", progress)
    locked.undone_by, locked.undone_at, locked.undo_reason = by, timezone.now(), reason.strip()[:200]
    set_state(locked, BatchState.UNDONE)
    _record("undo_batch", plan, by)
    return plan


@transaction.atomic
def redo_batch(*, batch: ImportBatch, by: User, progress: Progress = no_progress) -> UndoPlan:
    """Take back the undo: what it removed or restored stands again as it did before."""
    one_at_a_time()
    locked = locked_batch(batch)
    refuse_unless_possible(locked, by, is_redo=True)
    again = ImportBatch.objects.whole_city().filter(state=BatchState.APPLIED, file_sha256=locked.file_sha256)
    if again.filter(kind=locked.kind, unit=locked.unit, term=locked.term).exists():
        raise Conflict("同一个文件已经由另一批次写入，不需要重新写入。")
    plan = _reverse(locked, by, "redo", progress)
    locked.undone_by, locked.undone_at, locked.undo_reason = None, None, ""
    set_state(locked, BatchState.APPLIED)
    _record("redo_batch", plan, by)
    return plan


def _queue(batch: ImportBatch, kind: str, by: User, payload: dict[str, Any]) -> None:
    if batch.job is not None and not batch.job.is_over:
        raise Conflict("这个批次的任务还在进行，请稍候。")
    batch.job = jobs.enqueue(kind, by=by, county=batch.county, payload=payload)
    batch.save(update_fields=["job"])


def refuse_unless_possible(batch: ImportBatch, by: User, *, is_redo: bool) -> None:
    """May this person take the batch back now, or write it again?"""
    if not may_import_for(by, batch.unit):
        raise PortalError("您没有撤销该单位名册的权限。")
    if is_redo and batch.state != BatchState.UNDONE:
        raise Conflict("这个批次没有撤销，或已经重新写入，请刷新页面查看。")
    if not is_redo and batch.state != BatchState.APPLIED:
        raise Conflict("这个批次没有写入，或已经撤销，请刷新页面查看。")
    until = undone_until(batch)
    if until is None:
        raise PortalError("这个批次没有写入记录，不能撤销。")
    if timezone.now() > until:
        since, deed = ("撤销", "重新写入") if is_redo else ("写入", "撤销")
        raise PortalError(f"{since}已超过 {UNDONE_WITHIN.days} 天，不能再{deed}。")


def _reversal(batch: ImportBatch, *, is_redo: bool) -> Reversal:
    """An undo takes back all that was ever written for the batch, a redo only the undo before it."""
    contexts = batch.history_ids[-1:] if is_redo else batch.history_ids
    targets = roster_called(batch.kind).targets
    return Reversal(batch, contexts, frozenset(target.model for target in targets if target.dated))


def _reverse(batch: ImportBatch, by: User, deed: str, progress: Progress) -> UndoPlan:
    progress("核对之后的改动", 1, 4)
    reversal = _reversal(batch, is_redo=deed == "redo")
    merging.expect_many_rows()
    reversal.decide(lock=True)
    plan = _told(reversal, is_redo=deed == "redo", named=NAMED)
    counties = reversal.counties() | _counties_of_staged(batch)
    progress("恢复台账", 2, 4)
    with history.context(source=deed, user=by.pk, batch=batch.pk, reason=batch.undo_reason) as written:
        reversal.carry_out()
        batch.history_ids = [*batch.history_ids, written.id]
    progress("收尾", 3, 4)
    reversal.forget()
    follow_up("importing.undone", counties, by)
    progress("完成", 4, 4)
    plan.batch = batch
    return plan


def _counties_of_staged(batch: ImportBatch) -> set[int]:
    """Counties the roster itself names while its staged rows are kept: a death touches all of a person's."""
    roster = roster_called(batch.kind)
    stage = Stage(roster, batch.pk)
    return set(roster.counties(stage)) if stage.exists() else set()


def _record(action: str, plan: UndoPlan, by: User) -> None:
    batch = plan.batch
    audit.record(
        action=action,
        by=by,
        subject=batch,
        county=batch.county,
        source="import",
        detail={"kind": batch.kind, "counts": plan.counts, "reason": batch.undo_reason},
    )


# --- telling ------------------------------------------------------------------------------------------------


def _told(reversal: Reversal, *, is_redo: bool, named: int | None) -> UndoPlan:
    plan = UndoPlan(reversal.batch, is_redo)
    people: dict[str, str] = {}
    counted = [(ledger, counts) for ledger in reversal.ledgers if (counts := reversal.counts(ledger))]
    plan.ledgers = [LedgerCount(ledger.title, **counts) for ledger, counts in counted]
    # What somebody changed comes first; the rest only follows from it.
    for fate in (Fate.KEPT, Fate.BLOCKED):
        for ledger, counts in counted:
            left = counts.get(fate, 0)
            room = left if named is None else min(left, named - len(plan.kept))
            if room > 0:
                plan.kept += [_kept(ledger, row, people) for row in reversal.left_alone(ledger, fate, room)]
    return plan


def _kept(ledger: Ledger, row: tuple[Any, ...], people: dict[str, str]) -> Kept:
    why, at = row[0], row[3]
    # Django hands JSON of a bare cursor over as text.
    was, now, context = (json.loads(text) if text else {} for text in (row[1], row[2], row[4]))
    told = now or was
    return Kept(
        ledger=ledger.title,
        subject=_subject(ledger, told),
        why=WHY[why],
        changed=_changed(ledger, was, now) if now else "",
        at=at,
        who=_who(context.get("user"), people),
        through=_through(context) if at else "",
    )


def _subject(ledger: Ledger, values: dict[str, Any]) -> str:
    """侯明远 1402****17: how the row is recognised."""
    words = [in_words(field_of(ledger.model, name), values.get(name)) for name in SUBJECT]
    masks = ("id_no_masked", "student_no_masked", "value_masked")
    number = next((str(values[name]) for name in masks if values.get(name)), "")
    if not any(words) and values.get("person_id"):
        owner = field_of(ledger.model, "person_id")
        people = owner.related_model._base_manager if owner and owner.related_model else None
        words = [str(one) for one in people.filter(pk=values["person_id"])] if people else []
    return " ".join(word for word in (*words, number) if word) or f"第 {values['id']} 号"


def _changed(ledger: Ledger, was: dict[str, Any], now: dict[str, Any]) -> str:
    """班级、联系电话: the columns that differ from what the batch wrote."""
    origin = {str(one.column) for one in ImportedFact._meta.local_fields}
    columns = [
        name
        for name in ledger.columns
        if name not in origin and not name.endswith("_masked") and was.get(name) != now.get(name)
    ]
    labels = list(dict.fromkeys(column_label(ledger.model, bare_name(name)) for name in columns))
    more = f" 等 {len(labels)} 项" if len(labels) > CHANGES_NAMED else ""
    return "、".join(labels[:CHANGES_NAMED]) + more


def _who(user_id: Any, people: dict[str, str]) -> str:
    if user_id is None:
        return ""
    key = str(user_id)
    if key not in people:
        people[key] = str(User.objects.filter(pk=user_id).first() or "")
    return people[key]


def _through(context: dict[str, Any]) -> str:
    """By which way the later edit came."""
    batch = ImportBatch.objects.whole_city().filter(pk=context.get("batch") or 0).first()
    if batch is None:
        return "页面" if context.get("url") else "系统"
    title = ROSTERS[batch.kind].title if batch.kind in ROSTERS else batch.kind
    deed = {"undo": "撤销", "redo": "重新写入"}.get(str(context.get("source")), "导入")
    return f"{deed}{title}（{batch.file_name}）"

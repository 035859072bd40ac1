"""The verbs of mending: type cells anew, leave rows out, decide a whole cause, say what a written text means.

Each of them keeps what was said and queues the check again; nothing is written to a ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from datong_edu.accounts.models import User
from datong_edu.core import audit
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.importing.actions import locked_batch, queue_check
from datong_edu.importing.declare import SCHOOL_TOPIC, Meaning, Roster, roster_called
from datong_edu.importing.enums import BatchState, Deed
from datong_edu.importing.mending.answers import context_for, is_answerable, meaning_called, topic_of
from datong_edu.importing.mending.causes import fixes_for
from datong_edu.importing.mending.overlay import sealed_text, word_key
from datong_edu.importing.models import CauseDecision, CellMend, ImportBatch, RememberedAnswer
from datong_edu.importing.policies import may_import_for
from datong_edu.importing.staging import Stage

LONGEST_TEXT = 500
MOST_MENDS = 2_000
"""Cells of one form; a page shows fifty rows."""


class Typed(NamedTuple):
    """What was typed for one cell of a staged row: its place, field, the text as sent and the new one."""

    sheet: str
    row: int
    field: str
    sent: str
    text: str


@dataclass(frozen=True)
class RowChoice:
    """Whether a row is left out."""

    sheet: str
    row: int
    is_left_out: bool


@transaction.atomic
def mend_rows(
    *, batch: ImportBatch, cells: Iterable[Typed], rows: Iterable[RowChoice] = (), by: User
) -> None:
    """Keep typed cells and left-out rows, and check again.

    A cell that is typed as it was sent takes its mend back.
    """
    locked = _locked(batch, by)
    typed, chosen = list(cells), list(rows)
    if not typed and not chosen:
        raise PortalError("没有改动任何内容。请在“改为”一栏填写正确的内容后再保存。")
    if len(typed) > MOST_MENDS:
        raise PortalError("一次改动的单元格太多，请分页保存。")
    roster = roster_called(locked.kind)
    for one in typed:
        _refuse_unmendable(locked, roster, one)
        if one.text == one.sent:
            _mends(locked, one.sheet, one.row, one.field).delete()
        else:
            _put_mend(locked, one.sheet, one.row, one.field, one.text, by)
    for choice in chosen:
        if choice.is_left_out:
            _put_mend(locked, choice.sheet, choice.row, "", None, by)
        else:
            _mends(locked, choice.sheet, choice.row, "").delete()
    audit.record(
        action="mend_rows",
        by=by,
        subject=locked,
        county=locked.county,
        detail={"cells": len(typed), "rows": len(chosen)},
    )
    queue_check(locked, by)


@transaction.atomic
def take_back_mend(*, batch: ImportBatch, mend_id: int, by: User) -> None:
    """Let the file's own cell, or the row that was left out, count again."""
    locked = _locked(batch, by)
    taken, _ = CellMend.objects.filter(batch=locked, pk=mend_id).delete()
    if not taken:
        raise Conflict("这处更正已经撤回，请刷新页面。")
    audit.record(action="take_back_mend", by=by, subject=locked, county=locked.county)
    queue_check(locked, by)


@transaction.atomic
def decide_cause(*, batch: ImportBatch, key: str, field: str, deed: Deed, by: User) -> None:
    """Do the same with all rows of a cause: read the cell as blank, or leave the rows out."""
    locked = _locked(batch, by)
    if deed not in fixes_for(roster_called(locked.kind), key, field, context_for(locked, by)).deeds:
        raise PortalError("这一类错误不能这样处理，请逐行更正或在原表中改好后重新上传。")
    CauseDecision.objects.update_or_create(
        batch=locked, reason_key=key, field=field, defaults={"deed": deed, "decided_by": by}
    )
    _record_decision("decide_cause", locked, key, field, deed, by)
    queue_check(locked, by)


@transaction.atomic
def withdraw_decision(*, batch: ImportBatch, decision_id: int, by: User) -> None:
    """Let the rows of a cause count as what they are again."""
    locked = _locked(batch, by)
    decision = CauseDecision.objects.filter(batch=locked, pk=decision_id).first()
    if decision is None:
        raise Conflict("这个决定已经撤回，请刷新页面。")
    _record_decision("withdraw_decision", locked, decision.reason_key, decision.field, decision.deed, by)
    decision.delete()
    queue_check(locked, by)


@transaction.atomic
def answer_cause(*, batch: ImportBatch, key: str, field: str, answers: Mapping[str, str], by: User) -> None:
    """Say what written texts mean: for all rows of this file, and for the next files of the unit.

    `answers` maps a written text to the code, name or word of its meaning.  Identity numbers, accounts and
    amounts have no meanings to choose from, so they cannot be answered.
    """
    locked = _locked(batch, by)
    roster, context = roster_called(locked.kind), context_for(locked, by)
    meanings = fixes_for(roster, key, field, context).meanings
    if not meanings:
        raise PortalError("这一列不能统一改写，请逐行更正。")
    given = {word_key(text): answer.strip() for text, answer in answers.items() if answer.strip()}
    given.pop("", None)
    if not given:
        raise PortalError("还没有选择。请为每种写法选择所指的内容后再保存。")
    topic = topic_of(roster, key, field)
    for text, answer in given.items():
        if topic != SCHOOL_TOPIC and not is_answerable(roster, field, text, context):
            raise PortalError(f"“{text}”要结合每一行才能判断，不能统一说明，请逐行更正。")
        meaning = meaning_called(answer, meanings, roster, field, context)
        _remember(locked, topic, text, meaning, by)
    audit.record(
        action="remember_answers",
        by=by,
        subject=locked,
        county=locked.county,
        detail={"topic": topic, "answers": len(given)},
    )
    queue_check(locked, by)


@transaction.atomic
def forget_answer(*, answer: RememberedAnswer, by: User) -> None:
    """Ask again next time; what was imported under the answer stays."""
    if not may_import_for(by, answer.unit):
        raise PortalError("您没有为该单位导入名册的权限。")
    audit.record(
        action="forget_answer",
        by=by,
        subject=answer,
        county=answer.unit.county,
        detail={"topic": answer.topic, "answer": answer.answer},
    )
    answer.delete()


@transaction.atomic
def vouch_for_number(*, batch: ImportBatch, seq: int, field: str, person: UUID, by: User) -> None:
    """Confirm for one row that a person of the registry is meant, whose number stands in for the lost one."""
    locked = _locked(batch, by)
    roster = roster_called(locked.kind)
    stage = Stage(roster, locked.pk)
    number = roster.number_of_suggested(stage, seq, field, person, by)
    place = stage.rows(f"SELECT sheet, row FROM {stage.table} WHERE seq = %s", [seq])
    if number is None or not place:
        raise Conflict("这条建议已经不成立，请刷新页面后重新核对。")
    sheet, row = place[0]
    mend = _put_mend(locked, sheet, row, field, number, by, is_vouched=True)
    audit.record(
        action="vouch_for_number",
        by=by,
        subject=mend,
        county=locked.county,
        detail={"field": field, "person": str(person)},
    )
    queue_check(locked, by)


def _locked(batch: ImportBatch, by: User) -> ImportBatch:
    """The batch, ready to be mended by this person and by nobody else at the moment."""
    locked = locked_batch(batch)
    if not may_import_for(by, locked.unit):
        raise PortalError("您没有为该单位导入名册的权限。")
    if locked.state != BatchState.READY:
        raise Conflict("这个批次正在处理，或已写入、已放弃，不能再更正。请刷新页面查看。")
    if locked.job_id != batch.job_id:
        raise Conflict("这个批次刚刚重新检查过，您看到的页面已过期。请刷新后再改。")
    if not Stage(roster_called(locked.kind), locked.pk).exists():
        raise PortalError("暂存的数据已过期，请重新上传文件。")
    return locked


def _refuse_unmendable(batch: ImportBatch, roster: Roster, one: Typed) -> None:
    if roster.column_for(one.field) is None or one.field not in batch.mapping.get(one.sheet, {}).values():
        raise PortalError("原表没有这一列，不能在网页上填写。请在原表中补上这一列后重新上传。")
    if len(one.text) > LONGEST_TEXT:
        raise PortalError(f"第 {one.row} 行填写的内容过长，请控制在 {LONGEST_TEXT} 字以内。")
    if any(not letter.isprintable() for letter in one.text):
        raise PortalError(f"第 {one.row} 行填写的内容中有换行或不可见的字符，请删去后再保存。")


def _mends(batch: ImportBatch, sheet: str, row: int, field: str):  # type: ignore[no-untyped-def]
    return CellMend.objects.filter(batch=batch, sheet=sheet, row=row, field=field)


def _put_mend(
    batch: ImportBatch,
    sheet: str,
    row: int,
    field: str,
    text: str | None,
    by: User,
    *,
    is_vouched: bool = False,
) -> CellMend:
    mend, _ = CellMend.objects.update_or_create(
        batch=batch,
        sheet=sheet,
        row=row,
        field=field,
        defaults={
            "cipher": None if text is None else sealed_text(text),
            "is_vouched": is_vouched,
            "mended_by": by,
        },
    )
    return mend


def _remember(batch: ImportBatch, topic: str, text: str, meaning: Meaning, by: User) -> None:
    county_id = meaning.county_id if meaning.county_id is not None else batch.county_id
    RememberedAnswer.objects.whole_city().update_or_create(
        unit=batch.unit,
        topic=topic,
        text=text,
        county_id=county_id,
        defaults={"answer": meaning.answer, "shown": meaning.label, "decided_by": by},
    )


def _record_decision(action: str, batch: ImportBatch, key: str, field: str, deed: str, by: User) -> None:
    audit.record(
        action=action,
        by=by,
        subject=batch,
        county=batch.county,
        detail={"reason": key, "field": field, "deed": str(deed)},
    )

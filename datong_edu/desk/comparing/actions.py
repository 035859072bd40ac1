"""The verbs of the compare tool: answer a file at once or in the background, fetch the result, forget it."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of
from datong_edu.core import audit, blobs, clock, jobs
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import StoredBlob, Term
from datong_edu.desk.comparing.appending import Addition, Unfit, append_columns
from datong_edu.desk.comparing.columns import (
    COLUMNS,
    VERDICT_COLUMNS,
    Appended,
    Verdict,
    columns_for,
    heading_of,
)
from datong_edu.desk.comparing.facts import facts_of
from datong_edu.desk.comparing.headings import columns_of
from datong_edu.desk.comparing.matching import Answer, Matcher
from datong_edu.desk.comparing.reading import Roster, TooMany, read_roster, too_many
from datong_edu.desk.comparing.rewriting import write_anew
from datong_edu.desk.reach import reach_of
from datong_edu.importing.gate import FileFormat
from datong_edu.importing.layout import RowReason, SheetLayout

AT_ONCE = 5_000
"""Rows that are answered within the request."""
LARGE_BYTES = 512 * 2**10
LARGE_UNPACKED_BYTES = 2 * 2**20
"""Files of this size, or whose sheets unpack to this size, go to the background unread."""
UPLOAD, RESULT, REFUSED = "compare_upload", "compare_result", "compare_refused"
JOB_KIND = "desk.compare"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Compared:
    """The workbook that goes back, and its counts by verdict."""

    data: bytes
    counts: dict[str, int]
    sheets: int


def compare_roster(
    *, file_name: str, data: bytes, columns: Sequence[str], term: Term | None, by: User
) -> StoredBlob:
    """Answer a small file at once and queue a large one; its page is the same."""
    asked = _allowed(columns, by)
    about = {"columns": asked, "term": term.code if term else "", "term_label": str(term) if term else ""}
    content = blobs.Content(file_name, data)
    if not _is_large(data):
        try:
            roster = read_roster(file_name, data, most=AT_ONCE)
        except TooMany:
            return _queue(content, about, by)
        with transaction.atomic():
            compared = answer_roster(roster, data, columns=asked, term=term, today=clock.today(), by=by)
            blob = blobs.keep(kind=RESULT, content=_result(content, compared), by=by, about=about)
            _finish(blob, compared, by)
        return blob
    return _queue(content, about, by)


def compare_queued(blob: StoredBlob, *, by: User, progress: Progress) -> None:
    """Answer a queued file; a second start finds the result and leaves it."""
    if blob.kind != UPLOAD:
        return
    content = blobs.content_of(blob)
    try:
        term = Term.objects.filter(code=blob.about["term"]).first()
        asked = _allowed(blob.about["columns"], by)
        try:
            roster = read_roster(content.name, content.data, progress=progress)
        except TooMany:
            raise too_many() from None
        with transaction.atomic():
            compared = answer_roster(
                roster, content.data, columns=asked, term=term, today=clock.today(), by=by, progress=progress
            )
            if not StoredBlob.objects.select_for_update().filter(pk=blob.pk).exists():
                return  # deleted by its owner meanwhile
            blobs.replace(blob, kind=RESULT, content=_result(content, compared), about=blob.about)
            _finish(blob, compared, by)
    except PortalError as error:
        # The reason may quote the file, so it takes the file's place and not the job's message.
        reason = blobs.Content("", error.message.encode())
        blobs.replace(blob, kind=REFUSED, content=reason, about=blob.about)
        raise PortalError("名单没有比对成功，原因见“比对工具”。") from error


def answer_roster(
    roster: Roster,
    data: bytes,
    *,
    columns: Sequence[str],
    term: Term | None,
    today: date,
    by: User,
    progress: Progress | None = None,
) -> Compared:
    """The clerk's workbook with the asked columns; must run inside a transaction."""
    tell = progress or (lambda phase, done, total: None)
    total = len(roster.questions)
    tell("核对人员", 0, total)
    answers = Matcher(roster.questions, by).answers()
    people = {answer.person for answer in answers if answer.person is not None and _brings_facts(answer)}
    tell("查询学籍与资助", total // 2, total)
    facts = facts_of(people, columns, user=by, term=term, today=today)
    lines: dict[str, dict[int, tuple[str, ...]]] = {}
    for question, answer in zip(roster.questions, answers, strict=True):
        person = answer.person if _brings_facts(answer) else None
        told = tuple(facts[key].get(person, "") if person is not None else "" for key in columns)
        lines.setdefault(question.sheet, {})[question.row] = (answer.words, "；".join(answer.remarks), *told)
    tell("写回表格", total, total)
    additions = _additions(roster, lines, [one for one in COLUMNS if one.key in columns], term)
    counts = Counter(str(answer.verdict) for answer in answers)
    return Compared(_written(roster, data, additions), dict(counts), len(roster.asked))


def fetch_result(blob: StoredBlob, *, by: User, forget: bool = False) -> blobs.Content:
    """The finished workbook; the audit trail knows it was taken, and with `forget` it is deleted."""
    if blob.kind != RESULT:
        raise PortalError("比对还没有完成，请稍候。")
    content = blobs.content_of(blob)
    audit.record(
        action="download_compared", by=by, subject=blob, county=reach_of(by).county,
        detail={"rows": sum(blob.about.get("counts", {}).values()), "deleted": forget},
    )  # fmt: skip
    if forget:
        blob.delete()
    return content


def forget_result(blob: StoredBlob, *, by: User) -> None:
    """Delete a result, or give up a comparison under way."""
    if blob.job is not None and not blob.job.is_over:
        jobs.cancel(blob.job)
    audit.record(action="delete_compared", by=by, subject=blob, county=reach_of(by).county)
    blob.delete()


def _allowed(columns: Sequence[str], by: User) -> list[str]:
    """The asked columns in their order; nobody compares without sight and the right to take rows away."""
    if not (by.may(Permission.VIEW_PERSONS) and by.may(Permission.EXPORT_ROWS)) or scope_of(by).is_empty:
        raise PortalError("您没有比对名单的权限，请联系县级管理员。")
    return [column.key for column in columns_for(by) if column.key in columns]


def _is_large(data: bytes) -> bool:
    """Whether a file surely takes a while, as far as can be told without reading it."""
    if len(data) > LARGE_UNPACKED_BYTES or not zipfile.is_zipfile(io.BytesIO(data)):
        return len(data) > LARGE_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheets = [entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml")]
    except (zipfile.BadZipFile, ValueError, UnicodeError):
        return False  # whoever reads it says what is wrong
    return sum(sheets) > LARGE_UNPACKED_BYTES


@transaction.atomic
def _queue(content: blobs.Content, about: dict[str, Any], by: User) -> StoredBlob:
    blob = blobs.keep(kind=UPLOAD, content=content, by=by, about=about)
    blob.job = jobs.enqueue(JOB_KIND, by=by, county=reach_of(by).county, payload={"blob": blob.pk})
    blob.save(update_fields=["job"])
    return blob


def _finish(blob: StoredBlob, compared: Compared, by: User) -> None:
    """Counts beside the result and in the audit trail; never a number or a name."""
    blob.about = {**blob.about, "counts": compared.counts, "sheets": compared.sheets}
    blob.save(update_fields=["about"])
    audit.record(
        action="compare_roster", by=by, subject=blob, county=reach_of(by).county,
        detail={
            "rows": sum(compared.counts.values()), "counts": compared.counts,
            "columns": blob.about["columns"], "term": blob.about["term"],
        },
    )  # fmt: skip


def _result(sent: blobs.Content, compared: Compared) -> blobs.Content:
    stem = sent.name.rpartition(".")[0] or sent.name
    return blobs.Content(f"{stem}_比对结果.xlsx", compared.data)


def _brings_facts(answer: Answer) -> bool:
    return answer.verdict in (Verdict.EXACT, Verdict.CANDIDATE)


def _additions(
    roster: Roster,
    lines: dict[str, dict[int, tuple[str, ...]]],
    columns: Sequence[Appended],
    term: Term | None,
) -> dict[str, Addition]:
    headings = [
        (heading_of(column, str(term) if term else ""), column.width)
        for column in (*VERDICT_COLUMNS, *columns)
    ]
    found = {}
    for sheet in roster.asked:
        at = columns_of(sheet.columns)
        like = at.get("name", at.get("id_no", sheet.columns[0].index))
        found[sheet.name] = Addition(
            _header_rows(sheet), headings, lines.get(sheet.name, {}), like, sheet.columns[-1].index
        )
    return found


def _header_rows(sheet: SheetLayout) -> set[int]:
    """The row of headings, and those that repeat it on later pages."""
    rows = {sheet.header_rows[-1]}
    if len(sheet.header_rows) == 1:
        rows |= {line.row for line in sheet.ignored_rows if line.reason is RowReason.REPEATED_HEADER}
    return rows


def _written(roster: Roster, data: bytes, additions: dict[str, Addition]) -> bytes:
    """Into the clerk's own xlsx where that can be done, else a new one."""
    if roster.format is FileFormat.XLSX:
        try:
            return append_columns(data, additions)
        except Unfit:
            roster = read_roster(roster.name, data, keep_cells=True)
    return write_anew(roster.sheets, roster.cells, additions)

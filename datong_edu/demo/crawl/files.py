"""What files leave behind in one territory: staged rows, a marked workbook, results, releases, jobs."""

import io
from datetime import timedelta
from uuid import uuid4

import xlsxwriter
from django.utils import timezone

from datong_edu.accounts.models import PortalSession, Unit, User
from datong_edu.core import blobs, crypto
from datong_edu.core.models import Job, JobState, Term
from datong_edu.demo.crawl.canaries import Territory
from datong_edu.demo.crawl.planting import TERM, TODAY, Planted
from datong_edu.demo.generator.headings import REGISTRY_HEADINGS
from datong_edu.desk.comparing.actions import RESULT
from datong_edu.importing import actions, prepared
from datong_edu.importing.enums import BatchState, Deed, Purpose
from datong_edu.importing.mending.overlay import sealed_text
from datong_edu.importing.models import (
    CauseDecision,
    CellMend,
    ImportBatch,
    RememberedAnswer,
    RememberedMapping,
)
from datong_edu.registry import number_exports
from datong_edu.registry.enums import ExportState
from datong_edu.registry.models import NumberExport, School

KIND = "student_registry"


class NotPlanted(AssertionError):
    """A file could not be brought into the state in which it is to be looked for."""


def plant_files(planted: Planted, *, unit: Unit, school: School, by: User) -> None:
    """A roster checked and one applied, a marked workbook, a comparison, releases, a job and a session."""
    land, county = planted.territory, unit.county
    batch = _checked(land, unit, school, by)
    marked = prepared.ask_for(batch=batch, purpose=Purpose.ERRORS, by=by)
    prepared.mark(marked)
    sheet = batch.layout["sheets"][0]["name"]
    CellMend.objects.create(
        batch=batch, sheet=sheet, row=4, field="name", mended_by=by, cipher=sealed_text(f"{land.word}改")
    )
    cause = batch.layout["summary"]["causes"][0]
    CauseDecision.objects.create(
        batch=batch, reason_key=cause["key"], field=cause["field"], deed=Deed.values[0], decided_by=by
    )
    answer = RememberedAnswer.objects.create(
        unit=unit, county=county, topic="school", text=f"{land.word}小", answer=school.code,
        shown=school.name, decided_by=by,
    )  # fmt: skip
    RememberedMapping.objects.create(unit=unit, kind=KIND, heading=f"{land.word}列", decided_by=by)
    applied = _checked(land, unit, school, by)
    actions.apply_batch(batch=applied, by=by)
    planted.objects |= {"batch": batch, "applied": applied, "answer": answer}
    _results(planted, county, by)


def _results(planted: Planted, county: Unit | None, by: User) -> None:
    land = planted.territory
    told = book([["姓名", "身份证件号"], [f"{land.word}比对", land.number("id_no")]])
    about = {"counts": {"exact": 1}, "columns": [], "term": "", "term_label": "", "sheets": 1}
    result = blobs.keep(kind=RESULT, content=blobs.Content(f"{land.word}.xlsx", told), by=by, about=about)
    job = Job.objects.create(
        kind="desk.compare", state=JobState.DONE, county=county, created_by=by, message=f"{land.word}任务",
        result={"note": f"{land.word}结果"}, payload={"blob": result.pk}, finished_at=timezone.now(),
    )  # fmt: skip
    result.job = job
    result.save(update_fields=["job"])
    session = PortalSession.objects.create(
        session_key=f"crawl-{land.area}-{land.letter}", session_data="", user=by, uid=uuid4(),
        browser=f"{land.word}浏览器"[:60], began_at=timezone.now(), seen_at=timezone.now(),
        expire_date=timezone.now() + timedelta(hours=6),
    )  # fmt: skip
    planted.objects |= {"result": result, "job": job, "session": session, "user": by}
    planted.objects["grant"] = by.grants.get()
    if county is not None and planted.head is not None:
        planted.objects["export"] = _release(planted, county, by, told)


def _release(planted: Planted, county: Unit, by: User, told: bytes) -> NumberExport:
    land, kind = planted.territory, number_exports.KIND
    asked = NumberExport.objects.create(
        listing="desk:people", narrowing=crypto.encrypt_blob(kind, f"q={land.word}".encode()), rows=1,
        reason=f"{land.word}用途", county=county, requested_by=by,
    )  # fmt: skip
    blob = blobs.keep(kind=kind, content=blobs.Content(f"{land.word}号码.xlsx", told), by=by)
    NumberExport.objects.whole_city().filter(pk=asked.pk).update(
        state=ExportState.APPROVED, decided_by=planted.head, decided_at=timezone.now()
    )
    NumberExport.objects.whole_city().filter(pk=asked.pk).update(
        state=ExportState.READY, blob=blob, password=crypto.encrypt_blob(kind, f"{land.word}密码".encode())
    )
    NumberExport.objects.create(
        listing="desk:people", narrowing=crypto.encrypt_blob(kind, b""), rows=1, reason=f"{land.word}待批",
        county=county, requested_by=by,
    )  # fmt: skip
    return asked


def _checked(land: Territory, unit: Unit, school: School, by: User) -> ImportBatch:
    """A registry roll of two pupils and a row that is refused, checked as a job does it."""
    number = len(land.numbers)
    rows = [
        _row(land, school, f"{land.word}表{number}", "五年级"),
        _row(land, school, f"{land.word}册{number}", "六年级"),
        _row(land, school, f"{land.word}错{number}", "不详"),
    ]
    data = book([list(REGISTRY_HEADINGS), *rows])
    batch = actions.receive_file(
        kind=KIND, unit=unit, term=Term.objects.get(code=TERM), file_name=f"{land.word}名册{number}.xlsx",
        data=data, by=by,
    )  # fmt: skip
    batch.state = BatchState.CHECKING
    batch.save(update_fields=["state"])
    actions.check_batch(batch=batch, by=by)
    if batch.state != BatchState.READY or batch.counts["refused"] != 1:
        raise NotPlanted(f"{batch.get_state_display()} {batch.message} {batch.counts}")
    return batch


def _row(land: Territory, school: School, name: str, grade: str) -> list[str]:
    own = land.number("id_no")
    return [
        f"G{own}", name, "男", f"{own[6:10]}-{own[10:12]}-{own[12:14]}", "居民身份证", own, school.code,
        school.name, "小学", grade, "1班", f"{TODAY.year - 5}-09", "住校", "农业", "在读", "", "",
        f"{land.word}母", land.number("id_no"), land.number("phone"),
    ]  # fmt: skip


def book(rows: list[list[str]]) -> bytes:
    """A workbook of one sheet, all cells text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_numbers": False}) as book:
        page = book.add_worksheet("学籍")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return content.getvalue()

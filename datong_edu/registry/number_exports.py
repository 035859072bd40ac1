"""Exports with full numbers: asked for, approved by a second person, built under a password, gone in a day.

Who asks takes along exactly the rows a list showed them, under their own scope, with the numbers unmasked.
The workbook names its reader, time and batch on its sheet and on every printed page; its bytes lie sealed in
the database as well.
"""

import secrets
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from msoffcrypto.format.ooxml import OOXMLFile

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of
from datong_edu.core import audit, blobs, clock, crypto, jobs
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.core.jobs import JobRun
from datong_edu.registry.apps import EXPORTS_SEALED_AS
from datong_edu.registry.enums import ExportState
from datong_edu.registry.models import NumberExport
from datong_edu.registry.reveals import LONG_NUMBER
from datong_edu.web.exports import chunks
from datong_edu.web.lists import ScopedListView

KIND = EXPORTS_SEALED_AS
CHUNK = 500
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Listing:
    """A list as one person sees it, narrowed as they narrowed it."""

    view: ScopedListView
    title: str

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows found, numbers included, in the order of the list."""
        found: QuerySet[Any] = self.view.found.defer(None).order_by(*self.view.order, "pk")
        return found

    @property
    def numbers(self) -> list[str]:
        """Headings of the columns that would hold whole numbers."""
        columns = self.view.table_class.base_columns
        return [str(columns[name].verbose_name) for name in self.view.table_class.unmasked()]

    @property
    def narrowed_by(self) -> list[str]:
        """What the list was narrowed by, in words; a number that was looked up is not repeated."""
        form = self.view.filterset.form
        given = [
            (field.label, dict(getattr(field.field, "choices", ())).get(field.data, field.data))
            for field in form
            if field.data and field.name != "number"
        ]
        looked_up = ["按号码查找"] if form.data.get("number") else []
        return [f"{label}：{value}" for label, value in given] + looked_up


def listing(name: str, narrowing: str, user: User) -> Listing:
    """The list behind a URL name for one user.

    Raises PortalError when there is none, when it holds no numbers, or when it is not theirs to export.
    """
    try:
        match = resolve(reverse(name))
    except NoReverseMatch:
        raise PortalError("没有这份名单，请从名单页面重新申请。") from None
    kind = getattr(match.func, "view_class", None)
    if kind is None or not issubclass(kind, ScopedListView) or not kind.table_class.unmasked():
        raise PortalError("这份名单不含可导出的号码，请从名单页面重新申请。")
    if not (user.may(kind.required_permission) and user.may(kind.export_permission)):
        raise PortalError("您的岗位不能导出这份名单。")
    request = HttpRequest()
    request.method, request.path, request.user = "GET", reverse(name), user
    request.GET, request.resolver_match = QueryDict(narrowing), match
    view = kind(**vars(match.func).get("view_initkwargs", {}))
    view.setup(request)
    return Listing(view, view.title)


def title_of(name: str) -> str:
    """What the list behind a URL name is called; empty when there is none any more."""
    try:
        kind = getattr(resolve(reverse(name)).func, "view_class", None)
    except NoReverseMatch:
        return ""
    return str(getattr(kind, "title", ""))


def county_of(user: User) -> Unit:
    """The one county whose full numbers somebody may take along; the city takes none."""
    counties = scope_of(user).county_ids
    if len(counties) != 1:
        raise PortalError("完整号码只能按一个县区申请，您的任职不止一个县区或不是县区岗位。")
    return Unit.objects.get(pk__in=counties)


def used_today(user: User) -> int:
    """Exports a user has asked for since midnight in Datong."""
    asked = NumberExport.objects.whole_city().filter(requested_by=user, requested_at__gte=clock.midnight())
    return asked.count()


def left_today(user: User) -> int:
    """How many more a user may ask for today."""
    return max(settings.NUMBER_EXPORTS_PER_DAY - used_today(user), 0)


@transaction.atomic
def request_export(*, name: str, narrowing: str, reason: str, by: User) -> NumberExport:
    """Ask for a list with its numbers.  Raises PortalError past the quota, for nothing, or for too much."""
    _ask_for_office(by, Permission.REQUEST_NUMBERS)
    if LONG_NUMBER.search(reason):
        raise PortalError("用途会给审批人和审计员看，请不要写号码。")
    wanted, county = listing(name, narrowing, by), county_of(by)
    User.objects.select_for_update().get(pk=by.pk)  # two requests at once share one quota
    if not left_today(by):
        raise PortalError(f"今天已申请 {settings.NUMBER_EXPORTS_PER_DAY} 次，请明天再申请。")
    rows = wanted.rows.count()
    if not rows:
        raise PortalError("名单里没有记录，无需导出。")
    if rows > settings.NUMBER_EXPORT_ROWS:
        raise PortalError(f"名单有 {rows:,} 条，每次最多 {settings.NUMBER_EXPORT_ROWS:,} 条，请先缩小范围。")
    asked = NumberExport.objects.create(
        listing=name,
        narrowing=crypto.encrypt_blob(KIND, narrowing.encode()),
        rows=rows,
        reason=reason,
        county=county,
        requested_by=by,
    )
    _record("request_number_export", asked, by)
    return asked


@transaction.atomic
def decide(*, export: NumberExport, approve: bool, note: str, by: User) -> None:
    """Approve, which sets the work off, or refuse; never one's own request."""
    _ask_for_office(by, Permission.APPROVE_NUMBERS)
    held = NumberExport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=export.pk)
    if held.requested_by_id == by.pk:
        raise PortalError("不能审批自己的申请，请由本县另一位审核人或负责人办理。")
    if held.state != ExportState.REQUESTED:
        raise Conflict("这份申请已经审批过。")
    held.decided_by, held.decided_at, held.note = by, timezone.now(), note
    held.state = ExportState.APPROVED if approve else ExportState.REFUSED
    if approve:
        held.job = jobs.enqueue(KIND, by=held.requested_by, county=held.county, payload={"export": held.pk})
    held.save(update_fields=["decided_by", "decided_at", "note", "state", "job"])
    _record("approve_number_export" if approve else "refuse_number_export", held, by)


def build(export: NumberExport, run: JobRun) -> None:
    """Make the workbook under a fresh password; a second start of the job finds it made."""
    if export.state != ExportState.APPROVED:
        return
    by = export.requested_by
    wanted = listing(export.listing, narrowing_of(export), by)
    try:
        data, written = _workbook(export, wanted, run)
    except PortalError:
        NumberExport.objects.whole_city().filter(pk=export.pk).update(state=ExportState.FAILED)
        raise
    password = "".join(secrets.choice(ALPHABET) for _ in range(16))
    locked = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, locked)
    name = f"{wanted.title}_完整号码_{timezone.localdate():%Y%m%d}.xlsx"
    with transaction.atomic():
        blob = blobs.keep(
            kind=KIND, content=blobs.Content(name, locked.getvalue()), by=by, about={"rows": written}
        )
        NumberExport.objects.whole_city().filter(pk=export.pk).update(
            state=ExportState.READY, blob=blob, password=crypto.encrypt_blob(KIND, password.encode())
        )
        _record("build_number_export", export, by, rows=written)
    run.result = {"rows": written}


@transaction.atomic
def take_password(*, export: NumberExport, by: User) -> str:
    """The password, once: afterwards the portal no longer knows it."""
    held = _own(export, by)
    if held.password is None:
        raise PortalError("密码只显示一次，已经看过。如未记下，请重新申请导出。")
    password = crypto.decrypt_blob(KIND, held.password).decode()
    held.password = None
    held.save(update_fields=["password"])
    _record("show_number_export_password", held, by)
    return password


@transaction.atomic
def download(*, export: NumberExport, by: User) -> blobs.Content:
    """The locked workbook, for who asked for it; every time is on record."""
    held = _own(export, by)
    if held.blob is None:
        raise PortalError("文件已过保留期，已删除。如仍需要，请重新申请。")
    content = blobs.content_of(held.blob)
    held.downloads += 1
    held.save(update_fields=["downloads"])
    _record("download_number_export", held, by)
    return content


def narrowing_of(export: NumberExport) -> str:
    """What the list was narrowed by, as its address says it."""
    return crypto.decrypt_blob(KIND, export.narrowing).decode()


def _own(export: NumberExport, by: User) -> NumberExport:
    _ask_for_office(by, Permission.REQUEST_NUMBERS)
    rows = NumberExport.objects.visible_to(by).select_for_update(of=("self",))
    held: NumberExport = rows.get(pk=export.pk)
    if held.requested_by_id != by.pk or held.state != ExportState.READY:
        raise PortalError("只有申请人可以下载，且须先经批准并生成。")
    return held


def _workbook(export: NumberExport, wanted: Listing, run: JobRun) -> tuple[bytes, int]:
    """One sheet of text cells under its watermark; more rows than were approved are refused."""
    by, view = export.requested_by, wanted.view
    at = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    mark = f"内部资料 严禁外传 · {by}（{by.username}）· {at} · 批次 {export.uid}"
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = 0
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(wanted.title[:31])
        bold, warning = book.add_format({"bold": True}), book.add_format({"font_color": "#b3261e"})
        _watermark(sheet, mark, warning)
        for chunk in chunks(wanted.rows, CHUNK):
            written = _write(sheet, view, chunk, by, written, bold)
            run.progress("写入记录", written, export.rows)
        if written > export.rows:
            raise PortalError("名单的记录比批准时多，请重新申请。")
        if not written:
            raise PortalError("名单里已没有记录，请重新申请。")
    return target.getvalue(), written


def _watermark(sheet: Any, mark: str, style: Any) -> None:
    """First line, header and footer of the print."""
    sheet.write_string(0, 0, mark, style)
    printed = mark.replace("&", "&&")
    sheet.set_header(f"&C{printed}")
    sheet.set_footer(f"&L{printed}&R第 &P 页，共 &N 页")
    sheet.freeze_panes(2, 0)


def _write(sheet: Any, view: ScopedListView, rows: list[Any], by: User, written: int, bold: Any) -> int:
    lines = view.table_of(rows).values_for(by, in_full=True)
    heading = next(lines)
    if not written:
        for place, label in enumerate(heading):
            sheet.write_string(1, place, str(label), bold)
    for line in lines:
        for place, value in enumerate(line):
            if isinstance(value, int | float):
                sheet.write_number(written + 2, place, value)
            elif value is not None:
                sheet.write_string(written + 2, place, str(value))
        written += 1
    return written


def _ask_for_office(by: User, permission: Permission) -> None:
    if not by.may(permission):
        raise PortalError("您的岗位不能办理完整号码导出。")


def _record(action: str, export: NumberExport, by: User, **counts: int) -> None:
    detail = {"listing": export.listing, "rows": export.rows, **counts}
    audit.record(action=action, by=by, subject=export, county=export.county, detail=detail)

"""Pages of 数据导入: history, upload, and the one address of a batch from upload to apply."""

from io import BytesIO
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from rustpy_xlsxwriter import FastExcel

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.core.exceptions import Conflict
from datong_edu.core.models import Job
from datong_edu.importing import actions, blank_workbook, keeping, prepared, undo, workbook
from datong_edu.importing.declare import ROSTERS, Roster, roster_called
from datong_edu.importing.disappeared import who_disappeared
from datong_edu.importing.enums import BatchState, Purpose
from datong_edu.importing.forms import MappingSheet, UndoForm, UploadForm, rosters_by_room, units_for
from datong_edu.importing.mending.continuing import batch_continued_by, rest_of, waiting_rows
from datong_edu.importing.models import ImportBatch, PreparedFile
from datong_edu.importing.progress import progress_of
from datong_edu.importing.reasons import REASONS
from datong_edu.importing.screens import STEP_NOTES, PreviewScreen, steps_of
from datong_edu.importing.staging import Stage
from datong_edu.importing.tables import BatchFilter, BatchTable
from datong_edu.web import limits
from datong_edu.web.exports import attachment
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty
from datong_edu.web.views import PortalFormView, PortalPage, PortalView, go_to

WORKING = (BatchState.UPLOADED, BatchState.CHECKING, BatchState.APPLYING)
TAKING_BACK = (undo.UNDO, undo.REDO)
BUCKET_NAMES = ("new", "changed", "unchanged", "refused", "warned")
HEAVY = ("layout", "mapping", "continues__layout", "continues__mapping")


class History(ScopedListView):
    """Every batch of the user's units: who, which file, what it did."""

    template_name = "importing/history.html"
    required_permission = Permission.IMPORT_ROSTERS
    model = ImportBatch
    table_class = BatchTable
    filterset_class = BatchFilter
    title = "数据导入"
    nav = "importing:history"
    ordering = ("-id",)
    row_noun = "批"
    empty = Empty("还没有导入过名册")

    def rows(self) -> QuerySet[Any]:
        """With names of unit, term and people; the layout of the files stays behind."""
        return super().rows().select_related("unit", "term", "created_by", "continues").defer(*HEAVY)


class Upload(PortalFormView):
    """Choose a roster and a file; reading begins at once."""

    required_permission = Permission.IMPORT_ROSTERS
    form_class = UploadForm
    template_name = "importing/upload.html"
    title = "导入名册"
    nav = "importing:history"
    batch: ImportBatch

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the user may choose from."""
        around = self.around
        chosen = {"user": self.request.user, "today": around.today, "term": around.term}
        return super().get_form_kwargs() | chosen

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; when another unit is chosen, its templates alone."""
        if not self.is_fragment:
            return super().get(request, *args, **kwargs)
        return render(request, f"{self.template_name}#templates", self.get_context_data(**kwargs))

    def get_initial(self) -> dict[str, Any]:
        """The kind and the unit that a link names."""
        named = {"kind": self.request.GET.get("kind", "")}
        return super().get_initial() | named | ({"unit": self.unit.pk} if self.unit else {})

    @cached_property
    def unit(self) -> Unit | None:
        """The unit that was chosen, else the first somebody may import for."""
        units = units_for(_user(self.request))
        asked = self.request.POST.get("unit") or self.request.GET.get("unit", "")
        return next((one for one in units if str(one.pk) == asked), units[0] if units else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the steps and the rosters with their templates."""
        context = {"steps": steps_of(None), "rooms": rosters_by_room(), "unit": self.unit}
        return super().get_context_data(**context | kwargs)

    def perform(self, form: BaseForm) -> ImportBatch:
        """Take the file in and queue its reading; a file known before leads to its batch."""
        asked, by = form.cleaned_data, _user(self.request)
        limits.spend("upload", by.pk)
        roster = roster_called(asked["kind"])
        file = asked["file"]
        about = {
            "kind": roster.key,
            "unit": asked["unit"],
            "term": asked["term"] if roster.needs_term else None,
            "file_name": file.name,
        }
        self.batch = actions.receive_file(
            **about,
            data=file.read(),
            by=by,
            is_full=asked["is_full"],
            continues=batch_continued_by(**about),
        )
        if self.batch.state == BatchState.APPLIED:
            messages.info(self.request, "这个文件以前已经写入过，没有重复导入。下面是当时的结果。")
        else:
            actions.start_reading(batch=self.batch, by=by)
        return self.batch

    def get_success_url(self) -> str:
        """The batch's own address."""
        return _address(self.batch)


class BatchView(PortalView):
    """Base of everything about one batch; outside the user's scope it does not exist."""

    required_permission = Permission.IMPORT_ROSTERS
    nav = "importing:history"

    @cached_property
    def batch(self) -> ImportBatch:
        """The batch of the address."""
        rows = ImportBatch.objects.visible_to(_user(self.request))
        related = rows.select_related(
            "unit", "term", "county", "created_by", "applied_by", "undone_by", "job", "continues"
        )
        found: ImportBatch = get_object_or_404(related, uid=self.kwargs["uid"])
        return found

    @property
    def roster(self) -> Roster:
        """The batch's declaration."""
        return roster_called(self.batch.kind)

    @property
    def is_working(self) -> bool:
        """Whether a job is under way on the batch."""
        job = self.batch.job
        if job is None or job.is_over:
            return False
        return self.batch.state in WORKING or job.kind in TAKING_BACK

    @property
    def can_take_back(self) -> bool:
        """Whether the batch can still be undone, or written again after an undo."""
        until = undo.undone_until(self.batch)
        return until is not None and timezone.now() <= until

    def back(self) -> HttpResponse:
        """To the batch's page, at the bucket it was left at while that has rows."""
        bucket, address = self.request.GET.get("bucket", ""), _address(self.batch)
        is_kept = bucket in BUCKET_NAMES and self.batch.counts.get(bucket)
        return go_to(self.request, f"{address}?bucket={bucket}" if is_kept else address)


class BatchPage(BatchView, PortalPage):
    """The page of a batch: whatever its state asks for."""

    templates: ClassVar[dict[str, str]] = {
        BatchState.MAPPING: "importing/mapping.html",
        BatchState.READY: "importing/preview.html",
        BatchState.APPLIED: "importing/done.html",
        BatchState.UNDONE: "importing/undone.html",
        BatchState.REFUSED: "importing/refused.html",
        BatchState.DISCARDED: "importing/discarded.html",
    }

    def get_title(self) -> str:
        """导入学籍名单."""
        return f"导入{self.roster.title}"

    @cached_property
    def wants_mapping(self) -> bool:
        """Whether the columns are to be looked at, again or for the first time."""
        again = self.batch.state == BatchState.READY and self.request.GET.get("step") == "mapping"
        return again or self.batch.state == BatchState.MAPPING

    def get_template_names(self) -> list[str]:
        """By state; a step under way or broken off has a page of its own."""
        if self.is_working:
            return ["importing/working.html"]
        if self.batch.state in WORKING:
            return ["importing/stopped.html"]
        if self.wants_mapping:
            return ["importing/mapping.html"]
        return [self.templates[self.batch.state]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or for a poll its progress; once the step is over the poll loads the page anew."""
        if not self.is_fragment:
            return super().get(request, *args, **kwargs)
        if not self.is_working:
            return self.back()
        context = self.get_context_data(**kwargs)
        return render(request, "importing/working.html#progress", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The batch, its steps, and what its state shows."""
        context = {
            "batch": self.batch,
            "steps_note": STEP_NOTES.get(BatchState(self.batch.state), ""),
            "roster": self.roster,
            "steps": steps_of(self.batch, self.wants_mapping),
        }
        return super().get_context_data(**context | self._of_state() | kwargs)

    def _of_state(self) -> dict[str, Any]:
        state = self.batch.state
        if self.is_working:
            return {"progress": progress_of(self.batch), "here": self.request.get_full_path()}
        if state in WORKING:
            return {}
        if self.wants_mapping:
            sheet = MappingSheet(self.batch, self.roster, keeping.layouts_of(self.batch))
            return {"groups": sheet.groups(keeping.samples_of(self.batch))}
        if state == BatchState.READY:
            return PreviewScreen(self.batch, _user(self.request), self.request.GET).context()
        has_errors = self.batch.counts.get("refused", 0) > 0 and workbook.is_kept(self.batch)
        return {
            "has_errors": has_errors,
            "waiting": waiting_rows(self.batch) if state == BatchState.APPLIED else 0,
            "rest": rest_of(self.batch),
            "successor": self.batch.continued_by.whole_city().order_by("-pk").first(),
            "refusal": REASONS.get(self.batch.refusal_key),
            "take_back_until": undo.undone_until(self.batch) if self.can_take_back else None,
            "taken_back": self._taken_back(),
        }

    def _taken_back(self) -> Job | None:
        """The last undo or redo of the batch, with its figures or the reason it failed."""
        job = self.batch.job
        return job if job is not None and job.kind in TAKING_BACK else None


class ConfirmMapping(BatchView):
    """The clerk says what each column is."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remember the answers and check the file under them."""
        sheet = MappingSheet(self.batch, self.roster, keeping.layouts_of(self.batch))
        actions.confirm_mapping(batch=self.batch, mapping=sheet.answers(request.POST), by=_user(request))
        return self.back()


class Apply(BatchView):
    """Write the good rows."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the apply."""
        actions.start_applying(batch=self.batch, by=_user(request))
        return self.back()


class TakeBack(BatchView, PortalFormView):
    """The dry run of an undo, or of writing an undone batch again, and the button that does it."""

    template_name = "importing/take_back.html"
    form_class = UndoForm
    title = "撤销整批"

    def get_title(self) -> str:
        """撤销整批 or 重新写入."""
        return "重新写入" if self.batch.state == BatchState.UNDONE else "撤销整批"

    @cached_property
    def prepared_plan(self) -> PreparedFile | None:
        """The dry run of a long batch, which a job has made."""
        return prepared.ready(self.batch, Purpose.PLAN) if self.batch.is_long else None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A long batch without a dry run is sent to where one is asked for."""
        if self.user.may(Permission.IMPORT_ROSTERS) and self.batch.is_long and self.prepared_plan is None:
            return go_to(request, reverse("importing:undo_plan", args=[self.batch.uid]))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would happen, ledger by ledger, and the rows that stay."""
        made = self.prepared_plan
        plan = prepared.plan_of(made) if made else undo.plan_undo(self.batch, _user(self.request))
        context = {
            "batch": self.batch,
            "roster": self.roster,
            "plan": plan,
            "steps": steps_of(self.batch),
            "steps_note": "下面是试算，尚未改动任何数据",
            "unnamed": plan.edited + plan.blocked - len(plan.kept),
            "made": made,
        }
        return super().get_context_data(**context | kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Writing again needs no reason."""
        return super().get_form_kwargs() | {"wants_reason": self.batch.state != BatchState.UNDONE}

    def perform(self, form: BaseForm) -> ImportBatch:
        """Queue the undo, or the writing again."""
        by = _user(self.request)
        if self.batch.state == BatchState.UNDONE:
            undo.start_redo(batch=self.batch, by=by)
        else:
            undo.start_undo(batch=self.batch, by=by, reason=form.cleaned_data["reason"])
        return self.batch

    def get_success_url(self) -> str:
        """The batch's own page, which shows the progress."""
        return _address(self.batch)


class Cancel(BatchView):
    """Stop the step under way."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask it to."""
        actions.stop_step(batch=self.batch, by=_user(request))
        messages.info(request, "已请求取消，正在停下来。")
        return self.back()


class Resume(BatchView):
    """Try a broken-off step again."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the step once more."""
        actions.resume_batch(batch=self.batch, by=_user(request))
        return self.back()


class StepBack(BatchView):
    """From a broken-off apply to the preview."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing was written, so the preview holds."""
        actions.step_back(batch=self.batch)
        return self.back()


class Discard(BatchView):
    """Give a batch up."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete file and staged rows; the line in the history stays."""
        if self.is_working:
            raise Conflict("这个批次正在处理，请先取消任务。")
        actions.discard_batch(batch=self.batch, by=_user(request))
        messages.success(request, "已放弃这个批次，上传的文件和暂存的数据已删除。")
        return go_to(request, reverse("importing:history"))


class Disappeared(BatchView):
    """下载不再出现的人员."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Everybody whom a full roll no longer names, numbers masked; written to the audit trail."""
        roll = self.roster.full_roll
        if roll is None or "disappeared" not in self.batch.counts:
            raise Http404
        limits.spend("export", self.user.pk)
        gone = who_disappeared(Stage(self.roster, self.batch.pk), roll, limit=None)
        lines = [{"姓名": one.name, "证件号码": one.number, "学校或户": one.place} for one in gone]
        target = BytesIO()
        content = lines or [{"姓名": "", "证件号码": "", "学校或户": ""}]
        FastExcel(target).format(bold_headers=True).freeze(row=1).sheet("不再出现", content).save()
        audit.record(
            action="download_disappeared",
            by=_user(request),
            subject=self.batch,
            county=self.batch.county,
            detail={"kind": self.batch.kind, "rows": len(lines)},
        )
        return attachment(target.getvalue(), name=f"{self.roster.title}不再出现", on=self.around.today)


class TemplateFile(PortalView):
    """下载模板."""

    required_permission = Permission.IMPORT_ROSTERS

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """An empty workbook of a roster, for a county of the user's."""
        if kind not in ROSTERS:
            raise Http404
        roster = ROSTERS[kind]
        units = units_for(_user(request))
        asked = request.GET.get("unit", "")
        unit = next((one for one in units if one.code == asked), units[0] if units else None)
        content = blank_workbook.build(roster, unit)
        name = f"{roster.title}模板_{unit.name}" if unit else f"{roster.title}模板"
        return attachment(content, name=name, on=self.around.today)


def _address(batch: ImportBatch) -> str:
    return reverse("importing:batch", args=[batch.uid])


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user

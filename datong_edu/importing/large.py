"""Pages of long batches: what a request cannot make in time is asked for, waited for and fetched."""

from typing import Any, ClassVar

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header

from datong_edu.importing import prepared, undo, workbook
from datong_edu.importing.enums import BatchState, Purpose
from datong_edu.importing.models import PreparedFile
from datong_edu.importing.progress import progress_of_job
from datong_edu.importing.screens import steps_of
from datong_edu.importing.views import BatchView
from datong_edu.web.exports import WORKBOOK
from datong_edu.web.views import PortalPage, go_to


class Preparing(BatchView, PortalPage):
    """Base of the two pages on which a job is asked for and its result waited for."""

    template_name = "importing/preparing.html"
    purpose: ClassVar[Purpose]
    words: ClassVar[dict[str, str]]

    @cached_property
    def prepared(self) -> PreparedFile | None:
        """What was asked for, unless the batch has moved on."""
        return prepared.current(self.batch, self.purpose)

    @property
    def is_under_way(self) -> bool:
        """Whether its job waits or runs."""
        job = self.prepared.job if self.prepared else None
        return job is not None and not job.is_over

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or for a poll its progress; once the job is over the poll loads the page anew."""
        if not self.is_fragment:
            return super().get(request, *args, **kwargs)
        if not self.is_under_way:
            return go_to(request, request.path)
        return render(request, f"{self.template_name}#progress", self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the job."""
        prepared.ask_for(batch=self.batch, purpose=self.purpose, by=self.user)
        return go_to(request, request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The batch, what was asked for, and how far it is."""
        asked = self.prepared
        context = {
            "batch": self.batch,
            "roster": self.roster,
            "steps": steps_of(self.batch),
            "steps_note": "",
            "words": self.words,
            "purpose": self.purpose,
            "prepared": asked,
            "is_under_way": self.is_under_way,
            "back_to": reverse("importing:batch", args=[self.batch.uid]),
        }
        if asked is not None and self.is_under_way:
            waiting, begun = f"等待{self.words['deed']}", f"正在{self.words['deed']}"
            context["progress"] = progress_of_job(asked.job, waiting=waiting, begun=begun)
        return super().get_context_data(**context | kwargs)


class PrepareMarked(Preparing):
    """Ask for the marked workbook of a long batch, and fetch it."""

    purpose = Purpose.ERRORS
    title = "标红的原表"
    words: ClassVar[dict[str, str]] = {
        "deed": "生成标红的原表",
        "about": "名册较长，标红的原表在后台生成；生成后可以随时从这里下载。",
        "note": "只读取已上传的文件，不改动任何数据",
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only while the file is kept."""
        if self.batch.state not in prepared.WITH_ERRORS or not workbook.is_kept(self.batch):
            raise Http404
        return super().get(request, *args, **kwargs)


class PlanTakeBack(Preparing):
    """Ask for the dry run of taking a long batch back; once it is there, the page of the undo shows it."""

    purpose = Purpose.PLAN
    title = "撤销试算"
    words: ClassVar[dict[str, str]] = {
        "deed": "试算",
        "about": "名册较长，撤销前的试算在后台进行：逐条核对之后有没有改动，算出会删除、恢复和保留多少条。",
        "note": "试算不改动任何数据",
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the page of the undo when the dry run is ready or the batch is short."""
        is_redo = self.batch.state == BatchState.UNDONE
        undo.refuse_unless_possible(self.batch, self.user, is_redo=is_redo)
        if not self.batch.is_long or (self.prepared is not None and self.prepared.ready_at is not None):
            return go_to(request, reverse("importing:undo", args=[self.batch.uid]))
        return super().get(request, *args, **kwargs)


class StopPreparing(BatchView):
    """Stop the job that makes a file."""

    def post(self, request: HttpRequest, *args: Any, purpose: str, **kwargs: Any) -> HttpResponse:
        """Ask it to stop; it does at its next sign of progress."""
        if purpose not in Purpose:
            raise Http404
        asked = prepared.current(self.batch, Purpose(purpose))
        if asked is None:
            raise Http404
        prepared.cancel(asked)
        page = {Purpose.ERRORS: "importing:errors_prepare", Purpose.PLAN: "importing:undo_plan"}
        return go_to(request, reverse(page[Purpose(purpose)], args=[self.batch.uid]))


class MarkedWorkbook(BatchView):
    """下载标红的原表."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The clerk's own file with the faulty cells in red; written to the audit trail."""
        if self.batch.state not in prepared.WITH_ERRORS:
            raise Http404
        response: FileResponse | StreamingHttpResponse
        if not self.batch.is_long:
            response = FileResponse(workbook.build(self.batch, self.roster), content_type=WORKBOOK)
        else:
            made = prepared.ready(self.batch, Purpose.ERRORS)
            if made is None:
                return go_to(request, reverse("importing:errors_prepare", args=[self.batch.uid]))
            response = StreamingHttpResponse(prepared.pieces_of(made), content_type=WORKBOOK)
            response.headers["Content-Length"] = str(made.size)
        prepared.record_download(self.batch, by=self.user)
        name = self.batch.file_name.rpartition(".")[0] or self.batch.file_name
        response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}_标红.xlsx") or ""
        response.headers["Cache-Control"] = "no-store"
        return response

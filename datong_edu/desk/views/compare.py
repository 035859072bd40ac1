"""Pages of the compare tool: upload and columns, progress, counts and download."""

from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.core import blobs
from datong_edu.core.models import Job, JobState, StoredBlob
from datong_edu.desk.comparing import actions
from datong_edu.desk.comparing.columns import COLUMNS, Verdict, columns_for
from datong_edu.web import limits
from datong_edu.web.exports import WORKBOOK
from datong_edu.web.parts import Bucket, Progress
from datong_edu.web.views import PortalFormView, PortalPage, PortalView, go_to

SUFFIXES = ".xlsx,.xls,.et,.ods,.csv,.tsv,.txt"
RECENT = 5
KINDS = (actions.UPLOAD, actions.RESULT, actions.REFUSED)
TONES = {Verdict.CANDIDATE: "amber", Verdict.NAMESAKES: "amber", Verdict.BAD_NUMBER: "red"}


class CompareForm(forms.Form):
    """A file, and what to append to it."""

    file = forms.FileField(
        label="名单文件",
        max_length=300,
        widget=forms.ClearableFileInput(attrs={"accept": SUFFIXES}),
        error_messages={
            "required": "请选择要比对的文件。",
            "empty": "文件里没有内容，请重新导出后再上传。",
            "max_length": "文件名过长，请改短后再上传。",
            "missing": "没有收到文件，请重新选择。",
        },
    )
    columns = forms.MultipleChoiceField(
        label="在表后追加的列",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一列。"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(column.key, column.label) for column in columns_for(user)]
        self.fields["columns"].choices = offered  # type: ignore[attr-defined]
        self.fields["columns"].initial = [key for key, _ in offered]
        limit = filesizeformat(settings.MAX_ROSTER_BYTES)
        self.fields["file"].help_text = f"Excel 或 WPS 表格（xlsx、xls、et、ods）或 csv，不超过 {limit}。"

    def clean_file(self) -> UploadedFile:
        """Refuse what is over the limit before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.MAX_ROSTER_BYTES:
            limit = filesizeformat(settings.MAX_ROSTER_BYTES)
            raise forms.ValidationError(f"文件超过 {limit}，请拆分后再比对。")
        return file


class Compare(PortalFormView):
    """比对工具: choose a file and the columns."""

    required_permission = Permission.EXPORT_ROWS
    form_class = CompareForm
    template_name = "desk/compare.html"
    title = "比对工具"
    subheading = "上传任意名单，按身份证号或姓名查出学籍、困难类别和资助，写回原表"
    nav = "desk:compare"
    blob: StoredBlob

    def get_form_kwargs(self) -> dict[str, Any]:
        """Columns depend on the user."""
        return super().get_form_kwargs() | {"user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the term of the aid column and the results still kept."""
        recent = blobs.owned_by(self.user, actions.UPLOAD, actions.RESULT)[:RECENT]
        return super().get_context_data(**{"term": self.around.term, "recent": _lines(recent), **kwargs})

    def perform(self, form: BaseForm) -> StoredBlob:
        """Answer the file, or queue it."""
        limits.spend("compare", self.user.pk)
        file = form.cleaned_data["file"]
        self.blob = actions.compare_roster(
            file_name=file.name,
            data=file.read(),
            columns=form.cleaned_data["columns"],
            term=self.around.term,
            by=self.user,
        )
        return self.blob

    def get_success_url(self) -> str:
        """The result's own address."""
        return reverse("desk:compared", args=[self.blob.uid])


class ResultView(PortalView):
    """Base of everything about one comparison; it exists for whoever uploaded the file only."""

    required_permission = Permission.EXPORT_ROWS
    nav = "desk:compare"

    @cached_property
    def blob(self) -> StoredBlob:
        """The comparison of the address."""
        rows = blobs.owned_by(self.user, *KINDS).select_related("job")
        found: StoredBlob = get_object_or_404(rows, uid=self.kwargs["uid"])
        return found

    @property
    def job(self) -> Job | None:
        """The job, when the file was too large to be answered at once."""
        return self.blob.job

    @property
    def is_working(self) -> bool:
        """Whether the answer is still being made."""
        return self.blob.kind == actions.UPLOAD and self.job is not None and not self.job.is_over


class Compared(ResultView, PortalPage):
    """The page of one comparison: progress, counts, or why it failed."""

    title = "比对结果"

    def get_template_names(self) -> list[str]:
        """By state."""
        if self.is_working:
            return ["desk/compare_working.html"]
        return ["desk/compare_done.html" if self.blob.kind == actions.RESULT else "desk/compare_failed.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or for a poll its progress; once it is over the poll loads the page anew."""
        if not self.is_fragment:
            return super().get(request, *args, **kwargs)
        if not self.is_working:
            return go_to(request, reverse("desk:compared", args=[self.blob.uid]))
        return render(request, "desk/compare_working.html#progress", self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, columns and progress."""
        about, counts = self.blob.about, self.blob.about.get("counts", {})
        context = {
            "blob": self.blob,
            "refusal": self._refusal(),
            "buckets": [
                Bucket(str(verdict.label), counts.get(verdict, 0), "", tone=TONES.get(verdict, ""))
                for verdict in Verdict
            ],
            "rows": sum(counts.values()),
            "columns": "、".join(one.label for one in COLUMNS if one.key in about.get("columns", ())),
            "term_label": about.get("term_label", ""),
            "progress": self._progress(),
        }
        return super().get_context_data(**context | kwargs)

    def _refusal(self) -> str:
        """Why the file was not compared."""
        if self.blob.kind == actions.REFUSED:
            return blobs.content_of(self.blob).data.decode()
        return "比对中断，没有完成，请重新上传。"

    def _progress(self) -> Progress:
        job = self.job
        if job is None or job.state == JobState.QUEUED:
            return Progress("等待比对")
        return Progress(job.phase or "正在比对", job.done, job.total)


class FetchCompared(ResultView):
    """下载比对结果."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook; written to the audit trail."""
        return self._file(forget=False)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook, and the portal forgets it."""
        return self._file(forget=True)

    def _file(self, *, forget: bool) -> HttpResponseBase:
        content = actions.fetch_result(self.blob, by=self.user, forget=forget)
        response = FileResponse(
            BytesIO(content.data), as_attachment=True, filename=content.name, content_type=WORKBOOK
        )
        response.headers["Cache-Control"] = "no-store"
        return response


class ForgetCompared(ResultView):
    """删除比对结果, or cancel what is under way."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete and go back to the upload."""
        actions.forget_result(self.blob, by=self.user)
        messages.success(request, "已删除，平台不再保留这份名单。")
        return go_to(request, reverse("desk:compare"))


def _lines(recent: Any) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("desk:compared", args=[blob.uid]),
            "at": blob.created_at,
            "is_done": blob.kind == actions.RESULT,
            "rows": sum(blob.about.get("counts", {}).values()),
            "exact": blob.about.get("counts", {}).get(Verdict.EXACT, 0),
        }
        for blob in recent
    ]

"""完整号码导出: asking, deciding, the password once, and the download."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property

from datong_edu.accounts.roles import Permission
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import JobState
from datong_edu.registry import number_exports
from datong_edu.registry.enums import ExportState
from datong_edu.registry.models import NumberExport
from datong_edu.web.confirming import NeedsConfirmation
from datong_edu.web.exports import WORKBOOK
from datong_edu.web.views import PortalFormView, PortalPage

PER_PAGE = 30
LIST = "desk:number-exports"


class RequestForm(forms.Form):
    """What for."""

    reason = forms.CharField(
        label="用途",
        min_length=6,
        max_length=200,
        help_text="写清文件名称、提供给谁。例如：向县农商行报送2020年秋季补助发放名单。请不要写号码。",
    )


class DecideForm(forms.Form):
    """An opinion; needed for a refusal."""

    note = forms.CharField(label="审批意见", max_length=200, required=False)


class NumberExports(PortalPage):
    """Every request of the county, the latest first."""

    required_permission = Permission.REQUEST_NUMBERS
    template_name = "desk/number_exports.html"
    title = "完整号码导出"
    subheading = "一人申请、另一人批准；文件加密，生成后一天内删除，每次下载都留痕"
    nav = LIST

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of requests."""
        rows = NumberExport.objects.visible_to(self.user).select_related(
            "requested_by", "decided_by", "blob", "county", "job"
        )
        page = Paginator(rows.defer("blob__cipher", "narrowing"), PER_PAGE)
        exports = page.get_page(self.request.GET.get("page"))
        for export in exports:
            export.title = number_exports.title_of(export.listing)  # type: ignore[attr-defined]  # for the page
        return super().get_context_data(
            **{
                "exports": exports,
                "states": ExportState,
                "job_failed": JobState.FAILED,
                "me": self.user,
                "q": "",
                **kwargs,
            }
        )


class RequestNumbers(NeedsConfirmation, PortalFormView):
    """Ask for the list one has just looked at, numbers and all."""

    required_permission = Permission.REQUEST_NUMBERS
    form_class = RequestForm
    template_name = "desk/number_export_form.html"
    title = "申请导出完整号码"
    nav = LIST
    success_message = "已提交申请，请本县另一位审核人或负责人审批。"
    refused_at = "reason"
    success_url = reverse_lazy(LIST)

    @cached_property
    def wanted(self) -> number_exports.Listing:
        """The list of the address."""
        asked = self.request.GET
        return number_exports.listing(asked.get("list", ""), asked.get("narrowing", ""), self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which list, how many rows, which numbers."""
        return super().get_context_data(
            **{
                "wanted": self.wanted,
                "rows": self.wanted.rows.count(),
                "left": number_exports.left_today(self.user),
                "button": "提交申请",
                **kwargs,
            }
        )

    def perform(self, form: BaseForm) -> NumberExport:
        """Ask."""
        asked = self.request.GET
        return number_exports.request_export(
            name=asked.get("list", ""),
            narrowing=asked.get("narrowing", ""),
            reason=form.cleaned_data["reason"],
            by=self.user,
        )


class ExportView(NeedsConfirmation):
    """Base of everything about one request; outside the scope it does not exist."""

    required_permission = Permission.REQUEST_NUMBERS
    nav = LIST

    @cached_property
    def export(self) -> NumberExport:
        """The request of the address."""
        rows = NumberExport.objects.visible_to(self.user).select_related("requested_by", "county")
        found: NumberExport = get_object_or_404(rows, uid=self.kwargs["uid"])
        return found

    def confirmed_next(self) -> str:
        """Back to the list."""
        return reverse(LIST)


class DecideNumbers(ExportView, PortalFormView):
    """What is asked for, by whom and what for; approve or refuse."""

    required_permission = Permission.APPROVE_NUMBERS
    form_class = DecideForm
    template_name = "desk/number_export_form.html"
    title = "审批完整号码导出"
    success_url = reverse_lazy(LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list as the requester sees it."""
        export = self.export
        wanted = number_exports.listing(
            export.listing, number_exports.narrowing_of(export), export.requested_by
        )
        return super().get_context_data(
            **{"wanted": wanted, "rows": export.rows, "export": export, "button": "批准", **kwargs}
        )

    def perform(self, form: BaseForm) -> NumberExport:
        """Decide."""
        refuses = "refuse" in self.request.POST
        note = form.cleaned_data["note"]
        if refuses and not note:
            raise PortalError("不批准时请写明审批意见。")
        number_exports.decide(export=self.export, approve=not refuses, note=note, by=self.user)
        messages.success(self.request, "已退回申请。" if refuses else "已批准，正在生成文件。")
        return self.export

    def confirmed_next(self) -> str:
        """Back to the form."""
        return self.request.get_full_path()


class ShowPassword(ExportView):
    """The password, on an answer of its own, once."""

    title = "打开文件的密码"

    def post(self, request: HttpRequest, uid: str) -> HttpResponse:
        """Shown and forgotten."""
        password = number_exports.take_password(export=self.export, by=self.user)
        context = self.get_context_data(password=password, export=self.export)
        answer = render(request, "desk/number_export_password.html", context)
        answer.headers["Cache-Control"] = "no-store, private"
        return answer


class FetchNumbers(ExportView):
    """The locked workbook."""

    def post(self, request: HttpRequest, uid: str) -> Any:
        """A download, on record."""
        content = number_exports.download(export=self.export, by=self.user)
        return FileResponse(
            iter([content.data]), as_attachment=True, filename=content.name, content_type=WORKBOOK
        )

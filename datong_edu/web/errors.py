"""Refusals as pages: Chinese, without a trace, saying what to do.  urls.py names these as its handlers."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.web.api import problems
from datong_edu.web.limits import TooMany


@dataclass(frozen=True)
class Refusal:
    """What an error page says."""

    status: int
    heading: str
    text: str
    remedy: str = ""


BAD_REQUEST = Refusal(400, "请求无法处理", "提交的内容不完整或已过期。", "请返回上一页，刷新后重试。")
FORBIDDEN = Refusal(
    403, "没有权限", "您的岗位不能使用这一功能。", "如工作需要，请联系本单位系统管理员调整任职。"
)
NOT_FOUND = Refusal(404, "没有找到", "该页面或记录不存在，或不在您的管辖范围。", "请从导航或列表重新进入。")
NO_OFFICE = Refusal(403, "尚未任职", "您的账号目前没有任何岗位。", "请联系本单位系统管理员登记任职。")
TOO_LARGE = Refusal(
    413, "内容过大", "提交的内容超过了系统允许的大小。", "请减少内容，或把文件拆分后分批上传。"
)
NUMBER_IN_URL = Refusal(
    400,
    "网址中不能写号码",
    "身份证号、学籍号、银行账号会留在浏览器和服务器的记录里，因此不在网址中处理。",
    "请打开列表，在搜索框中输入号码查找。",
)
BROKEN = Refusal(
    500,
    "系统出错了",
    "本次操作没有完成，未完成的部分不会保存。",
    "请稍后重试；如果再次出现，请把出错时间和正在做的操作告诉本单位系统管理员。",
)
TOO_MANY = Refusal(429, "操作过于频繁", "短时间内请求过多，已暂时限制。", "请稍等几分钟再试。")
STALE = Refusal(403, "页面已过期", "登录状态已变化，本次提交没有保存。", "请返回上一页，刷新后重新提交。")


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a whole page, as a message when htmx asked, or as a problem of the API."""
    if problems.is_for_api(request):
        return problems.of_status(refusal.status)
    if "HX-Request" in request.headers and refusal.status in (400, 409, 422):
        return fragment(request, refusal.text)
    return render(request, "web/error.html", {"error": refusal}, status=refusal.status)


def fragment(request: HttpRequest, text: str) -> HttpResponse:
    """A refusal at the head of the page the user is on; the rest of the page stays."""
    notice = {"level": "error", "text": text}
    response = render(request, "web/parts/messages.html", {"notice": notice}, status=422)
    response.headers["HX-Retarget"] = "#dt-messages"
    response.headers["HX-Reswap"] = "innerHTML show:top"
    response.headers["HX-Push-Url"] = "false"
    return response


def refuse(request: HttpRequest, error: PortalError) -> HttpResponse:
    """The answer to a deed that an action refused."""
    if isinstance(error, TooMany):
        response = too_many_requests(request)
        response.headers["Retry-After"] = str(error.wait)
        return response
    if isinstance(error, Conflict):
        return answer(request, Refusal(409, "内容已被更改", error.message, "请刷新后查看最新内容。"))
    return answer(request, Refusal(400, "操作没有完成", error.message, "没有保存任何改动。"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400; what is too large to be read has words of its own."""
    return answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return answer(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return answer(request, NOT_FOUND)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For limits on log-ins and exports."""
    return answer(request, TOO_MANY)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return answer(request, STALE)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: no context processor runs, the database may be the thing that failed."""
    if problems.is_for_api(request):
        return problems.of_status(500)
    return bare(BROKEN)


def bare(refusal: Refusal) -> HttpResponse:
    """A refusal that needs neither session nor database."""
    return HttpResponse(render_to_string("web/bare.html", {"error": refusal}), status=refusal.status)

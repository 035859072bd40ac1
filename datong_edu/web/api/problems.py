"""Every refusal of the API as application/problem+json (RFC 9457).

`code` is stable and for machines; `title` and `detail` are Chinese and say what to do.  Nothing that a client
sent is repeated: it may hold a number of a person.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from datong_edu.core.exceptions import Conflict, PortalError, RefusedFile
from datong_edu.web.limits import TooMany

log = structlog.get_logger(__name__)

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """One kind of refusal."""

    status: int
    code: str
    title: str
    detail: str


INVALID = Problem(400, "invalid_request", "请求内容有误", "请按 errors 中的说明改正后重新发送。")
MALFORMED = Problem(
    400, "malformed_request", "请求无法读取", "请求体不是有效的 JSON 或表单，请检查后重新发送。"
)
NUMBER_IN_URL = Problem(
    400,
    "number_in_url",
    "网址中不能写号码",
    "身份证号、学籍号等只能放在 POST 的请求体里，请改用 POST /api/v1/persons/lookup。",
)
NOT_LOGGED_IN = Problem(
    401,
    "not_authenticated",
    "没有有效的令牌",
    "请用客户端编号和密钥向 /api/v1/token 换取令牌，放在 Authorization: Bearer 中。",
)
BAD_TOKEN = Problem(
    401,
    "invalid_token",
    "令牌无效或已过期",
    "请重新换取令牌；如仍被拒绝，客户端可能已停用或到期，请联系系统管理员。",
)
FORBIDDEN = Problem(403, "forbidden", "没有权限", "这个客户端或令牌不能做这件事，请核对令牌的权限范围。")
NOT_FOUND = Problem(404, "not_found", "没有找到", "地址不存在，或这条记录不存在、不在本客户端的县区范围内。")
BAD_METHOD = Problem(
    405, "method_not_allowed", "不支持这种请求方法", "请按接口文档使用 Allow 头中列出的方法。"
)
NOT_ACCEPTABLE = Problem(
    406, "not_acceptable", "不支持要求的格式", "接口只返回 JSON，请把 Accept 改为 application/json。"
)
CONFLICT = Problem(409, "conflict", "与当前状态冲突", "请先查询最新状态。")
TOO_LARGE = Problem(413, "too_large", "内容过大", "请减小文件或请求体后重新发送。")
BAD_MEDIA_TYPE = Problem(
    415,
    "unsupported_media_type",
    "不支持这种内容类型",
    "请按接口文档使用 application/json 或 multipart/form-data。",
)
REFUSED = Problem(422, "refused", "没有办理", "请按说明改正。")
THROTTLED = Problem(429, "throttled", "请求过于频繁", "请等 Retry-After 头所示的秒数后再发送。")
BROKEN = Problem(
    500, "server_error", "系统出错", "系统内部出错，已记录。请稍后重试；再次失败请联系系统管理员。"
)

_OF_DRF: tuple[tuple[type[Exception], Problem], ...] = (
    (exceptions.ParseError, MALFORMED),
    (exceptions.NotAuthenticated, NOT_LOGGED_IN),
    (exceptions.AuthenticationFailed, BAD_TOKEN),
    (exceptions.PermissionDenied, FORBIDDEN),
    (PermissionDenied, FORBIDDEN),
    (exceptions.NotFound, NOT_FOUND),
    (Http404, NOT_FOUND),
    (exceptions.MethodNotAllowed, BAD_METHOD),
    (exceptions.NotAcceptable, NOT_ACCEPTABLE),
    (exceptions.UnsupportedMediaType, BAD_MEDIA_TYPE),
    (exceptions.Throttled, THROTTLED),
    (RequestDataTooBig, TOO_LARGE),
    (SuspiciousOperation, MALFORMED),
    (BadRequest, MALFORMED),
)


WORDS = {
    "invalid": "格式不对，请按接口文档填写。",
    "invalid_choice": "不是可用的值，请按接口文档选择。",
}
"""Instead of sentences of the libraries that repeat the value."""


class Refusal(exceptions.APIException):
    """A refusal with a code of its own: `Refusal(409, "ambiguous_identifier", title, detail, …)`."""

    def __init__(self, status: int, code: str, title: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status_code = status
        self.problem, self.more = Problem(status, code, title, detail), more


def body_of(problem: Problem, **more: Any) -> dict[str, Any]:
    """The members of a problem document."""
    return {
        "type": f"urn:datong-edu:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **more,
    }


def plain(problem: Problem, headers: Mapping[str, str] | None = None, **more: Any) -> JsonResponse:
    """A problem outside the framework: unknown addresses, a failure of the server, a number in the URL."""
    return JsonResponse(
        body_of(problem, **more),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )


def is_for_api(request: HttpRequest) -> bool:
    """Whether an answer must be a problem document and no page."""
    return request.path_info.startswith(PREFIX)


def of_status(status: int) -> HttpResponse:
    """The problem that stands for an error page."""
    kinds = (MALFORMED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, THROTTLED)
    return plain(next((kind for kind in kinds if kind.status == status), BROKEN))


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """EXCEPTION_HANDLER: a problem for everything that may go wrong; what is unforeseen is logged."""
    problem, more = _told(error)
    if problem is BROKEN:
        log.exception("api_failed", view=type(context["view"]).__name__, exc_info=error)
    response = Response(body_of(problem, **more), status=problem.status, content_type=MEDIA_TYPE)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(math.ceil(wait))
    return response


def _told(error: Exception) -> tuple[Problem, dict[str, Any]]:
    if isinstance(error, Refusal):
        return error.problem, error.more
    if isinstance(error, exceptions.ValidationError):
        return INVALID, {"errors": list(_faults(error.detail))}
    if isinstance(error, PortalError):
        return _of_portal(error), {}
    for kind, problem in _OF_DRF:
        if isinstance(error, kind):
            return problem, {}
    return BROKEN, {}


def _of_portal(error: PortalError) -> Problem:
    """A refusal of an action: its own sentence under the code that fits."""
    if isinstance(error, TooMany):
        return Problem(429, THROTTLED.code, THROTTLED.title, error.message)
    if isinstance(error, Conflict):
        return Problem(409, CONFLICT.code, CONFLICT.title, error.message)
    if isinstance(error, RefusedFile):
        return Problem(422, error.reason_key.lower(), "文件被拒收", error.message)
    return Problem(422, REFUSED.code, REFUSED.title, error.message)


def _faults(detail: Any, path: str = "") -> Any:
    """Every fault of a validation: which parameter, a stable code, a Chinese sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _faults(inner, here)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _faults(inner, f"{path}[{number}]" if nested else path)
    else:
        code = getattr(detail, "code", "invalid")
        yield {"field": path, "code": code, "detail": WORDS.get(code, str(detail))}


def phrase(status: int) -> str:
    """The English name of a status, for the OpenAPI file."""
    return HTTPStatus(status).phrase

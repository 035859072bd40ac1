"""POST /api/v1/token: credentials against a token (RFC 6749 §4.4), counted by address and by client."""

import base64
import binascii
import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.models import get_access_token_model
from oauth2_provider.views import TokenView

from datong_edu.accounts.addresses import client_address
from datong_edu.core import audit
from datong_edu.core.access import public
from datong_edu.web import limits
from datong_edu.web.api import problems

INVALID_CLIENT = problems.Problem(
    401,
    "invalid_client",
    "客户端编号或密钥不对",
    "请核对客户端编号和密钥；如仍被拒绝，客户端可能已停用，请联系系统管理员。",
)
REFUSALS = {
    "invalid_client": INVALID_CLIENT,
    "invalid_scope": problems.Problem(
        400,
        "invalid_scope",
        "权限范围不对",
        "scope 只能是这个客户端获准的范围，多个以空格分开；不写即为全部。",
    ),
    "unsupported_grant_type": problems.Problem(
        400, "unsupported_grant_type", "不支持这种方式", "grant_type 只能是 client_credentials。"
    ),
}
INVALID = problems.Problem(
    400,
    "invalid_request",
    "请求内容有误",
    "请以表单发送 grant_type=client_credentials，并提供客户端编号和密钥。",
)


class Token(TokenView):
    """The toolkit's token endpoint; errors have the members of RFC 6749 and those of a problem."""

    access = public("where clients prove who they are")
    http_method_names = ["post"]

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """405 as a problem."""
        return problems.plain(problems.BAD_METHOD, {"Allow": "POST"})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A token for half an hour, written to the audit trail; failures count as well."""
        try:
            limits.spend("api_token", client_address(request))
            limits.spend("api_token", hashlib.sha256(_client_named(request).encode()).hexdigest()[:32])
        except limits.TooMany as refused:
            return problems.plain(problems.THROTTLED, {"Retry-After": str(refused.wait)})
        if request.POST.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type")
        answer = super().post(request, *args, **kwargs)
        told = json.loads(answer.content)
        if answer.status_code != 200:
            return _refused(str(told.get("error", "")))
        _note(told["access_token"])
        return answer


def _client_named(request: HttpRequest) -> str:
    """The client id in the Authorization header or the form."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return str(request.POST.get("client_id", ""))
    try:
        return base64.b64decode(sent, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _note(access_token: str) -> None:
    checksum = hashlib.sha256(access_token.encode()).hexdigest()
    token = get_access_token_model().objects.select_related("application__unit").get(token_checksum=checksum)
    client = token.application
    audit.record(
        action="issue_token",
        by=client.user,
        subject=client,
        county=client.unit,
        source="api",
        detail={"scope": token.scope},
    )


def _refused(error: str) -> HttpResponse:
    problem = REFUSALS.get(error, INVALID)
    headers: dict[str, str] = {}
    if problem is INVALID_CLIENT:
        audit.record(action="token_refused", by=None, source="api")
        headers["WWW-Authenticate"] = 'Basic realm="datong-edu"'
    return problems.plain(problem, headers, error=problem.code)

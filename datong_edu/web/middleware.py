"""Habits of every request: no number in its address, a whole log-in behind it, no copy of its answer; what it
changes is on record with its page."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import resolve_url
from pghistory.middleware import HistoryMiddleware

from datong_edu.accounts import sessions
from datong_edu.accounts.session_store import SessionStore
from datong_edu.core.wall import standing
from datong_edu.core.wall.standing import NOBODY, behind
from datong_edu.web import errors
from datong_edu.web.api import problems

Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """What a page of ours never needs of a browser stays shut, also for a script that should not be there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]?\d(?:[\s\-—–_.·]?\d){14,18}[Xx]?(?![0-9A-Za-z])")


def holds_number(address: str) -> bool:
    """Whether an address holds an ID number, 学籍号, certificate or card: 15 to 19 digits, gaps aside.

    Ids of ours are no such numbers, nor is a blind index, whose digits stand among letters.
    """
    plain = unicodedata.normalize("NFKC", unquote_plus(unquote_plus(address)))
    return bool(_NUMBER.search(_UUID.sub(" ", plain)))


class NoNumbersInAddresses:
    """An address with a number of a person is refused: it would stay in histories and logs.

    The answer repeats nothing of it, and the request is logged without its address.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A query comes as Latin-1 text of its bytes, whatever a program wrote into it.
        query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace").decode(errors="replace")
        if not holds_number(f"{request.path_info}?{query}"):
            return self.get_response(request)
        is_for_api = problems.is_for_api(request)
        request.path = request.path_info = "/"  # Django logs a refusal with its path
        return problems.plain(problems.NUMBER_IN_URL) if is_for_api else errors.bare(errors.NUMBER_IN_URL)


class NoStore:
    """Pages hold personal data: browsers and proxies keep no copy unless a view says otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class HtmxLogin:
    """A fragment asked for after the session ended: the whole page goes to the log-in, not a corner of it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        target = response.headers.get("Location", "")
        if "HX-Request" in request.headers and target.startswith(resolve_url(settings.LOGIN_URL)):
            here = request.headers.get("HX-Current-URL", "")
            answer = HttpResponse(status=204)
            answer.headers["HX-Redirect"] = here or resolve_url(settings.LOGIN_URL)
            return answer
        return response


class RowSecurity:
    """Statements of a request run behind the database's wall: nobody's at first, then that of its user.

    An answer that streams is still made behind it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with behind(NOBODY):
            wall = self.wall(request)
            with behind(wall):
                response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _streamed(response.streaming_content, wall)
        return response

    def wall(self, request: HttpRequest) -> standing.Wall:
        """The wall of a request."""
        return NOBODY


class RowSecurityOfUser(RowSecurity):
    """The same, once the log-in is known."""

    def wall(self, request: HttpRequest) -> standing.Wall:
        """The wall of the user; nobody's while the log-in proves less than it must."""
        return request.user.wall if request.user.is_authenticated else NOBODY


def _streamed(content: Iterator[bytes], wall: standing.Wall) -> Iterator[bytes]:
    while True:
        with behind(wall):
            piece = next(content, None)
        if piece is None:
            return
        yield piece


class WholeLogIn:
    """A session lives while it is used, and ends when its log-in proved less than its user's offices ask for.

    That happens when an office is granted to somebody already logged in: they log in again, with a code.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if sessions.is_whole(request.session, request.user):
                cast(SessionStore, request.session).touch()
            else:
                logout(request)
                messages.warning(request, "您的岗位要求二次验证，请重新登录。")
        return self.get_response(request)


class History(HistoryMiddleware):
    """Changes made by a request tell the user, the address, and whether a page or the API made them."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the history keeps of a request."""
        told: dict[str, Any] = super().get_context(request)
        return told | {"source": "api" if problems.is_for_api(request) else "page"}

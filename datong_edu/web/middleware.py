"""Habits of every request: a whole log-in behind it, no copy of its answer, htmx sent to the log-in page, and
what it changes on record with its page."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import resolve_url
from pghistory.middleware import HistoryMiddleware

from datong_edu.accounts import sessions
from datong_edu.accounts.session_store import SessionStore
from datong_edu.accounts.walls import wall_of
from datong_edu.core.wall import standing
from datong_edu.core.wall.standing import NOBODY, behind

API = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


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
        return wall_of(request.user) if request.user.is_authenticated else NOBODY


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
        return told | {"source": "api" if request.path.startswith(API) else "page"}

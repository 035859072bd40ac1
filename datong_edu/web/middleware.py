"""Two habits of every answer: nothing stays in a cache, and a lost log-in sends htmx to the log-in page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

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

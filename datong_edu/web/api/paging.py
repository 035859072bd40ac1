"""Pages of the API: by cursor, in the order of the key, at most a thousand rows."""

from base64 import b64decode
from urllib.parse import parse_qsl

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from datong_edu.web.api.problems import Refusal

MOST = 1000


class ByCursor(CursorPagination):
    """`limit` rows (100 when not said, 1,000 at most); `next` and `previous` are whole addresses."""

    page_size = 100
    max_page_size = MOST
    page_size_query_param = "limit"
    cursor_query_param = "cursor"
    cursor_query_description = "翻页位置，取自上一页的 next 或 previous。"
    page_size_query_description = f"每页条数，1–{MOST}，默认 100。"
    ordering = "pk"

    def get_page_size(self, request: Request) -> int:
        """The number asked for; one out of range is refused, for a short page looks like the last."""
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= MOST):
            raise Refusal(400, "invalid_limit", "每页条数有误", f"limit 应为 1 到 {MOST} 的整数。")
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place a cursor names; one that is none of ours is refused."""
        sent = request.query_params.get("cursor")
        if sent is None:
            return None
        try:
            parts = dict(parse_qsl(b64decode(sent, validate=True).decode("ascii"), strict_parsing=True))
            if not {"p", "o", "r"} >= parts.keys() > set() or not all(map(str.isdigit, parts.values())):
                raise ValueError
            return super().decode_cursor(request)
        except (ValueError, NotFound):
            words = "cursor 应取自上一页的 next 或 previous，请从第一页重新开始。"
            raise Refusal(400, "invalid_cursor", "翻页位置有误", words) from None

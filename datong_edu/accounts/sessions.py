"""What a session remembers of its log-in, whether it was confirmed lately, and how sessions are ended."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from datong_edu.accounts.addresses import client_address
from datong_edu.accounts.models import PortalSession, User
from datong_edu.accounts.session_store import ENTRY
from datong_edu.core import audit

CONFIRMED = "confirmed"
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("QQBrowser", "QQ浏览器"),
    ("QIHU", "360浏览器"),
    ("360SE", "360浏览器"),
    ("Edg", "微软浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "谷歌内核浏览器"),
    ("Safari", "苹果浏览器"),
)
MACHINES = (
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "视窗电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "国产或其他电脑"),
)


def stamp(session: Any, *, second_factor: bool, request: HttpRequest | None = None) -> None:
    """Write down that a log-in is complete, from where, and whether a second factor was shown.

    A session without this stamp, or without a second factor that its user needs, ends at its next request.
    """
    session[ENTRY] = {
        "uid": str(uuid4()),
        "began": timezone.now().isoformat(),
        "second_factor": second_factor,
        "ip": client_address(request) if request else None,
        "browser": browser_words(request.META.get("HTTP_USER_AGENT", "")) if request else "",
    }
    confirm(session)


def is_whole(session: Any, user: User) -> bool:
    """Whether the log-in behind a session proved all that its user's offices of today ask for."""
    entry = session.get(ENTRY)
    return bool(entry) and (entry["second_factor"] or not user.needs_second_factor)


def confirm(session: Any) -> None:
    """Remember that the person at the browser has just proved who they are."""
    session[CONFIRMED] = timezone.now().timestamp()


def is_confirmed(session: Any) -> bool:
    """Whether that was proved within the minutes of CONFIRMED_FOR."""
    age: float = timezone.now().timestamp() - session.get(CONFIRMED, 0)
    return age <= settings.CONFIRMED_FOR.total_seconds()


def running(user: User) -> QuerySet[PortalSession]:
    """Sessions in which a user is logged in now, the one used last first."""
    rows = PortalSession.objects.filter(user=user, expire_date__gt=timezone.now(), uid__isnull=False)
    return rows.order_by("-seen_at", "session_key")


def end(*, user: User, by: User, uid: UUID | None = None, keep: str | None = None) -> int:
    """End one session of a user (`uid`) or all of them except the key to `keep`.  Returns how many ended."""
    rows = PortalSession.objects.filter(user=user)
    rows = rows.filter(uid=uid) if uid else rows.exclude(session_key=keep or "")
    ended, _ = rows.delete()
    if ended:
        audit.record(action="end_session", by=by, subject=user, detail={"sessions": ended})
    return ended


def browser_words(agent: str) -> str:
    """谷歌内核浏览器，视窗电脑: enough to know one's own browser again."""
    found = [next((words for mark, words in marks if mark in agent), "") for marks in (BROWSERS, MACHINES)]
    return "，".join(word for word in found if word) or "未知浏览器"

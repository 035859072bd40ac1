"""Limits on what is dear, counted in PostgreSQL: emptying Redis or starting a server anew resets nothing.

A window is fixed (this minute, this hour, this day); the count goes up by one statement, so that requests at
the same moment each count.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from datong_edu.core.exceptions import PortalError
from datong_edu.web.models import UseCount

_COUNT = """
INSERT INTO web_usecount (key, "window", seconds, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (key, seconds, "window") DO UPDATE SET used = web_usecount.used + 1 RETURNING used
"""


@dataclass(frozen=True)
class Spent:
    """What is left after one use: of the tightest window, and the seconds until it begins anew."""

    limit: int
    left: int
    wait: int


class TooMany(PortalError):
    """The limit of a window is used up; `wait` is the seconds until the next one."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"短时间内请求过多，请在 {max(1, -(-wait // 60))} 分钟后再试。")
        self.wait = wait


def spend(what: str, subject: object) -> Spent:
    """Count one use of something in every window; raises TooMany when one of them is full."""
    now = timezone.now()
    found = [_use(f"{what}:{subject}", seconds, most, now) for seconds, most in settings.LIMITS[what].items()]
    full = [one.wait for one in found if one.left < 0]
    if full:
        raise TooMany(max(full))
    return min(found, key=lambda one: one.left)


def expire() -> int:
    """Delete the counts of windows long past."""
    return UseCount.objects.filter(window__lt=timezone.now() - timedelta(days=2)).delete()[0]


def _use(key: str, seconds: int, most: int, now: datetime) -> Spent:
    start = int(now.timestamp()) // seconds * seconds
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, datetime.fromtimestamp(start, UTC), seconds])
        (used,) = cursor.fetchone()
    return Spent(most, most - used, start + seconds - int(now.timestamp()))

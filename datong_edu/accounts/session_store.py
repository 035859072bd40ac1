"""SESSION_ENGINE: sessions in PostgreSQL that know their user and end by themselves.

A session ends half an hour after it was last used and twelve hours after it began, whichever is nearer.  The
row holds that instant and Django's store never loads a row past it, so that pages, htmx and API obey alike.
"""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from datong_edu.accounts.models import PortalSession

ENTRY = "entry"
"""Key of what `sessions.stamp` wrote down when the log-in was complete."""
NOTED_EVERY = timedelta(minutes=1)
"""Use is noted this often at most: a page with ten fragments writes once."""


class SessionStore(DatabaseStore):
    """Django's database store over `PortalSession`."""

    row: PortalSession | None = None

    @classmethod
    def get_model_class(cls) -> type[PortalSession]:
        """The table."""
        return PortalSession

    def create_model_instance(self, data: dict[str, Any]) -> PortalSession:
        """The row of this session as it is saved now."""
        row = cast(PortalSession, super().create_model_instance(data))
        entry, now = data.get(ENTRY, {}), timezone.now()
        row.began_at = datetime.fromisoformat(entry["began"]) if entry else now
        row.seen_at = now
        row.expire_date = _ends_at(row.began_at, now)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if entry:
            row.uid, row.ip, row.browser = UUID(entry["uid"]), entry["ip"], entry["browser"]
        return row

    def _get_session_from_db(self) -> PortalSession | None:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        self.row = row if isinstance(row, PortalSession) else None
        return self.row

    def touch(self) -> None:
        """Note that the session is in use, which moves its idle limit on."""
        now = timezone.now()
        if self.row is None or now - self.row.seen_at < NOTED_EVERY:
            return
        PortalSession.objects.filter(pk=self.row.pk).update(
            seen_at=now, expire_date=_ends_at(self.row.began_at, now)
        )


def _ends_at(began_at: datetime, seen_at: datetime) -> datetime:
    return min(began_at + settings.SESSION_LONGEST, seen_at + settings.SESSION_IDLE)

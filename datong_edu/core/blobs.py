"""Files kept for some hours: encrypted together with their names, fetched by their owner only, then gone."""

import struct
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from datong_edu.core import crypto
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import StoredBlob

if TYPE_CHECKING:
    from datong_edu.accounts.models import User

# Swept hourly, so that nothing outlives 24 hours.
KEPT = timedelta(hours=23)
_LENGTH = struct.Struct("<I")


class Content(NamedTuple):
    """A file in clear."""

    name: str
    data: bytes


def keep(*, kind: str, content: Content, by: "User", about: dict[str, Any] | None = None) -> StoredBlob:
    """Keep a file for its owner for less than a day; `about` must hold keys and counts, never a person."""
    return StoredBlob.objects.create(
        kind=kind,
        cipher=_sealed(kind, content),
        about=about or {},
        created_by=by,
        expires_at=timezone.now() + KEPT,
    )


def replace(blob: StoredBlob, *, kind: str, content: Content, about: dict[str, Any]) -> None:
    """Put another file in the place of a kept one; its hours run on."""
    blob.kind, blob.about = kind, about
    blob.cipher = _sealed(kind, content)
    blob.save(update_fields=["kind", "about", "cipher"])


def content_of(blob: StoredBlob) -> Content:
    """The file in clear; PortalError when it is no longer there."""
    if blob.expires_at <= timezone.now():
        raise PortalError("文件已过24小时保留期或已删除，请重新上传。")
    plain = crypto.decrypt_blob(blob.kind, blob.cipher)
    (length,) = _LENGTH.unpack_from(plain)
    start = _LENGTH.size + length
    return Content(plain[_LENGTH.size : start].decode(), plain[start:])


def owned_by(user: "User", *kinds: str) -> QuerySet[StoredBlob]:
    """A user's own files that have not expired, latest first, without their bytes."""
    return StoredBlob.objects.filter(created_by=user, kind__in=kinds, expires_at__gt=timezone.now()).defer(
        "cipher"
    )


def expire() -> int:
    """Delete what is over its time; beat runs this every hour."""
    return StoredBlob.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _sealed(kind: str, content: Content) -> bytes:
    name = content.name.encode(errors="replace")
    return crypto.encrypt_blob(kind, _LENGTH.pack(len(name)) + name + content.data)

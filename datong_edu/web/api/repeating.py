"""Idempotency-Key: the same call sent twice is done once and answered alike.

The key is bound to its client and to what was sent: with other content it is refused (422), while the first
call is still under way too (409).  That a call is under way is held by a lock of the database session, which
ends with it, so that a server that dies leaves no key behind that nobody can use.  Only a call that succeeded
is kept, sealed, for a day.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from datong_edu.accounts.models import User
from datong_edu.core import crypto
from datong_edu.web.api.problems import Refusal
from datong_edu.web.models import RepeatableCall

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
LONGEST = 100
BLOB = "api.answer"


def once(request: Request, perform: Callable[[], Response], *, required: bool = False) -> Response:
    """Perform a call, or answer as before when its key has been used for the same content."""
    key = request.headers.get(HEADER, "").strip()
    if not key and not required:
        return perform()
    if not key or len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise Refusal(
            400,
            "idempotency_key_missing",
            "缺少重发标识",
            f"请在 {HEADER} 头中写本次调用独有的标识（例如 UUID，最长 {LONGEST} 个字符）；重发时不变。",
        )
    digest, client = _digest(request), cast(User, request.user)
    lock = f"{client.pk}:{key}"
    if not _take(lock):
        raise Refusal(
            409,
            "call_in_flight",
            "上一次调用还在处理",
            "同一重发标识的调用还没有结束，请稍等几秒后用同一标识重发。",
        )
    try:
        kept = RepeatableCall.objects.filter(client=client, key=key, at__gt=timezone.now() - KEPT).first()
        if kept is None:
            return _perform_and_keep(request, key, digest, perform)
        if kept.digest != digest:
            raise Refusal(
                422,
                "idempotency_key_reused",
                "重发标识已用于别的内容",
                "这个重发标识已经用于另一次调用，请为新的内容换一个标识。",
            )
        return _answer_again(kept)
    finally:
        _release(lock)


def expire() -> int:
    """Delete what was kept for a day."""
    return RepeatableCall.objects.filter(at__lte=timezone.now() - KEPT).delete()[0]


def _perform_and_keep(request: Request, key: str, digest: str, perform: Callable[[], Response]) -> Response:
    response = perform()
    told = {"data": response.data, "location": response.get("Location", "")}
    cipher = crypto.encrypt_blob(BLOB, json.dumps(told, ensure_ascii=False, default=str).encode())
    RepeatableCall.objects.update_or_create(
        client=cast(User, request.user),
        key=key,
        defaults={"digest": digest, "status": response.status_code, "cipher": cipher, "at": timezone.now()},
    )
    return response


def _answer_again(kept: RepeatableCall) -> Response:
    told = json.loads(crypto.decrypt_blob(BLOB, kept.cipher))
    response = Response(told["data"], status=kept.status)
    response["Idempotent-Replayed"] = "true"
    if told["location"]:
        response["Location"] = told["location"]
    return response


def _digest(request: Request) -> str:
    """Fingerprint of method, address and content; how a form was cut into parts does not matter."""
    seen = hashlib.sha256(f"{request.method} {request.path}".encode())
    data: Any = request.data
    if hasattr(data, "lists"):
        parts = [(name, value) for name, values in data.lists() for value in values]
    else:
        parts = [("", json.dumps(data, sort_keys=True, ensure_ascii=False))]
    for name, value in sorted(parts, key=lambda part: part[0]):
        seen.update(f"\0{name}\0".encode())
        if not isinstance(value, UploadedFile):
            seen.update(str(value).encode())
            continue
        seen.update(f"{value.name}\0".encode(errors="replace"))
        for chunk in value.chunks():
            seen.update(chunk)
        value.seek(0)
    return seen.hexdigest()


def _take(lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"api call {lock}"])
        return bool(cursor.fetchone()[0])


def _release(lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"api call {lock}"])

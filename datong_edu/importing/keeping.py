"""What is kept of a batch beside its history line: file, samples, staged rows; encrypted, for some days."""

import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from datong_edu.core import crypto
from datong_edu.core.exceptions import PortalError
from datong_edu.importing.declare import roster_called
from datong_edu.importing.layout import SheetLayout
from datong_edu.importing.mending.overlay import forget_mends
from datong_edu.importing.models import ImportBatch, PreparedFile, StoredFile
from datong_edu.importing.staging import Stage

KEPT_UNAPPLIED = timedelta(days=7)
KEPT_APPLIED = timedelta(days=30)
BLOB_FILE, BLOB_SAMPLES = "stored_file", "file_samples"


def store_bytes(batch: ImportBatch, data: bytes) -> None:
    """Keep the bytes of an upload, encrypted."""
    StoredFile.objects.create(batch=batch, cipher=crypto.encrypt_blob(BLOB_FILE, data))


def stored_bytes(batch: ImportBatch) -> bytes:
    """The uploaded file in clear, for the reading process only."""
    stored = StoredFile.objects.filter(batch=batch).first()
    if stored is None:
        raise PortalError("上传的文件已过保留期，请重新上传。")
    return crypto.decrypt_blob(BLOB_FILE, stored.cipher)


def layouts_of(batch: ImportBatch) -> list[SheetLayout]:
    """Sheets and headings of a batch as they were found when it was read."""
    return [SheetLayout.from_description(sheet) for sheet in batch.layout.get("sheets", ())]


def samples_of(batch: ImportBatch) -> dict[str, dict[str, list[str]]]:
    """Up to three sample cells of each column, by sheet and letter, for the mapping page."""
    if batch.stored_file.samples is None:
        return {}
    found: dict[str, Any] = json.loads(crypto.decrypt_blob(BLOB_SAMPLES, batch.stored_file.samples))
    return found


def expire_batches() -> int:
    """Drop staged rows and files whose time is over; batches and provenance stay for ever."""
    late = ImportBatch.objects.whole_city().filter(file_kept_until__lt=timezone.now())
    for batch in late:
        with transaction.atomic():
            drop_content(batch)
            ImportBatch.objects.whole_city().filter(pk=batch.pk).update(file_kept_until=None)
    return len(late)


def drop_content(batch: ImportBatch) -> None:
    """Delete a batch's files, its staged rows and what was typed for them; its history line stays."""
    Stage(roster_called(batch.kind), batch.pk).drop()
    StoredFile.objects.filter(batch=batch).delete()
    PreparedFile.objects.filter(batch=batch).delete()
    forget_mends(batch)

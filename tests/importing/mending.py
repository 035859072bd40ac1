"""What tests of mending share: a clerk, a roll with faults, and the forms of the preview."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from datong_edu.importing.models import ImportBatch
from tests.importing import rosters
from tests.importing.test_views import (
    _in_autumn_2020,
    address,
    client_of,
    uploaded,
)

assert _in_autumn_2020  # used by every test here
KIND = "student_registry"
HOPE = "浑源县希望小学"


@pytest.fixture
def clerk() -> Client:
    """浑源县's clerk."""
    return client_of()


def roll(folder: Path, *lines: dict[str, object], name: str = "在校生.xlsx") -> dict[str, Any]:
    """What `checked` takes: a small roll of pupils."""
    return {"file": rosters.save(folder, lines, name), "kind": KIND}


def faulty_roll(folder: Path) -> dict[str, Any]:
    """A good pupil, two of a school nobody knows, one of a grade nobody knows."""
    return roll(
        folder,
        rosters.pupil(姓名="侯明远"),
        rosters.pupil(姓名="姚静怡", 学校名称=HOPE),
        rosters.pupil(姓名="梁小军", 学校名称=HOPE),
        rosters.pupil(姓名="赵倩", 年级="四年机"),
    )


def lines_of(client: Client, batch: ImportBatch, bucket: str = "refused") -> list[Any]:
    """The lines of one bucket as the page has them."""
    lines: list[Any] = client.get(address(batch), {"bucket": bucket}).context["lines"]
    return lines


def mend(client: Client, batch: ImportBatch, typed: dict[str, str], **more: Any) -> Any:
    """Post the form of the preview: `typed` by name of the field, rows from the names."""
    rows = {name.split("-")[1] for name in typed} | set(more.pop("rows", ()))
    form = {"checked": batch.job_id, "bucket": "refused", "row": sorted(rows)} | typed | more
    return client.post(address(batch, "mend"), form)


def answer(client: Client, batch: ImportBatch, reason: str, field: str, **more: Any) -> Any:
    """Post the form of a cause."""
    form = {"checked": batch.job_id, "reason": reason, "field": field} | more
    return client.post(address(batch, "cause"), form)


def next_month(client: Client, folder: Path, **given: object) -> ImportBatch:
    """A second file of the same unit, read and checked without a question."""
    return uploaded(client, **roll(folder, rosters.pupil(姓名="段小红", **given), name="下月.xlsx"))


def counts(batch: ImportBatch) -> tuple[int, int]:
    """Rows that are new and rows that are refused."""
    return batch.counts["new"], batch.counts["refused"]

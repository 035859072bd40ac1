"""The compare tool as a clerk uses it: a list of 20,000 lines from upload to download, xlsx and csv."""

from datetime import date
from io import BytesIO

import psutil
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import Unit
from datong_edu.core import jobs
from datong_edu.core.idnumber import check_character
from datong_edu.core.models import StoredBlob
from datong_edu.core.sensitive import unseal
from datong_edu.demo.bench.checks import COUNTY
from datong_edu.demo.bench.figures import Figure, Watch
from datong_edu.demo.bench.pages import as_clerk
from datong_edu.desk import tasks  # noqa: F401  registers the job, as a worker does
from datong_edu.desk.comparing.columns import COLUMNS
from datong_edu.registry.models import Enrolment

ROWS, FURTHER = 20_000, 16
UNKNOWN_EVERY, NAME_ONLY_EVERY = 7, 11


def measure() -> list[Figure]:
    """Seconds from the upload to the last byte of the result, the job's work included."""
    lines = _lines()
    figures = []
    with as_clerk() as client:
        for suffix, data in (("xlsx", _workbook(lines)), ("csv", _text(lines))):
            begun = _busy_seconds()
            with Watch() as watch:
                size = _compare(client, f"名单.{suffix}", data)
            figures += [
                Figure(f"compare.{suffix}.seconds", watch.seconds, "s"),
                Figure(f"compare.{suffix}.cpu", _busy_seconds() - begun, "s"),
                Figure(f"compare.{suffix}.speed", ROWS / watch.seconds, "rows/s"),
                Figure(f"compare.{suffix}.peak", watch.peak, "MB"),
                Figure(f"compare.{suffix}.size", size / 1_000, "kB"),
            ]
    return figures


def _busy_seconds() -> float:
    """Processor seconds of this process and its reading processes: what a busy machine does not distort."""
    own = psutil.Process()
    return sum(
        times.user + times.system
        for times in (each.cpu_times() for each in (own, *own.children(recursive=True)))
    )


def _compare(client: Client, name: str, data: bytes) -> int:
    """Upload, let the worker's job run, ask for the page and take the file; its size in bytes."""
    form = {"file": SimpleUploadedFile(name, data), "columns": [column.key for column in COLUMNS]}
    answer = client.post(reverse("desk:compare"), form, secure=True)
    blob = StoredBlob.objects.latest("pk")
    if blob.job_id is not None:
        jobs.run(blob.job_id)
    page = client.get(reverse("desk:compared", args=[blob.uid]), secure=True)
    taken = client.get(reverse("desk:compared-file", args=[blob.uid]), secure=True)
    content = b"".join(taken.streaming_content)  # type: ignore[attr-defined]
    if (answer.status_code, page.status_code, taken.status_code) != (302, 200, 200) or not content:
        raise RuntimeError(f"compare answered {answer.status_code}, {page.status_code}, {taken.status_code}")
    return len(content)


def _lines() -> list[list[str]]:
    """Pupils of the measured county over and over, some unknown, some by name only, with further columns."""
    county = Unit.objects.get(code=COUNTY)
    pupils = [
        (name, unseal("id_no", cipher, index), school)
        for name, cipher, index, school in Enrolment.objects.for_county(county)
        .exclude(id_no_index=None)
        .order_by("pk")
        .values_list("name", "id_no", "id_no_index", "school__name")[:ROWS]
    ]
    further = [f"内容{place}" for place in range(FURTHER)]
    lines = [["序号", "姓名", "身份证号", "学校", *(f"附{place}" for place in range(FURTHER))]]
    for at in range(ROWS):
        name, number, school = pupils[at % len(pupils)]
        if at % UNKNOWN_EVERY == 0:
            body = f"{COUNTY}{date(2008 + at % 8, 1 + at % 12, 1 + at % 28):%Y%m%d}{at % 1000:03}"
            number = body + check_character(body)
        elif at % NAME_ONLY_EVERY == 0:
            number = ""
        lines.append([str(at + 1), name, number, school, *further])
    return lines


def _workbook(lines: list[list[str]]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    return target.getvalue()


def _text(lines: list[list[str]]) -> bytes:
    return "\r\n".join(",".join(line) for line in lines).encode("gb18030")

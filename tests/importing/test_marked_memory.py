"""The marked workbook of a long file of nothing but errors: complete, and made in bounded memory.

A worker of its own makes it, so that neither the check before nor the reading after counts.  Its memory is
the peak the kernel tells of the process that does the work and of the one that reads the file for it.
"""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import NamedTemporaryFile

import psutil
import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook

from datong_edu.accounts.actions import service_account
from datong_edu.core.models import JobState
from datong_edu.importing import prepared, tasks
from datong_edu.importing.enums import Purpose
from datong_edu.importing.models import ImportBatch
from tests import factories as make
from tests.importing.test_workbook import checked
from tests.worker.fixtures import StartWorker, emptied_staging, start_worker
from tests.worker.process import Worker, state_of

assert tasks  # a worker finds the kinds of job by itself, this process by this import
assert emptied_staging
assert start_worker
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KIND, ROWS = "r2_living_allowance", 200_000
MOST_OF_WORKER, MOST_TOGETHER = 400 * 2**20, 1_000 * 2**20
"""Bytes; a worker that has done nothing yet takes about 110 MB of them."""
PATIENCE = 1_200


def peak_of(process: psutil.Process) -> int:
    """The most memory a process has ever held, in bytes; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    told = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(told.split()[1]) * 1024


def peaks_while_making(batch: ImportBatch, worker: Worker) -> tuple[int, int]:
    """Peak of the process at work, and of it together with those it started."""
    job = prepared.ask_for(batch=batch, purpose=Purpose.ERRORS, by=service_account()).job
    assert job is not None
    at_work, peaks, deadline = psutil.Process(worker.process.pid), {}, time.monotonic() + PATIENCE
    while state_of(job) not in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        assert time.monotonic() < deadline, (job.state, job.phase)
        for process in at_work.children(recursive=True):
            peaks[process] = max(peaks.get(process, 0), peak_of(process))
        time.sleep(0.2)
    assert state_of(job) == JobState.DONE, job.message
    ordered = sorted(peaks, key=lambda process: process.create_time())
    return peaks[ordered[0]], sum(peaks.values())


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods", "csv"])
def test_marked_workbook_of_200000_errors_is_made_in_bounded_memory(
    form: str, tmp_path: Path, start_worker: StartWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    make.load_reference()
    file = tmp_path / f"名单.{form}"
    words = [sys.executable, "-m", "tests.importing.long_files", str(file), str(ROWS)]
    subprocess.run(words, check=True, cwd=settings.BASE_DIR)
    batch = checked(file, KIND, "140225")
    assert batch.counts["refused"] == ROWS
    worker_peak, together = peaks_while_making(batch, start_worker())
    with capsys.disabled():
        print(f"\n{form}: worker {worker_peak / 2**20:.0f} MB, together {together / 2**20:.0f} MB")  # noqa: T201  the figure is the point
    assert worker_peak < MOST_OF_WORKER
    assert together < MOST_TOGETHER
    made = prepared.ready(batch, Purpose.ERRORS)
    assert made is not None
    with NamedTemporaryFile(dir=tmp_path, suffix=".xlsx") as marked:
        for piece in prepared.pieces_of(made):
            marked.write(piece)
        marked.flush()
        book = CalamineWorkbook.from_path(marked.name)
        *sheets, summary = book.sheet_names
        explained = 0
        for sheet in sheets:
            lines = book.get_sheet_by_name(sheet).to_python()
            explained += sum(1 for line in lines[1:] if "学校" in str(line[-1]) and "金额" in str(line[-1]))
    assert (summary, explained) == ("摘要", ROWS)

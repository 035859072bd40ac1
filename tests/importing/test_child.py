"""Files are read in a process that may die, hang or burst without harm to the portal."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing import warm
from datong_edu.importing.child import read_in_child
from datong_edu.importing.gate import DEFAULT_LIMITS, FileFormat, Limits
from datong_edu.importing.layout import Vocabulary
from tests.workbooks import builders

VOCABULARY = Vocabulary.of_fields(dict.fromkeys(("seq", "school", "name", "id_no", "amount"), ()))
MANY = (
    "序号,学校,姓名,身份证号,金额\n" + "1,浑源县第一小学校,邵亮燃,140225201405128513,625\n" * 20_000
).encode()


def refusal_of(data: bytes, limits: Limits = DEFAULT_LIMITS, name: str = "名单") -> RefusedFile:
    with (
        pytest.raises(RefusedFile) as refusal,
        read_in_child(name, data, vocabulary=VOCABULARY, limits=limits) as reading,
    ):
        list(reading.slices())
    return refusal.value


def test_child_hands_rows_over_in_slices() -> None:
    told: list[int] = []
    with read_in_child("名单.csv", MANY, vocabulary=VOCABULARY, on_progress=told.append) as reading:
        assert reading.kind.format is FileFormat.TEXT
        assert reading.sheets[0].columns[2].heading == "姓名"
        sizes = [len(rows) for _, rows in reading.slices()]
    assert sizes == [1000] * 20
    assert told[-1] == 20_000
    assert (reading.sheets[0].data_rows, reading.sheets[0].last_data_row) == (20_000, 20_001)


def test_child_keeps_cell_types_and_hidden_rows() -> None:
    book = builders.workbook([builders.HEADINGS, [1, "学校", "张三", "=A1", True]])
    book.active.row_dimensions[2].hidden = True
    with read_in_child("名单", builders.saved(book), vocabulary=VOCABULARY) as reading:
        [(sheet, [row])] = reading.slices()
    assert (sheet.name, row.number, row.hidden) == ("名单", 2, True)
    assert row.cells[0] == 1.0
    assert row.cells[4] is True
    assert row.cells[3].text == "=A1"


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("EMPTY_FILE", b""),
        ("NO_HEADER", b"a,b\n1,2\n"),
        ("NO_DATA", "姓名,身份证号\n".encode()),
        ("DAMAGED", builders.raw_xlsx('<row r="1"><c r="A1"><v>1</v></c', more={"xl/styles.xml": "<a"})),
        ("DAMAGED", builders.raw_xlsx("", more={"xl/workbook.xml": "<workbook>"})),
        (
            "DAMAGED",
            builders.compound({"Workbook": builders.record(0x0809, b"\x00" * 16) + builders.record(10)}),
        ),
    ],
)
def test_child_refuses(reason: str, data: bytes) -> None:
    assert refusal_of(data).reason_key == reason


def test_child_out_of_memory_is_a_refusal() -> None:
    refusal = refusal_of(MANY * 20, replace(DEFAULT_LIMITS, memory_bytes=100 * 2**20))
    assert refusal.reason_key == "TOO_LARGE_UNPACKED"


def test_child_without_answer_is_stopped() -> None:
    started = time.monotonic()
    refusal = refusal_of(MANY, replace(DEFAULT_LIMITS, silence_seconds=0.01))
    assert refusal.reason_key == "TOO_LARGE_UNPACKED"
    assert time.monotonic() - started < 5


def test_child_is_gone_after_the_block() -> None:
    with read_in_child("名单.csv", MANY, vocabulary=VOCABULARY) as reading:
        next(iter(reading.slices()))
    with pytest.raises(ProcessLookupError):
        os.kill(reading.child.pid, 0)


def test_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_FIELD_KEY", "geheim")
    with read_in_child("名单.csv", MANY, vocabulary=VOCABULARY) as reading:
        environment = Path(f"/proc/{reading.child.pid}/environ").read_bytes()
    assert b"LC_ALL" in environment
    assert b"PORTAL" not in environment


def pid_of_whole_reading(data: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
    try:
        with read_in_child("名单.csv", data, vocabulary=VOCABULARY, limits=limits) as reading:
            for _ in reading.slices():
                pass
            return reading.child.pid
    except RefusedFile:
        return 0


def test_child_reads_file_after_file() -> None:
    first = pid_of_whole_reading(MANY)
    assert pid_of_whole_reading(b"a,b\n1,2\n") == 0
    assert pid_of_whole_reading(MANY) == first


def test_child_that_was_stopped_is_replaced() -> None:
    with read_in_child("名单.csv", MANY, vocabulary=VOCABULARY) as reading:
        next(iter(reading.slices()))
        stopped = reading.child.pid
    assert pid_of_whole_reading(MANY) != stopped


def test_child_that_died_while_waiting_is_replaced() -> None:
    waiting = pid_of_whole_reading(MANY)
    os.kill(waiting, signal.SIGKILL)
    wait_until_gone(waiting)
    assert pid_of_whole_reading(MANY) not in {0, waiting}


def test_child_is_replaced_after_its_share_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    warm.stop_all()
    monkeypatch.setattr(warm, "FILES_EACH", 2)
    pids = [pid_of_whole_reading(MANY) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_children_of_several_threads_are_their_own() -> None:
    few = b"\n".join(MANY.splitlines()[:2001])
    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(lambda times: rows_in(few + b"\n", times), [1, 2, 3, 4] * 3))
    assert counts == [2_000, 4_000, 6_000, 8_000] * 3


def rows_in(data: bytes, times: int) -> int:
    whole = data + data.partition(b"\n")[2] * (times - 1)
    with read_in_child("名单.csv", whole, vocabulary=VOCABULARY) as reading:
        return sum(len(rows) for _, rows in reading.slices())


def test_forked_worker_has_children_of_its_own() -> None:
    ours = pid_of_whole_reading(MANY)
    told, tell = os.pipe()
    worker = os.fork()
    if not worker:
        try:
            theirs = pid_of_whole_reading(MANY)
            os.write(tell, str(theirs).encode())
            warm.stop_all()
        finally:
            os._exit(0)
    os.waitpid(worker, 0)
    theirs = int(os.read(told, 20))
    os.close(told)
    os.close(tell)
    assert theirs not in {0, ours}
    assert pid_of_whole_reading(MANY) == ours


def test_waiting_child_leaves_with_its_portal() -> None:
    waiting = pid_of_whole_reading(MANY)
    told, tell = os.pipe()
    portal = os.fork()
    if not portal:
        os.write(tell, str(pid_of_whole_reading(MANY)).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(portal, 0)
    orphan = int(os.read(told, 20))
    os.close(told)
    os.close(tell)
    assert orphan not in {0, waiting}
    wait_until_gone(orphan)


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process; one that nobody has asked after yet counts as gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")

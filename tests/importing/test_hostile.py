"""Hostile files end in a sentence for the clerk or in rows with reasons; none ends in an error or a hang."""

import re
import time
from pathlib import Path

import pytest

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing import actions, warm
from datong_edu.importing.child import read_in_child
from datong_edu.importing.declare import roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.gate.names import LONGEST_NAME, NAMELESS, shown_name
from datong_edu.importing.mapping import vocabulary
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.reasons import REASONS
from tests import factories as make
from tests.importing import hostile
from tests.importing.command import import_roster, row_counts
from tests.importing.test_views import client_of, page, uploaded

KIND = "r2_living_allowance"
SECONDS = 30
OWNED = Path("/tmp/datong_owned")


@pytest.mark.parametrize("name", hostile.FILES)
def test_hostile_file_harms_nothing(books: None, tmp_path: Path, name: str) -> None:
    case = hostile.FILES[name]
    file = tmp_path / case.name
    file.write_bytes(case.build())
    before = row_counts()
    started = time.monotonic()
    answer = import_roster(file, KIND, apply=False)
    assert time.monotonic() - started < SECONDS
    assert row_counts() == before
    assert not OWNED.exists()
    said = answer.said
    if said["outcome"] == "refuse":
        assert answer.code == 2
        assert said["reason"] in case.outcomes, said
        assert said["reason"] in REASONS
        assert re.search(r"请.*。$", said["message"])
        assert not re.search(r"Error|Traceback|None|/etc/passwd", said["message"])
        return
    assert hostile.READ in case.outcomes, answer.text[:500]
    counts = said["counts"]
    assert counts["accepted"] + counts["rejected"] == counts["data_rows"]
    assert all(row["reasons"] for row in said["rejected"])
    if case.stored is not None:
        assert counts["accepted"] == case.stored, said["rejected"]


@pytest.mark.parametrize(
    "name", [name for name, case in hostile.FILES.items() if hostile.READ in case.outcomes]
)
def test_pages_of_a_hostile_file_are_shown(books: None, name: str) -> None:
    case = hostile.FILES[name]
    clerk = client_of()
    batch = uploaded(clerk, content=case.build(), name=case.name, kind=KIND)
    assert batch.state in {BatchState.REFUSED, BatchState.MAPPING, BatchState.READY}
    shown = page(clerk, batch)
    assert not re.search(r"<script>alert|<img src=x", shown)


def test_there_are_many_kinds_of_hostile_files() -> None:
    assert len(hostile.FILES) >= 70


def test_truncated_files_are_refused_or_read() -> None:
    words = vocabulary(roster_called(KIND))
    ends = set()
    for name, data in hostile.truncated():
        try:
            with read_in_child(name, data, vocabulary=words) as reading:
                ends.add(sum(len(rows) for _, rows in reading.slices()))
        except RefusedFile as refusal:
            ends.add(refusal.reason_key)
    assert ends <= {"DAMAGED", "NO_HEADER", "NO_DATA", "NOT_A_WORKBOOK", "NOT_TEXT", 1, 2}


def test_cells_that_would_act_are_kept_as_text(books: None, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(hostile.FILES["cells_that_would_act"].build())
    answer = import_roster(file, KIND, apply=False)
    notes = [row["values"]["note"] for row in answer.said["normalised"]]
    assert notes[0] == "=1+1"
    assert notes[2] == "<script>alert(1)</script>"


def test_child_lives_on_after_hostile_files() -> None:
    words = vocabulary(roster_called(KIND))
    for name in ("billion_laughs", "bad_checksum", "xls_of_rubbish", "noise_as_csv"):
        case = hostile.FILES[name]
        with pytest.raises(RefusedFile), read_in_child(case.name, case.build(), vocabulary=words):
            pass
    with read_in_child("名单.xlsx", hostile.good(), vocabulary=words) as reading:
        assert sum(len(rows) for _, rows in reading.slices()) == 2
    warm.stop_all()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\用户\\名单.xlsx", "名单.xlsx"),
        ("/absolute/名单.xlsx", "名单.xlsx"),
        ("名\x00单\r\n.xlsx", "名单.xlsx"),
        ("名单\u202excod.xlsx", "名单xcod.xlsx"),
        ("名\udcff单.xlsx", "名单.xlsx"),
        ("名单.xlsx\u200b", "名单.xlsx"),
        ("..", NAMELESS),
        ("", NAMELESS),
        ("\x07", NAMELESS),
    ],
)
def test_file_name_is_shown_without_tricks(books: None, sent: str, kept: str) -> None:
    assert shown_name(sent) == kept
    assert received(sent).file_name == kept


@pytest.mark.parametrize("length", [255, 300, 5_000])
def test_long_file_name_keeps_its_ending(books: None, length: int) -> None:
    kept = received("名" * length + ".xlsx").file_name
    assert len(kept) == LONGEST_NAME
    assert kept.endswith("….xlsx")


def test_markup_in_a_file_name_stays_text(books: None) -> None:
    name = "<img src=x onerror=alert(1)>.xlsx"
    assert received(name).file_name == name


def received(name: str) -> ImportBatch:
    """A batch of a file of this name, read back from the database."""
    batch = actions.receive_file(
        kind="civil_list",
        unit=make.county("140225"),
        term=None,
        file_name=name,
        data=name.encode("utf-8", "replace"),
        by=make.user(),
    )
    return ImportBatch.objects.whole_city().get(pk=batch.pk)

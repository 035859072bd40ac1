"""Small workbooks, one mess or fault each: what is stored, what is refused and why, row by row."""

import zipfile
from collections import Counter
from io import BytesIO
from typing import Any

import pytest

from datong_edu.accounts.models import Unit
from datong_edu.importing.reasons import REASONS
from datong_edu.registry.models import School, SchoolAlias
from tests.importing.command import Answer, import_roster, row_counts
from tests.workbooks.build import FOLDER, described, manifest

ENTRIES = manifest()
AMBIGUOUS = "中心校"
"""A name that two schools of 浑源县 answer to."""


@pytest.fixture
def city(books: None) -> None:
    """The loaded city, in which two schools share a short name."""
    for code in ("2114900103", "2114900105"):
        school = School.objects.whole_city().get(code=code)
        SchoolAlias.objects.create(school=school, county=Unit.objects.get(code="140225"), name=AMBIGUOUS)


def by_row(answer: Answer, part: str) -> dict[int | str, list[str]]:
    """Reason keys by row as the manifest names rows."""
    return {
        _row(answer, line): sorted(reason["key"] for reason in line["reasons"]) for line in answer.said[part]
    }


def _row(answer: Answer, line: dict[str, Any]) -> int | str:
    tables = [sheet["name"] for sheet in answer.said["sheets"] if sheet["role"] == "data"]
    number: int = line["row"]
    return number if len(tables) == 1 else f"{line['sheet']}!{number}"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_golden_workbook_has_its_outcome(city: None, entry: dict[str, Any]) -> None:
    before = row_counts()
    answer = import_roster(
        FOLDER / entry["file"], entry["kind"], unit=entry["unit"], term=entry["term"], apply=False
    )
    assert row_counts() == before
    if "refusal" in entry:
        assert answer.said.get("reason") == entry["refusal"], answer.text[:800]
        assert answer.code == entry["exit"]
        return
    assert "counts" in answer.said, answer.text
    assert by_row(answer, "rejected") == {row: sorted(keys) for row, keys in entry.get("reasons", {}).items()}
    assert by_row(answer, "warnings") == {
        row: sorted(keys) for row, keys in entry.get("warnings", {}).items()
    }
    assert (answer.count("accepted"), answer.count("rejected")) == (entry["accepted"], entry["rejected"])
    assert answer.code == entry["exit"]
    stored = {_row(answer, line): line["values"] for line in answer.said["normalised"]}
    for row, values in entry.get("values", {}).items():
        assert {name: stored[row].get(name, "absent") for name in values} == values, row
    ignored = {
        at["row"]: at["reason"] for sheet in answer.said["sheets"] for at in sheet.get("ignored_rows", ())
    }
    for row, reason in entry.get("ignored", {}).items():
        assert ignored.get(row) == reason, row


def test_every_mess_is_covered_by_several_workbooks() -> None:
    points = Counter(point for entry in ENTRIES for point in entry["about"])
    assert set(points) == {str(number) for number in range(1, 12)}
    assert min(points.values()) >= 5
    assert len(ENTRIES) >= 60
    assert all("should_fail" in e["file"] or not e.get("rejected") for e in ENTRIES)


def test_manifest_names_only_known_reasons() -> None:
    keys = {key for entry in ENTRIES for keys in entry.get("reasons", {}).values() for key in keys}
    keys |= {entry["refusal"] for entry in ENTRIES if "refusal" in entry}
    assert keys <= set(REASONS)


def test_files_and_manifest_are_what_is_described() -> None:
    cases = sorted(described(), key=lambda case: case.path)
    assert [case.entry() for case in cases] == ENTRIES
    kept = {str(file.relative_to(FOLDER)) for file in FOLDER.glob("*/should_*/*")}
    assert kept == {case.path for case in cases}
    for case in cases:
        assert parts_of((FOLDER / case.path).read_bytes()) == parts_of(case.data), case.path
    sizes = [(FOLDER / case.path).stat().st_size for case in cases]
    assert max(sizes) < 20 * 1024
    assert sum(sizes) < 2**20


def parts_of(data: bytes) -> dict[str, bytes]:
    """Parts of an archive, unpacked, so that another compressor gives the same; other files whole."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return {"": data}

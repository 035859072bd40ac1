"""The sample workbooks of the county offices, each against the outcome written beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from datong_edu.importing.declare import ROSTERS
from tests.importing.command import SAMPLES, Answer, import_roster, row_counts

NAMES = sorted(path.name.removesuffix(".expected.json") for path in SAMPLES.glob("*.expected.json"))


def expected_of(name: str) -> dict[str, Any]:
    """The outcome written beside a sample."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


WRITTEN = [name for name in NAMES if not ROSTERS[expected_of(name)["roster"]].ledger_missing]
"""Samples whose ledger is built."""


def sample(name: str) -> tuple[Path, dict[str, Any]]:
    """A sample's file and its expected outcome."""
    expected = expected_of(name)
    return SAMPLES / expected["file"], expected


def imported(name: str, *, apply: bool = False) -> tuple[Answer, dict[str, Any]]:
    """What the command says of a sample, and what it should say."""
    path, expected = sample(name)
    unit, term = expected["county_code"], expected["term"]
    return import_roster(path, expected["roster"], unit=unit, term=term, apply=apply), expected


def rows_of(expected: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    """Expected reasons in the form of `Answer.rows`."""
    return {
        (row["sheet"], row["row"]): {
            (reason["key"], reason["column"], reason["heading"], reason["cell"]) for reason in row["reasons"]
        }
        for row in expected
    }


def test_samples_are_of_known_kinds() -> None:
    assert {expected_of(name)["roster"] for name in NAMES} <= set(ROSTERS)
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_sample_has_the_expected_outcome(books: None, name: str) -> None:
    before = row_counts()
    answer, expected = imported(name)
    said = answer.said
    assert answer.code == 0
    for key in ("file", "roster", "term", "county_code", "outcome", "encoding", "delimiter"):
        assert said.get(key) == expected.get(key), key
    for key, value in expected["counts"].items():
        assert said["counts"][key] == value, key
    found = {sheet["name"]: sheet for sheet in said["sheets"]}
    for sheet in expected["sheets"]:
        assert {key: found[sheet["name"]].get(key) for key in sheet} == sheet
    assert answer.rows("rejected") == rows_of(expected["rejected"])
    assert answer.rows("warnings") == rows_of(expected["warnings"])
    values = {(row["sheet"], row["row"]): row["values"] for row in said["normalised"]}
    assert len(values) == expected["counts"]["accepted"]
    for row in expected["normalised"]:
        got = values[row["sheet"], row["row"]]
        assert {key: got.get(key, "absent") for key in row["values"]} == row["values"], row["row"]
    assert row_counts() == before

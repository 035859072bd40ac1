"""The answer key as the scoring command reads it."""

import json
from pathlib import Path

import pytest

from datong_edu.demo.generator import build_city, write_city


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city")
    write_city(build_city(students=3000), path)
    return path


def test_key_names_term_day_and_seed(folder: Path) -> None:
    key = json.loads((folder / "answer_key.json").read_text())
    assert (key["term"], key["as_of"], key["seed"]) == ("2020-2021-1", "2020-12-15", 2020)
    assert all((folder / entry["file"]).exists() for entry in key["rosters"])


def test_each_rule_has_a_mend_that_closes_one_planted_subject(folder: Path) -> None:
    key = json.loads((folder / "answer_key.json").read_text())
    planted = {(mark["rule"], mark["subject"]) for mark in key["planted"]}
    assert len(key["fixes"]) == 10
    for rule, fixes in key["fixes"].items():
        for fix in fixes:
            assert (folder / fix["file"]).exists()
            assert {(rule, subject) for subject in fix["closes"]} <= planted


def test_subjects_are_written_as_in_the_findings_export(folder: Path) -> None:
    key = json.loads((folder / "answer_key.json").read_text())
    shapes = {
        "C10": lambda text: text.count("-") == 2,
        "C13": lambda text: text[0] in "GJL" and len(text) == 19,
        "C25": lambda text: len(text) == 18 and text[10] == "|",
        "C17": lambda text: len(text) in (14, 18),
    }
    for mark in key["planted"] + key["lookalikes"]:
        fits = shapes.get(mark["rule"], lambda text: len(text) == 18 and text == text.upper())
        assert fits(mark["subject"]), mark

"""The tables of requirements: every line names a test that exists, or says why there is none."""

import ast
from typing import Any

import pytest
import yaml

from tests.house.sources import ROOT

TABLES = {"asvs.yaml": 17, "domain_8.yaml": 5}
"""Table → its chapters."""


def lines(table: str) -> dict[str, tuple[str, str]]:
    """Number → what it asks for, and its test or reason."""
    chapters: dict[str, dict[Any, list[str]]] = yaml.safe_load(
        (ROOT / "tests" / table).read_text(encoding="utf-8")
    )
    return {
        f"{chapter.split()[0]} {number}": (asked[0], ", ".join(asked[1:]))
        for chapter, asks in chapters.items()
        for number, asked in asks.items()
    }


def fault_of(answer: str) -> str:
    """What is wrong with an answer; empty when it holds."""
    if answer.startswith("because "):
        return "" if len(answer) > len("because see ") else "says no reason"
    path, _, name = answer.partition("::")
    file = ROOT / path
    if not path.startswith("tests/") or not file.is_file():
        return "names no file"
    tests = {node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if hasattr(node, "name")}
    held = name in tests if name else any(test.startswith("test_") for test in tests)
    return "" if held else "names a test that does not exist"


@pytest.mark.parametrize("table", TABLES)
def test_every_requirement_has_its_test_or_reason(table: str) -> None:
    wrong = {key: fault for key, (_, answer) in lines(table).items() if (fault := fault_of(answer))}
    assert not wrong, f"tests/{table}: {wrong}"


def test_every_chapter_is_there() -> None:
    for table, chapters in TABLES.items():
        assert len({key.split()[0] for key in lines(table)}) == chapters


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("tests/house/test_requirements.py::test_gone", "names a test that does not exist"),
        ("tests/house/test_gone.py::test_gone", "names no file"),
        ("because ", "says no reason"),
        ("surely", "names no file"),
    ],
)
def test_empty_promise_is_found(answer: str, fault: str) -> None:
    assert fault_of(answer) == fault

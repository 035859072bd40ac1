"""Rules of the roster declarations: their headings, staged columns, ledgers and reason keys all exist."""

import ast
import re

import pytest

from datong_edu.importing.cleaning import RUNNING_NUMBER
from datong_edu.importing.declare import ROSTERS, Roster
from datong_edu.importing.headings import ALIASES
from datong_edu.importing.reasons import REASONS
from datong_edu.importing.staging import FIXED, VERDICT
from tests.house.sources import CHINESE, calls, modules, name_of

KEY = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DAMAGED|ENCRYPTED")
NAME_A_REASON = {"Refuse", "RefusedFile", "Warned", "refuse", "warn", "required", "wanted"}
each_roster = pytest.mark.parametrize("roster", ROSTERS.values(), ids=ROSTERS.keys())


def test_rosters_are_found() -> None:
    assert len(ROSTERS) >= 11, "a room's imports.py is no longer discovered"


@each_roster
def test_every_column_has_headings(roster: Roster) -> None:
    found = [column.field for column in roster.columns if not column.aliases and column.field not in ALIASES]
    assert not found, (
        f"{roster.key}: give the columns aliases, or name the field as importing.aliases does: {found}"
    )


@each_roster
def test_staged_columns_are_told_apart(roster: Roster) -> None:
    taken = [name for name, _ in (*FIXED, *VERDICT)]
    # Sheets of different make share staged columns: a row is of one of them.
    for part in roster.makes():
        staged = [name for column in part.columns for name in _staged(part, column.name)]
        names = [*taken, *staged, *(derived.name for derived in part.derived)]
        found = {name for name in names if names.count(name) > 1}
        assert not found, (
            f"{part.key}: staged twice, or a name of the stage itself (use value_field): {found}"
        )


@each_roster
def test_ledgers_have_the_columns(roster: Roster) -> None:
    for target in roster.targets:
        columns = {field.column for field in target.model._meta.local_fields}
        unknown = (set(target.columns) | set(target.key)) - columns
        assert not unknown, f"{roster.key}: {target.model.__name__} has no column {unknown}"
        assert set(target.key) <= set(target.columns), (
            f"{roster.key}: say what the key {target.key} comes from"
        )


@each_roster
def test_ledgers_are_filled_from_staged_columns(roster: Roster) -> None:
    staged = _all_staged(roster) | {name for name, _ in (*FIXED, *VERDICT)} | {"element"}
    for target in roster.targets:
        named = set(re.findall(r"\bs\.(\w+)", " ".join((*target.columns.values(), target.where))))
        assert not named - staged, f"{roster.key}: not staged: {named - staged}"
        assert not target.of_value or target.of_value in staged, (
            f"{roster.key}: {target.of_value} is not staged"
        )


@each_roster
def test_contradictions_are_looked_for_in_staged_columns(roster: Roster) -> None:
    staged, fields = _all_staged(roster), {column.field for column in roster.columns}
    for conflict in roster.conflicts:
        assert set(conflict.columns) <= staged, f"{roster.key}: not staged: {set(conflict.columns) - staged}"
        assert conflict.at in fields, f"{roster.key}: {conflict.at} is no column whose cell could be quoted"


@each_roster
def test_rosters_are_recognised_by_their_own_fields(roster: Roster) -> None:
    fields = {column.field for column in roster.columns}
    unknown = {name for heads in roster.recognised_by for name in heads} - fields
    assert not unknown, f"{roster.key}: recognised_by names no column of the roster: {unknown}"
    assert CHINESE.search(roster.title), f"{roster.key}: give it a Chinese title"


def test_every_reason_has_words() -> None:
    found = {
        f"{name_of(path)}:{call.lineno} {word.value}"
        for path in modules()
        if "settings" not in path.parts
        for call, called in calls(path)
        if called in NAME_A_REASON
        for word in ast.walk(call)
        if isinstance(word, ast.Constant)
        and isinstance(word.value, str)
        and KEY.fullmatch(word.value)
        and word.value not in REASONS
    }
    assert not found, f"add the key to importing.reasons: {sorted(found)}"


def test_reasons_are_chinese_sentences() -> None:
    found = [
        key for key, (title, remedy) in REASONS.items()
        if not CHINESE.search(title) or not CHINESE.search(remedy) or not remedy.endswith("。")
    ]  # fmt: skip
    assert not found, f"a title, and a remedy ending with 。: {found}"


def _staged(roster: Roster, name: str) -> list[str]:
    column = next(c for c in roster.columns if c.name == name)
    if column.field == RUNNING_NUMBER:
        return []
    return [name, f"{name}_index", f"{name}_masked"] if column.sealed else [name]


def _all_staged(roster: Roster) -> set[str]:
    names = {name for column in roster.columns for name in _staged(roster, column.name)}
    return names | {derived.name for derived in roster.derived}

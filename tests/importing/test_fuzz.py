"""Thousands of broken workbooks: each is refused or read; nothing else ever comes out, and nothing hangs."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.actions import user_called
from datong_edu.accounts.roles import Role
from datong_edu.core.exceptions import PortalError, RefusedFile
from datong_edu.core.models import Term
from datong_edu.importing import actions
from datong_edu.importing.checking import context_of
from datong_edu.importing.child import read_in_child
from datong_edu.importing.cleaning import RowCleaner, SheetMapping
from datong_edu.importing.declare import ROSTERS, Context, Roster, roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.headings import match_columns
from datong_edu.importing.layout import SheetLayout, SheetRole
from datong_edu.importing.mapping import vocabulary
from datong_edu.importing.reasons import REASONS
from tests import factories as make
from tests.importing.command import SAMPLES, import_roster
from tests.importing.mutation import mutations
from tests.workbooks.build import FOLDER, manifest

SECONDS = 30
FEW, PART, PARTS = 600, 1_000, 8
"""Mutations of a short run, of one part of the full run, and its parts: each part ends within minutes."""


@dataclass(frozen=True)
class Seed:
    """A sound file that is broken in many ways."""

    path: Path
    kind: str
    unit: str
    term: str | None


def seeds() -> list[Seed]:
    """All samples and golden workbooks."""
    found = []
    for file in sorted(SAMPLES.glob("*.expected.json")):
        about = json.loads(file.read_text(encoding="utf-8"))
        if about["roster"] in ROSTERS:
            found.append(Seed(SAMPLES / about["file"], about["roster"], about["county_code"], about["term"]))
    found += [Seed(FOLDER / e["file"], e["kind"], e["unit"], e["term"]) for e in manifest()]
    return found


SEEDS = seeds()


@pytest.fixture
def contexts(books: None) -> dict[tuple[str, str, str | None], Context]:
    """A context for each kind, unit and term, its books loaded."""
    clerk = make.user()
    found = {}
    for seed in SEEDS:
        key = (seed.kind, seed.unit, seed.term)
        if key not in found:
            term = Term.objects.get(code=seed.term) if seed.term else None
            unit = make.city() if seed.unit == "140200" else make.county(seed.unit)
            found[key] = context_of(unit=unit, term=term, by=clerk, batch_id=None)
            roster_called(seed.kind).prepare(found[key])
    return found


def cleaned(roster: Roster, sheet: SheetLayout, context: Context) -> RowCleaner:
    """The cleaner of a sheet as the headings alone map it."""
    fields = {column.field: column.aliases for column in roster.columns}
    matches = match_columns([column.heading for column in sheet.columns], fields)
    chosen = {c.index: m.field for c, m in zip(sheet.columns, matches, strict=True) if m}
    return RowCleaner(
        roster, context, SheetMapping(sheet.name, chosen, {c.index: c.heading for c in sheet.columns})
    )


def outcome(seed: Seed, data: bytes, context: Context) -> str:
    """Read, lay out and clean a file; the key of its refusal, or `read`."""
    roster = roster_called(seed.kind)
    try:
        with read_in_child(seed.path.name, data, vocabulary=vocabulary(roster)) as reading:
            context.is_text_file = reading.kind.encoding is not None
            cleaners = {
                sheet.name: cleaned(roster, sheet, context)
                for sheet in reading.sheets
                if sheet.role is SheetRole.DATA
            }
            for sheet, rows in reading.slices():
                for row in rows:
                    done = cleaners[sheet.name].clean(row.number, row.cells)
                    assert {key for key, _ in (*done.faults, *done.notes)} <= set(REASONS)
    except RefusedFile as refusal:
        return refusal.reason_key
    except PortalError:
        return "portal"
    return "read"


def run(
    count: int, seed: int, contexts: dict[tuple[str, str, str | None], Context], folder: Path, every: int
) -> None:
    """Break files and read them; every so many go through the whole import too."""
    files = [one.path.read_bytes() for one in SEEDS]
    ends: dict[str, int] = {}
    for number, at, data in mutations(files, count, seed):
        one = SEEDS[at]
        started = time.monotonic()
        try:
            end = outcome(one, data, contexts[one.kind, one.unit, one.term])
            if number % every == 0:
                whole_import(one, data, folder)
        except Exception as error:
            kept = folder / f"{number}-{one.path.name}"
            kept.write_bytes(data)
            raise AssertionError(f"mutation {number} of {one.path.name}, kept as {kept}") from error
        took = time.monotonic() - started
        assert took < SECONDS, f"mutation {number} of {one.path.name} took {took:.0f} s"
        ends[end] = ends.get(end, 0) + 1
    assert set(ends) <= {*REASONS, "read", "portal"}
    # A fuzz that breaks every file, or none, tests nothing.
    assert ends["read"] > count // 5, ends
    assert sum(ends.values()) - ends["read"] > count // 10, ends


def whole_import(seed: Seed, data: bytes, folder: Path) -> None:
    """The command's answer: read or refused, with its exit code."""
    file = folder / seed.path.name
    file.write_bytes(data)
    answer = import_roster(file, seed.kind, unit=seed.unit, term=seed.term, apply=False)
    said: dict[str, Any] = answer.said
    assert answer.code in {0, 2}
    assert said["outcome"] in {"import", "refuse"}
    batch = actions.receive_file(
        kind=seed.kind,
        unit=make.city() if seed.unit == "140200" else make.county(seed.unit),
        term=Term.objects.get(code=seed.term) if seed.term else None,
        file_name=seed.path.name,
        data=data,
        by=user_called(None),
    )
    actions.read_batch(batch=batch, by=user_called(None))
    batch.refresh_from_db()
    assert batch.state in {BatchState.REFUSED, BatchState.MAPPING, BatchState.READY}
    # Whatever the file holds, its page is shown to the clerk.
    client = Client()
    role = Role.OPERATOR if batch.county is None else Role.COUNTY_CLERK
    client.force_login(make.user(role, batch.unit))
    page = client.get(reverse("importing:batch", args=[batch.uid]))
    assert page.status_code == 200, page.status_code


def test_broken_workbooks_are_refused_or_read(contexts: Any, tmp_path: Path) -> None:
    run(FEW, 1, contexts, tmp_path, every=15)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 2 + PARTS))
def test_thousands_of_broken_workbooks_are_refused_or_read(contexts: Any, tmp_path: Path, seed: int) -> None:
    run(PART, seed, contexts, tmp_path, every=10)


def test_mutations_begin_with_every_kind_of_file() -> None:
    endings = {seed.path.suffix for seed in SEEDS}
    assert {".xlsx", ".xls", ".ods", ".csv", ".tsv"} <= endings
    assert len(SEEDS) > len(list(SAMPLES.glob("*.expected.json"))) + 60

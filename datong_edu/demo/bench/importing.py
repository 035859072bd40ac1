"""Import of a registry roll: rows a second and memory, the first time and again with some rows changed."""

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.models import Unit
from datong_edu.core.models import Term
from datong_edu.demo.bench import roll
from datong_edu.demo.bench.figures import Figure, Watch
from datong_edu.demo.bench.scratch import scratch_folder
from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Enrolment, School

KIND = "student_registry"
PEER_ROWS, TUNED_PEER_ROWS = 1_000, 4_000


class WrongCounts(AssertionError):
    """Two ways of importing do not agree about the rows of the same file; their speeds say nothing."""


@dataclass(frozen=True)
class Files:
    """The roll as first sent, as sent again, and what must come of it."""

    first: Path
    again: Path
    rows: int
    bad: int
    changed: int


def import_file(path: Path, *, kind: str, unit: Unit, term: Term | None) -> ImportBatch:
    """Receive, check and apply a file whose headings are known, as the browser's jobs do."""
    by = service_account()
    data = path.read_bytes()
    batch = actions.receive_file(kind=kind, unit=unit, term=term, file_name=path.name, data=data, by=by)
    batch.state = BatchState.CHECKING
    batch.save(update_fields=["state"])
    actions.check_batch(batch=batch, by=by)
    if batch.state != BatchState.READY:
        raise WrongCounts(f"{path.name}: {batch.get_state_display()} {batch.message}")
    actions.apply_batch(batch=batch, by=by)
    return batch


def measure(rows: int, *, peer: bool) -> list[Figure]:
    """Figures of the import, and with `peer` of two other ways to write it."""
    with scratch_folder() as folder:
        files = write_files(folder, rows)
        figures, speeds = _ours(files)
        forget_pupils()
        if peer:
            figures += _peers(folder, files, speeds)
    return figures


@transaction.atomic
def forget_pupils() -> None:
    """Empty the registry's tables, so that the next fill meets what the first one met."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check may be left waiting for an emptied row
        cursor.execute("ALTER TABLE registry_numberreveal DISABLE TRIGGER audit_kept")  # it holds none here
        cursor.execute("TRUNCATE registry_person CASCADE")
        cursor.execute("ALTER TABLE registry_numberreveal ENABLE TRIGGER audit_kept")
        for table in ("registry_person", "registry_enrolment"):
            cursor.execute(f"ANALYZE {table}")


def write_files(folder: Path, rows: int) -> Files:
    """Schools for a roll of so many rows, and both its files."""
    return _written(folder, rows, roll.found_schools(rows))


def _written(folder: Path, rows: int, schools: list[School]) -> Files:
    """Both files of a roll, made in a process of its own: its memory is no part of what is measured."""
    first, again = folder / f"first_{rows}.xlsx", folder / f"again_{rows}.xlsx"
    writer = get_context("fork").Process(target=_write, args=(rows, schools, first, again))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise WrongCounts(f"the roll of {rows} rows could not be written")
    return Files(first, again, rows, roll.bad_rows(rows), roll.changed_rows(rows))


def _write(rows: int, schools: list[School], first: Path, again: Path) -> None:
    drawn = roll.rows_of_roll(rows, schools)
    roll.write_roll(first, drawn)
    roll.change_some(drawn)
    roll.write_roll(again, drawn)


def _schools() -> QuerySet[School]:
    return School.objects.whole_city().order_by("pk")


def _ours(files: Files) -> tuple[list[Figure], tuple[float, float]]:
    unit, term = Unit.objects.city(), Term.objects.get(code=roll.TERM)
    good = files.rows - files.bad
    speeds, figures = [], []
    expected = (
        ("first", files.first, {"new": good, "changed": 0, "unchanged": 0}),
        ("again", files.again, {"new": 0, "changed": files.changed, "unchanged": good - files.changed}),
    )
    for label, path, counts in expected:
        with Watch() as watch:
            batch = import_file(path, kind=KIND, unit=unit, term=term)
        agree(label, batch.counts, counts | {"refused": files.bad})
        agree(label, {"stored": Enrolment.objects.whole_city().count()}, {"stored": good})
        speeds.append(files.rows / watch.seconds)
        figures += [
            Figure(f"import.{label}.seconds", watch.seconds, "s"),
            Figure(f"import.{label}.speed", speeds[-1], "rows/s"),
            Figure(f"import.{label}.peak_memory", watch.peak, "MB"),
        ]
    return figures, (speeds[0], speeds[1])


def agree(label: str, found: dict[str, int], expected: dict[str, int]) -> None:
    """Raise WrongCounts when a count is not the expected one."""
    wrong = {name: found.get(name) for name in expected if found.get(name) != expected[name]}
    if wrong:
        raise WrongCounts(f"{label}: {wrong}, expected {expected}")


def _peers(folder: Path, files: Files, ours: tuple[float, float]) -> list[Figure]:
    """The same rows through django-import-export and bulk_create; fewer where a row always costs the same."""
    from datong_edu.demo.bench import peer  # only who compares needs the peers' packages

    short, middle = (_shorter(folder, files, rows) for rows in (PEER_ROWS, TUNED_PEER_ROWS))
    ways: tuple[tuple[str, Files, dict[str, Callable[[Path], int]]], ...] = (
        ("import_export", short, dict.fromkeys(("first", "again"), peer.through_import_export)),
        ("tuned_import_export", middle, {"first": peer.through_tuned_import_export}),
        ("bulk_create", files, dict.fromkeys(("first", "again"), peer.through_bulk_create)),
    )
    speeds = dict(zip(("first", "again"), ours, strict=True))
    figures: list[Figure] = []
    for name, taken, runs in ways:
        for label, way in runs.items():
            with Watch() as watch:
                refused = way(taken.first if label == "first" else taken.again)
            agree(f"{name} {label}", {"refused": refused}, {"refused": taken.bad})
            stored = Enrolment.objects.whole_city().count()
            agree(f"{name} {label}", {"stored": stored}, {"stored": taken.rows - taken.bad})
            theirs = taken.rows / watch.seconds
            figures += [
                Figure(f"peer.{name}.{label}.rows", taken.rows, "rows"),
                Figure(f"peer.{name}.{label}.speed", theirs, "rows/s"),
                Figure(f"peer.{name}.{label}.peak_memory", watch.peak, "MB"),
                Figure(f"import.{label}.to_{name}", speeds[label] / theirs, "x"),
            ]
        forget_pupils()
    return figures


def _shorter(folder: Path, files: Files, rows: int) -> Files:
    """A file of at most so many rows: a row costs such a peer the same in a long file as in a short one."""
    return files if files.rows <= rows else _written(folder, rows, list(_schools()))

"""The COPY into staging: every text arrives as it was, and whatever goes wrong leaves nothing behind."""

import pytest
from django.db import DataError, connection, transaction

from datong_edu.core import crypto
from datong_edu.importing.copying import STAGED_ROW, Copying, Lines, read_written, written
from datong_edu.importing.declare import Row
from datong_edu.importing.staging import Stage

pytestmark = pytest.mark.django_db

AWKWARD = [
    "a\tb", "line\nbreak", "carriage\rreturn", "back\\slash", "\\N", "\\.", '"quoted"', "{braces}", "",
    "𬎆", "it's", "%s %(x)s",
]  # fmt: skip


def table(*columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied ({', '.join(columns)}) ON COMMIT DROP")


def copied() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM copied ORDER BY 1")
        return list(cursor.fetchall())


def line_of(text: str | None) -> str:
    row = Row(
        "表", 7, {"said": text, "list": (text or "", "二")}, {"said": 0}, [text], [text or ""], text or ""
    )
    return Lines(("said", "list"), {}).line(row, False, b"m" * 16)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_arrives_as_it_was(text: str) -> None:
    names = ["seq int", "sheet text", "row int", "hidden bool", "content uuid", "mark uuid", "sent bytea"]
    names += ["fk text[]", "ff text[]", "nk text[]", "nf text[]", "said text", "list text[]"]
    table(*names)
    with Stage.copying_into("copied", [name.split()[0] for name in names]) as copying:
        copying.add(line_of(text))
    [row] = copied()
    assert (row[1], row[2], row[-2], row[-1]) == ("表", 7, text, [text, "二"])


def test_control_characters_never_part_a_line() -> None:
    line = line_of("甲\x1f乙\x02\x00丙")
    assert line.count("\x1f") == line_of("甲").count("\x1f")


def test_written_cells_are_read_again() -> None:
    row = Row("表", 1, {}, {"name": 1, "id_no": 0}, ["1", "甲"], ["1", "甲\x1f乙"], "")
    cipher = crypto.encrypt_blob(STAGED_ROW, written(row))
    assert read_written(cipher) == {"name": "甲 乙", "id_no": "1"}


def copy(*pieces: str, fails: bool = False) -> None:
    with transaction.atomic(), Stage.copying_into("copied", ["number"]) as copying:
        for piece in pieces:
            copying.add(piece)
        if fails:
            raise ZeroDivisionError


def test_fault_of_the_database_is_raised_where_rows_come_from() -> None:
    table("number int")
    with pytest.raises(DataError):
        copy("1\n", "zwei\n")


def test_leaving_with_an_error_copies_nothing() -> None:
    table("number int")
    with pytest.raises(ZeroDivisionError):
        copy("1\n", fails=True)
    assert copied() == []


def test_query_during_the_copy_is_refused() -> None:
    table("number int")
    with Copying("COPY copied FROM STDIN"), pytest.raises(RuntimeError, match="being copied"):
        copied()

"""`manage.py import_roster` as a test calls it, and what the database holds before and after."""

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

SAMPLES = Path(__file__).parents[1] / "workbooks" / "samples"
SCHOOLS = SAMPLES / "schools_reference.csv"
TERM = "2020-2021-1"


@dataclass(frozen=True)
class Answer:
    """Exit code and output of one call."""

    code: int
    text: str
    errors: str

    @property
    def said(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    def rows(self, part: str) -> dict[tuple[str, int], Any]:
        """`rejected` or `warnings` by sheet and row, each reason as key, column, heading, cell."""
        return {
            (row["sheet"], row["row"]): {
                (reason["key"], reason["column"], reason["heading"], reason["cell"])
                for reason in row["reasons"]
            }
            for row in self.said[part]
        }

    def reasons(self, part: str = "rejected") -> dict[int, list[str]]:
        """Reason keys by row."""
        return {row["row"]: [reason["key"] for reason in row["reasons"]] for row in self.said[part]}

    def count(self, name: str) -> int:
        """One of the counts."""
        found: int = self.said["counts"][name]
        return found


def import_roster(
    file: Path,
    kind: str,
    *,
    unit: str = "140225",
    term: str | None = TERM,
    apply: bool = True,
    by: str | None = None,
    mapping: Path | None = None,
    as_json: bool = True,
    full: bool = False,
) -> Answer:
    """Call the command the way an operator does."""
    words = [str(file), "--kind", kind, "--unit", unit]
    for name, value in (("--term", term), ("--by", by), ("--mapping", mapping)):
        if value:
            words += [name, str(value)]
    words += ["--apply"] * apply + ["--json"] * as_json + ["--full"] * full
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_roster", *words, stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


def table_names() -> list[str]:
    """Every table of the portal, staged rows included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'staging') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def row_counts() -> dict[str, int]:
    """How many rows each table holds, but for what every process notes of its keys when it starts."""
    names = [name for name in table_names() if name != "public.core_keycheck"]
    query = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def dump() -> str:
    """All rows of all tables as text, the way a thief of the database would read them."""
    parts = []
    with connection.cursor() as cursor:
        for name in table_names():
            cursor.execute(f"SELECT t::text FROM {name} t")
            parts += [f"{name} {line}" for (line,) in cursor.fetchall()]
    return "\n".join(parts)

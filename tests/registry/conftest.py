"""The city of the import tests: its schools, and a way to send one roster after another."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.importing import rosters
from tests.importing.command import TERM, Answer, import_roster
from tests.importing.conftest import books, schools

__all__ = ["books", "schools"]

Send = Callable[..., Answer]


@pytest.fixture
def send(books: None, tmp_path: Path) -> Send:
    """Import a roster of these rows and answer what the command said."""

    def go(
        kind: str, rows: Iterable[rosters.Cells], *, term: str | None = TERM, unit: str = "140225"
    ) -> Answer:
        answer = import_roster(rosters.save(tmp_path, rows), kind, term=term, unit=unit)
        assert answer.code in (0, 2), answer
        return answer

    return go

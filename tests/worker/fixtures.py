"""Fixtures of tests that need a worker; a conftest imports those it offers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.worker.process import Worker

StartWorker = Callable[..., Worker]


@pytest.fixture
def emptied_staging(transactional_db: None) -> Iterator[None]:
    """Drop staged rows after a test whose transactions are real; nobody else does."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ DECLARE one regclass; BEGIN FOR one IN SELECT oid FROM pg_class"
            " WHERE relnamespace = 'staging'::regnamespace AND relkind = 'r'"
            " LOOP EXECUTE format('DROP TABLE %s CASCADE', one); END LOOP; END $$"
        )


@pytest.fixture
def start_worker(emptied_staging: None, tmp_path: Path) -> Iterator[StartWorker]:
    """Start workers; all are stopped before the tables are emptied."""
    begun: list[Worker] = []

    def start(*, broker: str | None = None) -> Worker:
        begun.append(Worker(tmp_path / "worker.log", broker=broker))
        return begun[-1]

    yield start
    for worker in begun:
        worker.stop()

"""A database of its own for measurements, on the portal's server; nobody's data is touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

NAME = "portal_bench"
NO_BROKER = "redis://127.0.0.1:1/0"


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make the database, fill the reference tables, and drop it at the end.

    One bench at a time: a second one would drop the first one's database, and measure nothing of worth.
    """
    connection.ensure_connection()
    name = connection.settings_dict["NAME"]
    test = connection.settings_dict["TEST"]
    before, test["NAME"] = test["NAME"], NAME
    connection.close()
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            call_command("load_reference", verbosity=0, stderr=_Nowhere())
            call_command("load_standards", verbosity=0, stdout=_Nowhere())
            with nothing_follows():
                yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
    finally:
        test["NAME"] = before


@contextmanager
def nothing_follows() -> Iterator[None]:
    """Queue no jobs and call no worker: one of the real portal would look for them in its own database."""
    with override_settings(FOLLOW_UPS={}, CELERY_BROKER_URL=NO_BROKER):
        yield


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A private folder for roster files, deleted at the end."""
    with TemporaryDirectory(prefix="bench-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder)


class _Nowhere:
    """Output of commands that nobody reads."""

    def write(self, text: str = "", ending: str | None = None) -> None:
        """Drop it."""

    def flush(self) -> None:
        """Nothing is kept back."""

"""Imports survive the death of PostgreSQL, Redis and the web server.

The servers of the other tests are theirs; the portal that dies here is one of its own, and so is its process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from datong_edu.embedded.postgres import EmbeddedPostgres

SURVIVED = [
    "postgresql importing.check",
    "redis importing.check",
    "postgresql importing.apply",
    "redis importing.apply",
    "web importing.check",
]


@pytest.mark.slow
def test_killed_servers_lose_nothing() -> None:
    folder = Path(tempfile.mkdtemp(prefix="datong-outage-"))
    surroundings = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    surroundings |= {"PORTAL_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "datong_edu.settings.test"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.importing.outage"],
            cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        assert done.stdout.splitlines() == SURVIVED
    finally:
        server = EmbeddedPostgres(folder, "pg-test", durable=False)
        home = server.home
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)

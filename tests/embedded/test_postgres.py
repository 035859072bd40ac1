"""The embedded PostgreSQL: one server for many starters, and data that outlives a killed server."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from datong_edu.embedded import wheel
from datong_edu.embedded.locations import LONGEST_SOCKET, socket_folder
from datong_edu.embedded.postgres import APP_ROLE, DATABASE, PORT, Account, EmbeddedPostgres
from datong_edu.settings import env

START = """
import sys
from pathlib import Path
from datong_edu.embedded.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.ensure()
print((server.data / "postmaster.pid").read_text().split()[0])
"""


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="datong-test-"))
    found = EmbeddedPostgres(folder)
    yield found
    found.stop()
    home = found.home
    shutil.rmtree(folder)
    shutil.rmtree(home, ignore_errors=True)


def ask(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(host=server.socket_folder, port=PORT, user=APP_ROLE, dbname=DATABASE)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_killed_server_recovers_with_its_data(server: EmbeddedPostgres) -> None:
    server.ensure()
    ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS number")
    os.kill(postmaster(server), signal.SIGKILL)
    server.ensure()
    assert ask(server, "SELECT count(*) FROM kept") == [(20000,)]


def test_concurrent_first_starts_give_one_server(server: EmbeddedPostgres) -> None:
    words = [sys.executable, "-c", START, str(server.folder)]
    starters = [
        subprocess.Popen(words, cwd=env.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [starter.communicate(timeout=60) for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 4, answers
    assert len({said for said, _ in answers}) == 1


def test_portal_role_is_no_superuser_and_owns_its_database(server: EmbeddedPostgres) -> None:
    server.ensure()
    assert ask(server, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
        (False, True)
    ]
    assert ask(server, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'portal'") == [
        (APP_ROLE,)
    ]


def test_server_listens_on_a_closed_socket_only(server: EmbeddedPostgres) -> None:
    server.ensure()
    assert ask(server, "SHOW listen_addresses") == [("",)]
    assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
    assert not stat.S_IMODE(server.folder.stat().st_mode) & 0o007


def test_stopped_server_starts_again_with_its_data(server: EmbeddedPostgres) -> None:
    server.ensure()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS number")
    server.stop()
    assert not server.answers()
    server.ensure()
    assert ask(server, "SELECT number FROM kept") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_cluster_moves_out_of_a_folder_its_account_cannot_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    outer = Path(tempfile.mkdtemp(prefix="datong-test-"))  # 0700, as a home folder is
    wheel.copy_programs(outer / "packages")
    monkeypatch.setattr(wheel, "packages", lambda: outer / "packages")
    server = EmbeddedPostgres(outer / "checkout" / "var")
    try:
        server.ensure()
        assert server.answers()
        assert not server.home.is_relative_to(outer)
        assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
        assert stat.S_IMODE(outer.stat().st_mode) == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.home)
        shutil.rmtree(outer)


def test_socket_of_a_long_path_moves_to_the_temporary_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    found = socket_folder(deep, ".s.PGSQL.5432")
    assert found.parent == Path(tempfile.gettempdir())
    assert len(os.fsencode(found / ".s.PGSQL.5432")) <= LONGEST_SOCKET


def test_account_enters_only_what_its_bits_allow(tmp_path: Path) -> None:
    stranger = Account(uid=4_000_000, gid=4_000_000)
    tmp_path.chmod(0o700)
    assert not stranger.may_enter(tmp_path)
    assert Account(os.geteuid(), os.getegid()).may_enter(tmp_path)

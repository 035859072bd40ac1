"""Launcher of the embedded PostgreSQL, used when DATABASE_URL is unset.

The server belongs to a data folder, listens on a socket only, and is started by whoever needs it first.
PostgreSQL refuses to run as root, so under root it runs as the account ``postgres`` (else ``nobody``). When
that account cannot reach the data folder, for instance below a closed home, the cluster and a copy of the
programs live in a folder of their own, named in ``<name>.location``.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg2

from datong_edu.embedded import wheel
from datong_edu.embedded.locations import claim, short_name, socket_folder

SUPERUSER = "portal"
APP_ROLE = "portal_app"
DATABASE = "portal"
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
START_ATTEMPTS = 20
PAUSE_SECONDS = 0.5
MEBIBYTE = 1024 * 1024


class PostgresWontStart(RuntimeError):
    """The server could not be made or started; the message carries what it said."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as."""

    uid: int
    gid: int

    def may_enter(self, path: Path) -> bool:
        """Return whether this account may pass through the path and every folder above it."""
        for step in (path, *path.parents):
            status = step.stat()
            shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
            if not status.st_mode >> shift & 0o1:
                return False
        return True


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One cluster: ``name`` below ``folder``. Not ``durable`` is for tests: no waiting for the disk.

    ``as_superuser`` are statements run at every start; the portal's role is their CURRENT_USER.
    """

    folder: Path
    name: str = "pg"
    durable: bool = True
    as_superuser: Sequence[str] = ()

    def ensure(self) -> None:
        """Return with the server running and its role and database there; many may call this at once."""
        if self.answers():
            return
        with self._lock():
            if self.answers():
                return
            self._prepare()
            self._start()
            self._create_role_and_database()

    def renew(self) -> None:
        """The same, and what the portal wants of the superuser brought up to date on a running server too."""
        self.ensure()
        with self._lock():
            self._create_role_and_database()

    def stop(self) -> None:
        """Stop the server if it runs; sessions are ended, nothing committed is lost."""
        if not (self.data / "postmaster.pid").exists():
            return
        with self._lock():
            self._run(["pg_ctl", "-D", self.data, "-w", "-t", "60", "-m", "fast", "stop"])

    def answers(self) -> bool:
        """Return whether the server takes connections and holds the portal's database."""
        try:
            psycopg2.connect(host=self.socket_folder, port=PORT, user=APP_ROLE, dbname=DATABASE).close()
        except psycopg2.OperationalError:
            return False
        return True

    @property
    def home(self) -> Path:
        """Return the folder of everything the server's account owns."""
        if self._location.exists():
            return Path(self._location.read_text(encoding="utf-8").strip())
        return self.folder / self.name

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Return the server's log."""
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the server's socket, which is the host of a connection."""
        return socket_folder(self.home / "socket", SOCKET)

    @cached_property
    def account(self) -> Account:
        """Return whom the server runs as: oneself, or under root an account without rights."""
        if os.geteuid() != 0:
            return Account(os.geteuid(), os.getegid())
        owner = self.data.stat() if self.data.exists() else self.folder.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return Account(entry.pw_uid, entry.pw_gid)
        raise PostgresWontStart("以 root 运行时需要系统账号 postgres 或 nobody，请先创建其一。")

    @property
    def _location(self) -> Path:
        return self.folder / f"{self.name}.location"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / f"{self.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _prepare(self) -> None:
        if not self.data.exists():
            self._settle()
        account = self.account
        for folder in (self.home, self.socket_folder):
            claim(folder, account.uid, account.gid)
        if not self.data.exists():
            self._initialise()
        self._write_configuration()

    def _settle(self) -> None:
        """Decide where a new cluster lives: in the data folder, if the server's account can get there."""
        if os.geteuid() != 0:
            return
        if self.account.may_enter(self.folder.parent):
            os.chown(self.folder, -1, self.account.gid)
            self.folder.chmod(0o710)
            self._location.unlink(missing_ok=True)
            return
        base = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())
        home = base / f"{short_name(self.folder)}-{self.name}"
        if home.exists():  # left over from an earlier data folder of the same path, whose keys are gone
            self._stop_left_over(home)
            shutil.rmtree(home.with_suffix(".old"), ignore_errors=True)
            home.rename(home.with_suffix(".old"))
        self._location.write_text(f"{home}\n", encoding="utf-8")

    def _stop_left_over(self, home: Path) -> None:
        if (home / "data" / "postmaster.pid").exists():
            self._run(["pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop"])

    def _initialise(self) -> None:
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        words = ["-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = self._run(["initdb", "-D", draft, "-U", SUPERUSER, *words])
        if done.returncode:
            raise PostgresWontStart(f"内置 PostgreSQL 初始化失败：{done.stdout[-1500:]}")
        with (draft / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write("\ninclude 'portal.conf'\n")
        (draft / "portal.conf").touch()
        draft.rename(self.data)

    def _write_configuration(self) -> None:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE
        settings = {
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": self.socket_folder,
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{max(32, min(512 if self.durable else 128, memory // 8))}MB",
            "work_mem": "64MB",
            "maintenance_work_mem": f"{max(32, min(256, memory // 16))}MB",
            "max_wal_size": "4GB",
            "random_page_cost": "1.1",
            "jit": "off",
            # Statements carry personal values; neither they nor the values of a broken key go to the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        shared_memory = Path("/dev/shm")
        if shared_memory.exists() and shutil.disk_usage(shared_memory).free < 256 * MEBIBYTE:
            settings["dynamic_shared_memory_type"] = "mmap"
        path = self.data / "portal.conf"
        path.write_text(
            "".join(f"{name} = '{value}'\n" for name, value in settings.items()), encoding="utf-8"
        )
        if os.geteuid() == 0:
            os.chown(path, self.account.uid, self.account.gid)

    def _start(self) -> None:
        """Start and wait. Right after a kill -9 the dead server may linger for a second, so try again."""
        arguments: list[str | Path] = ["pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "start"]
        for _ in range(START_ATTEMPTS):
            if self._run(arguments).returncode == 0:
                return
            time.sleep(PAUSE_SECONDS)
        tail = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
        raise PostgresWontStart(f"内置 PostgreSQL 未能启动，日志在 {self.log}：\n{tail}")

    def _create_role_and_database(self) -> None:
        """Make the role the portal works as: no superuser, so that row security holds for it too."""
        opened = psycopg2.connect(host=self.socket_folder, port=PORT, user=SUPERUSER, dbname="postgres")
        with closing(opened) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER CREATEDB")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {APP_ROLE}")
        for database in ("template1", DATABASE):
            self._prepare_database(database)

    def _prepare_database(self, name: str) -> None:
        """Run what the portal wants of the superuser in a database; those made later begin as template1."""
        opened = psycopg2.connect(host=self.socket_folder, port=PORT, user=SUPERUSER, dbname=name)
        with closing(opened) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in self.as_superuser:
                cursor.execute(statement.replace("CURRENT_USER", APP_ROLE))

    def _run(self, words: list[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's account, cut loose from our terminal and pipes."""
        account = self.account
        switch = os.geteuid() == 0
        program = self._programs() / "bin" / str(words[0])
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [program, *words[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"},
                umask=0o077,
                start_new_session=True,
                check=False,
                user=account.uid if switch else None,
                group=account.gid if switch else None,
                extra_groups=[] if switch else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _programs(self) -> Path:
        """Return PostgreSQL's programs where the server's account can run them, copied there when needed."""
        programs = wheel.packages() / wheel.PROGRAMS
        if self.account.may_enter(programs / "bin" / "postgres"):
            return programs
        copy = self.home / f"programs-{wheel.postgres_version()}"
        if not copy.exists():
            claim(self.home, self.account.uid, self.account.gid)
            draft = copy.with_name("programs.new")
            shutil.rmtree(draft, ignore_errors=True)
            wheel.copy_programs(draft)
            for path in (draft, *draft.rglob("*")):
                os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)
            draft.rename(copy)
        return copy / wheel.PROGRAMS

"""Rules every test lives under.

Warnings are errors (so is a paginated list without order), an unknown variable in one of our templates fails,
and nothing but this machine may be talked to. Tests use real servers: the embedded PostgreSQL and Redis under
``test/`` of the data folder, or those of DATABASE_URL and REDIS_URL.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from datong_edu.embedded import redis
from datong_edu.embedded.assets import AssetsNotInstalled, install, is_current
from datong_edu.embedded.postgres import EmbeddedPostgres
from datong_edu.settings import env

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}
LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}

# Playwright's own event loop runs in the test's thread; Django would take that for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer --full: the slow tests too."""
    parser.addoption("--full", action="store_true", help="also run tests marked slow")


def pytest_configure(config: pytest.Config) -> None:
    """Bring up the servers once, in the process that hands out the tests."""
    if hasattr(config, "workerinput") or config.option.version or config.option.collectonly:
        return
    if not settings.DATABASE_URL:
        EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).ensure()
    if not settings.REDIS_URL and not redis.answers(settings.PORTAL_DATA):
        config.stash[REDIS] = redis.start(settings.PORTAL_DATA, append_only=False)
    if not is_current(settings.BASE_DIR, settings.ASSETS_DIR):
        try:
            install(settings.BASE_DIR, settings.ASSETS_DIR)
        except AssetsNotInstalled as error:
            sys.stderr.write(f"{error}\nPages are tested without Bootstrap.\n")


REDIS = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was brought up."""
    child = config.stash.get(REDIS, None)
    if child is not None:
        child.terminate()
        child.wait(10)
    if not hasattr(config, "workerinput") and not settings.DATABASE_URL:
        EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark browser tests, and skip what this run cannot or should not do, with the reason."""
    no_browser = pytest.mark.skip(
        reason="no Chromium on this machine (apt-get install chromium fonts-noto-cjk)"
    )
    slow = pytest.mark.skip(reason="slow; run with --full")
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            if CHROMIUM is None and not env.flag("CI"):
                item.add_marker(no_browser)
        if item.get_closest_marker("slow") and not config.getoption("--full"):
            item.add_marker(slow)


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOCAL_HOSTS:
            pytest.fail(f"a test wanted to talk to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True, scope="session")
def _forced_log_ins_are_whole() -> Iterator[None]:
    """`Client.force_login` stands for the whole log-in, second factor and all."""
    from django.test import Client

    from datong_edu.accounts import sessions

    enter = Client._login  # type: ignore[attr-defined]

    def enter_wholly(self: Client, user: Any, backend: Any = None) -> None:
        enter(self, user, backend)
        session = self.session
        sessions.stamp(session, second_factor=True)
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_login", enter_wholly)
        yield


class UnknownVariable(str):
    """Stands where a template names a variable that does not exist; fails in our own templates."""

    def __bool__(self) -> bool:
        # Django only asks a truthy replacement which variable is missing.
        return True

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: Any) -> str:
        template = _template_of_ours()
        if template:
            pytest.fail(f"{template}: unknown variable {{{{ {variable} }}}}")
        return ""


def _template_of_ours() -> str:
    """Walk up the rendering to the nearest node, and name its template when it lies in our folder."""
    frame = sys._getframe(2)
    while frame is not None:
        origin = getattr(frame.f_locals.get("self"), "origin", None)
        name = str(getattr(origin, "name", ""))
        if name:
            return name if Path(name).is_relative_to(settings.BASE_DIR / "templates") else ""
        frame = frame.f_back
    return ""


@pytest.fixture(autouse=True, scope="session")
def _unknown_variables_fail() -> Iterator[None]:
    from django.template import engines

    engine = engines["django"].engine
    before = engine.string_if_invalid
    engine.string_if_invalid = UnknownVariable("")
    yield
    engine.string_if_invalid = before


GUARDS = """DO $$ DECLARE source regclass; BEGIN
    FOR source IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'audit_kept' LOOP
        EXECUTE format('ALTER TABLE %s {} TRIGGER audit_kept', source);
    END LOOP;
END $$"""


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_the_audit_trail() -> Iterator[None]:
    """Tests that commit are followed by a flush; tables of events refuse to be emptied by anybody else."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    flush = BaseDatabaseOperations.execute_sql_flush

    def allowed(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        flush(self, [GUARDS.format("DISABLE"), *sql_list, GUARDS.format("ENABLE")])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", allowed)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the machine's own Chromium; with CI=true its absence is a failure."""
    if CHROMIUM is None:
        pytest.fail("CI needs Chromium: apt-get install chromium fonts-noto-cjk")
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": ["--disable-dev-shm-usage", "--disable-gpu"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Show pages as the county's office computers do."""
    return browser_context_args | {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1366, "height": 768},
    }

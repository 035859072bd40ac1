"""Keys are made once for a developer and never for production."""

import base64
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from datong_edu.settings import env, keys


@pytest.fixture(autouse=True)
def _no_keys_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*keys.PURPOSES, "PORTAL_OLD_FIELD_KEYS"):
        monkeypatch.delenv(name, raising=False)


def test_development_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    first = keys.for_development(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys.env").stat().st_mode) == 0o600
    assert keys.for_development(tmp_path) == first
    assert len(first.field_keys[first.field_key_id]) == len(first.index_key) == 32


def test_development_keys_of_two_first_starts_are_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: keys.for_development(tmp_path), range(4)))
    assert found.count(found[0]) == 4


def test_development_keys_with_a_lost_line_are_refused(tmp_path: Path) -> None:
    (tmp_path / "keys.env").write_text("DJANGO_SECRET_KEY=x\n")
    with pytest.raises(ImproperlyConfigured, match="PORTAL_FIELD_KEY"):
        keys.for_development(tmp_path)


def test_old_field_keys_still_open_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = base64.b64encode(b"o" * 32).decode()
    monkeypatch.setenv("PORTAL_OLD_FIELD_KEYS", f"k2019:{old}")
    assert keys.for_development(tmp_path).field_keys["k2019"] == b"o" * 32


def test_short_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.PURPOSES:
        monkeypatch.setenv(name, "c2hvcnQ=")
    with pytest.raises(ImproperlyConfigured, match="32 字节"):
        keys.from_environment()


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    key = base64.b64encode(b"k" * 32).decode()
    return dict.fromkeys(keys.PURPOSES, key) | {
        "PORTAL_FIELD_KEY_ID": "k1",
        "DATABASE_URL": "postgres://a:b@db/edu",
        "REDIS_URL": "redis://cache/0",
        "PORTAL_HOSTS": "edu.example.cn",
        "PORTAL_DATA": str(tmp_path / "data"),
        "PATH": os.defpath,
    }


def test_production_starts_with_everything_set(production: dict[str, str]) -> None:
    done = _import_production(production)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", [*keys.PURPOSES, "DATABASE_URL", "REDIS_URL", "PORTAL_HOSTS"])
def test_production_refuses_to_start_without(
    missing: str, production: dict[str, str], tmp_path: Path
) -> None:
    del production[missing]
    done = _import_production(production)
    assert done.returncode == 1
    assert f"缺少环境变量 {missing}" in done.stderr
    assert not (tmp_path / "data" / "keys.env").exists()


def _import_production(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-X", "utf8", "-c", "import datong_edu.settings.prod"]
    return subprocess.run(
        words, env=environment, cwd=env.BASE_DIR, capture_output=True, text=True, check=False
    )

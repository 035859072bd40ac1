"""The environment is read in one place, and refused with a sentence when it is wrong."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from datong_edu.settings import env


def test_required_names_the_missing_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_FIELD_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="缺少环境变量 PORTAL_FIELD_KEY（字段加密密钥）"):
        env.required("PORTAL_FIELD_KEY", "字段加密密钥")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert env.flag("A_FLAG", default=not expected) is expected


def test_flag_refuses_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_FLAG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="A_FLAG"):
        env.flag("A_FLAG")


def test_data_folder_is_closed_to_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "new"))
    assert stat.S_IMODE(env.data_folder().stat().st_mode) == 0o700


def test_data_folder_left_open_is_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "open"))
    assert stat.S_IMODE(env.data_folder().stat().st_mode) == 0o700


def test_database_url_is_taken_apart() -> None:
    found = env.database("postgres://portal:p%40ss@db:5433/edu?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == (
        "portal",
        "p@ss",
        "db",
        "5433",
    )
    assert found["NAME"] == "edu"
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host", "nonsense"])
def test_database_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url)


def test_redis_url_gets_the_database_number() -> None:
    assert env.redis_database("redis://:secret@cache:6379/0", 1) == "redis://:secret@cache:6379/1"

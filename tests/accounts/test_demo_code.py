"""The codes of demo users: printed in development, refused everywhere else."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from datong_edu.accounts import second_factor
from datong_edu.accounts.actions import create_demo_users
from datong_edu.accounts.models import User
from datong_edu.settings import env
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(db: None, settings: Any, tmp_path: Path) -> None:
    make.load_reference()
    settings.PORTAL_DATA = tmp_path
    create_demo_users(school=make.school_unit(make.school()))


def code_for(username: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo_code", username, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_demo_users_who_need_a_phone_have_one() -> None:
    for user in User.objects.exclude(username="command_line"):
        assert second_factor.is_enrolled(user) == user.needs_second_factor, user.username


def test_code_logs_in() -> None:
    user = User.objects.get(username="hunyuan_clerk")
    first = code_for(user.username)
    assert second_factor.verify(user, first) == "totp"
    second = code_for(user.username)
    assert second != first
    assert second_factor.verify(user, second) == "totp"
    with pytest.raises(CommandError, match="秒后再取"):
        code_for(user.username)


def test_demo_user_of_an_older_portal_is_given_a_secret() -> None:
    user = User.objects.get(username="auditor")
    user.authenticator_set.all().delete()
    assert second_factor.verify(user, code_for("auditor")) == "totp"


@pytest.mark.parametrize(("username", "words"), [("leader", "输入密码即可"), ("nobody", "没有演示用户")])
def test_others_have_no_code(username: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        code_for(username)


def test_user_who_is_no_demo_user_has_no_code() -> None:
    second_factor.bind(make.user(username="real_person"), second_factor.plain_secret())
    with pytest.raises(CommandError, match="没有演示用户"):
        code_for("real_person")


def test_command_is_refused_outside_development(settings: Any) -> None:
    settings.DEMO_CODES = False
    with pytest.raises(CommandError, match="只能在开发环境使用"):
        code_for("hunyuan_clerk")


def test_production_prints_no_codes_and_names_its_proxy() -> None:
    keys = {
        "DJANGO_SECRET_KEY": "x" * 60, "PORTAL_FIELD_KEY_ID": "k1",
        "PORTAL_FIELD_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "PORTAL_INDEX_KEY": "MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": "postgres://a:b@localhost/c", "REDIS_URL": "redis://localhost/0",
        "PORTAL_HOSTS": "edu.example.cn", "PORTAL_DATA": str(env.data_folder() / "test"),
        "PORTAL_BEHIND_PROXY": "1",
    }  # fmt: skip
    say = "from datong_edu.settings import prod; print(prod.DEMO_CODES, prod.TRUSTED_PROXIES)"

    def start(**more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", say], cwd=env.BASE_DIR, env=keys | more, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    refused = start()
    assert refused.returncode != 0
    assert "PORTAL_TRUSTED_PROXIES" in refused.stderr
    assert start(PORTAL_TRUSTED_PROXIES="10.0.0.0/8").stdout.strip() == "False [IPv4Network('10.0.0.0/8')]"
    assert "网段" in start(PORTAL_TRUSTED_PROXIES="proxy").stderr

"""A city as `./run` leaves it before its first roster, its users with passwords, and browsers that listen."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from datong_edu.accounts import second_factor
from datong_edu.accounts.actions import service_account
from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from tests import factories as make
from tests.importing.command import SCHOOLS, import_roster
from tests.worker.fixtures import emptied_staging, start_worker

__all__ = ["emptied_staging", "start_worker"]

PASSWORD = "a-long-word-for-tests"
PATIENCE_MS = 40_000
Enter = Callable[[str], Page]


@pytest.fixture
def city(emptied_staging: None) -> None:
    """浑源县 and its schools in autumn 2020; a clerk of the county and the city's leader."""
    make.load_reference()
    service_account()
    set_business_date(date(2020, 11, 23))
    assert import_roster(SCHOOLS, "school_list", unit="140200", term=None, as_json=False).code == 0
    make.user(Role.COUNTY_CLERK, make.county(), username="hunyuan_clerk")
    make.user(Role.LEADER, make.city(), username="leader")
    for user in User.objects.filter(username__in=("hunyuan_clerk", "leader")):
        user.set_password(PASSWORD)
        user.save()
        if user.needs_second_factor:
            second_factor.bind(user, second_factor.plain_secret())


@pytest.fixture
def enter(live_server: Any, city: None, new_context: Callable[..., Any]) -> Iterator[Enter]:
    """Log somebody in, each in a browser of their own; complaints and foreign requests fail the test."""
    expect.set_options(timeout=PATIENCE_MS)
    complaints: list[str] = []

    def log_in(username: str) -> Page:
        page: Page = new_context().new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda ask: (
                None if ask.url.startswith((live_server.url, "data:")) else complaints.append(ask.url)
            ),
        )
        page.goto(live_server.url)
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        user = User.objects.get(username=username)
        if second_factor.is_enrolled(user):
            page.get_by_role("textbox", name="验证码").fill(second_factor.present_code(user)[0])
            page.get_by_role("button", name="登录").click()
        return page

    yield log_in
    expect.set_options(timeout=5_000)
    assert complaints == []

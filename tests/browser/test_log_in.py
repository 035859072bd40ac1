"""The way in as a person walks it: first binding, code, confirmation, a full number, one's own sessions."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from datong_edu.accounts import second_factor
from datong_edu.accounts.models import PortalSession, User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.core.sensitive import columns_for
from datong_edu.registry.models import Person
from tests import factories as make
from tests.browser.conftest import PASSWORD
from tests.browser.test_screens import AXE, SEEN, TODAY, english_of

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PORTAL_PICTURES", "")
"""Folder for pictures of the pages, when somebody wants to look at them."""


class Walk:
    """A browser that listens, and looks at every page it is told to look at."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.wrong: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda ask: self._suspect(ask.url))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (event) => console.error('CSP', event.violatedDirective, event.blockedURI))"
        )

    def _hear(self, line: Any) -> None:
        if line.type == "error" and "422" not in line.text:  # the browser's line about a refused form
            self.wrong.append(line.text)

    def _suspect(self, url: str) -> None:
        if not url.startswith((self.home, "data:")):
            self.wrong.append(f"foreign: {url}")

    def look(self, name: str, *codes: str) -> None:
        """Axe, English words, and a picture."""
        if AXE.exists():
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
            self.wrong += [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found]
        self.wrong += [f"{name}: {word}" for word in english_of(self.page.evaluate(SEEN), set(codes))]
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))

    def knock(self, username: str, password: str = PASSWORD) -> None:
        """Step one."""
        self.page.goto(f"{self.home}/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()


@pytest.fixture
def walk(page: Page, live_server: Any) -> Walk:
    """A browser in front of the portal."""
    make.load_reference()
    set_business_date(TODAY)
    return Walk(page, live_server.url)


def known(role: Role, **given: Any) -> User:
    """A user with the password of these tests."""
    unit = make.county() if role.value.startswith("county") else make.city()
    return make.user(role, unit, password=PASSWORD, **given)


def child() -> Person:
    """A child whose number is known."""
    number = make.id_number()
    pupil = make.poor_child(of=make.person(name="张示例", number=number), number=number)
    person: Person = pupil.person
    assert columns_for("id_no", "id_no", number)["id_no_masked"] == person.id_no_masked
    return person


def test_first_log_in_then_code_then_a_full_number(walk: Walk) -> None:
    clerk, person, page = known(Role.COUNTY_CLERK, username="clerk"), child(), walk.page
    walk.page.goto(walk.home)
    walk.look("1-password")
    walk.knock("clerk", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    walk.look("2-refused")
    walk.knock("clerk")
    expect(page.get_by_role("heading", name="首次登录：绑定手机验证器")).to_be_visible()
    expect(page.locator(".dt-bind img")).to_have_js_property("complete", True)
    drawn = page.evaluate("document.querySelector('.dt-bind img').naturalWidth")
    assert drawn > 0
    spelled = page.locator(".dt-bind .dt-code").inner_text()
    walk.look("3-bind", *spelled.split())
    secret = spelled.replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("输入验证器显示的 6 位数字").fill(code)
    page.get_by_role("button", name="完成绑定并登录").click()
    expect(page.get_by_role("heading", name="请保存恢复代码")).to_be_visible()
    walk.look("4-recovery")
    page.get_by_role("link", name="已保存，继续").click()
    expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()
    page.get_by_role("button", name="退出").click()

    # The second time: a code that was used is refused, the next one counts
    walk.knock("clerk")
    page.get_by_role("textbox", name="验证码").fill(code)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确或已使用过")
    walk.look("5-code")
    page.get_by_role("textbox", name="验证码").fill(second_factor.present_code(clerk)[0])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()

    # A full number, long after the log-in
    session = PortalSession.objects.get(user=clerk)
    store = PortalSession.get_session_store_class()(session.session_key)
    store["confirmed"] = 0
    store.save()
    page.goto(f"{walk.home}/desk/people/{person.uid}/")
    page.get_by_role("link", name="查看完整号码").click()
    expect(page.get_by_role("heading", name="确认身份")).to_be_visible()
    walk.look("6-confirm")
    page.get_by_label("密码或验证码").fill(PASSWORD)
    page.get_by_role("button", name="确认，继续").click()
    expect(page.get_by_role("heading", name="查看完整号码")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^身份证号")).check()
    page.get_by_label("理由").fill("核对 140225 2010 0501 0011")
    page.get_by_role("button", name="显示号码").click()
    expect(page.get_by_text("理由会公开在档案的访问记录里，请不要写号码。").first).to_be_visible()
    walk.look("7-reason")
    page.get_by_label("理由").fill("银行退票，与家长核对")
    page.get_by_role("button", name="显示号码").click()
    expect(page.locator(".dt-full-number")).to_have_text(re.compile(r"^\d{17}[\dX]$"))
    walk.look("8-number")
    page.get_by_role("link", name="返回档案").click()
    expect(page.locator("section", has=page.get_by_role("heading", name="访问记录"))).to_contain_text(
        "查看完整身份证号：银行退票，与家长核对"
    )
    walk.look("9-file")
    page.goto(f"{walk.home}/account/")
    walk.look("10-account")
    page.goto(f"{walk.home}/password/")
    walk.look("11-password")
    assert walk.wrong == []


@pytest.mark.parametrize(
    ("role", "address", "heading"),
    [
        (Role.SYSTEM_ADMIN, "/log-ins/locks/", "登录锁定"),
        (Role.SECURITY_ADMIN, "/log-ins/second-factors/", "二次验证"),
    ],
)
def test_administrators_pages(walk: Walk, role: Role, address: str, heading: str) -> None:
    page, admin = walk.page, known(role, username="admin")
    User.objects.filter(pk=admin.pk).update(password=make_password(PASSWORD))
    second_factor.bind(admin, second_factor.plain_secret())
    for _ in range(5):
        walk.knock("nobody")
        expect(page.get_by_role("alert")).to_be_visible()
    walk.knock("admin")
    page.get_by_role("textbox", name="验证码").fill(second_factor.present_code(admin)[0])
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name=heading).click()
    expect(page).to_have_url(f"{walk.home}{address}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    walk.look(f"12-{role.value}", "admin")
    assert settings.SESSION_COOKIE_NAME in {cookie["name"] for cookie in page.context.cookies()}
    assert walk.wrong == []

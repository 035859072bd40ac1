"""No text of a roster runs on any screen: a real browser, a trap for dialogs, a look at the page itself."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from playwright.sync_api import Page, Route

from tests.hostile_text.scripts import COUNT, payloads
from tests.hostile_text.world import World
from tests.worker.fixtures import emptied_staging

assert emptied_staging
pytestmark = pytest.mark.django_db(transaction=True)

TRAP = """
    for (const name of ["alert", "confirm", "prompt", "print"])
        window[name] = (said) => { window.sprung(`${name}(${said})`); return null }
    document.addEventListener("securitypolicyviolation", (event) =>
        window.sprung(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))
"""
BROKEN_OUT = """() => {
    document.querySelectorAll("details").forEach((one) => { one.open = true })
    const found = []
    for (const one of document.querySelectorAll("*")) {
        for (const { name, value } of one.attributes) {
            const runs = /^(on|hx-on|data-hx-on|xss\\d)/i.test(name) || name === "srcdoc"
                || (/^(href|src|action|formaction|data|xlink:href)$/i.test(name)
                    && /^\\s*javascript:/i.test(value))
                || (/^(data-)?hx-(vals|vars|headers|trigger)$/i.test(name)
                    && /js:|javascript:|alert\\(/i.test(value))
            if (runs) found.push(`${one.tagName} ${name}=${value}`.slice(0, 120))
        }
        if (/^(iframe|object|embed|marquee|math|template|x|video|base)$/i.test(one.tagName))
            found.push(one.outerHTML.slice(0, 120))
        if (one.tagName === "SCRIPT" && /alert\\(/.test(one.textContent) && one.type !== "application/json")
            found.push(one.outerHTML.slice(0, 120))
        if (one.tagName === "STYLE" && !one.nonce) found.push(one.outerHTML.slice(0, 120))
    }
    return found
}"""
SAID = re.compile(r"xss(\d+)")


class Trap:
    """A browser page that tells what ran on it and what has broken out of its text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sprung: list[str] = []
        self.seen: set[int] = set()
        page.set_viewport_size({"width": 1366, "height": 768})
        page.expose_function("sprung", lambda said: self.sprung.append(said))
        page.add_init_script(TRAP)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.sprung.append(f"error {error}"))

    def _dialog(self, dialog: Any) -> None:
        self.sprung.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, url: str) -> list[str]:
        """What ran or broke out on a page."""
        before = len(self.sprung)
        self.page.goto(url, wait_until="load")
        broken = self.page.evaluate(BROKEN_OUT)
        self.seen |= {int(number) for number in SAID.findall(self.page.content())}
        return [f"{url}: {what}" for what in (*self.sprung[before:], *broken)]


@pytest.fixture
def trap(page: Page) -> Trap:
    """The trap."""
    return Trap(page)


def _walk(world: World, trap: Trap, home: str, *, every_row: bool) -> tuple[int, list[str]]:
    screens, wrong, entered = 0, [], None
    for role, address in sorted(world.screens(every_row=every_row)):
        if role != entered:
            client, entered = Client(), role
            client.force_login(world.users[role])
            key = settings.SESSION_COOKIE_NAME
            trap.page.context.clear_cookies()
            trap.page.context.add_cookies([{"name": key, "value": client.cookies[key].value, "url": home}])
        wrong += trap.open(home + address)
        screens += 1
    return screens, wrong


@pytest.mark.usefixtures("emptied_staging")
@pytest.mark.parametrize("share", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_no_text_of_a_roster_runs_on_any_screen(live_server: Any, trap: Trap, share: int) -> None:
    texts = payloads()[::share]
    screens, wrong = _walk(World(texts), trap, live_server.url, every_row=share == 1)
    seen = trap.seen & set(range(0, COUNT, share))  # a text cut short in a column may say another number
    print(f"{len(texts)} texts on {screens} screens, {len(seen)} seen, {len(wrong)} run")  # noqa: T201
    assert wrong == []
    assert screens > 70
    assert len(seen) == len(texts), "texts that no screen has shown prove nothing"


@pytest.mark.parametrize("text", payloads()[:7])
def test_careless_page_springs_the_trap(trap: Trap, text: str) -> None:
    """Control: a page that does not escape, without a policy."""
    careless = Template(
        "<!doctype html><title>x</title><p>{{ text|safe }}</p><i title='{{ text|safe }}'></i>"
        '<i title="{{ text|safe }}"></i>'
    )
    address = "http://127.0.0.1/careless"

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=careless.render(Context({"text": text})))

    trap.page.route(address, answer)
    assert trap.open(address)
    assert any(what.startswith("alert(") for what in trap.sprung) or " on" in text.partition("<")[0]


def test_there_are_three_hundred() -> None:
    assert len(set(payloads())) == COUNT

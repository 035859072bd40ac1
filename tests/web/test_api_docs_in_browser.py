"""接口文档 in Chromium: drawn by scripts of our own under our policy, without a word to another host."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_documentation_is_drawn_under_the_policy(live_server: Any, page: Page) -> None:
    make.load_reference()
    client = Client()
    client.force_login(make.user())
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda ask: None if ask.url.startswith((live_server.url, "data:")) else complaints.append(ask.url),
    )
    page.goto(f"{live_server.url}/api/v1/docs")
    expect(page.locator("#operations-persons-persons_lookup")).to_be_visible(timeout=30_000)
    expect(page.locator(".opblock")).to_have_count(16)
    page.locator("#operations-imports-imports_apply").click()
    expect(page.locator(".opblock.is-open")).to_contain_text("409")
    assert complaints == []

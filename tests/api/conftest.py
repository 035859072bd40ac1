"""A client of 浑源县 as another system has it, and two counties with something in each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.clients import Credentials, create_client
from datong_edu.accounts.models import User
from datong_edu.core.clock import set_business_date
from tests import factories as make

FORM = "application/x-www-form-urlencoded"


@dataclass
class Caller:
    """Calls the API with a token."""

    credentials: Credentials
    token: str
    browser: Client

    @property
    def user(self) -> User:
        """The client's user."""
        found = self.credentials.client.user
        assert found is not None
        return found

    def get(self, path: str, **params: Any) -> Any:
        """GET below /api/v1."""
        return self.browser.get(f"/api/v1/{path}", params, headers=self._headers({}))

    def post(self, path: str, data: Any = None, *, form: bool = False, key: str = "", **more: Any) -> Any:
        """POST below /api/v1: JSON, or a form with files."""
        headers = self._headers({"Idempotency-Key": key} if key else {})
        kind = {} if form else {"content_type": "application/json"}
        return self.browser.post(f"/api/v1/{path}", data or {}, headers=headers, **kind, **more)

    def other(self, method: str, path: str, **more: Any) -> Any:
        """Another method."""
        return self.browser.generic(method, f"/api/v1/{path}", headers=self._headers({}), **more)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} | more


def token_for(credentials: Credentials, **form: str) -> Any:
    """Ask for a token with the credentials in the form."""
    given = {
        "grant_type": "client_credentials",
        "client_id": credentials.client.client_id,
        "client_secret": credentials.secret,
    }
    return Client().post("/api/v1/token", given | form)


def caller(code: str = "140225", scopes: tuple[str, ...] = ("read", "import"), **given: Any) -> Caller:
    """A new client of a county, with a token."""
    made = create_client(
        name="县学籍系统",
        unit=make.county(code),
        scopes=list(scopes),
        until_on=given.pop("until_on", None),
        by=service_account(),
    )
    answer = token_for(made)
    assert answer.status_code == 200, answer.content.decode()
    return Caller(made, answer.json()["access_token"], Client())


@pytest.fixture
def city(db: None) -> None:
    """Reference rows, on a day of autumn 2020."""
    make.load_reference()
    set_business_date(date(2020, 12, 15))


@pytest.fixture
def hunyuan(city: None) -> Caller:
    """浑源县's client."""
    return caller()

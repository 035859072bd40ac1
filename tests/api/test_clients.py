"""Clients and tokens: one county, hashed secrets and tokens, expiry, revocation, and limits that stay."""

import base64
import json
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.clients import create_client, revoke_client
from datong_edu.accounts.models import ApiClient, Grant
from datong_edu.accounts.roles import PERMISSIONS, Role
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import AuditEvent
from datong_edu.web.models import UseCount
from tests import factories as make
from tests.api.conftest import Caller, caller, token_for

AccessToken = get_access_token_model()


def test_clients_are_made_by_system_administrators(city: None) -> None:
    administrator = make.user(Role.SYSTEM_ADMIN, make.city())
    given: dict[str, Any] = {"name": "x", "unit": make.county(), "scopes": ["read"], "until_on": None}
    made = create_client(**given, by=administrator)
    for other in (make.user(), make.user(Role.AUDIT_ADMIN, make.city())):
        with pytest.raises(PortalError, match="系统管理员"):
            create_client(**given, by=other)
        with pytest.raises(PortalError, match="系统管理员"):
            revoke_client(client_id=made.client.client_id, by=other)


def test_neither_secret_nor_token_is_kept(hunyuan: Caller) -> None:
    with connection.cursor() as cursor:
        for table in ("accounts_apiclient", "accounts_apiclientevent", "oauth2_provider_accesstoken"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            (text,) = cursor.fetchone()
            assert text, table
            assert hunyuan.credentials.secret not in text
            assert hunyuan.token not in text


def test_a_client_is_of_one_county(city: None) -> None:
    for unit in (make.city(), make.school_unit(make.school())):
        with pytest.raises(PortalError, match="县区"):
            create_client(name="x", unit=unit, scopes=["read"], until_on=None, by=service_account())


def test_a_client_that_has_come_to_see_more_is_refused(hunyuan: Caller) -> None:
    assert hunyuan.get("schools").status_code == 200
    Grant.objects.create(
        user=hunyuan.user, role=Role.API_CLIENT, unit=make.county("140224"), since_on=date(2016, 1, 1)
    )
    answer = hunyuan.get("schools")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_client_gets_its_token_by_secret_only(hunyuan: Caller) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.update(authorization_grant_type=ApiClient.GRANT_PASSWORD)


def test_credentials_may_stand_in_the_header(hunyuan: Caller) -> None:
    pair = f"{hunyuan.credentials.client.client_id}:{hunyuan.credentials.secret}"
    header = f"Basic {base64.b64encode(pair.encode()).decode()}"
    answer = Client().post(
        "/api/v1/token", {"grant_type": "client_credentials"}, headers={"Authorization": header}
    )
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 1800
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"scope": "read write"}, 400, "invalid_scope"),
    ],
)
def test_a_refused_token_says_why(hunyuan: Caller, form: dict[str, str], status: int, error: str) -> None:
    answer = token_for(hunyuan.credentials, **form)
    told = answer.json()
    assert (answer.status_code, told["error"]) == (status, error)
    assert told["title"]
    assert told["detail"]


def test_scopes_are_those_of_the_client(city: None) -> None:
    reader = caller(scopes=("read",))
    assert token_for(reader.credentials, scope="import").json()["error"] == "invalid_scope"
    answer = reader.get("imports")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert reader.get("schools").status_code == 200


def test_a_narrower_token_may_do_less(hunyuan: Caller) -> None:
    hunyuan.token = token_for(hunyuan.credentials, scope="import").json()["access_token"]
    assert hunyuan.get("schools").status_code == 403
    assert hunyuan.get("imports").status_code == 200


def test_tokens_expire(hunyuan: Caller) -> None:
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    answer = hunyuan.get("schools")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_client_expires_with_its_office(hunyuan: Caller) -> None:
    Grant.objects.filter(user=hunyuan.user).update(
        since_on=date(2016, 1, 1), until_on=timezone.localdate() - timedelta(days=1)
    )
    assert hunyuan.get("schools").status_code == 401


def test_a_revoked_client_is_out_at_once(hunyuan: Caller) -> None:
    revoke_client(client_id=hunyuan.credentials.client.client_id, by=service_account())
    assert hunyuan.get("schools").status_code == 401
    assert token_for(hunyuan.credentials).json()["error"] == "invalid_client"
    with pytest.raises(PortalError, match="已在"):
        revoke_client(client_id=hunyuan.credentials.client.client_id, by=service_account())


def test_cookies_count_for_nothing(city: None) -> None:
    browser = Client()
    browser.force_login(make.user())
    assert browser.get("/api/v1/schools").json()["code"] == "not_authenticated"


def test_tokens_stand_in_the_header_only(hunyuan: Caller) -> None:
    answer = Client().get("/api/v1/schools", {"access_token": hunyuan.token})
    assert answer.status_code == 401


def test_deeds_on_clients_are_on_record(hunyuan: Caller) -> None:
    token_for(hunyuan.credentials, client_secret="wrong")
    revoke_client(client_id=hunyuan.credentials.client.client_id, by=service_account())
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {"create_api_client", "issue_token", "token_refused", "revoke_api_client"}


def test_guesses_are_limited(hunyuan: Caller, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"api_token": {3600: 3}}
    UseCount.objects.all().delete()
    answers = [token_for(hunyuan.credentials, client_secret="wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert token_for(hunyuan.credentials).status_code == 429


def test_calls_are_limited_in_the_database(hunyuan: Caller, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"api_call": {3600: 2}}
    answers = [hunyuan.get("schools") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers[:2]] == ["1", "0"]
    assert answers[2].json()["code"] == "throttled"
    assert int(answers[2]["Retry-After"]) > 0
    assert UseCount.objects.get(key=f"api_call:{hunyuan.user.pk}").used == 3


def run(*words: str) -> Any:
    """Call the command."""
    out = StringIO()
    call_command("api_client", *words, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_creates_lists_and_revokes(city: None) -> None:
    service_account()
    made = run("create", "县系统", "--unit", "140225", "--scopes", "read,import", "--until", "2099-12-31")
    assert len(made["client_secret"]) == 64
    assert run("list") == [
        {
            "client_id": made["client_id"],
            "name": "县系统",
            "unit": "140225",
            "scopes": ["import", "read"],
            "revoked": False,
        }
    ]
    assert run("revoke", made["client_id"])["revoked"]
    for words in (
        ("create", "x", "--unit", "140200"),
        ("create", "x", "--unit", "999"),
        ("create", "x", "--unit", "140225", "--scopes", "write"),
        ("create", "x", "--unit", "140225", "--until", "2001-01-01"),
        ("revoke", "nobody"),
    ):
        with pytest.raises(CommandError, match="。"):
            run(*words)


def _api_actions() -> list[tuple[str, str]]:
    """Address and method of every action of the API, from the URL resolver."""
    found = []
    for pattern in patterns():
        for method in pattern.callback.actions:
            route = f"{pattern.pattern}".replace("<uuid:id>", str(uuid4()))
            found.append((method.upper(), route))
    return found


def patterns() -> Any:
    """URL patterns of the API's viewsets."""
    (api,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    rooms = [each for each in api.url_patterns if hasattr(each, "url_patterns")]
    return [p for room in rooms for p in room.url_patterns if getattr(p.callback, "actions", None)]


def test_every_action_asks_for_token_scope_and_office(
    hunyuan: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = _api_actions()
    assert len(actions) >= 14
    for method, route in actions:
        assert hunyuan.other(method, route).status_code not in (401, 403), route
    for method, route in actions:
        assert Client().generic(method, f"/api/v1/{route}").status_code == 401, route
    everything = hunyuan.token
    for scope in ("read", "import"):
        hunyuan.token = token_for(hunyuan.credentials, scope=scope).json()["access_token"]
        closed = [route for method, route in actions if hunyuan.other(method, route).status_code == 403]
        imports = [route for _, route in actions if route.startswith("imports")]
        others = [route for _, route in actions if not route.startswith("imports")]
        assert closed == (imports if scope == "read" else others)
    hunyuan.token = everything
    monkeypatch.setitem(PERMISSIONS, Role.API_CLIENT, set())
    for method, route in actions:
        assert hunyuan.other(method, route).status_code == 403, route

"""Whatever goes wrong is a problem document in Chinese that repeats nothing of what was sent."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from datong_edu.registry.api import views
from tests import factories as make
from tests.api.conftest import Caller

MEDIA_TYPE = "application/problem+json"
CONTRACT = Path("datong_edu/web/api/openapi.yaml")


def problem_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The document, after a look at its form."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == MEDIA_TYPE
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:datong-edu:problem:{code}")
    for member in ("title", "detail"):
        assert any("\u4e00" <= character <= "\u9fff" for character in told[member])
    return told


def test_no_token(hunyuan: Caller) -> None:
    answer = Client().get("/api/v1/schools")
    problem_of(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_unknown_address(hunyuan: Caller) -> None:
    for path in ("nothing", "schools/x", "schools/", "persons/lookup/x", ""):
        problem_of(hunyuan.get(path), 404, "not_found")
    problem_of(Client().get("/api/nowhere"), 404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_wrong_method(hunyuan: Caller, method: str) -> None:
    for path in ("schools", "persons/lookup"):
        assert "Allow" in problem_and_headers(hunyuan.other(method, path), 405, "method_not_allowed")


def problem_and_headers(answer: Any, status: int, code: str) -> Any:
    """The headers of a problem."""
    problem_of(answer, status, code)
    return answer.headers


def test_wrong_method_of_the_token_endpoint(hunyuan: Caller) -> None:
    problem_of(Client().get("/api/v1/token"), 405, "method_not_allowed")


def test_wrong_media_type(hunyuan: Caller) -> None:
    problem_of(
        hunyuan.other("POST", "persons/lookup", data="<a/>", content_type="text/xml"),
        415,
        "unsupported_media_type",
    )


def test_unreadable_body(hunyuan: Caller) -> None:
    problem_of(
        hunyuan.other("POST", "persons/lookup", data="{", content_type="application/json"),
        400,
        "malformed_request",
    )


def test_unacceptable_format(hunyuan: Caller) -> None:
    answer = hunyuan.browser.get("/api/v1/schools", headers=hunyuan._headers({"Accept": "text/csv"}))
    problem_of(answer, 406, "not_acceptable")


def test_invalid_body_names_the_fault_and_not_the_value(hunyuan: Caller) -> None:
    number = make.id_number()
    told = problem_of(hunyuan.post("persons/lookup", {"kind": number}), 400, "invalid_request")
    assert {fault["field"] for fault in told["errors"]} == {"number", "kind"}
    assert number not in str(told)


def test_a_body_too_large(hunyuan: Caller) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10):
        problem_of(hunyuan.post("persons/lookup", {"number": "1" * 30}), 413, "too_large")


def test_a_failure_of_the_server_tells_nothing(
    hunyuan: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Any) -> Any:
        raise RuntimeError("secret of the server")

    monkeypatch.setattr(views.Schools, "in_sight", fail)
    answer = hunyuan.get("schools")
    problem_of(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()


def test_an_action_without_an_entry_is_refused(hunyuan: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.Schools, "action_permissions", {})
    problem_of(hunyuan.get("schools"), 403, "forbidden")


def test_the_contract_is_the_committed_file(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)
    assert made.read_text(encoding="utf-8") == CONTRACT.read_text(encoding="utf-8"), (
        "the API has changed: `manage.py spectacular --validate --fail-on-warn --file"
        f" {CONTRACT}`, and tell the other systems"
    )


def test_the_contract_and_its_pages_are_for_people_logged_in(hunyuan: Caller) -> None:
    for path in ("/api/v1/schema", "/api/v1/docs"):
        assert Client().get(path).status_code == 302
    browser = Client()
    browser.force_login(make.user())
    assert browser.get("/api/v1/schema").json()["openapi"].startswith("3.")
    page = browser.get("/api/v1/docs")
    assert "script-src" in page["Content-Security-Policy"]

"""Imports by the API: the batches, actions and jobs of the screen, step by step and once."""

import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from datong_edu.core import jobs
from datong_edu.core.models import AuditEvent, JobState
from datong_edu.importing import tasks  # noqa: F401  registers the jobs, as a worker does
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.web.api import repeating
from datong_edu.web.models import RepeatableCall
from subsidies.models import AwardLine
from tests import factories as make
from tests.api.conftest import Caller, caller
from tests.importing.command import SAMPLES, TERM
from tests.importing.conftest import books, schools

__all__ = ["books", "schools"]

ROLL = SAMPLES / "05_义教生活补助_2020秋_浑源县.xlsx"


@pytest.fixture
def client(books: None) -> Caller:
    """浑源县's client in the city of the samples."""
    return caller()


def send(client: Caller, file: Path = ROLL, *, key: str | None = None, **given: Any) -> Any:
    """Upload a roster."""
    content = given.pop("content", None) or file.read_bytes()
    form = {"kind": "r2_living_allowance", "term": TERM} | given
    form["file"] = SimpleUploadedFile(given.pop("name", file.name), content)
    form = {name: value for name, value in form.items() if value is not None}
    return client.post("imports", form, form=True, key=str(uuid4()) if key is None else key)


def work() -> None:
    """Run every queued job, as a worker would."""
    while queued := jobs.Job.objects.filter(state=JobState.QUEUED, kind__startswith="importing").first():
        jobs.run(queued.pk)


def confirm(client: Caller, batch: ImportBatch) -> None:
    """A clerk confirms the proposed columns on the screen."""
    from datong_edu.importing import actions

    actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=make.user())


@pytest.fixture
def checked(client: Caller) -> str:
    """Id of a roll that is ready to be applied."""
    told = send(client).json()
    work()
    batch = ImportBatch.objects.whole_city().get(uid=told["id"])
    if batch.state == BatchState.MAPPING:
        confirm(client, batch)
        work()
    return str(told["id"])


def test_a_file_goes_the_way_of_the_screen(client: Caller) -> None:
    answer = send(client)
    told = answer.json()
    assert answer.status_code == 202, told
    assert answer["Location"].endswith(f"/api/v1/imports/{told['id']}")
    assert (told["state"], told["next_step"], told["counts"]) == ("uploaded", "wait", None)
    assert told["job"]["state"] == "queued"
    work()
    told = client.get(f"imports/{told['id']}").json()
    assert told["state"] in ("mapping", "ready")
    batch = ImportBatch.objects.whole_city().get(uid=told["id"])
    assert batch.created_by == client.user
    event = AuditEvent.objects.filter(action="receive_file").latest("id")
    assert (event.source, event.actor) == ("api", client.user)


def test_columns_that_a_person_must_confirm_stop_the_apply(client: Caller) -> None:
    told = send(client, content=odd_headings(), name="补助.xlsx").json()
    work()
    told = client.get(f"imports/{told['id']}").json()
    assert (told["state"], told["next_step"]) == ("mapping", "confirm_columns")
    answer = client.post(f"imports/{told['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (409, "columns_need_confirmation")
    assert answer.json()["page"] == told["page"]
    assert not AwardLine.objects.whole_city().exists()


def test_apply_is_a_step_of_its_own(client: Caller, checked: str) -> None:
    told = client.get(f"imports/{checked}").json()
    assert (told["state"], told["next_step"]) == ("ready", "apply")
    assert not AwardLine.objects.whole_city().exists()
    answer = client.post(f"imports/{checked}/apply")
    assert (answer.status_code, answer.json()["state"]) == (202, "applying")
    work()
    told = client.get(f"imports/{checked}").json()
    assert (told["state"], told["next_step"]) == ("applied", "")
    assert AwardLine.objects.whole_city().count() == told["counts"]["new"] > 0
    assert client.post(f"imports/{checked}/apply").status_code == 409


def test_rejected_rows_say_what_to_do_with_numbers_masked(client: Caller, checked: str) -> None:
    counts = client.get(f"imports/{checked}").json()["counts"]
    told = client.get(f"imports/{checked}/rows").json()
    assert len(told["results"]) == counts["refused"] > 0
    reason = told["results"][0]["reasons"][0]
    assert reason["code"].isupper()
    assert reason["title"]
    assert reason["remedy"]
    assert not any(part.isdigit() and len(part) >= 15 for part in str(told).replace("'", " ").split())
    assert client.get(f"imports/{checked}/rows", outcome="new").status_code == 400


def test_the_same_bytes_after_the_apply_are_the_first_batch(client: Caller, checked: str) -> None:
    client.post(f"imports/{checked}/apply")
    work()
    answer = send(client)
    assert (answer.status_code, answer.json()["id"]) == (200, checked)


def test_cancel_gives_up(client: Caller, checked: str) -> None:
    answer = client.post(f"imports/{checked}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (202, "discarded")
    assert client.post(f"imports/{checked}/apply").status_code == 409
    assert client.post(f"imports/{checked}/cancel").status_code == 409


def test_a_person_s_batch_is_seen_and_left_alone(client: Caller, checked: str) -> None:
    ImportBatch.objects.whole_city().filter(uid=checked).update(created_by=make.user())
    assert client.get(f"imports/{checked}").status_code == 200
    for deed in ("apply", "cancel"):
        answer = client.post(f"imports/{checked}/{deed}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_import")


def test_another_county_does_not_see_it(client: Caller, checked: str) -> None:
    other = caller("140224")
    answers = [
        other.get(f"imports/{checked}"),
        other.get(f"imports/{uuid4()}"),
        other.get(f"imports/{checked}/rows"),
        other.post(f"imports/{checked}/apply"),
        other.post(f"imports/{checked}/cancel"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert other.get("imports").json()["results"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"unit": "140224"}, "unit"),
        ({"unit": "140200"}, "unit"),
        ({"term": "1999-2000-1"}, "term"),
        ({"term": None}, "term"),
        ({"is_full": "true"}, "is_full"),
    ],
)
def test_what_does_not_fit_is_refused(client: Caller, given: dict[str, str | None], field: str) -> None:
    answer = send(client, **given)
    assert answer.status_code == 400, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert not ImportBatch.objects.whole_city().filter(kind="r2_living_allowance").exists()


def test_a_file_over_the_limit_is_refused(client: Caller, settings: Any) -> None:
    settings.MAX_ROSTER_BYTES = 1000
    answer = send(client)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_a_refused_file_says_why(client: Caller) -> None:
    told = send(client, content=b"not a workbook at all", name="x.xlsx").json()
    work()
    told = client.get(f"imports/{told['id']}").json()
    assert told["state"] == "refused"
    assert told["refusal"]["code"].isupper()
    assert told["refusal"]["detail"]


def test_the_same_call_again_is_answered_alike(client: Caller) -> None:
    first, again = send(client, key="k1"), send(client, key="k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert ImportBatch.objects.whole_city().filter(kind="r2_living_allowance").count() == 1
    kept = RepeatableCall.objects.get()
    assert ROLL.name.encode() not in bytes(kept.cipher)


def test_a_key_of_another_content_is_refused(client: Caller) -> None:
    send(client, key="k1")
    answer = send(client, key="k1", content=ROLL.read_bytes() + b" ")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_its_client(client: Caller) -> None:
    send(client, key="k1")
    assert send(caller(), key="k1").json()["id"] != ""
    assert ImportBatch.objects.whole_city().filter(kind="r2_living_allowance").count() == 2


def test_an_upload_without_a_key_is_refused(client: Caller) -> None:
    for key in ("", "x" * 101):
        answer = send(client, key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_a_failed_call_leaves_its_key_free(client: Caller) -> None:
    assert send(client, key="k1", kind="nothing").status_code == 400
    assert send(client, key="k1").status_code == 202


@pytest.mark.django_db(transaction=True)
def test_a_key_under_way_is_refused_until_it_is_done() -> None:
    make.load_reference()
    client = caller()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        assert repeating._take(f"{client.user.pk}:k1")
        held.set()
        done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        answer = send(client, key="k1")
        assert (answer.status_code, answer.json()["code"]) == (409, "call_in_flight")
    finally:
        done.set()
        thread.join()
    assert send(client, key="k1").status_code == 202


def test_a_browser_s_session_cannot_import(client: Caller) -> None:
    browser = Client()
    browser.force_login(make.user())
    assert browser.post("/api/v1/imports", {}).status_code == 401


def odd_headings() -> bytes:
    """The sample with a heading of the identity column that no alias knows."""
    from io import BytesIO

    import openpyxl

    book = openpyxl.load_workbook(ROLL)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                if isinstance(cell.value, str) and "身份证" in cell.value:
                    cell.value = "本人证照编码"
    target = BytesIO()
    book.save(target)
    return target.getvalue()

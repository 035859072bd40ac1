"""查看完整号码: one number, for a reason, on record before it is seen, so many a day."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from datong_edu.accounts.roles import Role
from datong_edu.accounts.session_store import SessionStore
from datong_edu.accounts.sessions import CONFIRMED
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import AuditEvent
from datong_edu.desk.facts import PersonFacts
from datong_edu.desk.sealed_numbers import numbers_of
from datong_edu.registry import reveals
from datong_edu.registry.models import NumberReveal
from tests import factories as make
from tests.desk.conftest import Books, LogIn, office

pytestmark = pytest.mark.django_db
REASON = "银行退票，与家长核对"


def address(books: Books) -> str:
    """The form about the child of whom numbers are known."""
    return reverse("desk:reveal", args=[books.owed.person.uid])


def ask(client: Client, where: str, number: str = "id_no", reason: str = REASON) -> Any:
    """Send the form."""
    return client.post(where, {"number": number, "reason": reason})


def test_number_is_shown_once_for_a_reason(log_in: LogIn, books: Books) -> None:
    client = log_in()
    form = client.get(address(books))
    assert books.numbers["id_no"] not in form.content.decode()
    assert books.owed.person.id_no_masked in form.content.decode()
    assert not NumberReveal.objects.whole_city().exists()
    answer = ask(client, address(books))
    assert answer.status_code == 200
    assert books.numbers["id_no"] in answer.content.decode()
    assert books.numbers["student_no"] not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    look = NumberReveal.objects.whole_city().get()
    assert (look.key, look.reason, look.person_id) == ("id_no", REASON, books.owed.person_id)
    event = AuditEvent.objects.get(action="reveal_number")
    assert (event.subject_id, event.county) == (str(books.owed.person_id), books.owed.county)
    assert event.detail == {"number": "id_no", "look": look.pk}
    assert books.numbers["student_no"] in ask(client, address(books), "student_no").content.decode()


def test_look_stands_on_the_file_with_who_what_and_why(log_in: LogIn, books: Books) -> None:
    client = log_in()
    ask(client, address(books))
    text = client.get(reverse("desk:person", args=[books.owed.person.uid])).content.decode()
    assert f"查看完整身份证号：{REASON}" in text
    assert f'href="{address(books)}"' in text
    assert books.numbers["id_no"] not in text


@pytest.mark.parametrize(
    "role", [Role.CITY_STAFF, Role.LEADER, Role.AUDITOR, Role.STANDARDS_OFFICER, Role.SYSTEM_ADMIN]
)
def test_office_without_the_right_neither_sees_the_button_nor_the_number(
    log_in: LogIn, books: Books, role: Role
) -> None:
    client = log_in(role, make.city())
    assert client.get(address(books)).status_code == 403
    assert ask(client, address(books)).status_code == 403
    file = client.get(reverse("desk:person", args=[books.owed.person.uid]))
    assert "查看完整号码" not in file.content.decode()
    assert not NumberReveal.objects.whole_city().exists()


def test_action_itself_asks_for_the_right(books: Books) -> None:
    leader = office(Role.LEADER, make.city())
    number = numbers_of(PersonFacts(books.owed.person, leader))[0]
    with pytest.raises(PortalError, match="不能查看完整号码"):
        reveals.reveal_number(person=books.owed.person, number=number, reason=REASON, county=None, by=leader)


def test_foreign_and_missing_persons_answer_alike(log_in: LogIn, books: Books) -> None:
    client = log_in()
    for uid in (books.away.person.uid, uuid4()):
        where = reverse("desk:reveal", args=[uid])
        assert client.get(where).status_code == 404
        assert ask(client, where).status_code == 404


def test_number_of_a_record_out_of_sight_is_not_on_offer(log_in: LogIn, books: Books) -> None:
    away = make.county("140224")
    person = make.person(county_ids=[make.county().pk, away.pk])
    make.enrolment(of=person, school=make.school(county=away), student_no="G140224201005010123")
    answer = ask(log_in(), reverse("desk:reveal", args=[person.uid]), "student_no")
    assert answer.status_code == 422
    assert "该档案没有这个号码" in answer.content.decode()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "请填写查看的理由"),
        ("核对", "至少 4 个字"),
        ("核对 140225 20100501 0011", "请不要写号码"),
    ],
)
def test_reason_is_asked_for_and_holds_no_number(
    log_in: LogIn, books: Books, reason: str, words: str
) -> None:
    answer = ask(log_in(), address(books), reason=reason)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not NumberReveal.objects.whole_city().exists()


def test_reading_never_reveals(log_in: LogIn, books: Books) -> None:
    answer = log_in().get(address(books), {"number": "id_no", "reason": REASON})
    assert books.numbers["id_no"] not in answer.content.decode()
    assert not NumberReveal.objects.whole_city().exists()


def test_identity_is_confirmed_first(log_in: LogIn, books: Books) -> None:
    client = log_in()
    session: SessionStore = client.session  # type: ignore[assignment]
    session[CONFIRMED] = (timezone.now() - timedelta(minutes=11)).timestamp()
    session.save()
    for answer in (client.get(address(books)), ask(client, address(books))):
        assert answer["Location"].startswith("/confirm/?next=%2Fdesk%2Fpeople%2F")
    assert not NumberReveal.objects.whole_city().exists()


def test_quota_of_the_day_is_kept_in_the_database(log_in: LogIn, books: Books, settings: Any) -> None:
    settings.REVEALS_PER_DAY = 3
    client = log_in()
    shown = 0
    for _ in range(6):
        shown += books.numbers["id_no"] in ask(client, address(books)).content.decode()
        cache.clear()
    assert shown == 3
    refused = ask(client, address(books))
    assert refused.status_code == 400
    assert "已满 3 次" in refused.content.decode()
    assert AuditEvent.objects.filter(action="reveal_number").count() == 3


def test_without_the_quota_every_number_is_shown(
    log_in: LogIn, books: Books, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REVEALS_PER_DAY = 3
    monkeypatch.setattr(reveals, "left_today", lambda user: 1)
    client = log_in()
    assert all(books.numbers["id_no"] in ask(client, address(books)).content.decode() for _ in range(5))


def test_quota_starts_anew_the_next_day(
    log_in: LogIn, books: Books, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REVEALS_PER_DAY = 1
    clerk = office()
    number = numbers_of(PersonFacts(books.owed.person, clerk))[0]

    def look() -> str:
        return reveals.reveal_number(
            person=books.owed.person, number=number, reason=REASON, county=None, by=clerk
        )

    assert look() == books.numbers["id_no"]
    with pytest.raises(PortalError, match="已满"):
        look()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert look() == books.numbers["id_no"]


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_share_one_quota(books: Books, settings: Any) -> None:
    settings.REVEALS_PER_DAY = 2
    clerk = office()
    number = numbers_of(PersonFacts(books.owed.person, clerk))[0]
    start, shown = Barrier(6), []

    def look() -> None:
        try:
            start.wait(10)
            shown.append(
                reveals.reveal_number(
                    person=books.owed.person, number=number, reason=REASON, county=None, by=clerk
                )
            )
        except PortalError:
            pass
        finally:
            connections.close_all()

    run_all(look, 6)
    assert len(shown) == 2
    assert NumberReveal.objects.whole_city().count() == 2


def run_all(deed: Callable[[], None], runners: int) -> None:
    """The deed in so many threads."""
    threads = [Thread(target=deed) for _ in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_nothing_is_shown_when_it_cannot_be_written_down(
    log_in: LogIn, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**kwargs: Any) -> None:
        raise PortalError("审计写入失败")

    client = log_in()
    monkeypatch.setattr(reveals.audit, "record", broken)
    answer = ask(client, address(books))
    assert answer.status_code == 400
    assert books.numbers["id_no"] not in answer.content.decode()
    assert not NumberReveal.objects.whole_city().exists()


def test_looks_only_grow(log_in: LogIn, books: Books) -> None:
    ask(log_in(), address(books))
    rows = NumberReveal.objects.whole_city()
    for deed in (rows.delete, lambda: rows.update(reason="x")):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            deed()

"""操作留痕: the audit office sees its own unit, masked, and its exports are on record themselves."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client

from datong_edu.accounts.roles import Role
from datong_edu.core import audit, history
from datong_edu.core.models import AuditEvent, AuditLink
from datong_edu.desk import auditing
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.desk.conftest import Books, LogIn, office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def near_and_far(books: Books) -> None:
    near, far = make.county(), make.county("140224")
    clerk = make.user()
    audit.record(action="read_person", by=clerk, county=near, subject=books.owed.person)
    audit.record(action="read_person", by=clerk, county=far, subject=books.away.person)
    audit.record(action="standards.load", by=None)
    with history.context(source="page", user=clerk.pk, reason="核实后更正"):
        Enrolment.objects.for_county(near).filter(pk=books.owed.pk).update(class_no="9", guardian="王监护")
    with history.context(source="job", user=clerk.pk):
        Enrolment.objects.for_county(far).update(class_no="8")


def test_office_of_a_county_sees_that_county_only(near_and_far: None, log_in: LogIn) -> None:
    role = Role.AUDITOR  # the audit administrator's office is the city's
    client = log_in(role, make.county())
    page = client.get("/desk/audit/").content.decode()
    assert "查看档案</td>" in page
    assert "登记标准</td>" not in page
    found = auditing.events_seen_by(office(role, make.county()))
    assert {event.county for event in found} == {make.county()}
    changes = client.get("/desk/audit/changes/").content.decode()
    assert "核实后更正" in changes
    far = AuditLink.objects.filter(county=make.county("140224").pk).latest("id")
    assert client.get(f"/desk/audit/changes/{far.deed}/{far.county}/").status_code == 404
    assert client.get(f"/desk/audit/changes/{far.deed}/0/").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_ADMIN])
def test_office_of_the_city_sees_all(role: Role, near_and_far: None, log_in: LogIn) -> None:
    page = log_in(role, make.city()).get("/desk/audit/").content.decode()
    assert "登记标准</td>" in page
    assert page.count("查看档案</td>") == 2


@pytest.mark.parametrize("role", [Role.COUNTY_CLERK, Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_nobody_else_reads_it(role: Role, near_and_far: None, log_in: LogIn) -> None:
    unit = make.county() if role == Role.COUNTY_CLERK else make.city()
    for address in ("/desk/audit/", "/desk/audit/changes/", "/desk/audit/changes/1/0/"):
        assert log_in(role, unit).get(address).status_code == 403


def test_change_is_told_without_personal_values(near_and_far: None, log_in: LogIn, books: Books) -> None:
    link = AuditLink.objects.filter(county=make.county().pk, contexts__isnull=False).latest("id")
    page = (
        log_in(Role.AUDITOR, make.city())
        .get(f"/desk/audit/changes/{link.deed}/{link.county}/")
        .content.decode()
    )
    assert "班级" in page
    assert "监护人（已变更）" in page
    assert "王监护" not in page
    assert not any(number in page for number in books.numbers.values())


@pytest.mark.parametrize(
    ("query", "lines"),
    [("action=standards.load", 1), ("since=2999-01-01", 0), ("unit=140224", 1), ("q=nobody_at_all", 0)],
)
def test_list_is_narrowed(query: str, lines: int, near_and_far: None, log_in: LogIn) -> None:
    response = log_in(Role.AUDITOR, make.city()).get(f"/desk/audit/?{query}")
    assert len(response.context["listing"].rows) == lines


def test_subject_leads_to_all_about_it(near_and_far: None, log_in: LogIn, books: Books) -> None:
    subject = f"registry.person:{books.owed.person.pk}"
    response = log_in(Role.AUDITOR, make.city()).get(f"/desk/audit/?subject={subject}")
    assert {event.subject_id for event in response.context["listing"].rows} == {str(books.owed.person.pk)}


def test_export_is_on_record_itself(near_and_far: None, log_in: LogIn) -> None:
    client: Client = log_in(Role.AUDITOR, make.county())
    response = client.get("/desk/audit/?export=xlsx")
    rows = list(openpyxl.load_workbook(BytesIO(response.content)).active.values)
    assert [row[2] for row in rows[1:]] == ["查看档案"]
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.county, event.detail["list"]) == ("web.exported", make.county(), "desk:audit")


def test_every_action_written_down_has_its_words() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for room in ("datong_edu", "subsidies", "dropout", "teachers", "schools", "nutrition")
        for path in Path(settings.BASE_DIR, room).rglob("*.py")
    )
    found = set(re.findall(r'audit\.record\(\s*action="([^"]+)"', sources))
    assert found, "the pattern no longer finds a call"
    assert found <= set(auditing.ACTIONS), f"name in desk.auditing.ACTIONS: {found - set(auditing.ACTIONS)}"

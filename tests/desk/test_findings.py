"""The worklist: queues, filters, evidence, deeds on one and on many, and what another county never sees."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.models import AuditEvent
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.enums import Status
from datong_edu.crosschecks.engine.models import Finding, FindingLog
from dropout.enums import CaseStatus
from dropout.models import DropoutCase
from tests import factories as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "desk:findings"


def _text(client: Any, **params: str) -> str:
    answer = client.get(reverse(LIST), params)
    assert answer.status_code == 200
    return answer.content.decode()


def _statuses() -> set[str]:
    return set(Finding.objects.whole_city().values_list("status", flat=True))


def test_worklist_opens_with_what_waits_in_the_county(log_in: Any, books: Any) -> None:
    text = _text(log_in())
    assert "待我处理 <span>2</span>" in text
    assert "共 2 条，涉及 1,125 元" in text
    assert "张示例" in text
    assert "外县秘密" not in text


def test_links_of_the_overview_are_not_narrowed_to_a_queue(log_in: Any, books: Any) -> None:
    client = log_in()
    finding = books.finding_of(books.owed)
    client.post(reverse("desk:deed", args=[finding.uid]), {"deed": "confirm"})
    assert "共 1 条" in _text(client)
    assert "共 2 条" in _text(client, status="open", rule="C01,C17", term="2020-2021-1")
    assert "共 1 条" in _text(client, status="answered")
    assert "共 0 条" in _text(client, overdue="1")
    assert "共 0 条" in _text(client, assigned="1", severity="H")


def test_city_narrows_to_a_county(log_in: Any, books: Any) -> None:
    client = log_in(Role.CITY_STAFF, make.city())
    text = _text(client, status="open", unit="140224")
    assert "外县秘密" in text
    assert "张示例" not in text


def test_filters_by_school_stage_and_name(log_in: Any, books: Any) -> None:
    client = log_in()
    assert "共 2 条" in _text(client, queue="todo", school=books.owed.school.code)
    assert "共 1 条" in _text(client, queue="todo", stage="JUN")
    assert "共 1 条" in _text(client, queue="todo", q="示例")


def test_number_search_of_findings_stays_out_of_the_address(log_in: Any, books: Any) -> None:
    number = books.numbers["id_no"]
    answer = log_in().post(reverse(LIST), {"q": number}, follow=True)
    assert number not in answer.redirect_chain[-1][0]
    assert number not in answer.content.decode()
    assert "共 1 条" in answer.content.decode()


def test_evidence_names_rule_facts_source_and_amount(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    client = log_in()
    panel = client.get(reverse("desk:finding", args=[finding.uid]), headers=HTMX).content.decode()
    assert "<html" not in panel
    for words in ("应助未助", "怎样比对", "应享项目", "来源记录", "手工登记", "确认应补 500 元", "比对发现"):
        assert words in panel
    page = client.get(reverse("desk:finding", args=[finding.uid])).content.decode()
    assert "<html" in page
    assert books.numbers["id_no"] not in page


def test_reading_evidence_is_recorded_under_the_person(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    log_in().get(reverse("desk:finding", args=[finding.uid]))
    event = AuditEvent.objects.get(action="read_finding")
    assert event.subject_id == str(finding.person_id)
    assert event.detail == {"finding": str(finding.uid)}


def test_foreign_finding_does_not_exist(log_in: Any, books: Any) -> None:
    client, foreign = log_in(), books.finding_of(books.away)
    bodies = set()
    for uid in (foreign.uid, uuid4()):
        seen = client.get(reverse("desk:finding", args=[uid]))
        done = client.post(reverse("desk:deed", args=[uid]), {"deed": "confirm"})
        assert (seen.status_code, done.status_code) == (404, 404)
        bodies.add(seen.content.decode().partition("<main")[2])
    assert len(bodies) == 1
    foreign.refresh_from_db()
    assert foreign.status == Status.PENDING


def test_deed_under_htmx_answers_with_the_panel_as_it_now_stands(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    answer = log_in().post(
        reverse("desk:deed", args=[finding.uid]), {"deed": "confirm", "note": "已核"}, headers=HTMX
    )
    assert answer.headers["HX-Trigger"] == "dt-changed"
    assert "已答复属实。" in answer.content.decode()
    assert "已核" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.status == Status.CONFIRMED


def test_false_alarm_without_a_reason_is_refused(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    address = reverse("desk:deed", args=[finding.uid])
    client = log_in()
    assert client.post(address, {"deed": "false_alarm"}).status_code == 400
    refused = client.post(address, {"deed": "false_alarm"}, headers=HTMX)
    assert refused.status_code == 422
    assert "必须写明理由" in refused.content.decode()
    assert _statuses() == {Status.PENDING}


def test_clerk_closes_and_opens_again(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    client, address = log_in(), reverse("desk:deed", args=[finding.uid])
    assert client.post(address, {"deed": "close", "note": "已列入补发"}).status_code == 302
    finding.refresh_from_db()
    assert finding.status == Status.FIXED
    client.post(address, {"deed": "reopen", "note": "补发未到"})
    finding.refresh_from_db()
    assert finding.status == Status.PENDING


def test_school_sees_and_answers_what_is_assigned_to_it(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    log_in().post(reverse("desk:deed", args=[finding.uid]), {"deed": "assign"})
    school = log_in(Role.SCHOOL_CLERK, make.school_unit(books.owed.school))
    text = _text(school)
    assert "待我处理 <span>1</span>" in text
    assert "张示例" in text
    panel = school.get(reverse("desk:finding", args=[finding.uid])).content.decode()
    assert "确认应补 500 元" in panel
    assert 'value="close"' not in panel
    school.post(reverse("desk:deed", args=[finding.uid]), {"deed": "confirm", "note": "确未领到"})
    finding.refresh_from_db()
    assert finding.status == Status.CONFIRMED


def test_leader_reads_without_buttons_and_cannot_act(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    client = log_in(Role.LEADER, make.city())
    assert 'name="deed"' not in client.get(reverse("desk:finding", args=[finding.uid])).content.decode()
    assert client.post(reverse("desk:deed", args=[finding.uid]), {"deed": "confirm"}).status_code == 400
    bulk = client.post(reverse("desk:bulk") + "?queue=todo", {"deed": "assign", "pick": [str(finding.uid)]})
    assert bulk.status_code in (302, 400)
    assert _statuses() == {Status.PENDING}
    assert not Finding.objects.whole_city().exclude(assigned_to=None).exists()


def test_deed_returns_only_to_this_portal(log_in: Any, books: Any) -> None:
    finding = books.finding_of(books.owed)
    answer = log_in().post(
        reverse("desk:deed", args=[finding.uid]), {"deed": "confirm", "back": "https://example.org/"}
    )
    assert answer["Location"] == reverse("desk:finding", args=[finding.uid])


def test_bulk_assigns_what_was_picked_and_nothing_foreign(log_in: Any, books: Any) -> None:
    own, foreign = books.finding_of(books.owed), books.finding_of(books.away)
    picked = [str(own.uid), str(foreign.uid), "nonsense"]
    answer = log_in().post(
        reverse("desk:bulk") + "?queue=todo", {"deed": "assign", "pick": picked}, follow=True
    )
    assert "已派给学校核实 1 条" in answer.content.decode()
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.assigned_to.code == books.owed.school.code
    assert foreign.assigned_to is None


def test_bulk_of_foreign_findings_changes_nothing(log_in: Any, books: Any) -> None:
    foreign = books.finding_of(books.away)
    before = FindingLog.objects.whole_city().count()
    answer = log_in().post(
        reverse("desk:bulk") + "?queue=todo", {"deed": "false_alarm", "note": "x", "pick": [str(foreign.uid)]}
    )
    assert answer.status_code == 400
    assert FindingLog.objects.whole_city().count() == before


def test_bulk_picked_rows_outside_the_filter_are_left(log_in: Any, books: Any) -> None:
    own = books.finding_of(books.owed)
    log_in().post(reverse("desk:bulk") + "?queue=fixed", {"deed": "assign", "pick": [str(own.uid)]})
    own.refresh_from_db()
    assert own.assigned_to is None


def test_bulk_on_all_needs_the_count_that_was_shown(log_in: Any, books: Any) -> None:
    client, address = log_in(), reverse("desk:bulk") + "?queue=todo"
    stale = client.post(address, {"deed": "false_alarm", "note": "外省已领", "reach": "all", "expected": "7"})
    assert stale.status_code == 409
    assert _statuses() == {Status.PENDING}
    done = client.post(
        address, {"deed": "false_alarm", "note": "外省已领", "reach": "all", "expected": "2"}, follow=True
    )
    assert "已标记误报 2 条" in done.content.decode()
    assert books.finding_of(books.away).status == Status.PENDING


def test_bulk_export_holds_the_rows_picked(log_in: Any, books: Any) -> None:
    own = books.finding_of(books.owed)
    answer = log_in().post(reverse("desk:bulk") + "?queue=todo", {"deed": "export", "pick": [str(own.uid)]})
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "张示例" in rows[1]
    assert 500 in rows[1]
    assert AuditEvent.objects.get(action="web.exported").detail == {"list": "desk:findings", "rows": 1}


def test_worklist_and_evidence_stay_within_their_queries(
    log_in: Any, books: Any, django_assert_max_num_queries: Any
) -> None:
    client, finding = log_in(), books.finding_of(books.owed)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(8):
        client.get(reverse(LIST))
    with django_assert_max_num_queries(16):
        client.get(reverse("desk:finding", args=[finding.uid]), headers=HTMX)


def test_child_out_of_school_is_entered_into_the_ledger_once(log_in: Any, books: Any) -> None:
    child = make.member(
        of=make.person(name="赵测试", born_on=date(2010, 3, 1)), birth_on=date(2010, 3, 1)
    ).person
    runner.run(as_of=date(2020, 12, 15))
    client, finding = log_in(), Finding.objects.whole_city().get(person=child, rule_code="C17")
    address = reverse("desk:finding", args=[finding.uid])
    assert "列入控辍台账" in client.get(address).content.decode()
    client.post(reverse("desk:deed", args=[finding.uid]), {"deed": "ledger"})
    case = DropoutCase.objects.whole_city().get()
    assert (case.person, case.finding, case.status) == (child, finding, CaseStatus.OPEN)
    again = client.post(reverse("desk:deed", args=[finding.uid]), {"deed": "ledger"})
    assert again.status_code == 409
    assert DropoutCase.objects.whole_city().count() == 1
    assert 'value="ledger"' not in client.get(address).content.decode()

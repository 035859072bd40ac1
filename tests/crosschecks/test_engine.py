"""Runs and the ledger of findings: what is written, closed, opened again and left alone."""

import re
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import InternalError, connection, transaction

from datong_edu.accounts.roles import Role
from datong_edu.crosschecks.engine import actions, checks, lease, runner
from datong_edu.crosschecks.engine.enums import EDGES, TRANSITIONS, EventKind, RunState, Status, Verdict
from datong_edu.crosschecks.engine.exceptions import RunBusy
from datong_edu.crosschecks.engine.models import Finding, FindingLog, Run
from tests import factories as make

AS_OF = date(2020, 11, 23)
TEN = {"C01", "C03", "C06", "C09", "C10", "C13", "C14", "C17", "C25", "C32"}


def ledger() -> list[Finding]:
    return list(Finding.objects.whole_city().order_by("id"))


def history(finding: Finding) -> list[str]:
    return [line.kind for line in FindingLog.objects.whole_city().filter(finding=finding)]


def finding_events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crosschecks_findingevent")
        return int(cursor.fetchone()[0])


@pytest.fixture
def poor(run):
    """A poor pupil without aid and the finding about it."""
    pupil = make.poor_child()
    run("C01")
    return pupil, ledger()[0]


def test_every_rule_is_registered_and_explained():
    assert set(checks.CHECKS) >= TEN
    for check in checks.CHECKS.values():
        for words in (check.title, check.chip, check.source, check.compares, check.matters, check.remedy):
            assert words
        assert check.innocent


def test_every_status_is_mapped_and_can_be_left():
    assert set(TRANSITIONS) == set(Status)
    assert {after for _, after in EDGES} <= set(Status.values)


def test_whole_run_over_a_small_city_has_no_error():
    make.award(make.poor_child(), "1")
    done = runner.run(as_of=AS_OF)
    assert [rule.error for rule in done.rules.all()] == [""] * len(checks.in_force(AS_OF))
    assert (done.state, done.found, done.new, done.failed_rules) == (RunState.DONE, 1, 1, 0)


def test_second_run_over_unchanged_books_writes_no_finding(poor, run):
    before = finding_events()
    again = run("C01")
    assert (again.found, again.new, again.closed, again.changed) == (1, 0, 0, 0)
    assert finding_events() == before


def test_cause_gone_closes_and_back_opens_again(poor, run):
    pupil, finding = poor
    line = make.award(pupil, paid_on=AS_OF)
    assert run("C01", AS_OF + timedelta(days=1)).closed == 1
    finding.refresh_from_db()
    assert (finding.status, finding.closed_on) == (Status.FIXED, AS_OF + timedelta(days=1))
    line.status = "failed"
    line.save()
    assert run("C01", AS_OF + timedelta(days=2)).reopened == 1
    finding.refresh_from_db()
    assert (finding.status, finding.closed_on, finding.reopened) == (Status.PENDING, None, 1)
    assert finding.due_on == AS_OF + timedelta(days=9)
    assert history(finding) == ["found", "gone", "returned"]


def test_changed_evidence_is_renewed_in_place(poor, run):
    pupil, finding = poor
    make.spell(pupil.person, "disabled")
    assert run("C01").changed == 1
    finding.refresh_from_db()
    assert "残疾" in str(finding.evidence)
    assert history(finding) == ["found", "changed"]


def test_answered_false_alarm_rests_until_evidence_changes(poor, run):
    pupil, finding = poor
    actions.answer_finding(finding=finding, verdict=Verdict.FALSE_ALARM, note="在外省领取", by=make.user())
    assert run("C01").reopened == 0
    make.spell(pupil.person, "disabled")
    assert run("C01").reopened == 1
    finding.refresh_from_db()
    assert finding.status == Status.PENDING


def test_closed_by_hand_with_cause_standing_opens_again_and_says_so(poor, run):
    _, finding = poor
    actions.close_finding(finding=finding, note="已补发", on=AS_OF, by=make.user())
    run("C01")
    finding.refresh_from_db()
    assert finding.status == Status.PENDING
    last = FindingLog.objects.whole_city().filter(finding=finding).latest("id")
    assert (last.kind, last.note) == (EventKind.RETURNED, "办结后比对仍发现同一问题")


def test_closed_by_hand_with_cause_gone_is_verified_once(poor, run):
    pupil, finding = poor
    actions.close_finding(finding=finding, note="已补发", on=AS_OF, by=make.user())
    make.award(pupil)
    run("C01")
    run("C01")
    finding.refresh_from_db()
    assert (finding.status, finding.verified_on) == (Status.FIXED, AS_OF)
    assert history(finding) == ["found", "closed", "verified"]


def test_waiver_rests_over_new_evidence_until_its_day(poor, run):
    pupil, finding = poor
    head = make.user(Role.COUNTY_HEAD)
    actions.waive_finding(finding=finding, reason="县里批准", until=date(2020, 12, 31), on=AS_OF, by=head)
    make.spell(pupil.person, "disabled")
    assert run("C01", date(2020, 12, 31)).reopened == 0
    assert run("C01", date(2021, 1, 1)).reopened == 1
    finding.refresh_from_db()
    assert (finding.status, finding.waiver) == (Status.PENDING, None)


def test_next_term_leaves_findings_of_this_one_open(poor, run):
    run("C01", date(2021, 4, 10))
    assert [(finding.term_id, finding.status) for finding in ledger()] == [
        ("2020-2021-1", "pending"),
        ("2020-2021-2", "pending"),
    ]


def test_term_gone_by_is_settled_without_new_findings(poor, run):
    pupil, finding = poor
    make.award(pupil, kind="backpay", roll_term=make.term("2020-2021-2"))
    make.poor_child()
    (term,) = runner.earlier_terms_unsettled(date(2021, 4, 10))
    done = runner.run(as_of=term.ends_on, codes=["C01"], settle_only=True)
    assert (done.new, done.closed) == (0, 1)


def test_county_run_touches_only_its_county(run):
    here, there = make.poor_child(), make.poor_child(school=make.school(county=make.county("140221")))
    run("C01")
    make.award(here)
    make.award(there)
    assert run("C01", county=here.county).closed == 1
    left = Finding.objects.whole_city().open().get()
    assert left.person == there.person


def test_failing_rule_is_noted_and_the_others_go_on(monkeypatch):
    make.poor_child()
    monkeypatch.setattr(checks.CHECKS["C03"], "suspects", lambda scope: "SELECT 1 / 0 AS subject_id")
    done = runner.run(as_of=AS_OF, codes=["C03", "C01"])
    errors = dict(done.rules.values_list("code", "error"))
    assert errors["C01"] == ""
    assert "执行出错" in errors["C03"]
    assert (done.failed_rules, done.new) == (1, 1)


def test_rule_retired_is_not_run(monkeypatch):
    monkeypatch.setattr(checks.CHECKS["C03"], "until", date(2020, 11, 22), raising=False)
    assert "C03" not in {check.code for check in checks.in_force(AS_OF)}


def test_status_never_leaves_its_edges_even_by_bulk_update(poor):
    _, finding = poor
    actions.close_finding(finding=finding, note="已补发", on=AS_OF, by=make.user())
    with pytest.raises(InternalError, match="transition"), transaction.atomic():
        Finding.objects.whole_city().update(status="confirmed", closed_on=None)


@pytest.mark.django_db(transaction=True)
def test_second_run_is_refused_while_one_holds_the_lease():
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [lease._ROOM])
        for county in (None, make.county()):
            with pytest.raises(RunBusy, match="另一次比对正在进行"):
                runner.run(as_of=AS_OF, county=county)
        assert not Run.objects.exists()
    finally:
        other.close()
    assert runner.run(as_of=AS_OF, codes=["C01"]).state == RunState.DONE


def test_run_of_a_dead_process_is_marked_by_the_next():
    dead = Run.objects.create(as_of_on=AS_OF, term=make.term())
    runner.run(as_of=AS_OF, codes=["C01"])
    dead.refresh_from_db()
    assert dead.state == RunState.FAILED


def test_no_rule_asks_a_question_for_each_row():
    """A correlated subquery would be a loop over a whole table; a hashed one is read once."""
    scope = checks.RunScope(AS_OF, make.term())
    for check in checks.in_force(AS_OF):
        with connection.cursor() as cursor:
            runner.prepare(cursor, city_wide=True)
            cursor.execute(f"EXPLAIN {check.suspects(scope)}", scope.params | check.params(scope))
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert not re.search(r"(?<!hashed )SubPlan \d+\)", plan), (check.code, plan)

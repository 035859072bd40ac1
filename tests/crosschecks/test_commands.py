"""`manage.py crosscheck`, `manage.py findings`, the nightly task and the job after an import."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datong_edu.core import clock, jobs
from datong_edu.core.models import AuditEvent, Job, JobState
from datong_edu.crosschecks.engine import tasks
from datong_edu.crosschecks.engine.models import Finding, Run
from tests import factories as make

AS_OF = date(2020, 11, 23)


def printed(*args: str, **options) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("findings", *args, format="csv", stdout=out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def check(*args: str) -> str:
    out = io.StringIO()
    call_command("crosscheck", "--as-of", str(AS_OF), *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_crosscheck_prints_a_line_for_each_rule():
    make.poor_child()
    lines = check().splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("C01 found=1 new=1 closed=0 reopened=0 seconds=0.")
    assert check("--rule", "c03").startswith("C03 ")


@pytest.mark.parametrize("args", [("--rule", "C99"), ("--unit", "999999"), ("--by", "nobody")])
def test_crosscheck_refuses_what_it_does_not_know(args):
    with pytest.raises(CommandError, match="没有"):
        check(*args)
    assert not Run.objects.exists()


def test_findings_names_each_subject_by_its_natural_key():
    pupil = make.poor_child(of=make.person(number="140225201005010031", born_on=date(2010, 5, 1)))
    wrong = make.award(make.enrolment(), "1", line_no="YJ140225-1")
    make.spell(wrong.person)
    registry = make.enrolment(number="", of=make.person(), student_no="G140225201005010058")
    member = make.member(number="14022520100501003X41")
    bare = make.member(number="")
    month = make.meal_month(school=pupil.school, beneficiaries=50)
    check()
    rows = {(row["rule_code"], row["subject"]) for row in printed()}
    assert rows == {
        ("C01", "140225201005010031"),
        ("C10", "YJ140225-1"),
        ("C13", "G140225201005010058"),
        ("C17", "14022520100501003X"),
        ("C17", bare.member_no),
        ("C25", f"{month.school.code}|2020-10"),
    }
    assert registry.pk
    assert member.pk


def test_findings_columns_and_filters():
    pupil = make.poor_child()
    check()
    make.award(pupil)
    check()
    assert printed() == []
    (row,) = printed("--all", "--rule", "C01", "--unit", "140225")
    assert list(row) == ["rule_code", "subject", "unit", "severity", "status", "found_on", "closed_on"]
    assert (row["unit"], row["severity"], row["status"]) == ("140225", "H", "fixed")
    assert (row["found_on"], row["closed_on"]) == ("2020-11-23", "2020-11-23")
    assert printed("--all", "--unit", "140221") == []
    assert AuditEvent.objects.filter(action="crosschecks.findings_printed").count() == 3


def test_findings_needs_the_permission_to_see_numbers():
    clerk = make.user()
    with pytest.raises(CommandError, match="权限"):
        printed("--by", clerk.username)


def test_findings_opens_numbers_without_a_query_for_each():
    for _ in range(2):
        make.poor_child()
    check()
    with CaptureQueriesContext(connection) as few:
        printed()
    for _ in range(8):
        make.poor_child()
    check()
    with CaptureQueriesContext(connection) as many:
        assert len(printed()) == 10
    assert len(many) == len(few)


def test_nightly_task_queues_the_city():
    tasks.nightly()
    job = Job.objects.get()
    assert (job.kind, job.county, job.state) == ("crosschecks.nightly", None, JobState.QUEUED)


@pytest.mark.django_db(transaction=True)
def test_job_after_an_import_checks_the_county():
    clock.set_business_date(AS_OF)
    make.poor_child()
    make.poor_child(school=make.school(county=make.county("140221")))
    job = jobs.enqueue("crosschecks.recheck_county", by=None, county=make.county(), payload={})
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "")
    assert job.result["new"] == 1
    assert Finding.objects.whole_city().get().county == make.county()

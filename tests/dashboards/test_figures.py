"""Figures: the summary equals the books, and grows old when they move."""

from datetime import timedelta
from typing import Any

import pytest

from datong_edu.accounts.models import Unit, User
from datong_edu.core import jobs
from datong_edu.core.models import Job, JobState
from datong_edu.crosschecks.engine.actions import close_finding
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.dashboards import summary
from datong_edu.dashboards.figures import FIGURES, Group, due_figure
from datong_edu.dashboards.models import Snapshot
from datong_edu.dashboards.reading import wall_for
from tests import factories as make
from tests.dashboards.conftest import TODAY

pytestmark = pytest.mark.django_db


def _kept(figure: str) -> set[tuple[Any, ...]]:
    rows = Snapshot.objects.whole_city().filter(figure=figure)
    return set(rows.values_list("county", "term", "part", "value", "amount"))


def test_summary_equals_live_figures(findings: list[Finding], lines: list[Any], sent: Any) -> None:
    counties = summary.whole_city()
    summary.refresh(counties=counties, today=TODAY)
    for figure in FIGURES:
        live = {tuple(row) for row in summary.read_live(figure, counties=counties, today=TODAY)}
        assert live, figure.key
        assert _kept(figure.key) == live, figure.key


def test_second_refresh_changes_nothing(findings: list[Finding], lines: list[Any]) -> None:
    summary.refresh(counties=summary.whole_city(), today=TODAY)
    first = {figure.key: _kept(figure.key) for figure in FIGURES}
    summary.refresh(counties=summary.whole_city(), today=TODAY)
    assert {figure.key: _kept(figure.key) for figure in FIGURES} == first


def test_refresh_of_one_county_leaves_the_others(
    findings: list[Finding], hunyuan: Unit, finding: Any
) -> None:
    summary.refresh(counties=summary.whole_city(), today=TODAY)
    before = Snapshot.objects.whole_city().exclude(county=hunyuan).order_by("pk")
    kept = list(before.values_list("pk", "value"))
    finding("C01", "140224")
    summary.refresh(counties=[hunyuan.pk], today=TODAY)
    assert list(before.all().values_list("pk", "value")) == kept


def test_due_counts_pupils_with_a_claim_once_each(hunyuan: Unit) -> None:
    make.poor_child("jdlk", boarding="boarder")
    make.poor_child("jdlk", boarding="day")
    make.enrolment(boarding="boarder")
    figure = due_figure(make.term())
    rows = summary.read_live(figure, counties=[hunyuan.pk], today=TODAY)
    assert [(row[0], row[3]) for row in rows] == [(hunyuan.pk, 2)]


def test_due_is_empty_before_the_census_day(hunyuan: Unit) -> None:
    make.poor_child("jdlk", boarding="boarder")
    early = make.term().census_on - timedelta(days=1)
    assert not summary.read_live(due_figure(make.term()), counties=[hunyuan.pk], today=early)


def test_due_equals_the_check_when_nobody_is_aided(hunyuan: Unit) -> None:
    from datong_edu.crosschecks.engine import runner

    for boarding in ("boarder", "day"):
        make.poor_child("jdlk", boarding=boarding)
    runner.run(as_of=TODAY, codes=["C01"])
    found = Finding.objects.whole_city().for_rule("C01").count()
    rows = summary.read_live(due_figure(make.term()), counties=[hunyuan.pk], today=TODAY)
    assert [row[3] for row in rows] == [found] == [2]


def test_wall_is_computed_once_when_there_is_none(leader: User, findings: list[Finding]) -> None:
    assert not Snapshot.objects.whole_city().exists()
    wall = wall_for(leader, today=TODAY)
    assert wall.total("open", parts=("C01",), term="2020-2021-1").value == 3
    stamps = set(Snapshot.objects.whole_city().values_list("computed_at", flat=True))
    wall_for(leader, today=TODAY)
    assert set(Snapshot.objects.whole_city().values_list("computed_at", flat=True)) == stamps


def test_closing_a_finding_changes_the_wall_at_once(leader: User, findings: list[Finding]) -> None:
    assert wall_for(leader, today=TODAY).total("open").value == 10
    close_finding(finding=findings[0], note="已补发", on=TODAY, by=make.user())
    assert wall_for(leader, today=TODAY).total("open").value == 9


def test_next_day_makes_deadlines_pass(leader: User, findings: list[Finding]) -> None:
    assert wall_for(leader, today=TODAY).total("overdue").value == 3
    later = TODAY + timedelta(days=4)
    assert wall_for(leader, today=later).total("overdue").value == 10


def test_county_sees_its_own_figures_only(findings: list[Finding], hunyuan: Unit) -> None:
    wall = wall_for(make.user(), today=TODAY)
    assert [county.pk for county in wall.counties] == [hunyuan.pk]
    assert wall.total("open").value == 6


def test_job_refreshes_its_county(findings: list[Finding], hunyuan: Unit) -> None:
    job = jobs.enqueue("dashboards.refresh", by=None, county=hunyuan, payload={"county": hunyuan.pk})
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert set(Snapshot.objects.whole_city().values_list("county", flat=True)) == {hunyuan.pk}


def test_job_without_county_refreshes_the_city(findings: list[Finding]) -> None:
    jobs.run(jobs.enqueue("dashboards.refresh", by=None).pk)
    marks = Snapshot.objects.whole_city().filter(figure=summary.COMPUTED, part=Group.BOOKS.value)
    assert marks.count() == 11

"""The desk: figures that lead to their lists, the last run, the button, and background jobs."""

from typing import Any

import pytest
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.models import Job
from tests import factories as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOME = "desk:home"


def test_desk_shows_queues_run_and_deadlines_of_the_county(log_in: Any, books: Any) -> None:
    text = log_in().get(reverse(HOME)).content.decode()
    assert "处理 2 条待核问题" in text
    assert "张示例：" in text
    assert "立即比对本县" in text
    assert "数据截至 2020-12-15" in text
    assert "外县秘密" not in text


def test_city_sees_its_counties(log_in: Any, books: Any) -> None:
    text = log_in(Role.CITY_STAFF, make.city()).get(reverse(HOME)).content.decode()
    assert "各县区未结问题" in text
    assert "unit=140224" in text
    assert "立即比对全市" in text


def test_school_desk_shows_what_was_assigned(log_in: Any, books: Any) -> None:
    unit = make.school_unit(books.owed.school)
    school = log_in(Role.SCHOOL_CLERK, unit)
    assert "条待核问题" not in school.get(reverse(HOME)).content.decode()
    finding = books.finding_of(books.owed)
    log_in().post(reverse("desk:deed", args=[finding.uid]), {"deed": "assign"})
    text = school.get(reverse(HOME)).content.decode()
    assert "处理 1 条待核问题" in text
    assert "立即比对" not in text


def test_run_is_queued_for_the_county(log_in: Any, books: Any) -> None:
    client = log_in()
    assert client.post(reverse("desk:run")).status_code == 302
    job = Job.objects.get()
    assert (job.kind, job.county) == ("crosschecks.recheck_county", make.county())
    jobs = client.get(reverse(HOME), headers=HTMX).content.decode()
    assert "<html" not in jobs
    assert "本县比对（浑源县）" in jobs
    assert "every 2s" in jobs


def test_run_needs_its_permission(log_in: Any, books: Any) -> None:
    assert log_in(Role.LEADER, make.city()).post(reverse("desk:run")).status_code == 403
    assert log_in(Role.COUNTY_REVIEWER).post(reverse("desk:run")).status_code == 403
    assert not Job.objects.exists()


def test_desk_stays_within_its_queries(log_in: Any, books: Any, django_assert_max_num_queries: Any) -> None:
    client = log_in()
    client.get(reverse(HOME))
    with django_assert_max_num_queries(12):
        client.get(reverse(HOME))

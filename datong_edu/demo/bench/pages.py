"""Pages in process, through every middleware, as a county's clerk asks for them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from datong_edu.accounts import sessions
from datong_edu.accounts.actions import grant_role
from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.dashboards import summary
from datong_edu.demo.bench.checks import COUNTY
from datong_edu.demo.bench.figures import Figure, percentile
from datong_edu.demo.generator import AS_OF

REQUESTS, WARM_UP = 60, 5
HOST = "localhost"
PAGES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("findings", "desk:findings", {}),
    ("findings_last", "desk:findings", {"last": "1"}),
    ("people", "desk:people", {}),
    ("people_last", "desk:people", {"last": "1"}),
    ("people_search", "desk:people", {"q": "王建"}),
    ("overview", "dashboards:overview", {}),
)


def measure() -> list[Figure]:
    """Milliseconds in the middle and at the slow end, and the queries of each page."""
    summary.refresh(counties=summary.whole_city(), today=AS_OF)
    figures = []
    with as_clerk() as client:
        for label, name, params in PAGES:
            figures += _page(client, label, reverse(name), params)
    return figures


def _page(client: Client, label: str, address: str, params: dict[str, str]) -> list[Figure]:
    times = []
    for number in range(WARM_UP + REQUESTS):
        begun = time.perf_counter()
        response = client.get(address, params, secure=True)
        took = (time.perf_counter() - begun) * 1000
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        if number >= WARM_UP:
            times.append(took)
    with CaptureQueriesContext(connection) as queries:
        client.get(address, params, secure=True)
    return [
        Figure(f"pages.{label}.p50", percentile(times, 50), "ms"),
        Figure(f"pages.{label}.p95", percentile(times, 95), "ms"),
        Figure(f"pages.{label}.queries", len(queries), "queries"),
        Figure(f"pages.{label}.size", len(response.content) / 1000, "kB"),
    ]


@contextmanager
def as_clerk() -> Iterator[Client]:
    """A clerk of the measured county, logged in; files beside the pages are named without being collected."""
    county = Unit.objects.get(code=COUNTY)
    user = User.objects.create_user(
        username=f"bench_clerk_{User.objects.count()}", unit=county, name="测速用户"
    )
    grant_role(user=user, role=Role.COUNTY_CLERK, unit=county, since_on=date(2016, 1, 1), by=None)
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=[HOST], STORAGES=settings.STORAGES | plain):
        client = Client(HTTP_HOST=HOST)
        client.force_login(user)
        session = client.session
        sessions.stamp(session, second_factor=True)
        session.save()
        yield client

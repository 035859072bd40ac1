"""Keyset paging visits every row once, in both directions, whatever the order and however many nulls."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datong_edu.registry.models import School
from datong_edu.web import paging
from datong_edu.web.paging import page_of

pytestmark = pytest.mark.django_db
ORDERS = [
    ("name",),
    ("-name",),
    ("enrolled", "name"),
    ("-enrolled", "name"),
    ("ownership", "-enrolled"),
    ("closed_on", "-yearly_tuition"),
]


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(7, 125))
def test_pages_visit_every_row_once(schools: list[School], order: tuple[str, ...], size: int) -> None:
    rows = School.objects.whole_city()
    expected = list(rows.order_by(*order, "pk").values_list("pk", flat=True))
    for start, step in (({}, "next"), ({"last": "1"}, "previous")):
        seen: list[int] = []
        params = start
        while params is not None:
            page = page_of(rows, order=order, params=params, size=size)
            part = [row.pk for row in page.rows]
            assert page.first_number == expected.index(part[0]) + 1
            seen = seen + part if step == "next" else part + seen
            params = getattr(page, step)
        assert seen == expected


def test_count_stops_above_the_cap(schools: list[School], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 100)
    page = page_of(School.objects.whole_city(), order=("name",), params={})
    assert page.total == 101
    assert page.total_text == "100 以上"
    assert page_of(School.objects.whole_city(), order=("name",), params={"last": "1"}).first_number is None


@pytest.mark.parametrize("params", [{"after": "no-key"}, {"after": "0"}, {"before": "99999999"}])
def test_vanished_neighbour_gives_the_first_page(schools: list[School], params: dict[str, str]) -> None:
    page = page_of(School.objects.whole_city(), order=("name",), params=params)
    assert page.first_number == 1
    assert page.previous is None


def test_empty_list_has_no_neighbours(city: object) -> None:
    page = page_of(School.objects.whole_city(), order=("name",), params={"last": "1"})
    assert (page.rows, page.total, page.next, page.last) == ([], 0, None, None)

"""Terms: which one a day belongs to, and that no day lies between two."""

from datetime import date, timedelta

import pytest

from datong_edu.core import clock, reference
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import Term
from datong_edu.core.terms import all_terms, term_code_on, term_dates


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2020, 8, 31), "2019-2020-2"),
        (date(2020, 9, 1), "2020-2021-1"),
        (date(2020, 12, 31), "2020-2021-1"),
        (date(2021, 1, 1), "2020-2021-1"),
        (date(2021, 2, 28), "2020-2021-1"),
        (date(2021, 3, 1), "2020-2021-2"),
        (date(2020, 2, 29), "2019-2020-1"),
        (date(2020, 3, 1), "2019-2020-2"),
    ],
)
def test_day_belongs_to_its_term(day: date, code: str) -> None:
    assert term_code_on(day) == code
    dates = term_dates(code)
    assert dates.starts_on <= day <= dates.ends_on


def test_terms_follow_each_other_without_a_gap() -> None:
    terms = sorted(all_terms(), key=lambda term: term.starts_on)
    for before, after in zip(terms, terms[1:], strict=False):
        assert after.starts_on - before.ends_on == timedelta(days=1)
        assert before.starts_on <= before.census_on <= before.ends_on


def test_autumn_and_spring_have_their_census() -> None:
    assert term_dates("2020-2021-1").census_on == date(2020, 9, 30)
    assert term_dates("2020-2021-2").census_on == date(2021, 3, 31)
    assert [term_dates(f"2020-2021-{half}").label for half in (1, 2)] == ["2020 秋季", "2021 春季"]


@pytest.mark.parametrize(
    "code", ["", "2020", "2020-2021", "2020-2021-3", "2020-2022-1", "2021-2020-1", "2020-2021-1 "]
)
def test_code_of_another_shape_is_refused(code: str) -> None:
    with pytest.raises(PortalError, match="学期代码"):
        term_dates(code)


@pytest.mark.django_db
def test_table_of_terms_answers_the_latest_begun_and_the_one_before() -> None:
    reference.load()
    term = Term.objects.begun_by(date(2021, 2, 28))
    assert term.code == "2020-2021-1"
    assert term.previous().code == "2019-2020-2"


@pytest.mark.django_db
def test_date_the_city_moved_stays_when_reference_rows_are_loaded_again() -> None:
    reference.load()
    Term.objects.filter(code="2020-2021-1").update(census_on=date(2020, 10, 15))
    reference.load()
    assert Term.objects.get(code="2020-2021-1").census_on == date(2020, 10, 15)


@pytest.mark.django_db
def test_portal_lives_on_its_business_date_or_today() -> None:
    assert clock.business_date() is None
    clock.set_business_date(date(2020, 11, 23))
    clock.set_business_date(date(2020, 11, 24))
    assert clock.today() == clock.business_date() == date(2020, 11, 24)

"""People, schools and terms for the tests of web."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from datong_edu.accounts import reference as units
from datong_edu.accounts.models import Grant, Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core import reference as terms
from datong_edu.core.clock import set_business_date
from datong_edu.core.codes import Ownership
from datong_edu.registry.models import School

LogIn = Callable[..., Client]


@pytest.fixture
def city(db: None) -> Unit:
    """Units and terms, on the demo city's day."""
    units.load()
    terms.load()
    set_business_date(date(2020, 12, 15))
    return Unit.objects.city()


@pytest.fixture
def log_in(city: Unit) -> LogIn:
    """A client logged in with one office."""

    def enter(role: Role = Role.COUNTY_CLERK, code: str = "140225") -> Client:
        unit = Unit.objects.get(code=code)
        user = User.objects.create(username=f"{role}_{code}", name="演示经办", unit=unit)
        Grant.objects.create(user=user, role=role, unit=unit, since_on=date(2016, 1, 1))
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def schools(city: Unit) -> list[School]:
    """A hundred and twenty schools of 浑源县, and one of 灵丘县."""
    home, away = Unit.objects.get(code="140225"), Unit.objects.get(code="140224")
    rows = [
        School(
            code=f"2114{number:06d}",
            name=f"示例第{number:03d}小学",
            county=home,
            kind="211",
            ownership=Ownership.PUBLIC if number % 3 else Ownership.PRIVATE,
            enrolled=None if number % 10 == 0 else number * 7 % 50,
            yearly_tuition=Decimal("312.50") if number == 1 else None,
            closed_on=date(2019, 8, 31) if number == 2 else None,
        )
        for number in range(1, 121)
    ]
    rows.append(School(code="2114999999", name="外县秘密小学", county=away, kind="211"))
    return School.objects.bulk_create(rows)

"""Units, loaded standards and one person per office."""

from datetime import date

import pytest

from datong_edu.accounts import reference as units
from datong_edu.accounts.models import Grant, Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.standards.loader import load

TODAY = date(2020, 11, 23)


@pytest.fixture
def counties(db: None) -> dict[str, Unit]:
    """The city's counties by name."""
    units.load()
    return {unit.name: unit for unit in Unit.objects.counties()}


@pytest.fixture
def loaded(counties: dict[str, Unit]) -> None:
    """All parameter files loaded, on a fixed business day."""
    set_business_date(TODAY)
    load()


def person(username: str, role: Role, unit: Unit) -> User:
    """A user holding one office."""
    user = User.objects.create_user(username=username, unit=unit)
    Grant.objects.create(user=user, role=role, unit=unit, since_on=date(2016, 1, 1))
    return user


@pytest.fixture
def officer(loaded: None) -> User:
    """The city's standards officer."""
    return person("officer", Role.STANDARDS_OFFICER, Unit.objects.city())


@pytest.fixture
def clerk(loaded: None, counties: dict[str, Unit]) -> User:
    """A county clerk of 浑源县."""
    return person("clerk", Role.COUNTY_CLERK, counties["浑源县"])

"""A city whose schools are known, loaded once for a module and rolled back after it."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from datong_edu.accounts.actions import service_account
from tests import factories as make
from tests.importing.command import SCHOOLS, import_roster
from tests.worker.fixtures import emptied_staging, start_worker

__all__ = ["emptied_staging", "start_worker"]


@pytest.fixture(scope="module")
def schools(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Reference rows, the service account, and the school table of the samples imported."""
    with django_db_blocker.unblock(), transaction.atomic():
        make.load_reference()
        service_account()
        answer = import_roster(SCHOOLS, "school_list", unit="140200", term=None, as_json=False)
        assert answer.code == 0, answer
        yield
        transaction.set_rollback(True)


@pytest.fixture
def books(schools: None, db: None) -> None:
    """The loaded city, for one test, which may write what it likes."""

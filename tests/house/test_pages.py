"""Rules of every address: behind the log-in, reachable from the bar, and a GET changes nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import HELD_FOR, Role
from datong_edu.core.access import Door
from datong_edu.demo.crawl.asking import KEPT_BY_READING
from datong_edu.importing.models import ImportBatch
from datong_edu.web import doors
from datong_edu.web.navigation import ENTRIES
from tests import factories as make
from tests.house.addresses import VALUES, addresses, filled

OFTEN = {Role.COUNTY_CLERK, Role.SYSTEM_ADMIN}
"""Offices asked in every run; the sampled crawl (`tests/demo/test_crawl.py`) looks with all the others."""
ROLES = [role if role in OFTEN else pytest.param(role, marks=pytest.mark.slow) for role in Role]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_entry_of_the_bar_leads_somewhere(entry) -> None:  # type: ignore[no-untyped-def]
    assert reverse(entry.name).startswith("/")


@pytest.mark.django_db
def test_strangers_are_led_to_the_log_in() -> None:
    client, open_doors = Client(), []
    public = {filled(door.name) for door in doors.views() if door.access and door.access.door == Door.PUBLIC}
    assert {"login/", "healthz"} <= public
    for address in addresses():
        if address in public:
            continue
        response = client.get(f"/{address}")
        to_log_in = response.status_code == 302 and "/login/" in response["Location"]
        if not to_log_in and response.status_code not in (401, 403, 404, 405):
            open_doors.append(f"/{address} answers {response.status_code}")
    assert not open_doors, f"declare the view public(…) with its reason, or shut it: {open_doors}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_looking_changes_nothing(role: Role) -> None:
    """Every address of the resolver, with rows that exist behind its parameters, as every office."""
    make.load_reference()
    addresses = _of_real_rows()
    client = Client(raise_request_exception=True)
    client.force_login(_holder(role))
    changed, answered = {}, 0
    for address in addresses:
        before = _written()
        answered += client.get(f"/{address}").status_code == 200
        if after := {table: n for table, n in _written().items() if n != before.get(table, 0)}:
            changed[f"/{address}"] = sorted(after)
    assert len(addresses) > 85
    assert answered > 3, "nothing was looked at"
    assert not changed, f"a GET only reads; make it an action behind a POST: {changed}"


@pytest.mark.django_db
def test_a_change_by_looking_would_be_seen() -> None:
    make.load_reference()
    before = _written()
    make.school()
    assert "registry_school" in {table for table, n in _written().items() if n != before.get(table, 0)}


def _holder(role: Role) -> User:
    """Somebody with an office, staff of the administration where the office administers users."""
    units = {"city": make.city, "county": make.county, "school": lambda: make.school_unit(make.school())}
    kind = "county" if "county" in HELD_FOR[role] else next(iter(sorted(HELD_FOR[role])))
    return make.user(role, units[kind](), is_staff=True)


def _of_real_rows() -> list[str]:
    """Every address, its parameters filled with rows of 浑源县."""
    pupil = make.poor_child()
    batch = ImportBatch.objects.create(
        kind="student_registry", unit=make.county(), county=make.county(), file_name="a.xlsx", file_size=1,
        file_sha256="0" * 64, state="refused", refusal_key="ENCRYPTED", created_by=make.user(),
    )  # fmt: skip
    uids = {
        "desk/people/": pupil.person.uid,
        "desk/findings/": make.finding(person=pupil.person, school=pupil.school).uid,
        "import/": batch.uid,
    }
    found = []
    for route, _ in doors.routes():
        uid = next((str(one) for start, one in uids.items() if route.startswith(start)), VALUES["uuid"])
        with_rows = route.replace("<uuid:uid>", uid).replace("<slug:kind>", "student_registry")
        found.append(filled(with_rows.replace("<path:object_id>", str(pupil.pk))))
    return found


def _written() -> dict[str, int]:
    """Rows written to each table so far in this test's transaction, what reading leaves behind apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {table: n for table, n in cursor.fetchall() if table not in KEPT_BY_READING}

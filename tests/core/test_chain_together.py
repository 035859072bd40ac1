"""Transactions at the same time keep one chain for each county, and never wait for each other in a circle."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from datong_edu.accounts.models import Unit
from datong_edu.core import audit, chain
from datong_edu.core.models import AuditLink
from datong_edu.core.wall.roles import Reach
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, TURNS = 8, 12
LOCK = "PERFORM pg_advisory_xact_lock(20201215, one.county);"


@pytest.fixture
def without_lock() -> Iterator[None]:
    """The chain as it would be if nobody waited for the link before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('audit_link'::regproc)")
        (source,) = cursor.fetchone()
        assert source.count(LOCK) == 1
        cursor.execute(source.replace(LOCK, ""))
        yield
        cursor.execute(source)


def write(places: list[Unit | None], seed: int) -> None:
    """Some transactions over all places, in an order of their own."""
    try:
        for turn in range(TURNS):
            with transaction.atomic():
                for place in places if (seed + turn) % 2 else reversed(places):
                    audit.record(action="read_person", by=None, county=place)
            with transaction.atomic():
                audit.record(action="read_person", by=None, county=places[seed % len(places)])
    finally:
        connection.close()


def write_together() -> list[Unit | None]:
    make.load_reference()
    places = [make.county(), make.county("140224"), None]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(partial(write, places), range(WORKERS)))
    return places


def test_parallel_transactions_keep_one_chain() -> None:
    places = write_together()
    links = AuditLink.objects.count()
    print(f"parallel: {WORKERS} connections, {links} links, one chain each")  # noqa: T201  a figure to read
    assert links >= WORKERS * TURNS * (len(places) + 1)
    verdict = chain.verify()
    assert verdict.breaks == []
    for county in {link.county for link in AuditLink.objects.all()}:
        numbers = list(
            AuditLink.objects.filter(county=county).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))


def test_without_the_lock_links_collide(without_lock: None) -> None:
    with pytest.raises(IntegrityError, match="audit_link_number_once"):
        write_together()


def test_counties_do_not_wait_for_each_other() -> None:
    make.load_reference()
    near, far = make.county(), make.county("140224")

    def beside(place: Unit) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                audit.record(action="read_person", by=None, county=place)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        audit.record(action="read_person", by=None, county=near)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the link is set and its lock held
        pool.submit(beside, far).result()
        with pytest.raises(OperationalError, match="lock timeout"):
            pool.submit(beside, near).result()
    assert chain.verify().breaks == []


@pytest.fixture
def adder() -> Iterator[Any]:
    """A connection of the worker's role, which owns nothing and may only add events and read them."""
    given = connection.get_connection_params()
    opened = psycopg2.connect(**{name: value for name, value in given.items() if name != "cursor_factory"})
    with opened.cursor() as cursor:
        cursor.execute(f"SET ROLE {Reach.WORKER}")
        opened.commit()
        yield cursor
        opened.rollback()
    opened.close()


def test_role_that_may_only_add_makes_links(adder: Any) -> None:
    added = (
        "INSERT INTO core_auditevent (at, action, subject_type, subject_id, source, detail)"
        " VALUES (now(), 'read_person', '', '', 'page', '{}')"
    )
    before = AuditLink.objects.count()
    adder.execute(added)
    adder.connection.commit()
    assert AuditLink.objects.count() == before + 1
    assert chain.verify().breaks == []
    for statement in (
        "UPDATE core_auditevent SET action = 'x'",
        "DELETE FROM core_auditevent",
        "DELETE FROM core_auditlink",
        "INSERT INTO core_audit_due VALUES (1)",
        "INSERT INTO core_auditlink SELECT * FROM core_auditlink",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            adder.execute(statement)
        adder.connection.rollback()
        adder.execute(f"SET ROLE {Reach.WORKER}")

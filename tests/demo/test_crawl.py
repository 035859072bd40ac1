"""The leak crawl: nobody is told what is not theirs, and with the guards off the same crawl finds it."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import HELD_FOR, Role
from datong_edu.accounts.scope import ScopedQuerySet
from datong_edu.demo.bench import scratch
from datong_edu.demo.crawl import addresses as crawled
from datong_edu.demo.crawl import callers, canaries, running, seeding
from datong_edu.demo.crawl.asking import written
from datong_edu.demo.crawl.files import book
from tests import factories as make

SAMPLE, FEW = 3_000, 250
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make.load_reference()


@pytest.fixture
def seeded() -> seeding.Seeded:
    """The invented city."""
    with scratch.nothing_follows():
        return seeding.seed()


def crawl(requests: int, only: tuple[str, ...] = (), **given: bool) -> running.Result:
    """A crawl in the test's own database."""
    with scratch.nothing_follows():
        return running.crawl(requests, only=only, **given)


def test_sample_of_the_crawl_finds_nothing() -> None:
    result = crawl(SAMPLE)
    assert result.requests == SAMPLE
    assert set(result.statuses) == set(result.routes), "every pattern is asked for"
    assert not result.unmapped, f"say in addresses.OBJECTS or WORDS what stands behind {result.unmapped}"
    assert not result.leaks, result.leaks
    assert not result.server_errors, result.server_errors
    assert not result.get_writes, result.get_writes


COUNTY = ("county_clerk.county", "school_clerk.school")


def test_with_the_guards_off_the_crawl_finds_leaks() -> None:
    with running.guards_off(scope=True, wall=True):
        assert len(crawl(FEW, COUNTY).leaks) > 10


def test_the_wall_of_the_database_alone_lets_nothing_through() -> None:
    with running.guards_off(scope=True, wall=False):
        result = crawl(FEW, COUNTY, schools=False)
    assert not result.leaks, result.leaks


def test_every_model_with_rows_of_counties_is_planted_everywhere(seeded: seeding.Seeded) -> None:
    """A canary in every book: a model without one is not crawled."""
    counties = {planted.county.pk for planted in seeded.places.values() if planted.county}
    assert len(counties) >= 3
    bare = []
    for model in apps.get_models():
        rows = model._default_manager.all()
        if not isinstance(rows, ScopedQuerySet):
            continue
        names = {one.name for one in model._meta.get_fields()}
        told = {county for county in counties if rows.for_county(Unit.objects.get(pk=county)).exists()}
        if told != counties and "county" in names:
            bare.append(model._meta.label)
    assert not bare, f"plant a row in demo/crawl: {bare}"


def test_everybody_is_there(seeded: seeding.Seeded) -> None:
    everybody = [one.name for one in callers.callers(seeded)]
    offices = {f"{role}.{kind}" for role in Role for kind in HELD_FOR[role]}
    assert offices | {"anonymous", "disabled", "pending"} <= set(everybody)
    assert not User.objects.get(username="crawl-disabled").is_active


def test_pattern_without_argument_is_unmapped(
    seeded: seeding.Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not crawled.addresses(seeded).unmapped
    monkeypatch.delitem(crawled.OBJECTS, "desk/people/")
    assert "desk/people/<uuid:uid>/" in crawled.addresses(seeded).unmapped


def test_canaries_are_found_in_downloads_and_headers(seeded: seeding.Seeded) -> None:
    search = canaries.Search(seeded.territories)
    number = next(iter(seeded.places[seeding.FOREIGN].territory.numbers))
    text = canaries.unpacked(book([["界外乙童", number]]))
    assert [word.decode() for word in search.words if word in text] == ["界外乙"]
    assert [found for found, _ in search.in_numbers(text)] == [number]
    assert "界外乙".encode() in canaries.unpacked(json.dumps({"name": "界外乙童"}).encode())
    assert not list(search.in_numbers(b"140224********0001"))


def test_a_write_by_looking_is_counted() -> None:
    before = written()
    make.school()
    assert "registry_school" in written() - before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_command_prints_its_figures_and_fails_without_guards() -> None:
    output = StringIO()
    call_command("leak_crawl", requests=300, as_json=True, stdout=output, stderr=StringIO())
    figures = json.loads(output.getvalue())
    assert set(figures) == {"requests", "patterns", "unmapped", "leaks", "server_errors", "get_writes"}
    assert figures["requests"] == 300
    with pytest.raises(SystemExit, match="1"):
        call_command("leak_crawl", requests=300, break_scope=True, stdout=StringIO(), stderr=StringIO())

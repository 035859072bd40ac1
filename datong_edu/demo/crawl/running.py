"""The crawl: what is asked of whom, what came of it, and the same with guards off."""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.test.utils import override_settings
from django.urls import Resolver404, resolve

from datong_edu.accounts.scope import Scope, ScopedQuerySet
from datong_edu.demo.crawl.addresses import addresses
from datong_edu.demo.crawl.asking import Ask, Told, ask, asks, browser
from datong_edu.demo.crawl.callers import HOST, callers
from datong_edu.demo.crawl.canaries import Search
from datong_edu.demo.crawl.seeding import FOREIGN, OWN, Seeded, seed
from datong_edu.web import middleware

SEED = 4
CLEAR = {
    "desk/people/<uuid:uid>/number/": "one number, with a reason, on record",
    "desk/numbers/<uuid:uid>/file/": "asked for by one, approved by another, locked",
    "desk/compare/<uuid:uid>/file/": "the caller's own workbook with columns beside",
    "import/<uuid:uid>/errors/": "the county's own workbook with marks in it",
}
"""Where numbers of the caller's own scope may stand in full, and why."""


@dataclass
class Result:
    """Figures of a crawl, and what was found."""

    requests: int = 0
    routes: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    server_errors: list[str] = field(default_factory=list)
    get_writes: list[str] = field(default_factory=list)
    statuses: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    """Answers of each pattern by status."""

    @property
    def figures(self) -> dict[str, int]:
        """What is printed."""
        return {
            "requests": self.requests,
            "patterns": len(self.routes),
            "unmapped": len(self.unmapped),
            "leaks": len(self.leaks),
            "server_errors": len(self.server_errors),
            "get_writes": len(self.get_writes),
        }

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.unmapped or self.leaks or self.server_errors or self.get_writes)


def crawl(
    requests: int,
    *,
    only: Collection[str] = (),
    schools: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> Result:
    """Plant a city in the present database and ask for everything, at most so many requests.

    `only` names the callers, else all of them ask.  Without `schools` their names are no canaries: they stand
    outside the database's wall.
    """
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=[HOST], STORAGES=settings.STORAGES | plain, DEBUG=False), _quiet():
        seeded = seed()
        found, result = addresses(seeded), Result()
        result.routes, result.unmapped = found.routes, found.unmapped
        search = Search(seeded.territories)
        if not schools:
            search.schools.clear()
        forms = {"own": seeded.places[OWN], "foreign": seeded.places[FOREIGN]}
        everybody = [caller for caller in callers(seeded) if not only or caller.name in only]
        every = [one for caller in everybody for address in found.asked for one in asks(caller, address)]
        chosen = sampled(every, requests)
        say(f"{len(every)} ways to ask, {len(chosen)} asked")
        client, chance = browser(), random.Random(SEED)
        for name, mine in groupby(chosen, key=lambda one: one.caller.name):
            with transaction.atomic():
                for one in mine:
                    told = ask(client, one, forms, chance)
                    for line in _judge(one, told, seeded, search, result):
                        say(line)
                transaction.set_rollback(True)
            say(f"{name}: {result.figures}")
    return result


def sampled(every: list[Ask], most: int) -> list[Ask]:
    """So many requests, in turn of each pattern and caller, reading before the rest; always the same ones."""
    chance = random.Random(SEED)
    keyed = [(chance.random() * (0.5 if one.verb == "GET" else 1), place) for place, one in enumerate(every)]
    ranks: dict[tuple[str, str], int] = defaultdict(int)
    ranked = []
    for key, place in sorted(keyed):
        group = (every[place].address.route, every[place].caller.name)
        ranked.append((ranks[group], key, place))
        ranks[group] += 1
    return [every[place] for place in sorted(place for _, _, place in sorted(ranked)[:most])]


def _judge(one: Ask, told: Told, seeded: Seeded, search: Search, result: Result) -> list[str]:
    """Write down what came of a request; returns what was found."""
    result.requests += 1
    result.statuses[one.address.route][told.status] += 1
    leaks = [f"{one}: {what}" for what in _leaked(one, told, seeded, search)]
    errors = [f"{one}: {told.error}"] if told.error else []
    writes = [f"{one}: writes {', '.join(told.wrote)}"] if told.wrote else []
    result.leaks += leaks
    result.server_errors += errors
    result.get_writes += writes
    return [*leaks, *errors, *writes]


def _leaked(one: Ask, told: Told, seeded: Seeded, search: Search) -> Iterator[str]:
    """What an answer must not hold: rows, staff and schools of others, and whole numbers.

    Each page is judged as what it is: a log-in may lead its office to the audit trail.
    """
    caller = one.caller
    place_of = {id(planted.territory): place for place, planted in seeded.places.items()}
    for path, text in told.pages:
        route = _route_of(path)
        rows = caller.rows | (caller.trail if route.startswith("desk/audit/") else frozenset())
        kinds = ((search.words, rows), (search.staff, caller.staff), (search.schools, caller.staff))
        for words, allowed in kinds:
            for word, territory in words.items():
                if word in text and place_of[id(territory)] not in allowed:
                    yield f"{word.decode()} on {path}"
        for number, territory in search.in_numbers(text):
            own = place_of[id(territory)] in caller.rows and route in CLEAR
            if number not in told.sent and not own:
                yield f"whole {territory.numbers[number]} of {territory.word} on {path}"


def _route_of(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return ""


@contextmanager
def guards_off(*, scope: bool, wall: bool) -> Iterator[None]:
    """Take the application's filter away, and the database's wall: what the crawl is proved with."""
    whole, within = Scope(city=True), ScopedQuerySet.within

    def everything(rows: ScopedQuerySet, scope: Scope) -> ScopedQuerySet:
        return within(rows, whole)

    def no_wall(wall: object) -> AbstractContextManager[None]:
        return nullcontext()

    with ExitStack() as stack:
        if scope:
            stack.enter_context(_instead(ScopedQuerySet, "within", everything))
        if wall:
            stack.enter_context(_instead(middleware, "behind", no_wall))
        yield


@contextmanager
def _instead(owner: object, name: str, other: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """No line of the log for each of thousands of refusals."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)

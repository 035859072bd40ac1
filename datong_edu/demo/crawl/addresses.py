"""What is asked: every pattern of the resolver, its arguments made of planted rows, and what the API tells.

An argument is chosen by the beginning of its route and its name; a pattern for which that finds none is
unmapped, and the crawl fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from datong_edu.demo.crawl.seeding import CITY, FOREIGN, NEIGHBOUR, OWN, Seeded
from datong_edu.standards.models import Standard
from datong_edu.web import api, doors

MISSING = "missing"
PLACES = (OWN, NEIGHBOUR, FOREIGN, CITY, MISSING)
NOWHERE = {"uuid": UUID(int=0), "int": 99_999_999}
OBJECTS: dict[str, tuple[str, ...]] = {
    "desk/people/": ("person",),
    "desk/findings/": ("finding",),
    "desk/compare/": ("result",),
    "desk/numbers/": ("export",),
    "import/": ("batch", "applied"),
    "account/sessions/": ("session",),
    "offices/": ("grant",),
    "users/": ("user",),
    "log-ins/second-factors/": ("user",),
    "api/v1/schools/": ("school_id",),
    "api/v1/persons/": ("person",),
    "api/v1/enrolments/": ("enrolment_id",),
    "api/v1/findings/": ("finding",),
    "api/v1/imports/": ("batch", "applied"),
    "desk/audit/changes/": ("deed",),
}
"""What stands behind the argument of a route: the planted objects, by the longest beginning."""
WORDS = {
    "kind": "student_registry", "purpose": "errors", "state": "disable", "seq": "1",
    "content_type_id": "1", "object_id": "1", "url": "registry/person/",
}  # fmt: skip
"""Arguments that name no row of a county, by their name."""
_ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """A pattern with arguments; `place` says whose rows they are, empty where it takes none."""

    route: str
    path: str
    place: str = ""


@dataclass
class Addresses:
    """All that can be asked."""

    routes: list[str]
    asked: list[Address] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)


def addresses(seeded: Seeded) -> Addresses:
    """Every pattern filled for every place."""
    found = Addresses(sorted({route for route, _ in doors.routes()}))
    for route in found.routes:
        made = list(dict.fromkeys(_filled(route, seeded)))
        found.asked += made
        if not made:
            found.unmapped.append(route)
    found.unmapped += [path for path in described() if not any(_fits(path, route) for route in found.routes)]
    return found


@cache
def described() -> dict[str, dict[str, Any]]:
    """Paths of the API with their verbs, as its contract tells them."""
    file = Path(api.__file__).with_name("openapi.yaml")
    paths: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["paths"]
    return paths


def parameters(route: str) -> list[str]:
    """Names of the query parameters that the contract of the API tells for a route."""
    told = next((verbs for path, verbs in described().items() if _fits(path, route)), {})
    return [one["name"] for one in told.get("get", {}).get("parameters", ()) if one.get("in") == "query"]


def _fits(path: str, route: str) -> bool:
    return re.sub(r"\{\w+\}", "<>", path.lstrip("/")) == re.sub(r"<[^>]*>", "<>", route)


def _filled(route: str, seeded: Seeded) -> Iterator[Address]:
    names = [hit["name"] or hit["group"] for hit in _ARGUMENT.finditer(route)]
    if not names:
        yield Address(route, _plain(route))
        return
    kinds = _objects_of(route)
    for place in PLACES:
        for kind in kinds or ("",):
            path = _with(route, place, kind, seeded)
            if path is not None:
                yield Address(route, path, place if kinds else "")


def _objects_of(route: str) -> tuple[str, ...]:
    starts = [start for start in OBJECTS if route.startswith(start) and re.search(r"<(uuid|int):", route)]
    return OBJECTS[max(starts, key=len)] if starts else ()


def _with(route: str, place: str, kind: str, seeded: Seeded) -> str | None:
    """The route for one place; None when an argument has no value there."""
    missing: list[str] = []

    def value(hit: re.Match[str]) -> str:
        name = hit["name"] or hit["group"]
        if name in WORDS:
            return WORDS[name]
        if name == "key":
            return str(Standard.objects.order_by("key").values_list("key", flat=True)[0])
        found: Any = NOWHERE.get(hit["kind"]) if kind and place == MISSING else None
        if kind and place != MISSING:
            row = seeded.places[place].objects.get("county" if name == "place" else kind)
            key = "uid" if hit["kind"] == "uuid" else "pk"
            found = row if isinstance(row, int | UUID) else getattr(row, key, None)
        if found is None:
            missing.append(name)
        return str(found)

    path = _ARGUMENT.sub(value, route)
    return None if missing else _plain(path)


def _plain(route: str) -> str:
    """A path of a route: marks of regular expressions gone, what they match put in."""
    return "/" + route.replace("^.*$", "nothing-here").replace("\\Z", "").strip("^$")

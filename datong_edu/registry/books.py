"""Look-up books the rosters need: schools by code, name and alias; counties by code."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from datong_edu.accounts.models import Unit
from datong_edu.core.codes import Stage, stages_of_kind
from datong_edu.core.names import school_name_key
from datong_edu.registry.models import School, SchoolAlias


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """What a roster row needs to know of its school."""

    id: int
    code: str
    county_id: int
    stages: tuple[Stage, ...]


@dataclass
class SchoolBook:
    """All schools of the city; a name counts within one county, the way county files use it."""

    by_code: dict[str, KnownSchool] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[KnownSchool]] = field(default_factory=dict)
    by_alias: dict[tuple[int, str], list[KnownSchool]] = field(default_factory=dict)
    county_ids: tuple[int, ...] = ()

    @classmethod
    def load(cls) -> "SchoolBook":
        """Read the books once for a batch."""
        book = cls(county_ids=tuple(Unit.objects.counties().values_list("pk", flat=True)))
        known = {}
        schools = School.objects.whole_city().order_by("pk")
        for pk, code, name, kind, county_id in schools.values_list("pk", "code", "name", "kind", "county_id"):
            school = known[pk] = KnownSchool(pk, code, county_id, tuple(stages_of_kind(kind)))
            book.by_code[code] = school
            book.by_name.setdefault((county_id, school_name_key(name)), []).append(school)
        aliases = SchoolAlias.objects.whole_city().order_by("pk")
        for school_id, county_id, name in aliases.values_list("school_id", "county_id", "name"):
            book.by_alias.setdefault((county_id, school_name_key(name)), []).append(known[school_id])
        return book

    def find(self, code: str | None, name: str | None, county_ids: Iterable[int]) -> KnownSchool | str:
        """The school a row means, or the reason key why it cannot be told.

        Order: code, exact name, alias; only schools of the given counties are looked at.
        """
        counties = tuple(county_ids)
        if code and (known := self.by_code.get(code)) and known.county_id in counties:
            return known
        if name:
            key = school_name_key(name)
            for table in (self.by_name, self.by_alias):
                found = {s.id: s for county in counties for s in table.get((county, key), ())}
                if len(found) == 1:
                    return next(iter(found.values()))
                if found:
                    return "SCHOOL_AMBIGUOUS"
        return "SCHOOL_UNKNOWN"

"""Look-up books the rosters need: schools by code, name and alias; counties by code."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from datong_edu.accounts.models import Unit
from datong_edu.core.codes import Stage, stages_of_kind
from datong_edu.core.names import school_name_key
from datong_edu.importing.declare import SCHOOL_TOPIC, Context, Meaning
from datong_edu.importing.models import RememberedAnswer
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
    by_answer: dict[tuple[int, str], KnownSchool] = field(default_factory=dict)
    county_ids: tuple[int, ...] = ()

    @classmethod
    def load(cls, answers: Iterable[tuple[str, str]] = ()) -> "SchoolBook":
        """Read the books once for a batch; `answers` are written names and the codes meant."""
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
        for name, code in answers:
            if (meant := book.by_code.get(code)) is not None:
                book.by_answer[meant.county_id, school_name_key(name)] = meant
        return book

    def find(self, code: str | None, name: str | None, county_ids: Iterable[int]) -> KnownSchool | str:
        """The school a row means, or the reason key why it cannot be told.

        Order: code (also one written as the name), exact name, alias, and for a name that is none or several
        what the unit said it means; only schools of the given counties are looked at.
        """
        counties = tuple(county_ids)
        for text in (code, name):
            if text and (known := self.by_code.get(text)) and known.county_id in counties:
                return known
        if not name:
            return "SCHOOL_UNKNOWN"
        key, reason = school_name_key(name), "SCHOOL_UNKNOWN"
        for table in (self.by_name, self.by_alias):
            found = {s.id: s for county in counties for s in table.get((county, key), ())}
            if len(found) == 1:
                return next(iter(found.values()))
            if found:
                reason = "SCHOOL_AMBIGUOUS"
                break
        meant = [self.by_answer[county, key] for county in counties if (county, key) in self.by_answer]
        return meant[0] if len(meant) == 1 else reason


def school_answers(unit: Unit) -> list[tuple[str, str]]:
    """What a unit said names of schools in its files mean: written name and code."""
    answers = RememberedAnswer.objects.whole_city().filter(unit=unit, topic=SCHOOL_TOPIC)
    return list(answers.values_list("text", "answer"))


def schools_to_choose(context: Context) -> list[Meaning]:
    """Schools that a file may mean: those of its county, or of all counties its importer may write to."""
    schools = School.objects.whole_city().select_related("county").order_by("name", "code")
    own = context.unit.county
    if own is not None:
        schools = schools.filter(county=own)
    elif context.allowed_county_ids is not None:
        schools = schools.filter(county__in=context.allowed_county_ids)
    return [
        Meaning(
            answer=one.code,
            label=f"{one.name}（{one.code}{'，已撤并' if one.closed_on else ''}）",
            name=one.name,
            county_id=one.county_id,
        )
        for one in schools
    ]

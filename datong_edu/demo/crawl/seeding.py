"""The invented city of the crawl: three counties, a second school in the first, and the city's own files."""

from dataclasses import dataclass
from datetime import date

from datong_edu.accounts.actions import grant_role
from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.demo.crawl.canaries import Territory
from datong_edu.demo.crawl.files import plant_files
from datong_edu.demo.crawl.planting import TODAY, Planted, plant_looks, plant_rows
from datong_edu.registry.models import School

OWN, NEIGHBOUR, FOREIGN, FAR, CITY = "own", "neighbour", "foreign", "far", "city"
LETTERS = {OWN: "甲", NEIGHBOUR: "丁", FOREIGN: "乙", FAR: "丙", CITY: "市"}
COUNTIES = {OWN: "140225", NEIGHBOUR: "140225", FOREIGN: "140224", FAR: "140223"}
SINCE = date(2016, 1, 1)


@dataclass
class Seeded:
    """Territories by their place in relation to the callers, who belong to the first."""

    places: dict[str, Planted]

    @property
    def territories(self) -> list[Territory]:
        """All of them."""
        return [planted.territory for planted in self.places.values()]


def seed() -> Seeded:
    """Plant every territory; units, terms, schemes and standards must be there."""
    set_business_date(TODAY)
    places = {}
    for place, code in COUNTIES.items():
        county = Unit.objects.get(code=code)
        places[place] = _county(place, county, with_files=place != NEIGHBOUR)
    city = Unit.objects.city()
    land = Territory(LETTERS[CITY], city.code)
    operator = worker(f"crawl-{CITY}", Role.OPERATOR, city, name=land.staff)
    places[CITY] = Planted(land, None)
    lent = places[FAR].school
    assert lent is not None
    plant_files(places[CITY], unit=city, school=lent, by=operator)
    return Seeded(places)


def worker(username: str, role: Role, unit: Unit, *, name: str) -> User:
    """A user with one office."""
    user = User.objects.create_user(username=username, unit=unit, name=name)
    grant_role(user=user, role=role, unit=unit, since_on=SINCE, by=None)
    return user


def school_unit(school: School) -> Unit:
    """The unit of a school, for its clerk and principal."""
    unit, _ = Unit.objects.get_or_create(
        code=school.code, defaults={"name": school.name, "kind": UnitKind.SCHOOL, "parent": school.county}
    )
    return unit


def _county(place: str, county: Unit, *, with_files: bool) -> Planted:
    land = Territory(LETTERS[place], county.code)
    head = worker(f"crawl-head-{place}", Role.COUNTY_HEAD, county, name=land.staff)
    planted = Planted(land, county, head=head)
    school = School.objects.create(
        code=f"318806{ord(land.letter) % 10_000:04}", name=f"{land.place}学校", county=county, kind="312",
        seat="乡村", has_dormitory=True,
    )  # fmt: skip
    plant_rows(planted, school)
    plant_looks(planted)
    if with_files:
        clerk = worker(f"crawl-clerk-{place}", Role.COUNTY_CLERK, county, name=f"{land.staff}员")
        plant_files(planted, unit=county, school=school, by=clerk)
    return planted

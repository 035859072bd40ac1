"""School-age children of poor households whom no registry knows (C17), and those who only look missing."""

from datetime import date

from datong_edu.demo.generator.aid import pay
from datong_edu.demo.generator.city import City, Household, Member
from datong_edu.demo.generator.places import County
from datong_edu.demo.generator.plant_money import newest_member, plain, take_poor
from datong_edu.demo.generator.plant_status import JUNIOR_LEAVERS, add_graduate, change_status, junior_school
from datong_edu.demo.generator.population import add_household

_FAULTS = (
    ("said_to_be_in_primary", date(2011, 3, 1), date(2012, 6, 30), "小学"),
    ("said_to_be_in_junior", date(2007, 9, 1), date(2008, 8, 31), "七年级"),
    ("known_to_be_out_of_school", date(2008, 9, 1), date(2010, 8, 31), "非在校生"),
    ("just_six", date(2014, 7, 1), date(2014, 8, 31), "非在校生"),
    ("not_yet_sixteen", date(2004, 9, 1), date(2004, 11, 30), "非在校生"),
    ("without_number", date(2009, 1, 1), date(2011, 12, 31), "小学"),
)


def plant_missing(city: City) -> None:
    """Plants and disguises C17, `city.scale` times each kind, in the poor counties."""
    poor = [county for county in city.counties if county.is_poor]
    for turn in range(city.scale):
        for index, (kind, first, last, status) in enumerate(_FAULTS):
            _plant(city, poor[(turn + index) % len(poor)], kind, (first, last), status)
        _disguise(city, poor[turn % len(poor)])


def _child(city: City, county: County, span: tuple[date, date], status: str) -> tuple[Household, Member]:
    """A child of a new registered household that goes to no school of the city."""
    home = add_household(city, county, [])
    sex, born = city.people.sex(), city.people.day_between(*span)
    number = city.people.id_number(county.child_prefixes[0], born, sex)
    name = city.people.name(home.members[0].name[0])
    home.members.append(
        Member(name, sex, born, number, "之子" if sex == "男" else "之女", student_status=status)
    )
    return home, home.members[-1]


def _plant(city: City, county: County, kind: str, span: tuple[date, date], status: str) -> None:
    home, child = _child(city, county, span, status)
    subject = child.id_text
    if kind == "without_number":
        child.id_text, subject = "", f"{home.number}{len(home.members):02d}"
    else:
        city.mend(
            "C17",
            "death_move",
            county,
            subject,
            (child.name, subject, "2020-11-02", county, "随父母迁往省外"),
        )
    city.plant("C17", subject, county, kind)


def _disguise(city: City, county: County) -> None:
    _, child = _child(city, county, (date(2008, 9, 1), date(2012, 8, 31)), "非在校生")
    city.deaths.append((child.name, child.id_text, "2020-02-11", county))
    city.decoy("C17", child.id_text, county, "died")

    _, child = _child(city, county, (date(2008, 9, 1), date(2012, 8, 31)), "小学")
    city.moves.append((child.name, child.id_text, "2019-11-05", county, "全家迁往省外"))
    city.decoy("C17", child.id_text, county, "moved_away")

    _, child = _child(city, county, (date(2014, 9, 1), date(2014, 10, 31)), "学龄前儿童")
    city.decoy("C17", child.id_text, county, "not_yet_six")

    _, child = _child(city, county, (date(2004, 6, 1), date(2004, 8, 30)), "")
    child.education = "初中"
    city.decoy("C17", child.id_text, county, "sixteen_already")

    graduate = add_graduate(city, junior_school(city), "JUN", 9, JUNIOR_LEAVERS)
    city.decoy("C17", graduate.id_no, graduate.county, "graduated_from_junior")

    pupil = city.take(
        lambda p: plain("PRI", "JUN", boards=True)(p) and p.county is not county, "school in another county"
    )
    add_household(city, county, [pupil])
    city.decoy("C17", pupil.id_no, county, "at_school_in_another_county")

    pupil = take_poor(city, plain("PRI", "JUN"), "suspended")
    change_status(city, pupil.rows[0], "休学", "休学", "2020-06-08")
    city.decoy("C17", pupil.id_no, pupil.county, "suspended_but_registered")

    pupil = take_poor(city, plain("PRI", "JUN", boards=True), "certificate number")
    pay(city, pupil)
    newest_member(city, pupil).id_text = f"{pupil.id_no}53B1"
    city.decoy("C17", pupil.id_no, pupil.county, "certificate_number_in_the_poverty_list")

"""Paid although not in school on the census day (C09): suspended, withdrawn and graduated pupils."""

from collections.abc import Callable
from datetime import date

from datong_edu.demo.generator.aid import line_of, pay
from datong_edu.demo.generator.city import City, Pupil, RegistryRow
from datong_edu.demo.generator.places import School
from datong_edu.demo.generator.plant_money import SPRING, newest_member, plain, take_poor
from datong_edu.demo.generator.population import add_household, add_pupil


def plant_status(city: City) -> None:
    """Plants and disguises C09, `city.scale` times each kind."""
    for _ in range(city.scale):
        _plant(city)
        _disguise(city)


def change_status(city: City, row: RegistryRow, status: str, change: str, on: str) -> None:
    """Writes a status with its alteration into a registry row; its school's head count is no longer plain."""
    row.status, row.change, row.changed_on = status, change, on
    city.unsteady.add(row.school.code)


def add_graduate(city: City, school: School, stage: str, grade: int, born: tuple[date, date]) -> Pupil:
    """A pupil of a registered household who left with the graduates of June 2020."""
    pupil = add_pupil(city, school, stage, grade=grade, born=city.people.day_between(*born))
    pupil.is_reserved = pupil.pays_by_hand = True
    pupil.boards = school.has_dormitory
    pupil.entered = pupil.rows[0].entered = "201709"
    add_household(city, school.county, [pupil])
    member = newest_member(city, pupil)
    member.student_status, member.education = "", "初中" if stage == "JUN" else "高中"
    change_status(city, pupil.rows[0], "毕业", "毕业", "2020-06-30")
    return pupil


def junior_school(city: City) -> School:
    """An open junior school with a dormitory, drawn at random."""
    return city.rng.choice([s for s in city.schools if s.kind == "311" and not s.closed_on])


JUNIOR_LEAVERS = (date(2004, 9, 1), date(2005, 8, 31))
_HIGH_LEAVERS = (date(2001, 9, 1), date(2002, 8, 31))


def _plant(city: City) -> None:
    for kind, fits, status, on in (
        ("suspended_before_census", plain("PRI", "JUN", boards=True), "休学", "2020-09-08"),
        ("suspended_day_pupil", plain("PRI", "JUN", boards=False), "休学", "2020-09-18"),
        ("withdrew_from_high_school", plain("HS"), "退学", "2020-09-10"),
    ):
        pupil = take_poor(city, fits, kind)
        pay(city, pupil)
        change_status(city, pupil.rows[0], status, status, on)
        city.plant("C09", pupil.id_no, pupil.county, kind)
        city.mend(
            "C09",
            "student_registry",
            pupil.county,
            pupil.id_no,
            (pupil.rows[0], "在读", "复学", "2020-09-22"),
        )
    graduate = add_graduate(city, junior_school(city), "JUN", 9, JUNIOR_LEAVERS)
    line_of(city, graduate, "CE_BOARD")
    city.plant("C09", graduate.id_no, graduate.county, "graduated_junior_paid_in_autumn")
    high = city.rng.choice([s for s in city.schools if s.kind in ("341", "342")])
    graduate = add_graduate(city, high, "HS", 12, _HIGH_LEAVERS)
    line_of(city, graduate, "HS_GRANT")
    city.plant("C09", graduate.id_no, graduate.county, "graduated_high_school_paid_in_autumn")


def _disguise(city: City) -> None:
    for kind, fits, status, change, on in _STILL_DUE:
        pupil = take_poor(city, fits, kind)
        pay(city, pupil)
        change_status(city, pupil.rows[0], status, change, on)
        city.decoy("C09", pupil.id_no, pupil.county, kind)

    graduate = add_graduate(city, junior_school(city), "JUN", 9, JUNIOR_LEAVERS)
    line_of(city, graduate, "CE_BOARD", term=SPRING)
    city.decoy("C09", graduate.id_no, graduate.county, "graduated_in_june_paid_for_spring")

    pupil = take_poor(city, lambda p: plain("HS")(p) and p.grade == 10, "promoted")
    school = next(s for s in city.schools if s.county is pupil.county and s.kind == "311")
    left = RegistryRow(pupil, school, "JUN", 9, "201709")
    change_status(city, left, "毕业", "毕业", "2020-06-30")
    pupil.rows.append(left)
    pay(city, pupil)
    if pupil.boards:
        line_of(city, pupil, "CE_BOARD", term=SPRING, row=left)
    city.decoy("C09", pupil.id_no, pupil.county, "graduated_and_promoted")

    receivers = {s.receiver for s in city.schools if s.receiver}
    pupil = take_poor(
        city, lambda p: plain("JUN", boards=True)(p) and p.grade > 7 and p.school.code in receivers, "merged"
    )
    closed = next(s for s in city.schools if s.receiver == pupil.school.code)
    left = RegistryRow(pupil, closed, "JUN", pupil.grade - 1, pupil.entered)
    change_status(city, left, "转出", "转出", "2020-08-31")
    change_status(city, pupil.rows[0], "在读", "转入", "2020-09-01")
    pupil.rows.append(left)
    pay(city, pupil)
    line_of(city, pupil, "CE_BOARD", term=SPRING, row=left).grade = left.grade
    city.decoy("C09", pupil.id_no, pupil.county, "moved_when_the_school_closed")
    city.decoy("C14", pupil.id_no, pupil.county, "moved_when_the_school_closed")


_STILL_DUE: tuple[tuple[str, Callable[[Pupil], bool], str, str, str], ...] = (
    ("returned_within_term", plain("PRI", "JUN", boards=True), "在读", "复学", "2020-10-19"),
    ("suspended_after_census", plain("PRI", "JUN", boards=True), "休学", "休学", "2020-10-26"),
)

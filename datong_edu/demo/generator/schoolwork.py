"""Teachers and their rural allowance (C32), monthly meals (C25), and the dropout ledger."""

from collections import Counter
from datetime import date

from datong_edu.demo.generator.city import Allowance, City, DropoutLine, MealMonth, Teacher
from datong_edu.demo.generator.places import School
from datong_edu.demo.generator.plant_money import plain

MEAL_DAYS = {"2020-09": 21, "2020-10": 16, "2020-11": 21}
_CAUSES = ("厌学", "外出打工", "因病", "其他")


def staff_schools(city: City) -> None:
    """Staffs every open school, pays the village allowance, plants and disguises C32."""
    sizes = Counter(row.school.code for pupil in city.pupils for row in pupil.rows)
    for school in city.schools:
        if not school.closed_on:
            for _ in range(max(3, sizes[school.code] // 14)):
                teacher = _hire(city, school)
                if _is_village_school(school):
                    city.allowances.append(
                        Allowance(teacher, school, 12 if teacher.arrived < "2020-01-01" else 4)
                    )
    for turn in range(city.scale):
        _plant_allowances(city, turn)
        _disguise_allowances(city, turn)


def _is_village_school(school: School) -> bool:
    return school.county.is_poor and school.seat == "乡村" and school.is_compulsory


def _hire(city: City, school: School) -> Teacher:
    rng, people = city.rng, city.people
    sex, born = people.sex(), people.day_between(date(1962, 1, 1), date(1995, 12, 31))
    joined = born.year + rng.randint(22, 24)
    arrived = "2020-09-01" if rng.random() < 0.05 else f"{rng.randint(joined, 2019)}-09-01"
    special = born.year > 1990 and rng.random() < 0.4
    teacher = Teacher(
        name=people.name(),
        sex=sex,
        born=born,
        id_no=people.id_number(people.adult_prefix(school.county.parent_prefixes, born), born, sex),
        school=school,
        post="特岗" if special else "事业编制",
        joined=f"{joined}-09",
        arrived=arrived,
        account=people.account(),
    )
    city.teachers.append(teacher)
    return teacher


def _plant_allowances(city: City, turn: int) -> None:
    poor = [county for county in city.counties if county.is_poor]
    for index, state in enumerate(("借调", "在编不在岗") * 2):
        county = poor[(turn + index) % len(poor)]
        school = next(s for s in city.schools if s.county is county and _is_village_school(s))
        teacher = _hire(city, school)
        teacher.post, teacher.state, teacher.arrived = "事业编制", state, "2016-09-01"
        city.allowances.append(Allowance(teacher, school))
        kind = "seconded_away" if state == "借调" else "on_the_roll_but_off_post"
        city.plant("C32", teacher.id_no, county, kind)
        city.mend("C32", "r14_teachers", county, teacher.id_no, teacher)
    for index, kind in enumerate(("211", "311")):
        county = poor[(turn + index + 2) % len(poor)]
        school = next(s for s in city.schools if s.county is county and s.kind == kind and s.seat == "县城")
        teacher = _hire(city, school)
        teacher.arrived = "2017-09-01"
        city.allowances.append(Allowance(teacher, school))
        city.plant("C32", teacher.id_no, county, "school_at_the_county_seat")


def _disguise_allowances(city: City, turn: int) -> None:
    poor = [county for county in city.counties if county.is_poor]
    county = poor[turn % len(poor)]
    village = next(
        s for s in city.schools if s.county is county and _is_village_school(s) and s.kind != "312"
    )
    seat = next(s for s in city.schools if s.county is county and s.kind == "211" and s.seat == "县城")
    for _ in range(2):
        teacher = _hire(city, seat)
        teacher.arrived = "2014-09-01"
        city.allowances.append(Allowance(teacher, village, months=4))
        city.decoy("C32", teacher.id_no, county, "supports_a_village_school")

    away = next(t for t in city.teachers if t.state == "借调")
    namesake = _hire(city, village)
    namesake.name, namesake.arrived = away.name, "2015-09-01"
    city.allowances.append(Allowance(namesake, village))
    city.decoy("C32", namesake.id_no, county, "namesake_of_a_seconded_teacher")

    special = _hire(city, village)
    special.post, special.arrived = "特岗", "2019-09-01"
    city.allowances.append(Allowance(special, village))
    city.decoy("C32", special.id_no, county, "special_post_teacher")

    nine = next(s for s in city.schools if s.county is county and s.kind == "312")
    teacher = [a.teacher for a in city.allowances if a.school is nine][turn // len(poor)]
    city.decoy("C32", teacher.id_no, county, "nine_year_village_school")


def report_meals(city: City) -> None:
    """Three months of meals at every compulsory school of the six poor counties; plants and disguises C25."""
    running, every = Counter[str](), Counter[str]()
    for pupil in city.pupils:
        for row in pupil.rows:
            if row.stage in ("PRI", "JUN"):
                every[row.school.code] += 1
                running[row.school.code] += row.status == "在读" and not row.changed_on
    fed = [s for s in city.schools if s.county.is_poor and s.is_compulsory and running[s.code] > 0]
    for school in fed:
        count = running[school.code]
        for month, days in MEAL_DAYS.items():
            city.meals.append(MealMonth(school, month, every[school.code], max(1, count - count // 40), days))
    nine_year = [s for s in fed if s.kind == "312"]
    city.rng.shuffle(nine_year)
    steady = [s for s in fed if s.code not in city.unsteady and s.kind != "312"]
    city.rng.shuffle(steady)
    months = list(MEAL_DAYS)
    for _ in range(min(city.scale, len(steady) // 4)):  # each round takes four schools, which do not multiply
        school = steady.pop()
        for month in months:
            _set_eaters(city, school, month, every[school.code] + _tolerance(every[school.code]) + 12)
            _plant_meal(city, school, month, "every_month_over")
        school = steady.pop()
        _set_eaters(city, school, months[1], every[school.code] + _tolerance(every[school.code]) + 1)
        _plant_meal(city, school, months[1], "one_over_the_tolerance")
        school = steady.pop()
        _set_eaters(city, school, months[2], every[school.code] * 2 + 5)
        _plant_meal(city, school, months[2], "twice_the_roll")
        school = steady.pop()
        _set_eaters(city, school, months[0], every[school.code] + 2)
        city.decoy("C25", f"{school.code}|{months[0]}", school.county, "two_more_than_the_roll")
        school = steady.pop()
        _set_eaters(city, school, months[1], every[school.code] + _tolerance(every[school.code]))
        city.decoy("C25", f"{school.code}|{months[1]}", school.county, "exactly_the_tolerance")
    for nine in nine_year[: city.scale]:
        city.decoy("C25", f"{nine.code}|{months[2]}", nine.county, "primary_and_junior_together")


def _tolerance(enrolled: int) -> int:
    return max(3, enrolled * 3 // 100)


def _set_eaters(city: City, school: School, month: str, eaters: int) -> None:
    report = next(m for m in city.meals if m.school is school and m.month == month)
    report.eaters = eaters


def _plant_meal(city: City, school: School, month: str, kind: str) -> None:
    subject = f"{school.code}|{month}"
    city.plant("C25", subject, school.county, kind)
    report = next(m for m in city.meals if m.school is school and m.month == month)
    city.mend("C25", "r9_meal_month", school.county, subject, report)


def keep_dropout_ledger(city: City) -> None:
    """A few pupils of the poor counties who stayed away and came back; two lines in three are closed."""
    rng = city.rng
    for county in (c for c in city.counties if c.is_poor):
        for index in range(2 + city.scale):
            pupil = city.take(plain("JUN", county=county.code), "dropout ledger")
            line = DropoutLine(
                pupil,
                f"2020-09-{rng.randint(7, 28):02d}",
                rng.choice(_CAUSES),
                city.people.name(),
                rng.randint(1, 5),
            )
            if index % 3:
                line.returned, line.closed = (
                    f"2020-10-{rng.randint(9, 28):02d}",
                    f"2020-11-{rng.randint(9, 28):02d}",
                )
            city.dropouts.append(line)

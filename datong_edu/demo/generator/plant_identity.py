"""Wrong identity numbers (C13) and one child in two places (C14)."""

from datetime import date

from datong_edu.demo.generator.city import FIRST_GRADE, City, Pupil, RegistryRow
from datong_edu.demo.generator.people import check_digit
from datong_edu.demo.generator.places import TEXT_FILE_COUNTY, School
from datong_edu.demo.generator.plant_money import plain
from datong_edu.demo.generator.plant_status import change_status
from datong_edu.demo.generator.population import add_pupil, give_category

_ANY = plain("PRI", "JUN", "HS")


def plant_identity(city: City) -> None:
    """Plants and disguises C13 and C14, `city.scale` times each kind."""
    for _ in range(city.scale):
        _plant_wrong_numbers(city)
        _disguise_numbers(city)
        _plant_two_places(city)
        _disguise_two_places(city)


def _take(city: City, what: str) -> Pupil:
    pupil = city.take(_ANY, what)
    city.unsteady.add(pupil.school.code)
    return pupil


def _wrong_text(kind: str, number: str) -> str:
    if kind == "one_digit_short":
        return number[:8] + number[9:]
    if kind == "checksum":
        return number[:17] + ("1" if number[17] != "1" else "2")
    if kind == "month_thirteen":
        body = number[:10] + "13" + number[12:17]
        return body + check_digit(body)
    return number[:15] + "000"


def _plant_wrong_numbers(city: City) -> None:
    for kind in ("checksum", "one_digit_short", "month_thirteen", "ends_in_000"):
        while True:
            pupil = _take(city, kind)
            # In a text file such a number refuses its row, so that county cannot carry the fault.
            if kind != "ends_in_000" or (
                pupil.county.code != TEXT_FILE_COUNTY and check_digit(pupil.id_no[:15] + "00") != "0"
            ):
                break
        row = pupil.rows[0]
        row.id_text = _wrong_text(kind, pupil.id_no)
        city.plant("C13", pupil.student_no, pupil.county, kind)
        city.mend("C13", "student_registry", pupil.county, pupil.student_no, (row, pupil.id_no))
    pupil = _take(city, "sex")
    pupil.rows[0].sex = "女" if pupil.sex == "男" else "男"
    city.plant("C13", pupil.student_no, pupil.county, "sex_against_number")
    pupil = city.take(plain("PRI"), "age")
    _rejuvenate(city, pupil, years=-11)
    city.plant("C13", pupil.student_no, pupil.county, "eleven_years_too_old")
    pupil = city.take(plain("JUN"), "age")
    _rejuvenate(city, pupil, years=8)
    city.plant("C13", pupil.student_no, pupil.county, "eight_years_too_young")


def _rejuvenate(city: City, pupil: Pupil, *, years: int) -> None:
    born = date(pupil.born.year + years, pupil.born.month, min(pupil.born.day, 28))
    pupil.born = born
    pupil.id_no = city.people.id_number(pupil.id_no[:6], born, pupil.sex)
    pupil.student_no = f"G{pupil.id_no}"
    city.unsteady.add(pupil.school.code)


def _disguise_numbers(city: City) -> None:
    for kind, tail in (("certificate_of_20", "43"), ("certificate_of_22", "53B1")):
        pupil = _take(city, kind)
        give_category(city, pupil, "残疾")
        city.civil[-1].certificate = pupil.rows[0].id_text = pupil.id_no + tail
        city.decoy("C13", pupil.student_no, pupil.county, kind)

    for letter in "JL":
        pupil = _take(city, f"{letter} number")
        fake = pupil.id_no[:14] + f"{city.rng.randrange(1, 999):03d}"
        tail = check_digit(fake) if letter == "J" else str(city.rng.randrange(10))
        pupil.student_no = f"{letter}{fake}{tail}"
        row = pupil.rows[0]
        row.id_text, row.id_type = "", "其他"
        city.decoy("C13", pupil.student_no, pupil.county, f"{letter}_number_without_id")

    pupil = _take(city, "corrected by the police")
    pupil.student_no = "G" + city.people.id_number(pupil.id_no[:6], pupil.born, pupil.sex)
    city.decoy("C13", pupil.student_no, pupil.county, "number_corrected_by_the_police")

    pupil = city.take(lambda p: _ANY(p) and p.grade > FIRST_GRADE[p.stage], "late starter")
    _rejuvenate(city, pupil, years=-2)
    city.decoy("C13", pupil.student_no, pupil.county, "started_late")

    pupil = city.take(lambda p: _ANY(p) and p.id_no.endswith("X"), "small x")
    pupil.rows[0].id_text = pupil.id_no[:17] + "x"
    city.unsteady.add(pupil.school.code)
    city.decoy("C13", pupil.student_no, pupil.county, "small_x")

    pupil = city.take(
        lambda p: _ANY(p) and p.id_no[:6] in ("140227", "140202", "140203", "140211"), "former prefix"
    )
    city.decoy("C13", pupil.student_no, pupil.county, "former_county_prefix")


def _elsewhere(city: City, pupil: Pupil, stage: str) -> School:
    """A school of the stage in another county: one file never holds two running rows of one 学籍号."""
    return city.rng.choice(
        [s for s in city.schools if stage in s.stages and s.county is not pupil.county and s.kind != "514"]
    )


def _second_row(city: City, pupil: Pupil, school: School, *, stage: str = "", grade: int = 0) -> RegistryRow:
    row = RegistryRow(pupil, school, stage or pupil.stage, grade or pupil.grade, pupil.rows[0].entered)
    pupil.rows.append(row)
    city.unsteady.update((school.code, pupil.school.code))
    return row


def _plant_two_places(city: City) -> None:
    pupil = _take(city, "two counties")
    row = _second_row(city, pupil, _elsewhere(city, pupil, pupil.stage))
    city.plant("C14", pupil.id_no, pupil.county, "registered_in_two_counties")
    city.mend("C14", "student_registry", row.school.county, pupil.id_no, (row, "转出", "转出", "2020-12-11"))

    pupil = _take(city, "second number")
    same = [
        s
        for s in city.schools
        if s.county is pupil.county and pupil.stage in s.stages and s is not pupil.school
    ]
    school = (
        city.rng.choice([s for s in same if s.kind != "514"])
        if same and pupil.stage != "HS"
        else _elsewhere(city, pupil, pupil.stage)
    )
    _second_row(city, pupil, school).student_no = f"L{pupil.id_no[:14]}{city.rng.randrange(1000, 9999)}"
    city.plant("C14", pupil.id_no, pupil.county, "temporary_number_not_merged")

    pupil = _take(city, "overdue transfer")
    row = _second_row(city, pupil, _elsewhere(city, pupil, pupil.stage))
    row.change, row.changed_on = "转入", "2020-11-02"
    city.plant("C14", pupil.id_no, pupil.county, "transfer_overdue")

    pupil = city.take(lambda p: plain("PRI")(p) and p.grade == 1, "still in kindergarten")
    row = _second_row(city, pupil, _elsewhere(city, pupil, "PRE"), stage="PRE", grade=3)
    row.entered = "201809"
    city.plant("C14", pupil.id_no, pupil.county, "kindergarten_row_left_open")

    pupil = city.take(plain("HS"), "high school and vocational")
    row = _second_row(city, pupil, _elsewhere(city, pupil, "VOC"), stage="VOC", grade=3)
    row.entered = "201809"
    city.plant("C14", pupil.id_no, pupil.county, "high_school_and_vocational_school")


def _disguise_two_places(city: City) -> None:
    pupil = _take(city, "transfer in progress")
    row = _second_row(city, pupil, _elsewhere(city, pupil, pupil.stage))
    row.change, row.changed_on = "转入", "2020-12-07"
    pupil.rows[0].change, pupil.rows[0].changed_on = "转出", "2020-12-07"
    city.decoy("C14", pupil.id_no, pupil.county, "transfer_in_progress")

    pupil = _take(city, "transfer done")
    row = _second_row(city, pupil, _elsewhere(city, pupil, pupil.stage))
    row.change, row.changed_on = "转入", "2020-10-12"
    change_status(city, pupil.rows[0], "转出", "转出", "2020-10-12")
    city.decoy("C14", pupil.id_no, pupil.county, "transfer_done")

    pupil = city.take(lambda p: plain("PRI")(p) and p.grade == 1, "kindergarten left")
    nursery = next(s for s in city.schools if s.county is pupil.county and s.kind == "111")
    row = _second_row(city, pupil, nursery, stage="PRE", grade=3)
    row.entered = "201709"
    change_status(city, row, "毕业", "毕业", "2020-07-10")
    city.decoy("C14", pupil.id_no, pupil.county, "left_kindergarten_for_primary")

    pupil = _take(city, "twin")
    twin = add_pupil(city, pupil.school, pupil.stage, grade=pupil.grade, born=pupil.born)
    twin.is_reserved = True
    twin.guardian, twin.guardian_id, twin.phone = pupil.guardian, pupil.guardian_id, pupil.phone
    twin.name = pupil.name[0] + twin.name[1:]
    if twin.name == pupil.name:
        twin.name += "一"
    city.decoy("C14", twin.id_no, pupil.county, "twin")

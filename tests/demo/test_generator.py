"""The invented city: same seed, same city; numbers that pass; every doubt planted and disguised."""

from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from datong_edu.demo.generator import City, build_city, rosters_of, write_city
from datong_edu.demo.generator.people import check_digit
from datong_edu.demo.generator.workbook import Sheet

RULES = {"C01", "C03", "C06", "C09", "C10", "C13", "C14", "C17", "C25", "C32"}


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(students=3000)


def _digit_by_definition(body: str) -> str:
    """GB 11643 by its definition: the weights are powers of two modulo 11 and the whole sum leaves 1."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    rest = (1 - total) % 11
    return "X" if rest == 10 else str(rest)


def test_check_digit_agrees_with_the_sample_of_the_standard() -> None:
    assert check_digit("11010519491231002") == "X"


def test_city_of_one_seed_is_always_the_same(city: City) -> None:
    again = build_city(students=3000)
    assert [roster.sheets for roster in rosters_of(again)] == [roster.sheets for roster in rosters_of(city)]
    assert again.planted == city.planted
    assert again.lookalikes == city.lookalikes


def test_city_of_another_seed_differs(city: City) -> None:
    other = build_city(students=3000, seed=7)
    assert {pupil.id_no for pupil in other.pupils} != {pupil.id_no for pupil in city.pupils}


def test_every_number_passes_the_checksum_and_is_given_once(city: City) -> None:
    numbers = [pupil.id_no for pupil in city.pupils]
    numbers += [teacher.id_no for teacher in city.teachers]
    assert len(set(numbers)) == len(numbers)
    for number in numbers + [pupil.guardian_id for pupil in city.pupils]:
        assert number[17] == _digit_by_definition(number[:17])
        assert not number.endswith("000")
        assert number[:4] in {"1402", "1421"}


def test_sex_and_birth_stand_in_the_number(city: City) -> None:
    for pupil in city.pupils:
        assert pupil.id_no[6:14] == f"{pupil.born:%Y%m%d}"
        assert (int(pupil.id_no[16]) % 2 == 1) == (pupil.sex == "男")


def test_running_rows_are_as_many_as_asked_for(city: City) -> None:
    assert 3000 <= len(city.pupils) <= 3000 + 10 * city.scale
    assert {school.county.code for school in city.schools} == {county.code for county in city.counties}
    assert len(city.counties) == 10


def test_every_rule_has_five_faults_and_three_traps(city: City) -> None:
    faults, traps = (Counter(mark.rule for mark in marks) for marks in (city.planted, city.lookalikes))
    assert set(faults) == set(traps) == RULES
    assert min(faults.values()) >= 5
    assert min(traps.values()) >= 3
    assert {mend.rule for mend in city.mends} == RULES


def test_a_subject_is_either_fault_or_lookalike_of_a_rule(city: City) -> None:
    marks = [(mark.rule, mark.subject) for mark in city.planted + city.lookalikes]
    assert len(set(marks)) == len(marks)


def test_mends_belong_to_planted_faults(city: City) -> None:
    planted = {(mark.rule, mark.subject) for mark in city.planted}
    assert {(mend.rule, mend.subject) for mend in city.mends} <= planted


def test_schools_are_named_after_counties_and_towns_only(city: City) -> None:
    ordinals = ("第一", "第三", "示范", "中心", "职业技术", "特殊教育", "九年一贯制", "初级", "教学点")
    for school in city.schools:
        assert school.name.startswith(school.county.name)
        assert any(word in school.name for word in ordinals)


def test_one_file_never_holds_two_running_rows_of_a_student_number(city: City) -> None:
    rows = Counter(
        (row.school.county.code, row.student_no or pupil.student_no)
        for pupil in city.pupils
        for row in pupil.rows
        if row.status == "在读"
    )
    assert max(rows.values()) == 1


def test_too_few_pupils_are_refused() -> None:
    with pytest.raises(LookupError):
        build_city(students=200)


def _written(path: Path, sheet: Sheet) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet.name).to_python()


def test_workbooks_open_with_their_headings_and_text_numbers(city: City, tmp_path: Path) -> None:
    rosters = write_city(city, tmp_path)
    books = [roster for roster in rosters if roster.name.endswith(".xlsx")]
    assert len(books) >= 60
    for roster in books:
        for sheet in roster.sheets:
            rows = _written(tmp_path / roster.name, sheet)
            assert list(sheet.headings) == rows[len(sheet.titles)][: len(sheet.headings)]
            assert len(rows) >= len(sheet.titles) + 1 + len(sheet.rows)
            for column, heading in enumerate(sheet.headings):
                if heading in ("身份证号", "身份证件号", "证件号码", "银行账号"):
                    assert isinstance(rows[-1][column], str)


def test_text_roster_is_gb18030_with_guarded_numbers(city: City, tmp_path: Path) -> None:
    write_city(city, tmp_path)
    lines = (tmp_path / "10_云州区_学籍.csv").read_text(encoding="gb18030").splitlines()
    assert lines[0].startswith("学籍号,姓名")
    assert '="' in lines[1] or '=""' in lines[1]

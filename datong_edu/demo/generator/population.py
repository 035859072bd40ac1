"""Pupils of every stage with guardians, their poor households and the lists they stand on."""

from collections.abc import Iterator
from datetime import date

from datong_edu.demo.generator.city import (
    ENTRY_AGE,
    FIRST_GRADE,
    LAST_GRADE,
    POOR,
    City,
    CivilEntry,
    Household,
    Member,
    Pupil,
    RegistryRow,
)
from datong_edu.demo.generator.places import County, School

_STAGE_SHARES = (("PRE", 14), ("PRI", 46), ("JUN", 22), ("HS", 13), ("VOC", 5))
_POOR_SHARE = {True: 0.17, False: 0.04}
_SHEETS = {"农村低保": "低保", "城市低保": "低保", "农村特困": "特困", "孤儿": "孤儿", "残疾": "残疾"}
_CAUSES = ("因病", "因残", "因学", "缺技术", "缺劳力", "缺资金", "缺土地", "自身发展动力不足")
_JUNIOR = ("七年级", "八年级", "九年级")
_HIGH = ("普通高中一年级", "普通高中二年级", "普通高中三年级")
_VOCATIONAL = ("中职一年级", "中职二年级", "中职三年级")


def people_the_city(city: City) -> None:
    """Fills the schools with exactly `city.students` pupils and gives some of them their categories."""
    for county, stage, size in _quotas(city):
        places = [s for s in city.schools if s.county is county and stage in s.stages and s.kind != "514"]
        weights = [school.weight for school in places]
        for school in city.rng.choices(places, weights, k=size):
            add_pupil(city, school, stage)
    special = next(school for school in city.schools if school.kind == "514")
    for pupil in [p for p in city.pupils if p.stage == "PRI" and p.county is special.county][
        : 6 * city.scale
    ]:
        pupil.school = pupil.rows[0].school = special
        pupil.boards = True
        give_category(city, pupil, "残疾")
    for pupil in city.pupils:
        if not pupil.categories:
            _draw_categories(city, pupil)
    _add_households_without_pupils(city)


def add_pupil(
    city: City, school: School, stage: str, *, grade: int | None = None, born: date | None = None
) -> Pupil:
    """Adds one pupil with guardian and registry row; age follows the grade on 31 August 2020."""
    rng, people, county = city.rng, city.people, school.county
    first = FIRST_GRADE[stage]
    grade = grade or rng.randint(first, LAST_GRADE[stage])
    if born is None:
        age = ENTRY_AGE[stage] + grade - first
        late = stage != "PRE" and grade > first and rng.random() < 0.08
        born = people.day_between(date(2019 - age - late, 9, 1), date(2020 - age - late, 8, 31))
    sex, surname = people.sex(), people.name()[0]
    id_no = people.id_number(rng.choice(county.child_prefixes), born, sex)
    guardian_sex = people.sex()
    guardian_born = people.day_between(date(born.year - 36, 1, 1), date(born.year - 24, 12, 31))
    pupil = Pupil(
        name=people.name(surname),
        sex=sex,
        born=born,
        id_no=id_no,
        student_no=f"G{id_no}",
        county=county,
        school=school,
        stage=stage,
        grade=grade,
        class_no=rng.randint(1, 4),
        entered=f"{2020 - (grade - first)}09",
        boards=_draw_boarding(city, school, stage, grade),
        is_rural=school.seat != "县城" or rng.random() < 0.45,
        guardian=people.name(surname if guardian_sex == "男" else ""),
        guardian_id=people.id_number(
            people.adult_prefix(county.parent_prefixes, guardian_born), guardian_born, guardian_sex
        ),
        phone=people.phone(),
        account=people.account(),
    )
    pupil.rows.append(RegistryRow(pupil, school, stage, grade, pupil.entered))
    city.pupils.append(pupil)
    return pupil


def give_category(city: City, pupil: Pupil, category: str, *, since: str = "", until: str = "") -> None:
    """Puts the pupil on the list that proves a category; 建档立卡 needs `add_household` instead."""
    rng = city.rng
    certificate = ""
    if category == "残疾":
        certificate = f"{pupil.id_no}{rng.randint(1, 7)}{rng.randint(2, 4)}" + (
            "B1" if rng.random() < 0.3 else ""
        )
    since = since or f"{rng.randint(2017, 2018)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    city.civil.append(
        CivilEntry(
            county=pupil.county,
            town=rng.choice(pupil.county.towns),
            sheet=_SHEETS[category],
            name=pupil.name,
            id_no=pupil.id_no,
            category=category,
            since=since,
            until=until,
            certificate=certificate,
        )
    )
    if not until:
        pupil.categories.add(category)


def add_household(
    city: City, county: County, pupils: list[Pupil], *, attribute: str = "", keeps_policy: bool = True
) -> Household:
    """A registered household around the pupils: guardian as head, sometimes a spouse and a grandparent."""
    rng, people = city.rng, city.people
    if not attribute:
        attribute = "未脱贫" if rng.random() < 0.06 else "已脱贫（享受政策）"
    home = Household(
        number=f"{county.code}{len(city.households) + 1:06d}",
        county=county,
        town=rng.choice(county.towns),
        village=people.village(),
        attribute=attribute,
        since=rng.choice((2014, 2014, 2015, 2016)),
        exit_year="" if attribute == "未脱贫" else str(rng.randint(2016, 2019)),
        cause=rng.choice(_CAUSES),
    )
    city.households.append(home)
    home.members.append(_head(city, county, pupils))
    if rng.random() < 0.6:
        head = home.members[0]
        spouse_sex = "女" if head.sex == "男" else "男"
        born = people.day_between(date(head.born.year - 2, 1, 1), date(head.born.year + 2, 12, 31))
        home.members.append(_adult(city, county, spouse_sex, born, "配偶"))
    for pupil in pupils:
        pupil.is_rural = True
        relation = "之子" if pupil.sex == "男" else "之女"
        home.members.append(
            Member(
                pupil.name, pupil.sex, pupil.born, pupil.id_no, relation, student_status=status_text(pupil)
            )
        )
        if keeps_policy:
            pupil.categories.add(POOR)
    if rng.random() < 0.3:
        sex = people.sex()
        born = people.day_between(date(1940, 1, 1), date(1955, 12, 31))
        home.members.append(_adult(city, county, sex, born, "之父" if sex == "男" else "之母"))
    return home


def status_text(pupil: Pupil) -> str:
    """在校生状况 of a pupil as the poverty registry words it."""
    step = pupil.grade - FIRST_GRADE[pupil.stage]
    words = {"PRE": ("学前教育",) * 3, "PRI": ("小学",) * 6, "JUN": _JUNIOR, "HS": _HIGH, "VOC": _VOCATIONAL}
    return words[pupil.stage][step]


def _quotas(city: City) -> Iterator[tuple[County, str, int]]:
    """County × stage sizes that add up to `city.students`; the rest goes to the last cell's county."""
    cells = [
        (county, stage, county.share * share) for county in city.counties for stage, share in _STAGE_SHARES
    ]
    total = sum(weight for *_, weight in cells)
    left = city.students
    for county, stage, weight in cells[1:]:
        size = city.students * weight // total
        left -= size
        yield county, stage, size
    yield cells[0][0], cells[0][1], left


def _draw_boarding(city: City, school: School, stage: str, grade: int) -> bool:
    if not school.has_dormitory or (stage == "PRI" and grade < 4):
        return False
    return city.rng.random() < {"PRI": 0.4, "JUN": 0.6, "HS": 0.6, "VOC": 0.6}.get(stage, 0.0)


def _draw_categories(city: City, pupil: Pupil) -> None:
    """Poor households are denser in the six counties; vocational grades 1-2 there are all poor."""
    rng, county = city.rng, pupil.county
    poor = rng.random() < _POOR_SHARE[county.is_poor]
    if pupil.stage == "VOC":
        # They are owed the grant by area; the demo keeps them to registered households.
        poor = poor or (county.is_poor and pupil.grade <= 2)
    if poor:
        add_household(city, county, [pupil])
        if pupil.stage != "VOC" and rng.random() < 0.05:
            give_category(city, pupil, "残疾")
        return
    if pupil.stage == "VOC":
        return
    lot = rng.random()
    for category, share in (
        ("农村低保", 0.015),
        ("农村特困", 0.006),
        ("残疾", 0.006),
        ("孤儿", 0.003),
        ("城市低保", 0.004),
    ):
        if lot < share:
            if category != "城市低保" or pupil.boards and pupil.stage in ("PRI", "JUN"):
                pupil.is_rural = pupil.is_rural or category.startswith("农村")
                give_category(city, pupil, category)
            return
        lot -= share


def _head(city: City, county: County, pupils: list[Pupil]) -> Member:
    if not pupils:
        sex = city.people.sex()
        return _adult(
            city, county, sex, city.people.day_between(date(1945, 1, 1), date(1985, 12, 31)), "户主"
        )
    first = pupils[0]
    for pupil in pupils[1:]:
        pupil.guardian, pupil.guardian_id, pupil.account = first.guardian, first.guardian_id, first.account
    number = first.guardian_id
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    sex = "男" if int(number[16]) % 2 else "女"
    return Member(first.guardian, sex, born, number, "户主", education="初中")


def _adult(city: City, county: County, sex: str, born: date, relation: str) -> Member:
    number = city.people.id_number(city.people.adult_prefix(county.parent_prefixes, born), born, sex)
    education = city.rng.choice(("文盲或半文盲", "小学", "初中", "高中"))
    return Member(city.people.name(), sex, born, number, relation, education=education)


def _add_households_without_pupils(city: City) -> None:
    """Old couples, and families whose only child is below school age or above it."""
    rng, people = city.rng, city.people
    for county in city.counties:
        for _ in range(city.students * county.share // (2500 if county.is_poor else 12500)):
            keeps = "已脱贫（享受政策）" if rng.random() < 0.8 else "已脱贫（不再享受政策）"
            home = add_household(city, county, [], attribute=keeps)
            if rng.random() < 0.3:
                young = rng.random() < 0.5
                span = (
                    (date(2017, 9, 1), date(2020, 6, 30)) if young else (date(1996, 1, 1), date(2001, 12, 31))
                )
                sex, born = people.sex(), people.day_between(*span)
                number = people.id_number(rng.choice(county.child_prefixes), born, sex)
                relation = "之子" if sex == "男" else "之女"
                status, education = ("学龄前儿童", "") if young else ("", "初中")
                home.members.append(
                    Member(
                        people.name(home.members[0].name[0]), sex, born, number, relation, education, status
                    )
                )

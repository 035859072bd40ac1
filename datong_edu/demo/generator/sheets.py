"""Sheets of each roster kind with the headings county offices use; long numbers are text."""

from collections.abc import Iterable, Sequence

from datong_edu.demo.generator.aid import BATCH_CODES, SCHEME_NAMES
from datong_edu.demo.generator.city import AidLine, City, CivilEntry, MealMonth, RegistryRow, Teacher
from datong_edu.demo.generator.headings import (
    AID_HEADINGS,
    ALLOWANCE_HEADINGS,
    CIVIL_HEADINGS,
    DROPOUT_HEADINGS,
    MEAL_HEADINGS,
    POVERTY_HEADINGS,
    PRINTED_HEADINGS,
    REGISTRY_HEADINGS,
    SCHOOL_HEADINGS,
    TEACHER_HEADINGS,
)
from datong_edu.demo.generator.places import KIND_NAMES, County
from datong_edu.demo.generator.workbook import Cell, Sheet

STAGE_NAMES = {"PRE": "学前", "PRI": "小学", "JUN": "初中", "HS": "普高", "VOC": "中职"}
_DIGITS = "一二三四五六七八九"
_BANKS = ("农村信用社", "邮储银行", "农业银行", "工商银行")


def grade_name(stage: str, grade: int) -> str:
    """The grade as schools say it: 小班, 三年级, 七年级, 高一, 中职一年级."""
    if stage == "PRE":
        return ("小班", "中班", "大班")[grade - 1]
    if stage == "HS":
        return f"高{_DIGITS[grade - 10]}"
    return f"{_DIGITS[grade - 1]}年级"


def school_sheet(city: City) -> Sheet:
    """The city's school list."""
    rows: list[Sequence[Cell]] = [
        (
            number,
            school.county.name,
            school.town,
            school.code,
            school.name,
            KIND_NAMES[school.kind],
            school.county.code,
            school.seat,
            "公办",
            "有" if school.has_dormitory else "无",
            {"211": 6, "218": 6, "312": 9}.get(school.kind, 3),
            school.tuition or None,
            school.closed_on,
            school.receiver,
            ";".join(school.aliases),
        )
        for number, school in enumerate(city.schools, start=1)
    ]
    return Sheet("学校名单", SCHOOL_HEADINGS, rows)


def registry_row(row: RegistryRow) -> Sequence[Cell]:
    """One row of the registry export."""
    pupil = row.pupil
    is_open = row.status == "在读"
    return (
        row.student_no or pupil.student_no,
        pupil.name,
        row.sex or pupil.sex,
        pupil.born.isoformat(),
        row.id_type,
        pupil.id_no if row.id_text is None else row.id_text,
        row.school.code,
        row.school.name,
        STAGE_NAMES[row.stage],
        grade_name(row.stage, row.grade),
        f"{pupil.class_no}班",
        row.entered,
        "住校" if pupil.boards and (is_open or row.school.has_dormitory) else "走读",
        "农业" if pupil.is_rural else "非农业",
        row.status,
        row.change,
        row.changed_on,
        pupil.guardian,
        pupil.guardian_id,
        pupil.phone,
    )


def registry_sheet(city: City, county: County) -> Sheet:
    """Registry export of a county; one county prints titles above it, one writes the former county name."""
    rows = [registry_row(row) for pupil in city.pupils for row in pupil.rows if row.school.county is county]
    if county.code == "140215":
        rows = [_with_former_name(city, cells) for cells in rows]
    titles = (
        (f"{county.name}2020年秋季学期学生学籍信息表", "填报日期：2020年9月28日")
        if county.code == "140225"
        else ()
    )
    return Sheet(f"{county.name}_学籍", REGISTRY_HEADINGS, rows, titles=titles)


def _with_former_name(city: City, cells: Sequence[Cell]) -> Sequence[Cell]:
    """Rows of the county's first primary school carry no code and the name the school had before 2018."""
    if cells[7] != "云州区第一小学校":
        return cells
    return (*cells[:6], "", "大同县一小", *cells[8:])


def poverty_sheet(city: City, county: County) -> Sheet:
    """Members of the county's registered households."""
    rows: list[Sequence[Cell]] = []
    for home in city.households:
        if home.county is not county:
            continue
        for number, member in enumerate(home.members, start=1):
            rows.append(
                (
                    "大同市",
                    county.name,
                    home.town,
                    home.village,
                    home.number,
                    home.members[0].name,
                    f"{home.number}{number:02d}",
                    member.name,
                    member.sex,
                    member.id_text,
                    f"{member.born:%Y%m%d}",
                    member.relation,
                    "汉族",
                    member.education,
                    member.student_status,
                    home.attribute,
                    home.exit_year,
                    home.cause,
                    f"{home.since}-12-31",
                )
            )
    return Sheet(f"{county.name}_建档立卡户成员", POVERTY_HEADINGS, rows)


def civil_row(entry: CivilEntry) -> Sequence[Cell]:
    """One line of a civil list."""
    return (entry.name, entry.id_no, entry.category, entry.since, entry.until, entry.town, entry.certificate)


def civil_sheets(city: City, county: County) -> list[Sheet]:
    """The lists 低保, 特困, 孤儿 and 残疾 of a county, a sheet each."""
    own = [entry for entry in city.civil if entry.county is county]
    return [
        Sheet(name, CIVIL_HEADINGS, [civil_row(entry) for entry in own if entry.sheet == name])
        for name in ("低保", "特困", "孤儿", "残疾")
    ]


def death_move_sheets(
    deaths: Iterable[tuple[str, str, str, County]], moves: Iterable[tuple[str, str, str, County, str]]
) -> list[Sheet]:
    """People who died and people whose registration moved away."""
    return [
        Sheet("死亡", ("姓名", "身份证号", "死亡日期", "县区"), [(*row[:3], row[3].name) for row in deaths]),
        Sheet(
            "户口迁出",
            ("姓名", "身份证号", "迁出日期", "县区", "说明"),
            [(*row[:3], row[3].name, row[4]) for row in moves],
        ),
    ]


def bank_of(account: str) -> str:
    """The bank an invented card belongs to."""
    return _BANKS[int(account[-1]) % len(_BANKS)]


def aid_row(line: AidLine) -> Sequence[Cell]:
    """One ledger line; a waiver has no bank cells."""
    pupil, county = line.pupil, line.school.county
    waived = line.status == "已免除"
    return (
        line.number,
        f"{BATCH_CODES[line.scheme]}-{county.code}-{line.term}-{line.batch:02d}",
        line.term,
        line.of_term,
        SCHEME_NAMES[line.scheme],
        county.name,
        line.school.code,
        line.school.name,
        pupil.name,
        pupil.sex,
        pupil.id_no,
        pupil.student_no,
        STAGE_NAMES[line.stage],
        grade_name(line.stage, line.grade),
        line.category,
        pupil.guardian,
        pupil.guardian_id,
        float(line.amount),
        "" if waived else bank_of(pupil.account),
        "" if waived else pupil.account,
        "" if waived else pupil.guardian,
        line.status,
        line.paid_on,
        line.reason,
        line.nature,
    )


def aid_sheets(lines: list[AidLine]) -> list[Sheet]:
    """The common aid roll, a sheet for each group of schemes."""
    groups = {
        "学前教育资助": ("PRE_AID",),
        "义教生活补助": ("CE_BOARD", "CE_NONBOARD"),
        "普高国家助学金": ("HS_GRANT",),
        "普高免学杂费": ("HS_FEE",),
        "中职免学费": ("VOC_FEE",),
        "中职国家助学金": ("VOC_GRANT",),
    }
    return [
        Sheet(name, AID_HEADINGS, [aid_row(line) for line in lines if line.scheme in schemes])
        for name, schemes in groups.items()
    ]


def printed_aid_sheet(city: City, county: County, lines: list[AidLine]) -> Sheet:
    """The printed form of the compulsory-stage allowance: titles, repeated header, short names, a total."""
    lines = sorted(lines, key=lambda line: (line.school.code, line.grade))
    rows: list[Sequence[Cell]] = []
    for number, line in enumerate(lines, start=1):
        pupil = line.pupil
        rows.append(
            (
                number,
                line.term,
                line.school.aliases[0],
                pupil.name,
                pupil.sex,
                "汉族",
                grade_name(line.stage, line.grade),
                line.category,
                pupil.id_no,
                pupil.student_no,
                "住校" if pupil.boards else "走读",
                pupil.account,
                bank_of(pupil.account),
                f"{line.amount}元" if number % 7 == 0 else float(line.amount),
                pupil.phone,
                "",
            )
        )
    total = float(sum(line.amount for line in lines))
    rows.append(("合计", *[""] * 12, total, "", ""))
    return Sheet(
        "义教生活补助",
        PRINTED_HEADINGS,
        rows,
        titles=(
            f"{county.name}2020年秋季学期家庭经济困难学生生活补助发放花名册",
            "编报日期：2020年11月10日　　单位：元",
        ),
        footers=("说明：寄宿生小学每学期500元、初中625元，非寄宿生减半。",),
        repeats_header=True,
    )


def teacher_row(number: int, teacher: Teacher) -> Sequence[Cell]:
    """One line of the staff list."""
    return (
        number,
        teacher.school.code,
        teacher.school.name,
        teacher.name,
        teacher.sex,
        teacher.id_no,
        teacher.post,
        "是" if teacher.post == "特岗" else "否",
        teacher.joined,
        teacher.arrived,
        teacher.left,
        teacher.state,
        teacher.exemption,
    )


def teacher_sheet(city: City, county: County) -> Sheet:
    """Staff list of a county."""
    own = [teacher for teacher in city.teachers if teacher.school.county is county]
    rows = [teacher_row(number, teacher) for number, teacher in enumerate(own, start=1)]
    titles = (f"{county.name}中小学教师花名册（2020年9月）",) if county.code == "140226" else ()
    return Sheet(f"{county.name}_教师花名册", TEACHER_HEADINGS, rows, titles=titles)


def allowance_sheet(city: City, county: County) -> Sheet:
    """Rural teachers' living allowance of a county for 2020."""
    rows: list[Sequence[Cell]] = []
    for allowance in city.allowances:
        if allowance.school.county is county:
            teacher, school = allowance.teacher, allowance.school
            months: Cell = f"{allowance.months}个月" if len(rows) % 9 == 8 else allowance.months
            rows.append(
                (
                    len(rows) + 1,
                    county.name,
                    school.code,
                    school.name,
                    school.seat,
                    teacher.name,
                    teacher.id_no,
                    teacher.arrived,
                    2020,
                    allowance.monthly,
                    months,
                    allowance.monthly * allowance.months,
                    teacher.account,
                )
            )
    return Sheet(f"{county.name}_乡村教师生活补助", ALLOWANCE_HEADINGS, rows)


def meal_row(report: MealMonth) -> Sequence[Cell]:
    """A monthly meal report at 4 yuan a day; schools at the county seat are paid by city and county."""
    meals = report.eaters * report.days
    spent = round(meals * 4 * 0.98, 2)
    return (
        report.school.code,
        report.school.name,
        report.month,
        report.enrolled,
        report.eaters,
        report.days,
        meals,
        4,
        meals * 4,
        meals * 4,
        spent,
        round(meals * 4 - spent, 2),
        "食堂供餐" if report.school.has_dormitory else "企业供餐",
        "市县资金" if report.school.seat == "县城" else "中央资金",
    )


def meal_sheet(city: City, county: County) -> Sheet:
    """Meal reports of a county."""
    rows = [meal_row(report) for report in city.meals if report.school.county is county]
    titles = (
        (f"{county.name}学生营养改善计划实施情况月报表", "单位：人、天、元")
        if county.code == "140222"
        else ()
    )
    return Sheet(f"{county.name}_营养餐月报", MEAL_HEADINGS, rows, titles=titles)


def dropout_sheet(city: City, county: County) -> Sheet:
    """Dropout ledger of a county."""
    rows: list[Sequence[Cell]] = []
    for line in city.dropouts:
        pupil = line.pupil
        if pupil.county is county:
            rows.append(
                (
                    len(rows) + 1,
                    county.name,
                    pupil.school.town,
                    "",
                    pupil.name,
                    pupil.sex,
                    pupil.id_no,
                    pupil.guardian,
                    pupil.phone,
                    pupil.school.name,
                    grade_name(pupil.stage, pupil.grade),
                    line.since,
                    "疑似",
                    line.cause,
                    "否",
                    "否",
                    line.owner,
                    line.visits,
                    line.returned,
                    "插班" if line.returned else "",
                    line.closed,
                    "",
                )
            )
    return Sheet(f"{county.name}_控辍台账", DROPOUT_HEADINGS, rows)

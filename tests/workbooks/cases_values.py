"""What cells say: points 5, 9 and 11 of the messes."""

from datetime import date

from tests.workbooks.golden import (
    CITY,
    NINE_YEARS,
    Formula,
    allowance,
    golden,
    listed,
    living,
    meals,
    member,
    number,
    pupil,
    school,
    table,
    teacher,
    text,
    xlsx,
)

R2, REGISTRY, POVERTY, CIVIL = "r2_living_allowance", "student_registry", "poverty_members", "civil_list"
R9, R14, R15, SCHOOLS = "r9_meal_month", "r14_teachers", "r15_rural_allowance", "school_list"
DAY = "2011-03-08"

# --- days and months --------------------------------------------------------------------------------------

DAYS = (
    "20110308",
    "2011.3.8",
    "2011-3-8",
    "2011/3/8",
    "2011年3月8日",
    "二〇一一年三月八日",
    "2011.03.08",
    date(2011, 3, 8),
    40610,
    "40610",
    20110308,
    "2011-03-08 00:00:00",
    "２０１１－３－８",
)
golden(
    "5",
    REGISTRY,
    "days_in_every_form.xlsx",
    xlsx(table(pupil(order, 出生日期=written) for order, written in enumerate(DAYS, start=1))),
    accepted=len(DAYS),
    values={row: {"birth": DAY} for row in range(2, len(DAYS) + 2)},
)
golden(
    "5",
    REGISTRY,
    "days_of_the_1904_calendar.xlsx",
    xlsx(table([pupil(1, 出生日期=date(2011, 3, 8))]), old_epoch=True),
    accepted=1,
    values={2: {"birth": DAY}},
)
golden(
    "5 7",
    REGISTRY,
    "days_in_every_form.csv",
    text(table(pupil(order, 出生日期=DAYS[order]) for order in range(7)), "gb18030"),
    accepted=7,
    values={row: {"birth": DAY} for row in range(2, 9)},
)
golden(
    "5",
    CIVIL,
    "open_ended_days.xlsx",
    xlsx(table([listed(1, 终止日期="至今"), listed(2, 终止日期="长期"), listed(3, 终止日期="—")])),
    accepted=3,
    values={row: {"to_date": None} for row in (2, 3, 4)},
)
MONTHS = ("202009", "2020年10月", "2020.11", "2020-12", "二〇二一年一月", date(2021, 2, 1))
golden(
    "5",
    R9,
    "months_in_every_form.xlsx",
    xlsx(table(meals(1, 年月=written) for written in MONTHS)),
    accepted=6,
    values={
        row: {"month": month}
        for row, month in enumerate(
            ("2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02"), start=2
        )
    },
)
for name, written in {
    "day_that_never_was": "2011-02-30",
    "month_in_a_column_of_days": "2011年3月",
    "day_in_the_far_future": "3011-03-08",
    "day_is_a_story": "春节前后",
}.items():
    golden(
        "5",
        REGISTRY,
        f"{name}.xlsx",
        xlsx(table([pupil(1), pupil(2, 出生日期=written)])),
        accepted=1,
        rejected={3: ["DATE_INVALID"]},
    )
golden(
    "5",
    R9,
    "october_typed_as_a_number.xlsx",
    xlsx(table([meals(1), meals(2, 年月=2020.1)])),
    accepted=1,
    rejected={3: ["DATE_INVALID"]},
)
golden(
    "5",
    CIVIL,
    "days_in_wrong_order.xlsx",
    xlsx(table([listed(1, 终止日期="2020-01-01"), listed(2, 终止日期="2018-01-01")])),
    accepted=1,
    rejected={3: ["DATE_ORDER"]},
)

# --- amounts ----------------------------------------------------------------------------------------------

AMOUNTS = {
    "1,000": "1000.00",
    "1000元": "1000.00",
    "五百": "500.00",
    "625.00 ": "625.00",
    "￥625": "625.00",
    "６２５．５０": "625.50",
    "陆佰贰拾伍元整": "625.00",
    "0.1万元": "1000.00",
    "人民币625元": "625.00",
}
golden(
    "5",
    R2,
    "amounts_in_every_form.xlsx",
    xlsx(table(living(order, 金额=written) for order, written in enumerate(AMOUNTS, start=1))),
    accepted=len(AMOUNTS),
    values={row: {"amount": yuan} for row, yuan in enumerate(AMOUNTS.values(), start=2)},
)
golden(
    "5",
    R2,
    "formula_with_stored_value.xlsx",
    xlsx(
        table(
            [
                living(1, 金额=Formula("=500+125", 625)),
                living(2, 金额=Formula("=SUM(H2,0.1,0.2)-0.3", 624.9999999999999)),
            ]
        )
    ),
    accepted=2,
    values={2: {"amount": "625.00"}, 3: {"amount": "625.00"}},
)
for name, cell, key in (
    ("formula_never_calculated", Formula("=500+125"), "FORMULA_NO_VALUE"),
    ("amount_is_ref_error", "#REF!", "CELL_ERROR"),
    ("amount_is_na_error", "#N/A", "CELL_ERROR"),
    ("amount_negative", -500, "AMOUNT_INVALID"),
    ("amount_in_brackets", "(500.00)", "AMOUNT_INVALID"),
    ("amount_in_slang", "三百五", "AMOUNT_INVALID"),
    ("amount_about", "约500", "AMOUNT_INVALID"),
    ("amount_two_numbers", "500+125", "AMOUNT_INVALID"),
    ("amount_parts_of_a_fen", 500.125, "AMOUNT_INVALID"),
    ("amount_wrong_commas", "1,00", "AMOUNT_INVALID"),
    ("amount_missing", "", "AMOUNT_MISSING"),
    ("amount_is_true", True, "AMOUNT_INVALID"),
    ("amount_is_a_day", date(2020, 9, 1), "AMOUNT_INVALID"),
):
    golden(
        "5",
        R2,
        f"{name}.xlsx",
        xlsx(table([living(1), living(2, 金额=cell)])),
        accepted=1,
        rejected={3: [key]},
    )
golden(
    "5",
    R15,
    "months_with_units.xlsx",
    xlsx(table([allowance(1, 月数="4个月", 月标准="300元/月")])),
    accepted=1,
    values={2: {"months": 4, "monthly": "300.00"}},
)
golden(
    "5",
    R15,
    "months_over_a_year.xlsx",
    xlsx(table([allowance(1), allowance(2, 月数="13")])),
    accepted=1,
    rejected={3: ["NUMBER_INVALID"]},
)
golden(
    "5",
    R9,
    "people_as_words_and_parts.xlsx",
    xlsx(table([meals(1, 享受人数="一百人"), meals(2, 享受人数=99.5), meals(3, 供餐天数=32)])),
    accepted=1,
    rejected={3: ["NUMBER_INVALID"], 4: ["NUMBER_INVALID"]},
    values={2: {"beneficiaries": 100}},
)

# --- grades, yes and no, categories -----------------------------------------------------------------------

GRADES = {
    "三年级": 3,
    "3": 3,
    "小三": 3,
    "2018级": 3,
    "三年级(2)班": 3,
    "初一": 7,
    "七年级2班": 7,
    "初中2019级": 8,
    "九年级": 9,
}
golden(
    "9",
    REGISTRY,
    "grades_in_every_form.xlsx",
    xlsx(
        table(
            pupil(
                order,
                学校名称=NINE_YEARS,
                年级=written,
                出生日期="",
                身份证件号=number(order, born),
                学籍号=f"G{number(order, born)}",
            )
            for order, (written, born) in enumerate(
                ((written, date(2014 - (grade - 1), 3, 8)) for written, grade in GRADES.items()), start=1
            )
        )
    ),
    accepted=len(GRADES),
    values={row: {"grade": grade} for row, grade in enumerate(GRADES.values(), start=2)},
)
golden(
    "9",
    REGISTRY,
    "grade_with_class_in_brackets.xlsx",
    xlsx(table([pupil(1, 年级="四年级(2)"), pupil(2, 年级="四二班"), pupil(3, 年级="四（2）班")])),
    accepted=3,
    values={row: {"grade": 4, "class_no": 2} for row in (2, 3, 4)},
)
golden(
    "9",
    REGISTRY,
    "grade_is_the_number_of_a_class.xlsx",
    xlsx(
        table([pupil(1), *(pupil(at, 年级=word) for at, word in enumerate(("12班", "103班", "十一班"), 2))])
    ),
    accepted=1,
    rejected={row: ["GRADE_UNKNOWN"] for row in (3, 4, 5)},
)
golden(
    "9",
    REGISTRY,
    "grade_as_number.xlsx",
    xlsx(table([pupil(1, 年级=4), pupil(2, 年级=4.0)])),
    accepted=2,
    values={2: {"grade": 4}, 3: {"grade": 4}},
)
for name, written in {
    "grade_unknown": "大专",
    "grade_blank": "",
    "grade_13": "十三年级",
    "grade_of_2030": "2030级",
}.items():
    golden(
        "9",
        REGISTRY,
        f"{name}.xlsx",
        xlsx(table([pupil(1), pupil(2, 年级=written)])),
        accepted=1,
        rejected={3: ["GRADE_UNKNOWN"]},
    )
YES, NO = ("是", "√", "1", "Y", "有", True), ("否", "×", "0", "N", "无", False)
golden(
    "9",
    R14,
    "yes_and_no_in_every_form.xlsx",
    xlsx(table(teacher(order, 是否在编=written) for order, written in enumerate((*YES, *NO), start=1))),
    accepted=12,
    values={row: {"on_establishment": row < 8} for row in range(2, 14)},
)
golden(
    "9",
    R14,
    "yes_or_no_unknown.xlsx",
    xlsx(table([teacher(1, 是否在编="待定")])),
    accepted=1,
    warned={2: ["FLAG_UNKNOWN"]},
    values={2: {"on_establishment": None}},
)
golden(
    "9",
    R2,
    "boarding_in_every_form.xlsx",
    xlsx(
        table(
            living(order, 就读方式=written)
            for order, written in enumerate(("住校", "寄宿生", "走读", "非寄宿生", "是", "否"), start=1)
        )
    ),
    accepted=6,
    values={
        row: {"boarding": value}
        for row, value in enumerate(("boarder", "boarder", "day", "day", "boarder", "day"), start=2)
    },
)
golden(
    "9",
    R2,
    "boarding_unknown.xlsx",
    xlsx(table([living(1), living(2, 就读方式="")])),
    accepted=1,
    rejected={3: ["BOARDING_UNKNOWN"]},
)
golden(
    "9",
    CIVIL,
    "several_categories_in_one_cell.xlsx",
    xlsx(
        table(
            [
                listed(1, 类别="低保、残疾"),
                listed(2, 类别="农村低保，孤儿"),
                listed(3, 类别="特困/残疾"),
                listed(4, 类别="建档立卡 低保"),
                listed(5, 类别="低保;低保"),
            ]
        )
    ),
    accepted=5,
    values={
        2: {"categories": ["dibao", "disabled"]},
        3: {"categories": ["dibao_rural", "orphan"]},
        4: {"categories": ["tekun", "disabled"]},
        5: {"categories": ["jdlk", "dibao"]},
        6: {"categories": ["dibao"]},
    },
)
golden(
    "9",
    CIVIL,
    "category_unknown.xlsx",
    xlsx(table([listed(1), listed(2, 类别="低保、优秀学生"), listed(3, 类别="")])),
    accepted=1,
    rejected={3: ["CATEGORY_UNKNOWN"], 4: ["CATEGORY_UNKNOWN"]},
)

# --- places and codes -------------------------------------------------------------------------------------

golden(
    "11",
    CIVIL,
    "old_and_new_county_names.xlsx",
    xlsx(
        table(
            [
                listed(1, 县区="大同县"),
                listed(2, 县区="云州区"),
                listed(3, 县区="浑源"),
                listed(4, 县区="大同市浑源县"),
                listed(5, 县区=140227),
            ]
        )
    ),
    unit=CITY,
    accepted=5,
    values={
        2: {"county_code": "140215"},
        3: {"county_code": "140215"},
        4: {"county_code": "140225"},
        5: {"county_code": "140225"},
        6: {"county_code": "140215"},
    },
)
golden(
    "11",
    CIVIL,
    "county_split_over_two.xlsx",
    xlsx(table([listed(1, 县区="浑源县"), listed(2, 县区="南郊区")])),
    unit=CITY,
    accepted=1,
    rejected={3: ["COUNTY_UNKNOWN"]},
)
golden(
    "11",
    CIVIL,
    "county_of_another_city.xlsx",
    xlsx(table([listed(1, 县区="浑源县"), listed(2, 县区="应县")])),
    unit=CITY,
    accepted=1,
    rejected={3: ["COUNTY_UNKNOWN"]},
)
golden(
    "11",
    POVERTY,
    "household_number_as_number.xlsx",
    xlsx(table([member(1, 户编号=14022500100.0, 人编号=140225001000001.0)])),
    accepted=1,
    values={2: {"household_no": "14022500100", "member_no": "140225001000001"}},
)
golden(
    "11",
    POVERTY,
    "household_number_lost_its_digits.xlsx",
    xlsx(table([member(1), member(2, 户编号=1402250010012345.0), member(3, 人编号="1.40225E+16")])),
    accepted=1,
    rejected={3: ["NUMBER_INVALID"], 4: ["NUMBER_INVALID"]},
)
golden(
    "11",
    SCHOOLS,
    "school_codes_as_numbers.xlsx",
    xlsx(table([school(1, 学校标识码=2114908001.0), school(2, 学校标识码="2114908002")])),
    term=None,
    accepted=2,
    values={2: {"school_code": "2114908001"}},
)
golden(
    "11",
    SCHOOLS,
    "school_code_missing_or_kind_unknown.xlsx",
    xlsx(table([school(1, 学校标识码="2114908001"), school(2, 学校标识码=""), school(3, 办学类型="网校")])),
    term=None,
    accepted=1,
    rejected={3: ["CODE_MISSING"], 4: ["KIND_UNKNOWN"]},
)

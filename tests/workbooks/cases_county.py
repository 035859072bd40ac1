"""Cells as ten offices of a county write the same thing: points 1, 2, 5, 6, 8, 9 and 11 of the messes."""

from collections.abc import Mapping
from datetime import date, datetime, time

from tests.workbooks.golden import (
    YUNZHOU,
    Formula,
    Text,
    allowance,
    dropout,
    golden,
    listed,
    living,
    number,
    number_with_x,
    pupil,
    table,
    teacher,
    xlsx,
)

R2, REGISTRY, POVERTY, CIVIL = "r2_living_allowance", "student_registry", "poverty_members", "civil_list"
R9, R14, R15, DROPOUT = "r9_meal_month", "r14_teachers", "r15_rural_allowance", "r11_dropout_ledger"
ELDER = date(1985, 6, 1)


def spread(value: str) -> str:
    """A number written in blocks: 140225 20110308 0016."""
    return f"{value[:6]} {value[6:14]} {value[14:]}"


def wide(value: str) -> str:
    """Full-width digits."""
    return "".join(chr(ord(char) + 0xFEE0) for char in value)


# --- numbers of persons -----------------------------------------------------------------------------------

X = number_with_x()
WRITTEN = (
    spread(number(1)),
    f"'{number(2)}",
    f"‘{number(3)}",
    f"{number(4)}　",
    f"{number(5)}.",
    f"身份证：{number(6)}",
    f"{number(7)[:6]}-{number(7)[6:14]}-{number(7)[14:]}",
    X.lower(),
    wide(number(8)),
    f"{number(9)}\n",
)
golden(
    "1 2",
    R2,
    "ids_as_hands_write_them.xlsx",
    xlsx(table(living(order, 身份证号=Text(written)) for order, written in enumerate(WRITTEN, start=1))),
    accepted=len(WRITTEN) - 3,
    rejected={row: ["ID_LENGTH"] for row in (6, 7, 8)},
    values={2: {"id_no": number(1)}, 9: {"id_no": X}, 10: {"id_no": number(8)}},
)
golden(
    "1",
    R2,
    "id_as_exponent_in_every_form.xlsx",
    xlsx(
        table(
            living(order, 身份证号=written)
            for order, written in enumerate(
                ("1.40225E+17", "1.40225e17", "1.40225201103E+17", "１.４０２２５Ｅ＋１７", 1.40225201103e17),
                start=1,
            )
        )
    ),
    rejected={row: ["ID_PRECISION_LOST"] for row in range(2, 7)},
)
golden(
    "2",
    R14,
    "ids_of_15_digits_in_blocks.xlsx",
    xlsx(table([teacher(1, 身份证号="142125 850601 123"), teacher(2)])),
    accepted=2,
    warned={2: ["ID_15_DIGIT"]},
)
golden(
    "2",
    R2,
    "two_ids_in_one_cell.xlsx",
    xlsx(table([living(1), living(2, 身份证号=f"{number(2)}/{number(3)}")])),
    accepted=1,
    rejected={3: ["ID_LENGTH"]},
)
golden(
    "1 7",
    R15,
    "cards_in_blocks_and_with_bank.xlsx",
    xlsx(
        table(
            [
                allowance(1, 银行账号="6217 2100 0412 3456 789"),
                allowance(2, 银行账号="6217-2100-0412-3456-789"),
                allowance(3, 银行账号=6.2172100041234e18),
                allowance(4, 银行账号="农商行6217210004123456789"),
            ]
        )
    ),
    accepted=2,
    rejected={4: ["ACCOUNT_PRECISION_LOST"], 5: ["NUMBER_INVALID"]},
    values={2: {"account": "6217210004123456789"}, 3: {"account": "6217210004123456789"}},
)

# --- names ------------------------------------------------------------------------------------------------

DOTS = (
    "阿依古丽·买买提",
    "阿依古丽•买买提",
    "阿依古丽．买买提",
    "阿依古丽‧买买提",
    "阿依古丽・买买提",
    "阿依古丽.买买提",
)
golden(
    "6",
    R2,
    "one_name_with_six_dots.xlsx",
    xlsx(table(living(order, 姓名=name) for order, name in enumerate(DOTS, start=1))),
    accepted=len(DOTS),
    values={row: {"name": "阿依古丽·买买提"} for row in range(2, len(DOTS) + 2)},
)
golden(
    "6",
    R2,
    "names_in_pinyin_and_with_marks.xlsx",
    xlsx(
        table(
            [
                living(1, 姓名="He Mingyuan"),
                living(2, 姓名="靳晓禾*"),
                living(3, 姓名="尚　文　博"),
                living(4, 姓名="阎思雨（女）"),
                living(5, 姓名="冀子轩\n"),
            ]
        )
    ),
    accepted=5,
    warned={3: ["NAME_DOUBTFUL"], 5: ["NAME_NOTE"]},
    values={4: {"name": "尚文博"}, 5: {"name": "阎思雨"}, 6: {"name": "冀子轩"}},
)
golden(
    "6",
    R2,
    "name_is_a_heading_or_a_school.xlsx",
    xlsx(table([living(1), living(2, 姓名="同上"), living(3, 姓名="#N/A")])),
    accepted=1,
    rejected={3: ["NAME_MISSING"], 4: ["CELL_ERROR"]},
)

# --- money ------------------------------------------------------------------------------------------------

AMOUNTS: Mapping[object, str] = {
    "1,250.00元": "1250.00",
    "壹仟贰佰伍拾元整": "1250.00",
    "人民币壹仟贰佰伍拾元": "1250.00",
    "￥1250.00": "1250.00",
    "1250元整": "1250.00",
    "１２５０": "1250.00",
    "1 250.00": "1250.00",
    "0.125万元": "1250.00",
    "￥１，２５０．００": "1250.00",
    "叁佰壹拾贰元伍角": "312.50",
    Formula("=625*2", 1250): "1250.00",
    1250.0000000001: "1250.00",
    "1250.-": "",
    "500-625": "",
    "1.250,00": "",
    "约1250元": "",
    "500元/人": "",
    "五百二": "",
    "0": "0.00",
}
golden(
    "5",
    R2,
    "amounts_from_a_voucher.xlsx",
    xlsx(table(living(order, 金额=written) for order, written in enumerate(AMOUNTS, start=1))),
    accepted=sum(map(bool, AMOUNTS.values())),
    rejected={row: ["AMOUNT_INVALID"] for row, read in enumerate(AMOUNTS.values(), start=2) if not read},
    values={row: {"amount": read} for row, read in enumerate(AMOUNTS.values(), start=2) if read},
)

# --- days -------------------------------------------------------------------------------------------------

DAYS: Mapping[object, str] = {
    "2011.03.08": "2011-03-08",
    "2011 3 8": "",
    "2011年03月08日": "2011-03-08",
    "2011-03-08T00:00:00": "2011-03-08",
    "11.3.8": "",
    "08/03/2011": "",
    "3/8/2011": "",
    "2011、3、8": "",
    "2011-2-30": "",
    "2011年3月": "",
    "2011": "",
    datetime.combine(date(2011, 3, 8), time(9, 30)): "2011-03-08",
    "２０１１．３．８": "2011-03-08",
    "二零一一年三月八日": "2011-03-08",
    "2011. 3. 8": "2011-03-08",
    "公历2011年3月8日": "",
    "0": "",
}
golden(
    "5",
    REGISTRY,
    "days_as_ten_schools_write_them.xlsx",
    xlsx(table(pupil(order, 出生日期=written) for order, written in enumerate(DAYS, start=1))),
    accepted=sum(map(bool, DAYS.values())),
    rejected={row: ["DATE_INVALID"] for row, read in enumerate(DAYS.values(), start=2) if not read},
    values={row: {"birth": read} for row, read in enumerate(DAYS.values(), start=2) if read},
)
golden(
    "5",
    CIVIL,
    "days_of_the_1904_calendar_beside_texts.xlsx",
    xlsx(
        table(
            [
                listed(1, 起始日期=date(2019, 1, 1)),
                listed(2, 起始日期="2019.1.1"),
                listed(3, 起始日期="43466"),
            ]
        ),
        old_epoch=True,
    ),
    accepted=3,
    values={2: {"from_date": "2019-01-01"}, 3: {"from_date": "2019-01-01"}, 4: {"from_date": "2019-01-01"}},
)

# --- grades, classes, phones ------------------------------------------------------------------------------

JUNIOR = "浑源县第三中学校"
GRADES: Mapping[object, int] = {
    "初一": 7,
    "七年级": 7,
    "七": 7,
    "九(3)班": 9,
    "九（3）班": 9,
    "九年级三班": 9,
    "初三（2）": 9,
    "7年级": 7,
    "初2020级": 7,
    "2019级": 8,
    "初中2022届": 8,
    "2021届": 9,
    "初中 二年级": 8,
    "初中二年级3班": 8,
    "Ⅶ年级": 0,
    "高2023级": 0,
    "2018届": 0,
    "初四": 0,
    "已毕业": 0,
}
golden(
    "9",
    R2,
    "grades_of_a_junior_school.xlsx",
    xlsx(table(living(order, 学校=JUNIOR, 年级=written) for order, written in enumerate(GRADES, start=1))),
    accepted=sum(map(bool, GRADES.values())),
    rejected={row: ["GRADE_UNKNOWN"] for row, read in enumerate(GRADES.values(), start=2) if not read},
    values={row: {"grade": read} for row, read in enumerate(GRADES.values(), start=2) if read},
)
PHONES = (
    "138-0000-1234",
    "138 0000 1234",
    "+86 13800001234",
    "13800001234（父）",
    "父13800001234",
    "8352012",
    "0352-8352012",
)
golden(
    "11",
    DROPOUT,
    "phones_as_hands_write_them.xlsx",
    xlsx(table(dropout(order, 家长电话=written) for order, written in enumerate(PHONES, start=1))),
    accepted=len(PHONES),
    values={2: {"phone": "13800001234"}, 5: {"phone": "13800001234"}, 6: {"phone": "13800001234"}},
)
golden(
    "9",
    R2,
    "boarding_marked_by_hand.xlsx",
    xlsx(
        table(
            living(order, 就读方式=written)
            for order, written in enumerate(("寄宿生", "非寄宿", "√", "住", "走", "寄宿/走读"), start=1)
        )
    ),
    accepted=5,
    rejected={7: ["BOARDING_UNKNOWN"]},
)

# --- categories -------------------------------------------------------------------------------------------

CATEGORIES: Mapping[str, list[str]] = {
    "低保残疾": ["dibao", "disabled"],
    "建档立卡低保户": ["jdlk", "dibao"],
    "1.建档立卡 2.低保": ["jdlk", "dibao"],
    "①低保②残疾": ["dibao", "disabled"],
    "建档立卡贫困户（低保）": ["jdlk", "dibao"],
    "低保；残疾。": ["dibao", "disabled"],
    "建档立卡户\n残疾": ["jdlk", "disabled"],
    "城市低保 孤儿": ["dibao_urban", "orphan"],
    "非建档立卡低保": [],
    "低保（已退出）": [],
    "单亲": [],
}
golden(
    "9",
    CIVIL,
    "categories_numbered_and_run_together.xlsx",
    xlsx(table(listed(order, 类别=written) for order, written in enumerate(CATEGORIES, start=1))),
    accepted=sum(map(bool, CATEGORIES.values())),
    rejected={row: ["CATEGORY_UNKNOWN"] for row, read in enumerate(CATEGORIES.values(), start=2) if not read},
    values={row: {"categories": read} for row, read in enumerate(CATEGORIES.values(), start=2) if read},
)

# --- schools and counties ---------------------------------------------------------------------------------

SCHOOLS: Mapping[str, str] = {
    "浑源三中": "3114900097",
    "浑源县三中": "3114900097",
    "大同市浑源县第三中学校": "3114900097",
    "第三中学": "",
    "浑源示中": "3114900098",
    "浑源县示范中学": "3114900098",
    "西坊城中心校": "2114900103",
    "浑源县 西坊城镇 中心小学校": "2114900103",
    "浑源县西坊城镇中心小学校（本部）": "",
    "西坊城小学": "",
    "光明小学": "",
}
golden(
    "8",
    R2,
    "schools_by_every_name.xlsx",
    xlsx(table(living(order, 学校=name, 年级="") for order, name in enumerate(SCHOOLS, start=1))),
    accepted=sum(map(bool, SCHOOLS.values())),
    rejected={row: ["SCHOOL_UNKNOWN"] for row, code in enumerate(SCHOOLS.values(), start=2) if not code},
    values={row: {"school_code": code} for row, code in enumerate(SCHOOLS.values(), start=2) if code},
)
golden(
    "8 11",
    CIVIL,
    "counties_under_their_old_names.xlsx",
    xlsx(
        table(
            listed(order, 县区=name)
            for order, name in enumerate(("大同县", "云州区", "大同市云州区"), start=1)
        )
    ),
    accepted=3,
    unit=YUNZHOU,
    term=None,
)
golden(
    "11",
    CIVIL,
    "southern_suburb_tells_no_district.xlsx",
    xlsx(table([listed(1, 县区="南郊区"), listed(2, 县区="浑源县")])),
    accepted=1,
    rejected={2: ["COUNTY_UNKNOWN"]},
    unit="140200",
    term=None,
)

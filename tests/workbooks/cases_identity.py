"""Numbers and names of people: points 1, 2, 6 of the messes."""

from datetime import date

from tests.workbooks.golden import (
    Text,
    allowance,
    dropout,
    golden,
    listed,
    living,
    member,
    number,
    number_with_x,
    pupil,
    table,
    teacher,
    text,
    xlsx,
)

R2, REGISTRY, POVERTY, CIVIL = "r2_living_allowance", "student_registry", "poverty_members", "civil_list"
R11, R14, R15 = "r11_dropout_ledger", "r14_teachers", "r15_rural_allowance"
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
X = number_with_x()
OLD = number(5, date(1968, 6, 1), "142125")

# --- spellings of a number that can be read ---------------------------------------------------------------

for name, written in {
    "id_lower_case_x": X[:17] + "x",
    "id_full_width_x": X[:17] + "Ｘ",
    "id_multiplication_sign_for_x": X[:17] + "×",
    "id_asterisk_for_x": X[:17] + "*",
    "id_full_width_digits": X.translate(WIDE),
    "id_nbsp_tab_and_spaces": f"\u00a0{X[:6]} {X[6:14]}\t{X[14:]}\u3000",
    "id_zero_width_characters": f"\ufeff{X[:6]}\u200b{X[6:]}\u200d",
    "id_leading_apostrophe": f"'{X}",
    "id_formula_wrapper": Text(f'="{X}"'),
}.items():
    golden(
        "2",
        R2,
        f"{name}.xlsx",
        xlsx(table([living(1, 身份证号=written)])),
        accepted=1,
        values={2: {"id_no": X}},
    )
golden(
    "2",
    R2,
    "id_wrapper_in_csv.csv",
    (
        "学校,姓名,身份证号,年级,困难类型,就读方式,金额\r\n"
        f'浑源县西坊城镇中心小学校,贺明远,="{X}",四年级,低保,寄宿,500\r\n'
    ).encode("gb18030"),
    accepted=1,
    values={2: {"id_no": X}},
)
golden(
    "2",
    R14,
    "id_of_15_digits.xlsx",
    xlsx(table([teacher(1, 身份证号=OLD[:6] + OLD[8:17])])),
    accepted=1,
    warned={2: ["ID_15_DIGIT"]},
    values={2: {"id_no": OLD}},
)
for name, tail in {"id_is_disability_number_20": "43", "id_is_disability_number_22": "43B1"}.items():
    golden(
        "2",
        CIVIL,
        f"{name}.xlsx",
        xlsx(table([listed(1, 身份证号=number(1) + tail, 类别="残疾")])),
        accepted=1,
        warned={2: ["ID_IS_DISABILITY_NO"]},
        values={2: {"id_no": number(1)}},
    )
golden(
    "2",
    R2,
    "id_with_letter_of_student_number.xlsx",
    xlsx(table([living(1, 身份证号=f"G{number(1)}")])),
    accepted=1,
    warned={2: ["ID_G_PREFIX"]},
    values={2: {"id_no": number(1)}},
)
golden(
    "2",
    REGISTRY,
    "id_wrong_check_is_kept_as_sent.xlsx",
    xlsx(table([pupil(1, 身份证件号="140225201103080012", 学籍号=f"J{number(1)}")])),
    accepted=1,
    warned={2: ["ID_CHECKSUM"]},
    values={2: {"id_no": "140225201103080012"}},
)
golden(
    "2",
    POVERTY,
    "id_missing_is_only_a_warning.xlsx",
    xlsx(table([member(1, 证件号码="")])),
    accepted=1,
    warned={2: ["ID_MISSING"]},
)

# --- numbers nobody can read ------------------------------------------------------------------------------

for name, written, key in (
    ("id_as_number", float(number(2)), "ID_PRECISION_LOST"),
    ("id_as_exponent_text", "1.40225E+17", "ID_PRECISION_LOST"),
    ("id_ends_in_000", "140225201103080000", "ID_PRECISION_LOST"),
    ("id_of_17_characters", number(2)[:17], "ID_LENGTH"),
    ("id_wrong_check", number(2)[:17] + ("1" if number(2)[17] != "1" else "2"), "ID_CHECKSUM"),
    ("id_impossible_birth_date", "140225201102300012", "ID_BIRTHDATE"),
    ("id_missing", "", "ID_MISSING"),
    ("id_is_a_name", "贺明远", "ID_LENGTH"),
    ("id_is_a_day", date(2011, 3, 8), "ID_LENGTH"),
):
    golden(
        "1 2",
        R2,
        f"{name}.xlsx",
        xlsx(table([living(1), living(2, 身份证号=written)])),
        accepted=1,
        rejected={3: [key]},
    )
golden(
    "1",
    REGISTRY,
    "id_and_student_number_as_numbers.xlsx",
    xlsx(table([pupil(1), pupil(2, 身份证件号=float(number(2)), 学籍号=float(number(2)))])),
    accepted=1,
    rejected={3: ["ID_PRECISION_LOST", "STUDENT_NO_INVALID"]},
)
golden(
    "1 7",
    REGISTRY,
    "id_as_exponent_in_csv.csv",
    text(table([pupil(1), pupil(2, 身份证件号="1.40225E+17")]), "gb18030"),
    accepted=1,
    rejected={3: ["ID_PRECISION_LOST"]},
)
golden(
    "2",
    REGISTRY,
    "student_number_is_class_number.xlsx",
    xlsx(table([pupil(1), pupil(2, 学籍号="20180102")])),
    accepted=1,
    rejected={3: ["STUDENT_NO_INVALID"]},
)
golden(
    "2",
    CIVIL,
    "id_missing.xlsx",
    xlsx(table([listed(1), listed(2, 身份证号="")])),
    accepted=1,
    rejected={3: ["ID_MISSING"]},
)
for name, written, key in (
    ("account_as_number", 6217000011112222333.0, "ACCOUNT_PRECISION_LOST"),
    ("account_as_exponent_text", "6.217E+18", "ACCOUNT_PRECISION_LOST"),
    ("account_ends_in_zeros", "6217000011112220000", "ACCOUNT_PRECISION_LOST"),
    ("account_is_a_name", "农村信用社", "NUMBER_INVALID"),
):
    good = allowance(1, 银行账号="6217000011112222333")
    golden(
        "1",
        R15,
        f"{name}.xlsx",
        xlsx(table([good, allowance(2, 银行账号=written)])),
        accepted=1,
        rejected={3: [key]},
    )
golden(
    "11",
    R11,
    "phones_as_numbers.xlsx",
    xlsx(
        table(
            [
                dropout(1, 家长电话=13800001234.0),
                dropout(2, 家长电话="1.38E+10"),
                dropout(3, 家长电话="0352-2345678、13800001234"),
            ]
        )
    ),
    accepted=3,
    warned={3: ["PHONE_INVALID"]},
    values={2: {"phone": "13800001234"}, 3: {"phone": None}, 4: {"phone": "03522345678"}},
)

# --- masked numbers and 档案号 -----------------------------------------------------------------------------

MASKED = "140225********0017"
golden(
    "2",
    R11,
    "id_masked.xlsx",
    xlsx(table([dropout(1, 身份证号=MASKED), dropout(2)])),
    accepted=2,
    warned={2: ["ID_MASKED"]},
    values={2: {"id_no": None}},
)
golden(
    "2",
    REGISTRY,
    "guardian_id_masked.xlsx",
    xlsx(table([pupil(1, 监护人身份证号="140225********2213")])),
    accepted=1,
    warned={2: ["ID_MASKED"]},
    values={2: {"guardian_id": None}},
)
golden(
    "2",
    R11,
    "file_number_of_nobody.xlsx",
    xlsx(
        table(
            [
                dropout(1, 身份证号=MASKED, 档案号="6f1c2a52-7c1e-4c55-9a1e-0d7b3f1f9a10"),
                dropout(2, 档案号="张三的档案"),
                dropout(3),
            ]
        )
    ),
    accepted=1,
    rejected={2: ["PERSON_FILE_UNKNOWN"], 3: ["PERSON_FILE_UNKNOWN"]},
)

# --- names ------------------------------------------------------------------------------------------------

golden(
    "6",
    R2,
    "names_with_spaces.xlsx",
    xlsx(table([living(1, 姓名="张　三"), living(2, 姓名=" 李 四\u00a0"), living(3, 姓名="王\u200b五")])),
    accepted=3,
    values={2: {"name": "张三"}, 3: {"name": "李四"}, 4: {"name": "王五"}},
)
golden(
    "6",
    R2,
    "names_with_middle_dots.xlsx",
    xlsx(table([living(at, 姓名=f"阿依{dot}古丽") for at, dot in enumerate("·•．‧", start=1)])),
    accepted=4,
    values={row: {"name": "阿依·古丽"} for row in range(2, 6)},
)
golden(
    "6",
    R2,
    "names_with_rare_characters.xlsx",
    xlsx(table([living(1, 姓名="程𬎆"), living(2, 姓名="赵㛃"), living(3, 姓名="李昇")])),
    accepted=3,
    values={2: {"name": "程𬎆"}, 3: {"name": "赵㛃"}, 4: {"name": "李昇"}},
)
golden(
    "6 7",
    R2,
    "names_with_rare_characters_in_gb18030.csv",
    text(table([living(1, 姓名="程𬎆"), living(2, 姓名="赵㛃")]), "gb18030"),
    accepted=2,
    values={2: {"name": "程𬎆"}, 3: {"name": "赵㛃"}},
)
golden(
    "6",
    CIVIL,
    "names_with_notes.xlsx",
    xlsx(table([listed(1, 姓名="张三(大)"), listed(2, 姓名="李四（小）")])),
    accepted=2,
    warned={2: ["NAME_NOTE"], 3: ["NAME_NOTE"]},
    values={2: {"name": "张三"}, 3: {"name": "李四"}},
)
golden(
    "6",
    R2,
    "names_with_lost_characters.xlsx",
    xlsx(table([living(1, 姓名="程?"), living(2, 姓名="赵\ue123"), living(3, 姓名="李□")])),
    accepted=3,
    warned={row: ["NAME_DOUBTFUL"] for row in (2, 3, 4)},
    values={2: {"name": "程?"}},
)
golden(
    "6",
    R2,
    "names_of_two_people_or_with_a_digit.xlsx",
    xlsx(
        table([living(1, 姓名="张三、李四"), living(2, 姓名="王五/赵六"), living(3, 姓名="钱七1"), living(4)])
    ),
    accepted=4,
    warned={row: ["NAME_DOUBTFUL"] for row in (2, 3, 4)},
)
for name, written, key in (
    ("name_missing", "", "NAME_MISSING"),
    ("name_with_markup", "<b>张三</b>", "NAME_BROKEN"),
    ("name_is_a_script", "<script>alert(1)</script>", "NAME_BROKEN"),
    ("name_is_a_command", Text("=cmd|' /C calc'!A0"), "NAME_BROKEN"),
    ("name_turned_by_rtl_override", "张\u202e三", "NAME_BROKEN"),
    ("name_is_a_number", 12345, "NAME_BROKEN"),
    ("name_is_a_story", "张三" * 40, "TEXT_TOO_LONG"),
):
    golden(
        "6",
        R2,
        f"{name}.xlsx",
        xlsx(table([living(1), living(2, 姓名=written)])),
        accepted=1,
        rejected={3: [key]},
    )
gap = text(table([living(1), living(2, 姓名="赵□")]), "gb18030").replace("□".encode("gb18030"), b"\xff\xff")
golden("6 7", R2, "name_with_spoilt_bytes.csv", gap, accepted=1, rejected={3: ["BAD_BYTES"]})

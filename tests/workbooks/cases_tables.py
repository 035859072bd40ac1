"""Schools in rows of their own and several tables on one sheet: points 3 and 4 of the messes."""

from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.golden import (
    NAMES,
    PRIMARY,
    TOWN_PRIMARY,
    golden,
    living,
    number,
    pupil,
    table,
    text,
    xlsx,
)

R2, REGISTRY = "r2_living_allowance", "student_registry"
FIRST_CODE, TOWN_CODE, NINE_CODE = "2114900099", "2114900103", "3114900111"
HEAD, *FIVE = table(living(order, 学校="") for order in range(1, 6))
SCHOOL = HEAD.index("学校")
BARE_HEAD, *BARE = ([*row[:SCHOOL], *row[SCHOOL + 1 :]] for row in [HEAD, *FIVE])
SIX: list[object] = [""] * 6

# --- a school in a row of its own ---------------------------------------------------------------------------

golden(
    "3 4 8",
    R2,
    "school_in_rows_of_their_own.xlsx",
    xlsx(
        [
            HEAD,
            ["一、浑源一小（2人）"],
            *FIVE[:2],
            ["", "小计", "", "", "", "", "", 1000],
            ["学校：西坊城镇中心小学", "", "", "", "", "人数：1人"],
            FIVE[2],
            ["", "沙圪坨九年制学校"],
            ["四年级一班"],
            *FIVE[3:],
            ["合计", "", "", "", "", "", "", 2500],
        ]
    ),
    accepted=5,
    values={
        3: {"school_code": FIRST_CODE},
        4: {"school_code": FIRST_CODE},
        7: {"school_code": TOWN_CODE},
        11: {"school_code": NINE_CODE},
    },
    ignored={2: "GROUP", 5: "SUBTOTAL", 6: "GROUP", 8: "GROUP", 9: "NOTE", 12: "TOTAL"},
)
golden(
    "3 4",
    R2,
    "school_in_rows_of_their_own_and_no_column_for_it.xlsx",
    xlsx(
        [["浑源县义务教育生活补助名册"], BARE_HEAD, ["浑源县第一小学校"], *BARE[:2], [TOWN_PRIMARY], BARE[2]],
        lambda sheet: (sheet.merge_cells("A3:G3"), sheet.merge_cells("A6:G6"), None)[-1],
    ),
    accepted=3,
    values={4: {"school_code": FIRST_CODE}, 7: {"school_code": TOWN_CODE}},
    ignored={3: "GROUP", 6: "GROUP"},
)
golden(
    "3",
    R2,
    "row_with_its_own_school_below_another.xlsx",
    xlsx([HEAD, ["浑源县第一小学校"], FIVE[0], list(living(2, 学校=TOWN_PRIMARY).values()), FIVE[2]]),
    accepted=3,
    values={3: {"school_code": FIRST_CODE}, 4: {"school_code": TOWN_CODE}, 5: {"school_code": FIRST_CODE}},
)
golden(
    "3",
    R2,
    "row_that_may_name_a_school_ends_the_one_before.xlsx",
    xlsx([HEAD, ["浑源县第一小学校"], FIVE[0], ["王庄堡教育园区"], FIVE[1]]),
    accepted=1,
    rejected={5: ["SCHOOL_UNKNOWN"]},
)
golden(
    "3",
    R2,
    "school_in_a_row_of_its_own_unknown.xlsx",
    xlsx([HEAD, ["浑源县光明小学"], FIVE[0], ["浑源县第一小学校"], FIVE[1]]),
    accepted=1,
    rejected={3: ["SCHOOL_UNKNOWN"]},
)
golden(
    "3 4",
    R2,
    "school_above_the_headings.xlsx",
    xlsx([["2020年秋季补助名册"], ["学校：西坊城镇中心小学    填报日期：2020年11月"], BARE_HEAD, *BARE[:2]]),
    accepted=2,
    values={4: {"school_code": TOWN_CODE}, 5: {"school_code": TOWN_CODE}},
)
golden(
    "3 7",
    R2,
    "school_above_the_headings.csv",
    text([["学校名称：", "浑源县第一小学", "", "", "", "", ""], BARE_HEAD, *BARE[:2]]),
    accepted=2,
    values={3: {"school_code": FIRST_CODE}},
)
golden(
    "3",
    R2,
    "sender_above_the_headings_is_no_school_of_a_blank_cell.xlsx",
    xlsx([["填报单位：西坊城镇中心小学"], HEAD, FIVE[0], list(living(2, 学校=PRIMARY).values())]),
    accepted=1,
    rejected={3: ["SCHOOL_UNKNOWN"]},
)
golden(
    "4",
    R2,
    "one_sheet_for_each_school_named_after_it.xlsx",
    xlsx({"浑源一小": [BARE_HEAD, BARE[0]], "西坊城镇中心小学": [BARE_HEAD, BARE[1]], "说明": [["两份"]]}),
    accepted=2,
    values={"浑源一小!2": {"school_code": FIRST_CODE}, "西坊城镇中心小学!2": {"school_code": TOWN_CODE}},
    warned={"浑源一小!2": ["TAKEN_FROM_SHEET_NAME"], "西坊城镇中心小学!2": ["TAKEN_FROM_SHEET_NAME"]},
)
golden(
    "3",
    R2,
    "no_school_anywhere.xlsx",
    xlsx([BARE_HEAD, *BARE]),
    rejected={row: ["SCHOOL_UNKNOWN"] for row in range(2, 7)},
)

# --- another table below ------------------------------------------------------------------------------------

ORDER = (3, 2, 0, 1, 7, 6, 5, 4)
FILLED = [list(living(order).values()) for order in range(1, 5)]


def turned(row: list[object]) -> list[object]:
    """The same cells in another order of columns."""
    return [row[at] for at in ORDER]


golden(
    "3",
    R2,
    "table_below_with_its_columns_in_another_order.xlsx",
    xlsx(
        [
            ["寄宿生名册"],
            HEAD,
            *FILLED[:2],
            ["合计", "", "", "", "", "", "", 1000],
            [],
            ["非寄宿生名册"],
            turned(HEAD),
            *(turned(row) for row in FILLED[2:]),
        ]
    ),
    accepted=4,
    values={
        "名单!3": {"id_no": number(1)},
        "名单·下表!9": {"id_no": number(3), "name": NAMES[3], "amount": "500.00"},
    },
)
golden(
    "3",
    R2,
    "table_below_with_other_columns_and_a_fault.xlsx",
    xlsx(
        [
            HEAD,
            FILLED[0],
            ["学校", "姓名", "身份证号", "年级", "班级", "困难类型", "就读方式", "开户行", "补助金额"],
            [TOWN_PRIMARY, NAMES[2], number(2), "五年级", "2", "低保", "寄宿", "农商行", 625],
            [TOWN_PRIMARY, NAMES[3], 1.40225e17, "五年级", "2", "低保", "寄宿", "农商行", 625],
        ]
    ),
    accepted=2,
    rejected={"名单·下表!5": ["ID_PRECISION_LOST"]},
    values={"名单·下表!4": {"class_no": 2, "amount": "625.00"}},
)


def merge_lower_groups(sheet: Worksheet) -> None:
    """学生信息 and 家庭情况 over their columns, the rest over both rows."""
    sheet.merge_cells("C4:E4")
    sheet.merge_cells("F4:G4")
    for column in "ABH":
        sheet.merge_cells(f"{column}4:{column}5")


golden(
    "3",
    REGISTRY,
    "table_below_with_two_rows_of_headings.xlsx",
    xlsx(
        [
            *table([pupil(1), pupil(2)]),
            ["学籍号", "学校名称", "学生信息", "", "", "家庭情况", "", "学生状态"],
            ["", "", "姓名", "身份证件号", "年级", "监护人姓名", "联系电话", ""],
            [f"G{number(3)}", PRIMARY, NAMES[3], number(3), "三年级", "贺建国", "13800001234", "在读"],
        ],
        merge_lower_groups,
    ),
    accepted=3,
    values={"名单·下表!6": {"name": NAMES[3], "guardian": "贺建国", "school_code": FIRST_CODE, "grade": 3}},
)
golden(
    "3",
    R2,
    "table_of_something_else_below.xlsx",
    xlsx([HEAD, *FILLED[:2], [], ["教师姓名", "任教学科", "联系电话"], ["贺建国", "语文", "13800001234"]]),
    accepted=2,
    rejected={row: ["AMOUNT_MISSING", "BOARDING_UNKNOWN", "ID_MISSING", "SCHOOL_UNKNOWN"] for row in (5, 6)},
)
golden(
    "3",
    R2,
    "staff_of_the_schools_below.xlsx",
    xlsx(
        [
            HEAD,
            *FILLED[:2],
            [],
            ["序号", "学校", "姓名", "联系电话", "开户行", "职务"],
            [1, TOWN_PRIMARY, "贺建国", "13800001234", "农商行", "校长"],
        ]
    ),
    accepted=2,
)
golden(
    "3 4",
    R2,
    "three_tables_each_below_its_school.xlsx",
    xlsx(
        [
            ["学校：浑源县第一小学校"],
            BARE_HEAD,
            BARE[0],
            ["学校：西坊城镇中心小学"],
            BARE_HEAD,
            BARE[1],
            ["学校：沙圪坨九年制学校"],
            BARE_HEAD,
            BARE[2],
        ]
    ),
    accepted=3,
    values={3: {"school_code": FIRST_CODE}, 6: {"school_code": TOWN_CODE}, 9: {"school_code": NINE_CODE}},
)

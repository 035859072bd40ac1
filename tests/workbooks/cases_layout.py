"""How sheets are built: points 3 and 4 of the messes."""

from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.golden import (
    NAMES,
    NINE_YEARS,
    PRIMARY,
    TOWN_PRIMARY,
    Text,
    golden,
    listed,
    living,
    member,
    number,
    open_document,
    pupil,
    table,
    teacher,
    xlsx,
)

R2, REGISTRY, POVERTY, CIVIL = "r2_living_allowance", "student_registry", "poverty_members", "civil_list"
HEAD, *TWO = table([living(1), living(2)])
THREE = [list(living(3).values())]
EMPTY: list[object] = [""] * len(HEAD)
SCHOOL = HEAD.index("学校")


def line(*cells: object) -> list[object]:
    """Cells from column A, the rest of the row blank."""
    return [*cells, *EMPTY[len(cells) :]]


# --- headings and what surrounds them ---------------------------------------------------------------------


def merged_titles(sheet: Worksheet) -> None:
    """Title over the whole width, the form line in two pieces."""
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("E2:H2")


golden(
    "3",
    R2,
    "title_rows_and_merged_header.xlsx",
    xlsx(
        [
            line("浑源县2020年秋季补助名册"),
            line("填报单位：浑源县教育局", "", "", "", "单位：元"),
            HEAD,
            *TWO,
        ],
        merged_titles,
    ),
    accepted=2,
    ignored={1: "TITLE", 2: "TITLE"},
)
golden(
    "3",
    R2,
    "three_title_rows.xlsx",
    xlsx([line("附件2"), line("浑源县补助名册"), line("填报日期：2020年11月20日"), HEAD, *TWO]),
    accepted=2,
    ignored={1: "TITLE", 2: "TITLE", 3: "TITLE"},
)


def family_groups(sheet: Worksheet) -> None:
    """家庭情况 over name and relation, the other headings over two rows."""
    sheet.merge_cells("H1:I1")
    for column in "ABCDEFG":
        sheet.merge_cells(f"{column}1:{column}2")


REGISTRY_HEAD, *PUPILS = table([pupil(1), pupil(2)])
golden(
    "3",
    REGISTRY,
    "two_row_header.xlsx",
    xlsx(
        [
            [*REGISTRY_HEAD[:7], "监护人信息", ""],
            ["", "", "", "", "", "", "", "姓名", "身份证号"],
            *([*row[:7], "贺建国", ""] for row in PUPILS),
        ],
        family_groups,
    ),
    accepted=2,
    values={3: {"guardian": "贺建国", "name": "靳晓禾"}},
)
golden(
    "3",
    R2,
    "header_repeated_on_each_page.xlsx",
    xlsx([HEAD, TWO[0], HEAD, TWO[1], HEAD, *THREE]),
    accepted=3,
    ignored={3: "REPEATED_HEADER", 5: "REPEATED_HEADER"},
)
golden(
    "3",
    R2,
    "title_and_header_repeated.xlsx",
    xlsx([line("补助名册"), HEAD, TWO[0], line("补助名册"), HEAD, TWO[1]]),
    accepted=2,
    ignored={1: "TITLE", 4: "TITLE", 5: "REPEATED_HEADER"},
)
golden(
    "3",
    R2,
    "subtotals_and_total.xlsx",
    xlsx(
        [
            HEAD,
            TWO[0],
            ["", "西坊城镇中心小学小计", "", "", "", "", "", 500],
            TWO[1],
            ["", "小计", "", "", "", "", "", 500],
            ["合计", "", "2人", "", "", "", "", 1000],
            ["总  计", "", "", "", "", "", "", 1000],
        ]
    ),
    accepted=2,
    ignored={3: "SUBTOTAL", 5: "SUBTOTAL", 6: "TOTAL", 7: "TOTAL"},
)
golden(
    "3",
    R2,
    "sign_off_and_notes.xlsx",
    xlsx(
        [
            HEAD,
            *TWO,
            EMPTY,
            line("说明：本表一式三份，寄宿生按在校实际天数发放。"),
            line("制表人：靳某某", "", "", "审核人：", "", "校长（签字）："),
            line("单位（盖章）："),
        ]
    ),
    accepted=2,
    ignored={5: "NOTE", 6: "NOTE", 7: "NOTE"},
)
golden(
    "3",
    R2,
    "spacer_rows.xlsx",
    xlsx([HEAD, TWO[0], EMPTY, EMPTY, TWO[1], EMPTY, *THREE]),
    accepted=3,
    ignored={3: "BLANK", 4: "BLANK", 6: "BLANK"},
)
golden(
    "3",
    R2,
    "rows_with_only_a_running_number.xlsx",
    xlsx([HEAD, *TWO, line(3), line(4), *([[5, *THREE[0][1:]]])]),
    accepted=3,
    ignored={4: "BLANK", 5: "BLANK"},
)
CIVIL_HEAD, *LISTED = table(listed(order) for order in (1, 2, 3, 4))
golden(
    "3",
    CIVIL,
    "side_by_side_tables.xlsx",
    xlsx(
        [
            ["浑源县低保名单"],
            [*CIVIL_HEAD, "", *CIVIL_HEAD],
            [*LISTED[0], "", *LISTED[2]],
            [*LISTED[1], "", *LISTED[3]],
        ]
    ),
    accepted=4,
    values={"名单!3": {"id_no": number(1)}, "名单·右栏!4": {"id_no": number(4), "from_date": "2019-01-01"}},
)
golden(
    "3",
    CIVIL,
    "side_by_side_tables_with_a_bad_number.xlsx",
    xlsx(
        [
            [*CIVIL_HEAD, *CIVIL_HEAD],
            [*LISTED[0], *LISTED[2]],
            [*LISTED[1], LISTED[3][0], 1.40225e17, *LISTED[3][2:]],
        ]
    ),
    accepted=3,
    rejected={"名单·右栏!3": ["ID_PRECISION_LOST"]},
)
golden(
    "3",
    R2,
    "header_not_in_first_column.xlsx",
    xlsx([[], ["", "", *HEAD], ["", "", *TWO[0]]]),
    accepted=1,
    values={3: {"id_no": number(1)}},
)
golden(
    "3",
    R2,
    "headings_with_spaces_and_stars.xlsx",
    xlsx(
        [
            [
                "序 号",
                "学 校\n名 称",
                "姓  名*",
                "身份证号码（18位）",
                "年 级",
                "困难类型",
                "是否寄宿",
                "补助金额（元）",
            ],
            *TWO,
        ]
    ),
    accepted=2,
    values={2: {"amount": "500.00"}},
)
golden("3", R2, "no_header.xlsx", xlsx([*TWO, *THREE]), refusal="NO_HEADER")
golden(
    "3", R2, "header_of_another_roster.xlsx", xlsx([["设备名称", "数量"], ["课桌", 40]]), refusal="NO_HEADER"
)
golden(
    "3", R2, "headings_without_rows.xlsx", xlsx([line("补助名册"), HEAD, line("说明：无")]), refusal="NO_DATA"
)
golden(
    "3",
    R2,
    "parents_number_is_no_id.xlsx",
    xlsx([["家长身份证号" if cell == "身份证号" else cell for cell in HEAD], *TWO]),
    refusal="NO_HEADER",
)

# --- merged and hidden ------------------------------------------------------------------------------------

golden(
    "4",
    R2,
    "school_merged_down.xlsx",
    xlsx(
        table([living(1), living(2, 学校=""), living(3, 学校=PRIMARY), living(4, 学校="")]),
        lambda sheet: (sheet.merge_cells("B2:B3"), sheet.merge_cells("B4:B5"), None)[-1],
    ),
    accepted=4,
    values={3: {"school_code": "2114900103"}, 5: {"school_code": "2114900099"}},
)
golden(
    "4",
    R2,
    "school_below_the_merged_cells.xlsx",
    xlsx(
        table([living(1), living(2, 学校=""), living(3, 学校="")]), lambda sheet: sheet.merge_cells("B2:B3")
    ),
    accepted=2,
    rejected={4: ["SCHOOL_UNKNOWN"]},
)
golden(
    "4",
    R2,
    "school_blank_without_merge.xlsx",
    xlsx(table([living(1), living(2, 学校="")])),
    accepted=1,
    rejected={3: ["SCHOOL_UNKNOWN"]},
)
golden(
    "4",
    POVERTY,
    "household_merged_down.xlsx",
    xlsx(table([member(1), member(2, 户编号="")]), lambda sheet: sheet.merge_cells("B2:B3")),
    accepted=2,
    values={3: {"household_no": "14022500100"}},
)


def hide(sheet: Worksheet) -> None:
    """A row hidden by a filter."""
    sheet.auto_filter.ref = "A1:H3"
    sheet.row_dimensions[3].hidden = True


golden("4", R2, "filtered_row.xlsx", xlsx([HEAD, *TWO], hide), accepted=2, warned={3: ["HIDDEN_ROW"]})
golden(
    "4 7",
    R2,
    "hidden_row.ods",
    open_document([HEAD, *TWO], hidden=[2]),
    accepted=2,
    warned={2: ["HIDDEN_ROW"]},
)


def hide_number(sheet: Worksheet) -> None:
    """The column of identity numbers folded away."""
    sheet.column_dimensions["D"].hidden = True


golden(
    "4",
    R2,
    "hidden_id_column.xlsx",
    xlsx([HEAD, *TWO], hide_number),
    accepted=2,
    values={2: {"id_no": number(1)}},
)


def dictionary(sheet: Worksheet) -> None:
    """The lists of a template on a hidden sheet."""
    sheet.parent["字典"].sheet_state = "veryHidden"


golden(
    "4",
    R2,
    "hidden_sheet_of_lists.xlsx",
    xlsx({"名单": [HEAD, *TWO], "字典": [["困难类型"], ["低保"], ["孤儿"]]}, dictionary),
    accepted=2,
)


def forgotten(sheet: Worksheet) -> None:
    """A second page of pupils on a hidden sheet."""
    sheet.parent["补报"].sheet_state = "hidden"


golden(
    "4",
    R2,
    "hidden_sheet_of_pupils.xlsx",
    xlsx({"名单": [HEAD, TWO[0]], "补报": [HEAD, TWO[1]]}, forgotten),
    accepted=2,
    warned={"补报!2": ["HIDDEN_SHEET"]},
)
golden(
    "4",
    R2,
    "one_sheet_for_each_school.xlsx",
    xlsx(
        {
            "西坊城": [HEAD, TWO[0]],
            "九年制": table([living(2, 学校=NINE_YEARS)]),
            "填表说明": [["请用文本格式填写身份证号"]],
        }
    ),
    accepted=2,
    values={"九年制!2": {"school_code": "3114900111"}},
)

# --- what only looks like something else -------------------------------------------------------------------

golden(
    "3",
    "r14_teachers",
    "teacher_named_like_a_total.xlsx",
    xlsx(table([teacher(1, 姓名="计合"), teacher(2, 姓名=Text("何计"))])),
    accepted=2,
)
golden(
    "4",
    R2,
    "school_is_not_taken_from_another_sheet.xlsx",
    xlsx({"一": table([living(1, 学校=TOWN_PRIMARY)]), "二": table([living(2, 学校=""), living(3)])}),
    accepted=2,
    rejected={"二!2": ["SCHOOL_UNKNOWN"]},
)


# --- two rows of headings over and over -------------------------------------------------------------------

GROUPS = ("序号", "学校", "学生信息", "", "", "困难类型", "就读方式", "资助情况", "")
PARTS = ("", "", "姓名", "身份证号", "年级", "", "", "标准", "金额")
PAGES = [
    ["义务教育生活补助名册"],
    GROUPS,
    PARTS,
    [1, TOWN_PRIMARY, NAMES[1], number(1), "四年级", "低保", "寄宿", 500, 500],
    ["小计：500元", "", "", "", "", "", "", "", 500],
    ["义务教育生活补助名册"],
    GROUPS,
    PARTS,
    [2, TOWN_PRIMARY, NAMES[2], number(2), "四年级", "低保", "寄宿", 500, 500],
    ["合计：2人", "", "", "", "", "", "", "", 1000],
]


def merge_groups(sheet: Worksheet) -> None:
    """Titles over the whole width, groups over their columns, other headings over both rows."""
    for top in (1, 6):
        sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=9)
        for left, right in ((3, 5), (8, 9)):
            sheet.merge_cells(start_row=top + 1, end_row=top + 1, start_column=left, end_column=right)
        for column in (1, 2, 6, 7):
            sheet.merge_cells(start_row=top + 1, end_row=top + 2, start_column=column, end_column=column)


golden(
    "3",
    R2,
    "two_row_header_of_the_pupils_own_groups_repeated.xlsx",
    xlsx(PAGES, merge_groups),
    accepted=2,
    values={4: {"name": NAMES[1], "amount": "500.00"}, 9: {"name": NAMES[2]}},
    ignored={
        1: "TITLE", 5: "SUBTOTAL", 6: "TITLE", 7: "REPEATED_HEADER", 8: "REPEATED_HEADER", 10: "TOTAL"
    },
)  # fmt: skip
golden(
    "3 4",
    R2,
    "school_merged_down_across_a_repeated_header.xlsx",
    xlsx(
        [
            ["学校", "姓名", "身份证号", "年级", "困难类型", "就读方式", "金额"],
            [TOWN_PRIMARY, NAMES[1], number(1), "四年级", "低保", "寄宿", 500],
            ["", "姓名", "身份证号", "年级", "困难类型", "就读方式", "金额"],
            ["", NAMES[2], number(2), "四年级", "低保", "寄宿", 500],
        ],
        lambda sheet: sheet.merge_cells("A2:A4"),
    ),
    accepted=2,
    values={4: {"school": TOWN_PRIMARY, "name": NAMES[2]}},
    ignored={3: "REPEATED_HEADER"},
)

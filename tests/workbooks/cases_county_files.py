"""Whole files as a county might send them, several messes at once: any of the points."""

import re

from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.cases_county import ELDER, spread
from tests.workbooks.golden import (
    NAMES,
    TOWN_PRIMARY,
    Formula,
    Text,
    golden,
    living,
    meals,
    member,
    number,
    open_document,
    table,
    teacher,
    text,
    web_page,
    xlsx,
)

R2, POVERTY, R9, R14 = "r2_living_allowance", "poverty_members", "r9_meal_month", "r14_teachers"


LINES = table([living(1), living(2), living(3)])
READ = {2: {"id_no": number(1), "amount": "500.00"}}
golden("7", R2, "utf_16_with_tabs.csv", text(LINES, "utf-16", "\t"), accepted=3, values=READ)
golden("7", R2, "utf_16_big_end.csv", b"\xfe\xff" + text(LINES, "utf-16-be"), accepted=3, values=READ)
golden("7", R2, "semicolons_in_gb18030.csv", text(LINES, "gb18030", ";"), accepted=3, values=READ)
golden("7", R2, "told_delimiter.csv", b"sep=;\r\n" + text(LINES, "gb18030", ";"), accepted=3)
golden("7", R2, "xlsx_called_csv.csv", xlsx(LINES), accepted=3, values=READ)
golden("7", R2, "csv_called_xlsx.xlsx", text(LINES, "gb18030"), accepted=3, values=READ)
golden("7", R2, "ods_called_xls.xls", open_document(LINES), accepted=3, values=READ)
golden("7", R2, "web_page_called_xlsx.xlsx", web_page(LINES), accepted=3, values=READ)
golden(
    "5 7",
    R2,
    "commas_within_quotes.csv",
    text([LINES[0], [*LINES[1][:7], "1,250.00"], [*LINES[2][:7], " 500.00 "]]),
    accepted=2,
    values={2: {"amount": "1250.00"}},
)
golden(
    "7",
    R2,
    "break_within_quotes.csv",
    text([[re.sub("身份证号", "身份证\n号码", str(cell)) for cell in LINES[0]], *LINES[1:]]),
    accepted=3,
    values=READ,
)


def messy(sheet: Worksheet) -> None:
    """Title merged, a hidden column, a filtered row, a school merged down."""
    sheet.merge_cells("A1:H1")
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("B4:B5")


golden(
    "2 3 4 5",
    R2,
    "everything_at_once.xlsx",
    xlsx(
        [
            ["浑源县2020年秋季学期义务教育家庭经济困难学生生活补助发放花名册（寄宿生）"],
            ["填报单位（盖章）：", "", "", "填报人：贺建国", "", "联系电话：13800001234", "", "单位：元、人"],
            [
                "序号",
                "学　校",
                "学生\n姓名",
                "身份证号码*",
                "年级（班级）",
                "困难类型",
                "是否住宿生",
                "补助金额（元）",
            ],
            [
                1,
                TOWN_PRIMARY,
                "靳 晓 禾",
                spread(number(1)),
                "四（2）班",
                "1.建档立卡2.低保",
                "√",
                "625.00元",
            ],
            [2, "", "尚文博", f"’{number(2)}", "4年级", "低保残疾", "是", Formula("=H4", 625)],
            ["小 计", "", "", "", "", "", "", 1250],
            ["", "总计：2人", "", "", "", "", "", "壹仟贰佰伍拾元整"],
            ["校长签字：", "", "", "经办人签字：", "", "", "年    月    日"],
        ],
        messy,
    ),
    accepted=2,
    warned={5: ["HIDDEN_ROW"]},
    values={
        4: {"name": "靳晓禾", "id_no": number(1), "grade": 4, "amount": "625.00"},
        5: {"school_code": "2114900103", "amount": "625.00"},
    },
    ignored={6: "SUBTOTAL", 7: "TOTAL", 8: "NOTE"},
)
golden(
    "3",
    R9,
    "meals_with_units_and_totals.xlsx",
    xlsx(
        table(
            [
                meals(
                    1,
                    在校生数="100人",
                    享受人数="100 人",
                    供餐天数="20天",
                    人次="2,000人次",
                    应拨="8,000.00元",
                ),
                meals(2, 年月="2020年10月份", 应拨="捌仟元整"),
                meals(3, 年月="2020.11"),
            ]
        )
    ),
    accepted=3,
    values={2: {"person_days": 2000}, 3: {"month": "2020-10"}, 4: {"month": "2020-11"}},
)
golden(
    "4 11",
    POVERTY,
    "household_merged_down_and_counties_old.xlsx",
    xlsx(
        table(
            [member(1, 户编号=14022500100), member(2, 户编号="", 与户主关系="户主"), member(3, 证件号码="")]
        ),
        lambda sheet: sheet.merge_cells("B2:B3"),
    ),
    accepted=3,
    warned={4: ["ID_MISSING"]},
    values={3: {"household_no": "14022500100"}},
)
golden(
    "10",
    R2,
    "same_pupil_with_number_in_two_forms.xlsx",
    xlsx(table([living(1), living(1, 身份证号=spread(number(1))), living(2)])),
    accepted=1,
    rejected={2: ["DUPLICATE_CONFLICT"], 3: ["DUPLICATE_CONFLICT"]},
)
golden(
    "5",
    R2,
    "formulas_of_names_and_numbers.xlsx",
    xlsx(
        table([living(1, 金额=Formula("=500")), living(2, 姓名=Text("=C2")), living(3, 年级=Text("+四年级"))])
    ),
    rejected={2: ["FORMULA_NO_VALUE"], 3: ["NAME_BROKEN"], 4: ["GRADE_UNKNOWN"]},
)
golden(
    "9",
    R14,
    "yes_and_no_with_notes.xlsx",
    xlsx(
        table(
            teacher(order, 身份证号=number(order, ELDER), 是否在编=written, 姓名=NAMES[order])
            for order, written in enumerate(
                ("在编", "是（2015年入编）", "不在编", "编外", "Yes", "0"), start=1
            )
        )
    ),
    accepted=6,
    warned={3: ["FLAG_UNKNOWN"]},
    values={2: {"on_establishment": True}, 4: {"on_establishment": False}, 5: {"on_establishment": False}},
)

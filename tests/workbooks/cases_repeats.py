"""The same twice, and rows of nothing below: point 10 of the messes."""

from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.golden import PRIMARY, golden, living, open_document, pupil, table, text, xlsx

R2, REGISTRY = "r2_living_allowance", "student_registry"
HEAD, *TWO = table([living(1), living(2)])

golden(
    "10",
    R2,
    "same_row_twice.xlsx",
    xlsx([HEAD, TWO[0], TWO[1], TWO[0]]),
    accepted=2,
    rejected={4: ["DUPLICATE_ROW"]},
)
golden(
    "10",
    R2,
    "same_row_but_its_running_number.xlsx",
    xlsx([HEAD, TWO[0], [9, *TWO[0][1:]]]),
    accepted=1,
    rejected={3: ["DUPLICATE_ROW"]},
)
golden(
    "10",
    R2,
    "same_pupil_on_two_sheets.xlsx",
    xlsx({"一": [HEAD, TWO[0]], "二": [HEAD, TWO[0], TWO[1]]}),
    accepted=2,
    rejected={"二!2": ["DUPLICATE_ROW"]},
)
golden(
    "10",
    R2,
    "same_pupil_two_amounts.xlsx",
    xlsx(table([living(1), living(2), living(1, 金额=625)])),
    accepted=1,
    rejected={2: ["DUPLICATE_CONFLICT"], 4: ["DUPLICATE_CONFLICT"]},
)
golden(
    "10",
    R2,
    "same_pupil_two_spellings.xlsx",
    xlsx(table([living(1, 姓名="李昇"), living(1, 姓名="李升"), living(2)])),
    accepted=1,
    rejected={2: ["DUPLICATE_CONFLICT"], 3: ["DUPLICATE_CONFLICT"]},
)
golden(
    "10",
    REGISTRY,
    "same_pupil_at_two_schools.xlsx",
    xlsx(table([pupil(1), pupil(1, 学校名称=PRIMARY), pupil(2)])),
    accepted=1,
    rejected={2: ["DUPLICATE_CONFLICT"], 3: ["DUPLICATE_CONFLICT"]},
)
golden(
    "10",
    REGISTRY,
    "pupil_moved_between_schools.xlsx",
    xlsx(table([pupil(1, 学生状态="转出"), pupil(1, 学校名称=PRIMARY)])),
    accepted=2,
)
golden(
    "10",
    R2,
    "running_number_not_unique.xlsx",
    xlsx(table([living(1, 序号=1), living(2, 序号=1), living(3, 序号="")])),
    accepted=3,
)


def coloured_tail(sheet: Worksheet) -> None:
    """1,200 rows that are only coloured."""
    paint = PatternFill("solid", start_color="FFFFE5")
    for row in range(4, 1_204):
        sheet.cell(row, 1).fill = paint


golden("10", R2, "formatted_blank_rows_below.xlsx", xlsx([HEAD, *TWO], coloured_tail), accepted=2)
golden(
    "10 7", R2, "million_blank_rows_below.ods", open_document([HEAD, *TWO], blank_rows=1_048_573), accepted=2
)
golden("10 7", R2, "empty_lines_below.csv", text([HEAD, *TWO]) + b",,,,,,,\r\n" * 200, accepted=2)

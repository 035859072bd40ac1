"""Files and schools in every guise: points 7, 8 and 11 of the messes."""

from tests.workbooks import builders
from tests.workbooks.golden import (
    YUNZHOU,
    Formula,
    golden,
    living,
    number,
    open_document,
    packed,
    table,
    text,
    web_page,
    xlsx,
    xml_2003,
)

R2 = "r2_living_allowance"

# --- files ------------------------------------------------------------------------------------------------

LINES = table([living(1, 备注="逗号,在内\n换行"), living(2, 备注="程𬎆")])
READ = {2: {"id_no": number(1), "amount": "500.00"}}
for name, encoding, delimiter in (
    ("gb18030.csv", "gb18030", ","),
    ("utf8.csv", "utf-8", ","),
    ("utf8_with_bom.csv", "utf-8-sig", ","),
    ("utf16.csv", "utf-16", ","),
    ("utf16_tabs_as_excel_saves_unicode_text.txt", "utf-16", "\t"),
    ("tabs.tsv", "gb18030", "\t"),
    ("semicolons.csv", "utf-8", ";"),
    ("text_called_xls.xls", "gb18030", "\t"),
):
    golden("7", R2, name, text(LINES, encoding, delimiter), accepted=2, values=READ)
golden("7", R2, "open_document.ods", open_document(LINES), accepted=2, values=READ)
golden("7", R2, "workbook_called_xls.xls", xlsx(LINES), accepted=2, values=READ)
golden("7", R2, "wps_table.et", xlsx(LINES), accepted=2, values=READ)
golden("7", R2, "workbook_called_csv.csv", xlsx(LINES), accepted=2, values=READ)
for name, rows_of_page, encoding in (
    ("web_page_called_xls.xls", LINES, "utf-8"),
    ("web_page_in_gb2312.xls", LINES, "gb18030"),
):
    golden("7", R2, name, web_page(rows_of_page, encoding), accepted=2, values=READ)
golden(
    "4 7",
    R2,
    "web_page_with_title_and_merged_school.xls",
    web_page([["2020年秋季生活补助"], *table([living(1), living(2, 学校="")])], merge_down=(3, 2, 2)),
    accepted=2,
    values={4: {"school_code": "2114900103"}},
    ignored={1: "TITLE"},
)
golden(
    "1 7",
    R2,
    "web_page_with_a_number_as_excel_shows_it.xls",
    web_page(table([living(1), living(2, 身份证号="1.40225E+17")]), "gb18030"),
    accepted=1,
    rejected={3: ["ID_PRECISION_LOST"]},
)
golden(
    "7",
    R2,
    "web_page_with_a_script.xls",
    web_page(LINES).replace(b"<body>", b"<body><script>1</script>"),
    refusal="NOT_A_WORKBOOK",
)
golden(
    "7", R2, "web_page_of_frames.xls", b'<html><frame src="sheet001.htm"></html>', refusal="NOT_A_WORKBOOK"
)
golden("7", R2, "xml_table_2003.xls", xml_2003(LINES), accepted=2, values=READ)
golden("7", R2, "xml_table_2003_in_gb2312.xml", xml_2003(LINES, "gb2312"), accepted=2, values=READ)
golden(
    "1 5 7",
    R2,
    "xml_table_2003_with_faults.xls",
    xml_2003(
        table(
            [
                living(1, 身份证号=int(number(1)[:17] + "0")),
                living(2, 金额=Formula("=RC[-1]*2")),
                living(3, 金额=Formula("=RC[-1]*2", 500.0)),
            ]
        )
    ),
    accepted=1,
    rejected={2: ["ID_PRECISION_LOST"], 3: ["FORMULA_NO_VALUE"]},
)
golden("7", R2, "with_password.xlsx", builders.compound({"EncryptedPackage": b"x"}), refusal="ENCRYPTED")
golden(
    "7",
    R2,
    "with_macros.xlsm",
    packed(builders.raw_xlsx("", more={"xl/vbaProject.bin": b"\x00"})),
    refusal="MACRO_FILE",
)
golden("7", R2, "picture_called_xlsx.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), refusal="NOT_A_WORKBOOK")
golden("7", R2, "cut_off_while_copying.xlsx", xlsx(LINES)[:-400], refusal="DAMAGED")
golden("7", R2, "empty.xlsx", b"", refusal="EMPTY_FILE")

# --- schools ----------------------------------------------------------------------------------------------

golden(
    "8",
    R2,
    "school_by_code_alias_and_prefix.xlsx",
    xlsx(
        table(
            [
                living(1, 学校标识码="2114900103", 学校="西坊城小学(旧牌子)"),
                living(2, 学校标识码="", 学校="西坊城中心校"),
                living(3, 学校标识码="", 学校="山西省大同市浑源县第一小学校"),
                living(4, 学校标识码="", 学校="浑源县 第一小学"),
            ]
        )
    ),
    accepted=4,
    values={
        2: {"school_code": "2114900103"},
        3: {"school_code": "2114900103"},
        4: {"school_code": "2114900099"},
        5: {"school_code": "2114900099"},
    },
)
golden(
    "8 11",
    R2,
    "school_with_former_county.xlsx",
    xlsx(
        table(
            [living(1, 学校="大同县三中", 年级="初一"), living(2, 学校="大同市大同县第三中学校", 年级="初二")]
        )
    ),
    unit=YUNZHOU,
    accepted=2,
    values={2: {"school_code": "3114900017", "grade": 7}, 3: {"school_code": "3114900017", "grade": 8}},
)
for name, written, key in (
    ("school_unknown", "浑源县希望小学", "SCHOOL_UNKNOWN"),
    ("school_of_another_county", "阳高县第一小学校", "SCHOOL_UNKNOWN"),
    ("school_ambiguous", "中心校", "SCHOOL_AMBIGUOUS"),
    ("school_missing", "", "SCHOOL_UNKNOWN"),
    ("school_is_an_error", "#VALUE!", "CELL_ERROR"),
):
    keys = [key, "SCHOOL_UNKNOWN"] if key == "CELL_ERROR" else [key]
    golden(
        "8",
        R2,
        f"{name}.xlsx",
        xlsx(table([living(1), living(2, 学校=written)])),
        accepted=1,
        rejected={3: keys},
    )
golden(
    "11",
    R2,
    "school_code_without_its_first_digit.xlsx",
    xlsx(table([living(1, 学校标识码=114900103)])),
    accepted=1,
    warned={2: ["CODE_FORMAT"]},
    values={2: {"school_code": "2114900103"}},
)

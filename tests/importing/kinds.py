"""One sheet of each kind of roster as its office writes it: headings in order, a good row, and its faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter

from tests.factories import id_number
from tests.importing.rosters import PRIMARY, RURAL, TOWN_PRIMARY

CHILD = id_number(date(2011, 3, 8))
YOUTH = id_number(date(2004, 3, 8))
ADULT = id_number(date(1985, 3, 8))
WRONG = CHILD[:-1] + ("1" if CHILD[-1] != "1" else "2")
SENIOR, VOCATIONAL, JUNIOR = "浑源县第一中学校", "浑源县职业技术教育中心", "浑源县第三中学校"
CARD = "6217000011112222333"

NO_NAME = {"姓名": ("", "NAME_MISSING")}
NO_SCHOOL = {"学校": ("哪里都没有的学校", "SCHOOL_UNKNOWN")}
LOST = {"身份证号": ("1.40225E+17", "ID_PRECISION_LOST")}
DOUBTFUL = {"身份证号": (WRONG, "ID_CHECKSUM")}
NO_ID = {"身份证号": ("", "ID_MISSING")}
NO_SUM = {"金额": ("", "AMOUNT_MISSING")}
EVIDENCE = LOST | NO_ID | NO_NAME
MONEY = EVIDENCE | DOUBTFUL


@dataclass(frozen=True)
class Sheet:
    """A sheet of a kind; `faults` maps a heading to a bad cell and the reason key it must give."""

    kind: str
    name: str
    row: Mapping[str, str]
    faults: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def save(self, folder: Path, **changes: str) -> Path:
        """A workbook with the row, some of its cells changed."""
        path = folder / "名册.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(self.name)
            for place, (heading, cell) in enumerate((self.row | changes).items()):  # type: ignore[operator]
                sheet.write_string(0, place, heading)
                sheet.write_string(1, place, cell)
        return path


def row(headings: str, cells: str) -> dict[str, str]:
    """Headings and cells, parted by a bar."""
    return dict(zip(headings.split("|"), cells.split("|"), strict=True))


SHEETS = (
    Sheet(
        "attendance",
        "本学期在校名单",
        row(
            "学校标识码|学校名称|姓名|身份证号|学籍号|年级|出勤天数|备注",
            f"2114900103|{TOWN_PRIMARY}|侯明远|{CHILD}|G{CHILD}|四年级|92|",
        ),
        LOST | NO_NAME | {"出勤天数": ("许多", "NUMBER_INVALID"), "年级": ("某年级", "GRADE_UNKNOWN")},
    ),
    Sheet(
        "recognition",
        "困难认定",
        row(
            "学校名称|学生姓名|身份证号|困难等级|认定时间|认定原因",
            f"{PRIMARY}|侯明远|{CHILD}|特别困难|20200915|家庭成员患病",
        ),
        LOST | NO_ID | {"困难等级": ("", "TYPE_UNKNOWN"), "认定时间": ("昨天", "DATE_INVALID")},
    ),
    Sheet(
        "graduates",
        "初中毕业生",
        row(
            "姓名|身份证号|学籍号|毕业学校|毕业年月",
            f"侯明远|{YOUTH}|G{YOUTH}|{JUNIOR}|2020年6月",
        ),
        LOST
        | NO_NAME
        | {
            "学籍号": ("123", "STUDENT_NO_INVALID"),
            "毕业学校": ("外星中学", "SCHOOL_UNKNOWN"),
            "毕业年月": ("", "DATE_INVALID"),
        },
    ),
    Sheet(
        "proofs",
        "借读证明",
        row("姓名|身份证号|县区|说明|日期", f"侯明远|{CHILD}|浑源县|在太原市借读|2020-09-10"),
        EVIDENCE | {"日期": ("2020-13-01", "DATE_INVALID")},
    ),
    Sheet(
        "proofs",
        "身份证更正",
        row("姓名|身份证号|县区|旧身份证号|日期", f"侯明远|{CHILD}|浑源县|{YOUTH}|2020-09-10"),
        {"旧身份证号": ("", "ID_MISSING")},
    ),
    Sheet(
        "proofs",
        "失败销账",
        row("姓名|身份证号|县区|行号|日期", f"侯明远|{CHILD}|浑源县|L2020-1|2020-12-01"),
        EVIDENCE,
    ),
    Sheet(
        "batch_register",
        "批次",
        row(
            "批次号|县区|学年学期|项目|名册笔数|名册金额|审批笔数|审批金额|审批日期|公示起|公示止|公示方式",
            "B1|浑源县|2020-2021-1|YJ|120|75000|118|73750.00|2020-10-20|2020-10-21|2020-10-27|学校公示栏",
        ),
        {
            "批次号": ("", "NUMBER_MISSING"),
            "项目": ("QQ", "TYPE_UNKNOWN"),
            "审批金额": ("", "AMOUNT_MISSING"),
            "公示止": ("2020-10-01", "DATE_ORDER"),
        },
    ),
    Sheet(
        "batch_register",
        "银行文件",
        row("文件号|批次号|笔数|金额|报送日期", "F1|B1|118|73750|2020-11-10"),
        {"文件号": ("", "NUMBER_MISSING"), "金额": ("-1", "AMOUNT_INVALID")},
    ),
    Sheet(
        "r10_bank_return",
        "回盘",
        row(
            "批次号|行号|户名|证件号|账号|金额|交易结果|失败原因|交易日期|流水号",
            f"B1|L1|侯明远|{CHILD}|{CARD}|625.00|交易成功||20201112|2020111200000001",
        ),
        {
            "证件号": (WRONG, "ID_CHECKSUM"),
            "账号": ("6.2E+18", "ACCOUNT_PRECISION_LOST"),
            "交易结果": ("处理中", "RESULT_UNKNOWN"),
            "流水号": ("", "FLOW_NO_MISSING"),
        }
        | NO_SUM,
    ),
    Sheet(
        "r10_bank_return",
        "代发回盘",
        row(
            "序号|户名|证件号|账号|金额|摘要|交易结果|失败原因|交易日期|流水号",
            f"1|侯明远|{CHILD}|{CARD}|625.00|教育资助|交易失败|账号户名不符|20201112|2020111200000001",
        ),
    ),
    Sheet(
        "r3_hs_grant",
        "助学金",
        row(
            "序号|学校|姓名|身份证号|学籍号|年级|班级|困难等级|档次|金额|银行卡号|备注",
            f"1|{SENIOR}|侯明远|{YOUTH}|G{YOUTH}|高二|3班|特别困难|一档|1250|{CARD}|",
        ),
        MONEY | NO_SCHOOL | NO_SUM | {"年级": ("某年级", "GRADE_UNKNOWN")},
    ),
    Sheet(
        "r4_hs_fee",
        "免学杂费",
        row(
            "序号|学校|姓名|身份证号|学籍号|年级|班级|免费类别|收费标准|免除金额",
            f"1|{SENIOR}|侯明远|{YOUTH}|G{YOUTH}|高二|3班|建档立卡|800|400",
        ),
        MONEY
        | NO_SCHOOL
        | {"免除金额": ("-400", "AMOUNT_INVALID"), "免费类别": ("某类", "CATEGORY_UNKNOWN")},
    ),
    Sheet(
        "r5_voc_fee",
        "中职免学费",
        row(
            "序号|学校|专业名称|专业代码|学制|姓名|身份证号|学籍号|年级|户籍类型|是否涉农专业|免学费类别|免除金额",
            f"1|{VOCATIONAL}|畜牧兽医|610301|三年|侯明远|{YOUTH}|G{YOUTH}|二年级|农业|是|涉农专业|1000",
        ),
        MONEY | NO_SCHOOL | {"免除金额": ("", "AMOUNT_MISSING")},
    ),
    Sheet(
        "r6_voc_grant",
        "中职助学金",
        row(
            "序号|学校|专业名称|专业代码|学制|姓名|身份证号|学籍号|年级|户籍类型|是否涉农专业|免学费类别|免除金额"
            "|资助原因|月数|金额|资助卡号",
            f"1|{VOCATIONAL}|畜牧兽医|610301|三年|侯明远|{YOUTH}|G{YOUTH}|二年级|农业|是|涉农专业|1000"
            f"|涉农专业|5|1000|{CARD}",
        ),
        MONEY | NO_SCHOOL | NO_SUM | {"月数": ("13", "NUMBER_INVALID")},
    ),
    Sheet(
        "r7_yulu",
        "雨露计划",
        row(
            "序号|县|乡镇|行政村|户主姓名|户编号|学生姓名|性别|身份证号|院校名称|学校类型(中职/高职/技师)|专业|学制"
            "|入学时间|年级|学期|补助金额|一卡通账号|开户人|联系电话",
            f"1|浑源县|西坊城镇|示例村|侯建国|1402250000012|侯明远|男|{YOUTH}|某职业技术学院|高职|护理|三年"
            f"|2020-09|一年级|2020年秋季|1500|{CARD}|侯建国|13800001234",
        ),
        DOUBTFUL | {"院校名称": ("", "SCHOOL_UNKNOWN"), "补助金额": ("", "AMOUNT_MISSING")},
    ),
    Sheet(
        "recognition",
        "困难学生认定",
        row(
            "序号|学校名称|学校标识码|姓名|性别|身份证件号|学籍号|年级|班级|困难类型|认定等级|认定时间|认定原因|审核状态",
            f"1|{PRIMARY}||侯明远|男|{CHILD}|G{CHILD}|四年级|1班|脱贫家庭|比较困难|20200915|因病|已通过",
        ),
    ),
    Sheet(
        "aid_system_list",
        "资助名单",
        row(
            "序号|资助学期|县区|学校名称|姓名|性别|身份证件号|学籍号|年级|班级|资助项目|资助金额|开户行|银行卡号|户名|审核状态",
            f"1|2020年秋季|浑源县|{SENIOR}|侯明远|男|{YOUTH}|G{YOUTH}|高二|3班|普通高中国家助学金|1000|农商行|{CARD}"
            "|侯明远|县级已审核",
        ),
        {
            "身份证件号": (WRONG, "ID_CHECKSUM"),
            "资助项目": ("某项目", "TYPE_UNKNOWN"),
            "资助金额": ("-5", "AMOUNT_INVALID"),
        },
    ),
    Sheet(
        "student_loans",
        "生源地贷款",
        row(
            "序号|县区|学生姓名|身份证号|性别|院校名称|学历层次|专业|入学年份|学制|合同编号|首贷/续贷|申请金额|合同金额"
            "|发放金额|共同借款人|共同借款人身份证|关系|是否建档立卡|回执状态|贷款年度",
            f"1|浑源县|侯明远|{YOUTH}|男|某大学|本科|数学|2020|四年|HT2020001|首贷|8000|8000"
            f"|8000|侯建国|{ADULT}|父亲|是|已录入|2020",
        ),
        DOUBTFUL | {"合同编号": ("", "NUMBER_MISSING"), "合同金额": ("很多", "AMOUNT_INVALID")},
    ),
    Sheet(
        "r12_school_age_check",
        "排查",
        row(
            "省市|区县|乡镇|村组（社区）|姓名|身份证号码|是否6-15周岁|户编号|户主姓名|联系电话|学校全称|学段|年级|班级"
            "|学籍号|就读方式|是否残疾生|残疾生证号|不在校原因|贫困类型|镇内/镇外|县内/县外|省内/省外"
            "|本学期是否享受资助|资助项目|资助金额|营养餐金额",
            f"大同市|浑源县|西坊城镇|示例村|侯明远|{CHILD}|是|1402250000012|侯建国|13800001234|{PRIMARY}|小学|四年级|1班"
            f"|G{CHILD}|走读|否|||低保|镇外|县内|省内|是|生活补助|250|400",
        ),
        {
            "姓名": ("", "NAME_MISSING"),
            "身份证号码": ("", "ID_MISSING"),
            "区县": ("某县", "COUNTY_UNKNOWN"),
        },
    ),
    Sheet(
        "r13_home_teaching",
        "送教上门",
        row(
            "学校|姓名|身份证号|残疾证号|残疾类别|等级|学籍号|送教教师|每月次数|课时|送教日期|内容|家长签字",
            f"{PRIMARY}|侯明远|{CHILD}|{CHILD}41|肢体|一级|G{CHILD}|姚玉兰|2|4|2020-10-08|识字|",
        ),
        EVIDENCE | NO_SCHOOL | {"送教日期": ("十月", "DATE_INVALID")},
    ),
    Sheet(
        "posts",
        "台账",
        row(
            "姓名|身份证号|性别|派出单位标识码|接收学校标识码|岗位类型|批次年度|起始时间|结束时间|现状态",
            f"姚玉兰|{ADULT}|男|3414900100|2114900103|特岗教师|2018|2018-09-01|2021-08-31|在岗",
        ),
        MONEY
        | {
            "接收学校标识码": ("2114999999", "SCHOOL_UNKNOWN"),
            "岗位类型": ("闲逛", "TYPE_UNKNOWN"),
            "起始时间": ("", "DATE_INVALID"),
            "结束时间": ("2017-01-01", "DATE_ORDER"),
        },
    ),
    Sheet(
        "posts",
        "支教",
        row(
            "姓名|身份证号|性别|学科|派出单位|接收学校|岗位类型|批次年度|起始时间|结束时间|考核结果|现状态",
            f"姚玉兰|{ADULT}|男|语文|{SENIOR}|{RURAL}|支教|2020|2020-09-01||合格|在岗",
        ),
    ),
    Sheet(
        "tg_subsidy",
        "特岗工资补助",
        row("姓名|身份证号|年度|发放起月|发放止月|月数", f"姚玉兰|{ADULT}|2020|2020-01|2020-12|12"),
        MONEY | {"月数": ("", "NUMBER_MISSING"), "发放止月": ("2019-12", "DATE_ORDER")},
    ),
    Sheet(
        "teacher_aid",
        "励耕润雨",
        row("姓名|身份证号|项目|年度|金额", f"姚玉兰|{ADULT}|励耕计划|2020|10000"),
        MONEY | NO_SUM | {"项目": ("某计划", "TYPE_UNKNOWN"), "年度": ("", "DATE_INVALID")},
    ),
    Sheet(
        "school_calendar",
        "校历",
        row("年月|上课天数", "2020-10|17"),
        {"年月": ("十月", "DATE_INVALID"), "上课天数": ("32", "NUMBER_INVALID")},
    ),
    Sheet(
        "r9_meal_names",
        "实名名册",
        row(
            "序号|学校|姓名|身份证号|学籍号|年级|班级",
            f"1|{PRIMARY}|侯明远|{CHILD}|G{CHILD}|四年级|1班",
        ),
        EVIDENCE | NO_SCHOOL,
    ),
    Sheet(
        "mergers",
        "撤并",
        row(
            "撤并学校|标识码|撤并时间|批准文号|在校生|教职工|接收学校",
            f"{RURAL}||2020-08-31|浑教〔2020〕1号|35|6|{TOWN_PRIMARY}",
        ),
        {"撤并学校": ("某校", "SCHOOL_UNKNOWN"), "撤并时间": ("", "DATE_INVALID")},
    ),
    Sheet(
        "r17_placements",
        "分流",
        row(
            "姓名|身份证号|原校标识码|原校|原年级|分流学校|到校日期",
            f"侯明远|{CHILD}||{RURAL}|三年级|{TOWN_PRIMARY}|2020-09-01",
        ),
        EVIDENCE | {"原校": ("某校", "SCHOOL_UNKNOWN"), "分流学校": ("某校", "SCHOOL_UNKNOWN")},
    ),
    Sheet(
        "r17_assets",
        "资产",
        row(
            "资产名称|规格|数量|单价|原值|去向|处置方式|交接人",
            "课桌|双人|35|120|4200|西坊城镇中心小学|调拨|侯建国",
        ),
        {"资产名称": ("", "NAME_MISSING"), "数量": ("若干", "NUMBER_INVALID")},
    ),
    Sheet(
        "civil_list",
        "低保",
        row(
            "姓名|身份证号|类别|起始日期|终止日期|乡镇|村|证号",
            f"侯明远|{CHILD}|农村低保|2019-01-01||西坊城镇|示例村|D1402250001",
        ),
        EVIDENCE | {"类别": ("", "CATEGORY_UNKNOWN"), "终止日期": ("2018-01-01", "DATE_ORDER")},
    ),
    Sheet(
        "death_move",
        "户口迁出",
        row("姓名|身份证号|迁出日期|县区|说明", f"侯明远|{CHILD}|2020-05-01|浑源县|迁往太原市"),
        EVIDENCE | {"迁出日期": ("", "DATE_INVALID")},
    ),
)

"""Good rosters row by row: what a county office would write, for tests that change one thing in them.

A row is a mapping from heading to cell; `save` writes the headings of all rows, in the order they are met.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from tests.factories import id_number
from tests.workbooks import builders

Cells = Mapping[str, object]

PRIMARY = "浑源县第一小学校"
TOWN_PRIMARY = "浑源县西坊城镇中心小学校"
RURAL = "浑源县沙圪坨镇九年一贯制学校"
YANGGAO_PRIMARY = "阳高县第一小学校"


def save(folder: Path, rows: Iterable[Cells], name: str = "名册.xlsx", *, title: str = "名单") -> Path:
    """A workbook of one sheet with these rows."""
    lines = list(rows)
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    table = [headings, *([line.get(heading, "") for heading in headings] for line in lines)]
    path = folder / name
    path.write_bytes(builders.saved(builders.workbook(table, title=title)))
    return path


def pupil(number: str | None = None, **given: object) -> dict[str, object]:
    """A line of the student registry: a boarder of grade 4 of 浑源县 by default."""
    number = id_number(date(2011, 3, 8)) if number is None else number
    line: dict[str, object] = {
        "学籍号": f"G{number}",
        "姓名": "侯明远",
        "性别": "男",
        "出生日期": "2011-03-08",
        "身份证件类型": "居民身份证",
        "身份证件号": number,
        "学校名称": TOWN_PRIMARY,
        "年级": "四年级",
        "班级": "1班",
        "就读方式": "住校",
        "学生状态": "在读",
        "监护人姓名": "侯建国",
        "联系电话": "13800001234",
    }
    return line | given


def member(household: str, order: int, number: str | None = None, **given: object) -> dict[str, object]:
    """A member of a household of the poverty register, a son at primary school by default."""
    number = id_number(date(2011, 3, 8)) if number is None else number
    line: dict[str, object] = {
        "县(市、区、旗)": "浑源县",
        "乡(镇)": "西坊城镇",
        "行政村": "示例村",
        "户编号": household,
        "户主姓名": "侯建国",
        "人编号": f"{household}{order:02}",
        "姓名": "侯明远",
        "性别": "男",
        "证件号码": number,
        "与户主关系": "之子",
        "在校生状况": "小学",
        "脱贫属性": "已脱贫（享受政策）",
        "脱贫年度": "2019",
    }
    return line | given


def listed(number: str, categories: str, **given: object) -> dict[str, object]:
    """A line of a civil list."""
    line: dict[str, object] = {
        "姓名": "侯明远",
        "身份证号": number,
        "类别": categories,
        "起始日期": "2019-01-01",
        "终止日期": "",
    }
    return line | given


def aid(line_no: str, number: str, amount: str, **given: object) -> dict[str, object]:
    """A line of the aid system's roll: a boarder's living allowance, paid."""
    line: dict[str, object] = {
        "行号": line_no,
        "批次号": "B2020",
        "学年学期": "2020-2021-1",
        "资助项目": "义务教育寄宿生生活补助",
        "县区": "浑源县",
        "学校/幼儿园名称": TOWN_PRIMARY,
        "姓名": "侯明远",
        "性别": "男",
        "身份证号": number,
        "学段": "小学",
        "年级": "四年级",
        "金额": amount,
        "银行账号": "6217000011112222333",
        "户名": "侯明远",
        "发放状态": "已发放",
        "发放日期": "2020-11-20",
        "发放类型": "正常",
    }
    return line | given


def allowance(number: str, **given: object) -> dict[str, object]:
    """A line of the rural teachers' allowance."""
    line: dict[str, object] = {
        "县区": "浑源县",
        "学校": RURAL,
        "学校驻地类别": "乡村",
        "姓名": "姚玉兰",
        "身份证号": number,
        "年度": "2020",
        "月标准": "300",
        "月数": "4",
        "金额": "1200",
        "银行账号": "6217000011112222444",
    }
    return line | given

"""Column headings: one spelling, the aliases county offices use, and which heading is which field.

A roster declares the fields it has; only those are looked for.  Field names are those of the portal's import
format.  A heading is compared after `normalise_heading`; a two-row heading arrives as `upper/lower`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_MARKS = re.compile(r"[*★☆※:;。、，\"'“”‘’?_]|必填|选填")


@lru_cache(maxsize=4096)
def normalise_heading(text: str) -> str:
    """Half-width, without spaces, line breaks, `*★:`, 必填 and bracket notes: `金额 (元)*` -> `金额`."""
    text = "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())
    bare = _BRACKETS.sub("", text)
    return _MARKS.sub("", bare or text).strip("./-").upper()


# field -> headings; the first is the one the portal's own templates use.
ALIASES: dict[str, tuple[str, ...]] = {
    # Row and place
    "seq": ("序号", "编号", "No.", "NO", "项次"),
    "line_no": ("行号", "记录号"),
    "city": ("市", "地市", "所属市"),
    "county": ("县区", "县(市、区、旗)", "区县", "所属县区", "县市区", "县", "区", "所在县区", "县(区)"),
    "county_code": ("县区代码", "行政区划代码"),
    "town": ("乡镇", "乡(镇)", "镇街", "乡镇街道", "所属乡镇"),
    "village": ("行政村", "村", "村(社区)", "村组（社区）", "村居", "所在村"),
    "hamlet": ("自然村", "村民小组"),
    # School
    "school": (
        "学校名称",
        "学校",
        "学校全称",
        "就读学校",
        "所在学校",
        "学校/幼儿园名称",
        "幼儿园名称",
        "幼儿园",
        "园所",
        "园所名称",
        "单位",
        "单位名称",
        "原就读学校",
        "所属学校",
        "校名",
    ),
    "school_code": ("学校标识码", "标识码", "学校代码", "机构代码", "学校(机构)标识码", "学校机构代码"),
    "school_kind": ("办学类型", "办学类型(码)", "办学类型码", "学校类别", "学校办学类型"),
    "seat": ("驻地类别", "学校驻地类别", "驻地", "城乡类型", "城乡分类", "学校驻地城乡类型"),
    "ownership": ("公办民办", "举办者", "办学性质", "举办者类型", "公办/民办", "学校性质"),
    "dormitory": ("有无宿舍", "是否有宿舍", "宿舍", "是否寄宿制"),
    "years": ("学制",),
    "fee_standard": ("学费标准(元/年)", "学费标准", "收费标准", "学杂费标准"),
    "enrolled": ("在校生数", "在校生", "在校学生数", "学生数", "在校人数"),
    "staff": ("教职工数", "教职工", "教职工人数", "教师数"),
    "closed_date": ("撤并时间", "销号时间", "撤并日期", "撤销时间", "销号日期", "结案时间"),
    "receiving_code": ("接收学校标识码",),
    "receiving_school": ("接收学校", "接收学校名称", "并入学校"),
    "alias": ("别名", "简称", "学校别名"),
    "former_name": ("曾用名", "原校名", "原名称"),
    # Person
    "name": (
        "姓名",
        "学生姓名",
        "幼儿姓名",
        "受助学生姓名",
        "教师姓名",
        "儿童姓名",
        "受助人姓名",
        "人员姓名",
        "学生信息/姓名",
    ),
    "sex": ("性别",),
    "birth": ("出生日期", "出生年月", "出生年月日", "出生时间"),
    "nation": ("民族",),
    "id_type": ("身份证件类型", "证件类型"),
    "id_no": (
        "身份证号",
        "身份证件号",
        "身份证号码",
        "证件号码",
        "公民身份号码",
        "学生身份证号",
        "身份证",
        "证件号",
        "幼儿身份证号",
        "学生身份证号码",
        "学生身份证件号",
        "儿童身份证号",
        "教师身份证号",
        "受助学生身份证号",
        "居民身份证号",
        "公民身份证号",
        "身份证件号码",
    ),
    "old_id_no": ("旧身份证号", "原身份证号"),
    "student_no": ("学籍号", "全国学籍号", "学籍号码", "学生学籍号"),
    "disability_no": ("残疾证号", "残疾人证号", "残疾生证号", "残疾证号码", "残疾证"),
    "address": ("现住址", "家庭住址", "家庭地址", "住址", "通信地址", "居住地址"),
    "phone": (
        "联系电话",
        "电话",
        "手机号",
        "家长电话",
        "手机号码",
        "联系方式",
        "监护人电话",
        "监护人联系电话",
        "家长联系电话",
        "户联系电话",
        "联系人电话",
    ),
    "health": ("健康状况",),
    # Schooling
    "stage": ("学段", "教育阶段", "任教学段", "所在学段"),
    "grade": ("年级", "所在年级", "就读年级", "年级/班级", "年级班级"),
    "class": ("班级", "班别", "所在班级", "班级名称"),
    "enrol_month": ("入学年月", "入学时间", "入学日期"),
    "boarding": (
        "就读方式",
        "是否寄宿",
        "是否住宿生",
        "是否住校",
        "寄宿/走读",
        "住宿情况",
        "是否寄宿生",
        "是否住宿",
        "寄宿走读",
    ),
    "hukou": ("户口性质", "户籍类型", "户籍性质", "户口类型"),
    "status": ("学生状态", "学生当前状态", "学籍状态"),
    "movement": ("异动类别", "学籍异动类别"),
    "movement_date": ("异动日期", "异动时间"),
    "attended_days": ("出勤天数", "实际出勤天数"),
    "left_behind": ("是否留守儿童", "留守儿童"),
    "left_school": ("毕业学校",),
    "left_month": ("毕业年月", "毕业时间"),
    # Family
    "guardian": (
        "监护人姓名",
        "家长姓名",
        "监护人",
        "家长",
        "户主姓名",
        "成员1/姓名",
        "家庭成员1/姓名",
        "父母姓名",
        "监护人信息/姓名",
    ),
    "guardian_id": (
        "监护人身份证号",
        "家长身份证号",
        "监护人身份证件号",
        "成员1/身份证件号",
        "监护人身份证号码",
        "家长身份证号码",
        "监护人证件号码",
        "家长身份证",
        "监护人身份证",
        "家庭成员1/身份证件号",
        "成员1/身份证号",
        "监护人信息/身份证号",
    ),
    "relation": (
        "与户主关系",
        "与学生关系",
        "关系",
        "成员1/关系",
        "家庭成员1/关系",
        "与监护人关系",
        "与本人关系",
    ),
    "household_no": ("户编号", "家庭编号", "户号"),
    "member_no": ("人编号", "人口编号", "人员编号"),
    "head_name": ("户主姓名", "户主"),
    "head_id": ("户主证件号码", "户主身份证号", "户主身份证号码"),
    "household_size": ("人数", "家庭人口数", "家庭人口"),
    "education": ("文化程度",),
    "student_status": ("在校生状况", "在校生情况"),
    "has_dibao": ("是否享受低保", "是否低保", "是否低保户"),
    "has_tekun": ("是否特困供养人员", "是否特困供养"),
    "poverty_attr": ("脱贫属性",),
    "exit_year": ("脱贫年度", "脱贫年份", "脱贫时间"),
    "household_kind": ("贫困户属性", "户类型"),
    "monitored_kind": ("监测对象类别", "易返贫致贫户(监测对象)类型", "监测对象类型"),
    "first_found": ("首次识别时间",),
    "member_found": ("人员识别时间",),
    "risk_found": ("风险识别时间",),
    "risk_over": ("风险是否消除", "风险是否已消除"),
    "risk_over_date": ("风险消除时间",),
    "cause": ("主要致贫原因", "致贫原因", "致贫原因1", "辍学原因", "失学或辍学原因"),
    "other_causes": ("其他致贫原因", "致贫原因2"),
    "not_in_school": ("义务教育阶段未上学原因", "不在校原因"),
    "labour": ("劳动技能", "劳动能力"),
    "work": ("务工状况",),
    "work_months": ("务工时间(月)", "务工时间"),
    "income": ("人均纯收入", "家庭人均纯收入"),
    # Hardship
    "category": (
        "困难类型",
        "资助类别",
        "类别",
        "资助对象类型",
        "困难原因",
        "贫困类型",
        "困难类型(脱贫年度)",
        "家庭类型",
        "认定类别",
        "免费类别",
        "免学费类别",
        "资助原因",
        "是否建档立卡",
        "是否脱贫户",
        "是否低保",
        "是否残疾",
        "人员类别",
    ),
    "level": ("困难等级", "认定等级", "困难程度", "档次", "资助档次"),
    "recognised_date": ("认定时间", "认定日期"),
    "recognised_cause": ("认定原因",),
    "from_date": ("起始日期", "起始时间", "开始日期", "享受起始日期", "纳入时间", "起始年月"),
    "to_date": ("终止日期", "结束时间", "截止日期", "终止时间", "结束日期", "退出时间"),
    "certificate_no": ("证号",),
    "death_date": ("死亡日期", "死亡时间"),
    "move_date": ("迁出日期", "迁出时间"),
    # Money
    "term": ("学年学期", "学期", "资助学期", "发放批次"),
    "own_term": ("所属学期",),
    "scheme": ("资助项目", "项目名称", "补助项目", "项目"),
    "amount": (
        "金额",
        "资助金额",
        "补助金额",
        "发放金额",
        "实发金额",
        "应发金额",
        "应发",
        "实发",
        "免除金额",
        "补贴金额",
        "发放金额(元)",
        "资助金额(元)",
        "补助资金",
    ),
    "bank": ("开户行", "开户银行", "银行名称", "开户行名称"),
    "account": (
        "银行账号",
        "银行卡号",
        "账号",
        "卡号",
        "社保卡号",
        "一卡通账号",
        "社保卡(银行卡)号",
        "惠民卡号",
        "资助卡号",
        "银行帐号",
        "帐号",
        "银行卡账号",
        "收款账号",
    ),
    "holder": ("户名", "开户人", "持卡人姓名", "开户人姓名", "持卡人", "账户名", "收款人", "收款户名"),
    "award_status": ("发放状态",),
    "award_kind": ("发放类型",),
    "pay_date": ("交易日期", "发放日期", "发放时间", "入账日期"),
    "result": ("交易结果", "处理结果", "发放结果", "回盘信息", "发放状态"),
    "fail_reason": ("失败原因", "失败说明"),
    "flow_no": ("流水号", "交易流水号", "银行流水号"),
    "memo": ("摘要", "用途"),
    "batch_no": ("批次号", "批次"),
    "file_no": ("文件号",),
    "roster_count": ("名册笔数",),
    "roster_amount": ("名册金额",),
    "approved_count": ("审批笔数",),
    "approved_amount": ("审批金额",),
    "approved_date": ("审批日期",),
    "notice_from": ("公示起", "公示开始日期"),
    "notice_to": ("公示止", "公示结束日期"),
    "notice_mode": ("公示方式",),
    "file_count": ("笔数",),
    "sent_date": ("报送日期",),
    # Student loans and 雨露
    "college": ("院校名称", "就读院校", "高校名称"),
    "college_kind": ("学校类型",),
    "level_of_study": ("学历层次",),
    "major": ("专业", "专业名称"),
    "major_code": ("专业代码",),
    "farm_major": ("是否涉农专业",),
    "contract_no": ("合同编号", "贷款合同编号"),
    "loan_round": ("首贷/续贷", "首贷续贷"),
    "loan_year": ("贷款年度",),
    "enrol_year": ("入学年份",),
    "applied_amount": ("申请金额",),
    "contract_amount": ("合同金额",),
    "paid_amount": ("发放金额",),
    "co_borrower": ("共同借款人", "共同借款人姓名"),
    "co_borrower_id": ("共同借款人身份证", "共同借款人身份证号"),
    "receipt_status": ("回执状态",),
    # Meals
    "month": ("年月", "月份", "所属月份"),
    "beneficiaries": ("享受人数", "供餐人数", "就餐人数", "受益人数"),
    "days": ("供餐天数", "用餐天数"),
    "person_days": ("人次", "供餐人次", "就餐人次"),
    "standard": ("标准", "补助标准"),
    "due": ("应拨", "应拨金额", "应拨资金"),
    "received": ("实拨", "实拨金额", "到账金额"),
    "spent": ("实支", "实支金额", "支出金额"),
    "balance": ("结余", "结余金额"),
    "mode": ("供餐模式", "供餐方式"),
    "funding": ("资金来源",),
    "school_days": ("上课天数", "校历天数"),
    # Teachers
    "degree": ("学历", "最高学历"),
    "rank": ("职称", "专业技术职务"),
    "licence_no": ("教师资格证号码", "教师资格证号"),
    "subject": ("任教学科", "学科"),
    "establishment": ("编制类型", "编制性质"),
    "on_establishment": ("是否在编", "在编"),
    "special_post": ("是否特岗教师", "是否特岗", "特岗教师"),
    "head_teacher": ("是否班主任", "班主任"),
    "work_from": ("参加工作时间", "参加工作年月", "工作时间"),
    "school_from": ("到校时间", "到岗时间", "到校日期", "到岗日期"),
    "school_to": ("离岗时间", "离岗日期", "离校时间"),
    "post_status": ("在岗状态", "岗位状态"),
    "exempt_reason": ("免交流原因",),
    "as_of": ("统计日期", "截至日期", "填表日期"),
    "sending_code": ("派出单位标识码",),
    "sending_school": ("派出单位", "派出学校"),
    "post_kind": ("岗位类型",),
    "cohort": ("批次年度",),
    "assessment": ("考核结果",),
    "current_status": ("现状态", "现状去向"),
    "year": ("年度", "补助年度", "年份"),
    "from_month": ("发放起月", "起始月份"),
    "to_month": ("发放止月", "截止月份"),
    "months": ("月数", "补助月数", "发放月数"),
    "monthly": ("月标准", "月补助标准", "每月标准"),
    # Mergers and assets
    "closing_school": ("撤并学校", "撤并学校名称"),
    "approval_no": ("批准文号",),
    "origin_code": ("原校标识码",),
    "origin_school": ("原校", "原学校"),
    "origin_grade": ("原年级",),
    "placed_school": ("分流学校", "安置学校"),
    "arrived_date": ("到校日期", "报到日期"),
    "asset": ("资产名称",),
    "model": ("规格", "规格型号"),
    "quantity": ("数量",),
    "unit_price": ("单价",),
    "original_value": ("原值",),
    "destination": ("去向",),
    "disposal": ("处置方式",),
    "handed_by": ("交接人",),
    # Dropout and home teaching
    "dropout_date": ("辍学时间", "辍学日期", "失学辍学时间"),
    "dropout_type": ("辍学类型", "失学辍学类型"),
    "is_poor": ("是否脱贫户", "是否建档立卡", "是否贫困户", "是否建档立卡贫困户"),
    "is_disabled": ("是否残疾", "是否残疾生", "是否残疾儿童"),
    "owner": ("劝返责任人", "责任人"),
    "visits": ("劝返次数",),
    "visit_notes": ("劝返记录",),
    "return_date": ("复学时间", "复学日期", "返校时间"),
    "return_school": ("复学学校",),
    "placement": ("安置方式",),
    "home_teacher": ("送教教师",),
    "monthly_visits": ("每月次数",),
    "hours": ("课时",),
    "visit_date": ("送教日期",),
    "content": ("内容", "送教内容"),
    "disability_kind": ("残疾类别", "残疾类型"),
    "disability_grade": ("等级", "残疾等级"),
    "note": ("备注", "说明", "其他说明"),
}

# Headings that look like an identity or an amount and are another thing: whatever a column holds, these
# fields are never put under such a heading, neither by alias nor by content nor by a remembered mapping.
LOOKALIKES: dict[str, tuple[str, ...]] = {
    "id_no": (
        "家长身份证号",
        "监护人身份证号",
        "监护人身份证件号",
        "户主证件号码",
        "户主身份证号",
        "成员1/身份证件号",
        "成员2/身份证件号",
        "共同借款人身份证",
        "旧身份证号",
        "残疾证号",
        "残疾人证号",
        "教师资格证号码",
        "持卡人身份证号",
        "身份证件有效期",
        "学籍号",
        "学号",
    ),
    "student_no": ("学号", "班内学号", "学籍辅号", "学生编号", "考号", "学籍辅助号"),
    "name": (
        "户主姓名",
        "监护人姓名",
        "家长姓名",
        "成员1/姓名",
        "成员2/姓名",
        "姓名拼音",
        "曾用名",
        "开户人姓名",
        "持卡人姓名",
    ),
    "amount": (
        "补助标准",
        "资助标准",
        "标准",
        "月标准",
        "学费标准",
        "收费标准",
        "合同金额",
        "申请金额",
        "营养餐金额",
    ),
    "account": ("户名", "开户行", "联行号", "户编号", "流水号"),
    "phone": ("邮政编码",),
    "result": ("失败原因",),
    "guardian_id": ("身份证号", "身份证件号", "成员2/身份证件号"),
}

# Yes/no columns that each stand for one hardship category when a roster has no column for all of them.
CATEGORY_FLAGS: dict[str, str] = {
    "是否建档立卡": "jdlk",
    "是否建档立卡贫困户": "jdlk",
    "是否脱贫户": "jdlk",
    "是否低保": "dibao",
    "是否低保户": "dibao",
    "是否享受低保": "dibao",
    "是否残疾": "disabled",
    "是否残疾生": "disabled",
    "是否孤儿": "orphan",
    "是否烈士或优抚子女": "martyr",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A column recognised: the field it holds and how that is known."""

    field: str
    confidence: str = "alias"


_LOOKALIKES = {field: frozenset(map(normalise_heading, texts)) for field, texts in LOOKALIKES.items()}
_RANKS = {field: {normalise_heading(text): min(i, 1) + 1 for i, text in reversed(list(enumerate(texts)))}
          for field, texts in ALIASES.items()}  # fmt: skip


def is_lookalike(heading: str, field: str) -> bool:
    """Whether a heading must never hold a field, although it looks as if it did."""
    return normalise_heading(heading) in _LOOKALIKES.get(field, frozenset())


def _rank(heading: str, field: str, extra: Sequence[str]) -> int | None:
    """0 the roster's own alias, 1 the field's first heading, 2 another alias; None when it does not fit."""
    if heading in {normalise_heading(text) for text in extra}:
        return 0
    if heading in _LOOKALIKES.get(field, frozenset()):
        return None
    return _RANKS.get(field, {}).get(heading)


def match_columns(headings: Sequence[str], fields: Mapping[str, Sequence[str]]) -> list[Match | None]:
    """Which of a roster's fields each heading is; `fields` maps each field to the roster's own extra aliases.

    A heading goes to the field it fits best and a field to the heading that fits it best; a tie on either
    side leaves the column open, for the clerk to decide.  No field is given twice.
    """
    wanted: list[tuple[str, int] | None] = []
    for text in headings:
        heading = normalise_heading(text)
        ranked = [(rank, field) for field, extra in fields.items()
                  if (rank := _rank(heading, field, extra)) is not None]  # fmt: skip
        best = min((rank for rank, _ in ranked), default=None)
        chosen = [field for rank, field in ranked if rank == best]
        wanted.append((chosen[0], best) if best is not None and len(chosen) == 1 else None)
    claims: dict[str, list[int]] = {}
    for claim in wanted:
        if claim:
            claims.setdefault(claim[0], []).append(claim[1])
    return [
        Match(claim[0]) if claim and claim[1] == min(claims[claim[0]])
        and claims[claim[0]].count(claim[1]) == 1 else None
        for claim in wanted
    ]  # fmt: skip

"""Headings of each roster kind, in the order county offices use them."""


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


REGISTRY_HEADINGS = _columns(
    "学籍号 姓名 性别 出生日期 身份证件类型 身份证件号 学校标识码 学校名称 学段 年级 班级 "
    "入学年月 就读方式 户口性质 学生状态 异动类别 异动日期 监护人姓名 监护人身份证号 联系电话"
)
SCHOOL_HEADINGS = _columns(
    "序号 县区 乡镇 学校标识码 学校名称 办学类型(码) 县区代码 驻地类别 公办民办 有无宿舍 学制 "
    "学费标准(元/年) 撤并时间 接收学校标识码 别名"
)
POVERTY_HEADINGS = _columns(
    "市 县(市、区、旗) 乡(镇) 行政村 户编号 户主姓名 人编号 姓名 性别 证件号码 出生日期 "
    "与户主关系 民族 文化程度 在校生状况 脱贫属性 脱贫年度 致贫原因 首次识别时间"
)
CIVIL_HEADINGS = _columns("姓名 身份证号 类别 起始日期 终止日期 乡镇 残疾证号")
AID_HEADINGS = _columns(
    "行号 批次号 学年学期 所属学期 资助项目 县区 学校标识码 学校/幼儿园名称 姓名 性别 身份证号 "
    "学籍号 学段 年级 困难类型 监护人姓名 监护人身份证号 金额 开户行 银行账号 户名 发放状态 "
    "发放日期 失败原因 发放类型"
)
PRINTED_HEADINGS = _columns(
    "序号 学年学期 学校 学生姓名 性别 民族 年级 困难类型 身份证号 学籍号 就读方式 银行卡号 "
    "开户行 补助金额 联系电话 家长签字"
)
TEACHER_HEADINGS = _columns(
    "序号 学校标识码 学校 姓名 性别 身份证号 编制类型 是否特岗教师 参加工作时间 到校时间 "
    "离岗时间 在岗状态 免交流原因"
)
ALLOWANCE_HEADINGS = _columns(
    "序号 县区 学校标识码 学校 学校驻地类别 姓名 身份证号 到岗时间 年度 月标准 月数 金额 银行账号"
)
MEAL_HEADINGS = _columns(
    "学校标识码 学校 年月 在校生数 享受人数 供餐天数 人次 标准 应拨 实拨 实支 结余 供餐模式 资金来源"
)
DROPOUT_HEADINGS = _columns(
    "序号 县区 乡镇 村 姓名 性别 身份证号 监护人 电话 原就读学校 年级 辍学时间 辍学类型 辍学原因 "
    "是否脱贫户 是否残疾 劝返责任人 劝返次数 复学时间 安置方式 销号时间 备注"
)

"""What is wrong with a row, a column or a file, in the words a clerk reads, and what to do about it.

`REASONS[key]` is (title, remedy).  Keys are stable: they stand in reports, in the error column of a returned
workbook and in the API.  A key says nothing about severity: a roster of evidence warns where one of money
refuses.
"""

from typing import NamedTuple


class Reason(NamedTuple):
    """One fault: a short title and the remedy, both Chinese."""

    title: str
    remedy: str


REASONS: dict[str, Reason] = {
    # Identity
    "ID_PRECISION_LOST": Reason(
        "身份证号精度丢失",
        "该号码曾按数字保存，后几位已无法还原。请把该列设为文本格式，按证件重新填写。",
    ),
    "ID_MISSING": Reason("缺少身份证号", "请按身份证或户口簿补填身份证号。"),
    "ID_LENGTH": Reason("身份证号位数不对", "身份证号应为18位，请对照证件核对是否多写或漏写。"),
    "ID_CHECKSUM": Reason("身份证号校验码不符", "号码中至少有一位写错，请对照证件逐位核对。"),
    "ID_BIRTHDATE": Reason("身份证号中的出生日期不存在", "第7至14位不是有效日期，请对照证件核对。"),
    "ID_15_DIGIT": Reason("15位旧身份证号", "已按规则换算为18位，请核对新证件号码。"),
    "ID_IS_DISABILITY_NO": Reason(
        "填写的是残疾人证号", "已取前18位作为身份证号；残疾人证号请填在“残疾证号”列。"
    ),
    "ID_G_PREFIX": Reason("身份证号前带有字母", "已去掉字母；学籍号请填在“学籍号”列。"),
    "ID_MASKED": Reason("身份证号已脱敏", "号码中有星号，无法核对身份，请填写完整号码。"),
    "PERSON_FILE_UNKNOWN": Reason(
        "没有这个档案号",
        "档案号只认本平台导出、您所管单位人员的；请重新导出名单再改，或清空档案号并填写完整身份证号。",
    ),
    "PERSON_FILE_DIFFERS": Reason(
        "档案号与号码不是同一个人",
        "请核对是否错行；确认号码无误时请清空档案号，更正号码请走佐证登记。",
    ),
    "STUDENT_NO_INVALID": Reason(
        "学籍号不合规则",
        "全国学籍号是G、J或L加18位，请从学籍系统重新导出；学籍辅号、班内学号不能代替。",
    ),
    "GUARDIAN_ID_MISSING": Reason("缺少监护人身份证号", "学生没有身份证号时，请补填监护人身份证号。"),
    "SEX_MISMATCH": Reason("性别与身份证号不一致", "请核对性别和身份证号，两者必有一错。"),
    # Names
    "NAME_MISSING": Reason("缺少姓名", "请补填姓名；空行请整行删除。"),
    "NAME_BROKEN": Reason("姓名中有异常字符", "姓名里有控制符、网页代码或公式，请清除后重新填写。"),
    "NAME_NOTE": Reason("姓名后带有备注", "已去掉括号内的备注；备注请填在“备注”列。"),
    "NAME_DOUBTFUL": Reason(
        "姓名可能写错", "姓名里有问号、方框、造字、数字或顿号等，请按户口簿改为一个人的正确姓名。"
    ),
    "HOLDER_MISMATCH": Reason("户名不是学生或监护人", "请核对开户人；代领的请补充监护关系。"),
    # Schools and places
    "SCHOOL_UNKNOWN": Reason("学校不在学校名单中", "请核对学校名称或填写学校标识码；新校名请先登记别名。"),
    "SCHOOL_AMBIGUOUS": Reason("学校名称对应多所学校", "请填写学校全称或学校标识码。"),
    "COUNTY_UNKNOWN": Reason("县区不能识别", "请填写大同市现行县区名称或6位代码。"),
    "COUNTY_OUT_OF_SCOPE": Reason("不是本县区的数据", "您只能导入本县区的数据，请交给该县区导入。"),
    "KIND_UNKNOWN": Reason("办学类型不能识别", "请填写“小学”“初级中学”等办学类型名称或3位代码。"),
    "CODE_MISSING": Reason("缺少学校标识码", "请按教育事业统计的学校（机构）代码补填10位标识码。"),
    "CODE_FORMAT": Reason(
        "学校标识码格式可疑",
        "标识码一般为10位：2位类型、14（山西）、6位顺序号，请核对。",
    ),
    "SEAT_UNKNOWN": Reason("驻地类别不能识别", "请填写县城、镇区或乡村。"),
    "NO_LEDGER_YET": Reason("这类工作表的台账尚未启用", "这一行只做检查，暂不写入；台账启用后请重新上传。"),
    "TAKEN_FROM_SHEET_NAME": Reason("取自工作表名", "表中没有这一列，已按工作表名填写，请核对。"),
    # School life
    "TERM_UNKNOWN": Reason("没有写明学期", "请在表中填写学年学期，或在上传时选择学期。"),
    "BOARDING_UNKNOWN": Reason("没有写明寄宿或走读", "寄宿生与非寄宿生补助标准不同，请填写就读方式。"),
    "GRADE_UNKNOWN": Reason("年级不能识别", "请写成“三年级”“初二”“2019级”等；只写入学年份的请同时填学段。"),
    "EDU_AND_STATUS": Reason("文化程度与在校生状况同时填写", "在校的只填在校生状况，不在校的只填文化程度。"),
    "RELATION_UNKNOWN": Reason("关系不能识别", "请填写户主、配偶、之子、之女等规范关系。"),
    # Code tables
    "CATEGORY_UNKNOWN": Reason(
        "困难类型不能识别", "请写明低保、特困、孤儿、残疾等类型，多个类型用顿号隔开。"
    ),
    "CATEGORY_MISSING": Reason("缺少困难类型", "请补填困难类型；系统将按已有名单核对。"),
    "TYPE_UNKNOWN": Reason("类型不能识别", "请从该列允许的类型中选择填写。"),
    "FLAG_UNKNOWN": Reason("内容不能识别，已按空白处理", "请填写是或否，或该列规定的选项。"),
    "RESULT_UNKNOWN": Reason("交易结果不能识别", "请等银行处理完毕后重新导出，结果应为成功或失败。"),
    # Days, amounts, numbers
    "DATE_INVALID": Reason("日期无效", "请写成2020-09-01的样式；月份写成2020-09。"),
    "DATE_ORDER": Reason("日期先后颠倒", "结束的日期早于开始的日期，请核对两列日期。"),
    "AMOUNT_MISSING": Reason("缺少金额", "请补填金额；没有发放的请删除该行。"),
    "AMOUNT_INVALID": Reason("金额无效", "请只填数字，单位元，最多两位小数，不得为负数。"),
    "AMOUNT_MISMATCH": Reason("金额与标准乘月数不符", "请核对月标准、月数和金额。"),
    "NUMBER_MISSING": Reason("缺少数字", "请补填该列数字；没有的请填0。"),
    "NUMBER_INVALID": Reason("数字无效", "请只填合理范围内的整数。"),
    "ACCOUNT_PRECISION_LOST": Reason(
        "银行账号精度丢失",
        "该账号曾按数字保存，后几位已无法还原。请把该列设为文本格式，按存折或卡重新填写。",
    ),
    "PHONE_INVALID": Reason("联系电话无效", "请填写11位手机号或带区号的座机号；电话列请设为文本格式。"),
    "FLOW_NO_MISSING": Reason("缺少流水号", "请从银行系统重新导出完整的回盘文件。"),
    # Cells and rows
    "CELL_ERROR": Reason("单元格是错误值", "请修正公式或直接填写数值。"),
    "FORMULA_NO_VALUE": Reason("公式没有计算结果", "请用Excel或WPS打开文件，重新计算并保存后再上传。"),
    "TEXT_TOO_LONG": Reason("内容过长", "请缩短内容；长篇说明请另附材料。"),
    "BAD_BYTES": Reason("文字已损坏", "有的字无法辨认，请用Excel或WPS另存为xlsx后再上传。"),
    "DUPLICATE_ROW": Reason("重复行", "与前面某一行完全相同，只保留第一行，请删除本行。"),
    "DUPLICATE_CONFLICT": Reason("同一对象有多行且内容不同", "请核对后只保留正确的一行。"),
    "LEFT_OUT": Reason("已决定不导入", "这一行按您的决定不导入；要导入时请撤回该决定。"),
    "READ_AS_BLANK": Reason(
        "已按空白处理", "该内容不能识别，已按您的决定作空白处理；库中已有的内容保留不变。"
    ),
    "HIDDEN_ROW": Reason("隐藏行", "该行在表中被隐藏但仍会导入，请确认。"),
    "HIDDEN_SHEET": Reason("隐藏工作表", "该工作表被隐藏但仍会导入，请确认。"),
    # Files
    "EMPTY_FILE": Reason("空文件", "文件里没有内容，请重新导出。"),
    "NOT_A_WORKBOOK": Reason("不是Excel文件", "请用Excel或WPS打开后另存为xlsx再上传。"),
    "NOT_TEXT": Reason("不是文本文件", "文件编码无法识别，请另存为UTF-8或GB18030编码的csv，或xlsx。"),
    "DAMAGED": Reason("文件已损坏", "请用Excel或WPS打开并重新保存后再上传。"),
    "ENCRYPTED": Reason("文件有密码", "请取消打开密码后再上传。"),
    "MACRO_FILE": Reason("文件带有宏", "请另存为不带宏的xlsx后再上传。"),
    "UNSAFE_XML": Reason("文件含有不安全内容", "请把表格内容复制到新建的xlsx后再上传。"),
    "TOO_LARGE": Reason("文件过大", "请按学校或乡镇拆分后分批上传。"),
    "TOO_LARGE_UNPACKED": Reason("文件展开后过大", "请删除多余的空白行列和图片后再上传。"),
    "VIRUS_FOUND": Reason("文件带有病毒", "请先用杀毒软件清理电脑，再重新制作名单。"),
    "VIRUS_SCAN_FAILED": Reason("没有完成病毒检查", "请稍后再上传；一直如此请联系系统管理员。"),
    "NO_HEADER": Reason("找不到表头", "请保留模板中的表头行，不要改动列名。"),
    "TABLE_BELOW": Reason("同一工作表里有两张不同的表", "请把下面那张表剪切到单独的工作表里再上传。"),
    "NO_DATA": Reason("表中没有数据", "表头下面没有数据行，请核对后再上传。"),
}


def sentence(key: str) -> str:
    """Title and remedy as one text, for an error column or a tooltip."""
    reason = REASONS[key]
    return f"{reason.title}：{reason.remedy}"

"""Code tables in the words of county files, and the cleaners that read them.

Each table maps what files say to the value that is stored.  An unknown word is refused where the row makes no
sense without it and is otherwise a warning with the value blank.
"""

import re

from datong_edu.core import codes, divisions
from datong_edu.core.codes import Stage
from datong_edu.importing.cleaners.base import (
    NOTHING,
    Cell,
    Cleaner,
    Refuse,
    Warned,
    lookup,
    offering,
    raw_text,
    remembered,
    text,
    word,
)
from datong_edu.importing.cleaners.run_on import parted, without_numbering


def _table(words: dict[str, str]) -> dict[str, str]:
    """`{value: "word word"}` turned round; a value is also a word for itself."""
    return {name: value for value, names in words.items() for name in (value, *names.split())}


def _choices(choices: type, words: dict[str, str] | None = None) -> dict[str, str]:
    """Labels and values of a code table, with further words for some values."""
    table = {str(label): value for value, label in choices.choices}  # type: ignore[attr-defined]
    return table | {value: value for value in table.values()} | _table(words or {})


_SEXES = _table({"男": "男性 男生 1 M MALE 先生", "女": "女性 女生 2 F FEMALE 女士"})
sex = lookup(_SEXES | {"0": None, "9": None, "未知": None, "未说明": None}, "FLAG_UNKNOWN")

_YES = "是 √ ✓ ✔ 1 Y YES T TRUE 有 对 已 享受"
_NO = "否 × ✗ ✘ X 0 N NO F FALSE 无 非 没有 未 不是 不享受 错"
_FLAGS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)
flag = lookup(_FLAGS, "FLAG_UNKNOWN")
on_establishment = lookup(
    _FLAGS
    | dict.fromkeys(("在编", "事业编", "已入编"), True)
    | dict.fromkeys(("不在编", "编外", "非在编"), False),
    "FLAG_UNKNOWN",
)

boarding = lookup(
    _table(
        {
            "boarder": "住校 住 寄宿 寄宿生 住宿 住宿生 住校生 住读 内宿 是 √ 1 2 Y YES 有",
            "day": "走读 走 走读生 非寄宿 非寄宿生 非住校 不住校 不寄宿 通校 借宿 否 × 0 N NO 无",
        }
    )
    | {"1": "day", "2": "boarder", "送教上门": None},
    "FLAG_UNKNOWN",
)
boarding_flag = lookup(
    dict.fromkeys(_YES.split(), "boarder")
    | dict.fromkeys(_NO.split(), "day")
    | {"住校": "boarder", "走读": "day"},
    "FLAG_UNKNOWN",
)

stage = lookup(
    _choices(
        Stage,
        {
            "PRE": "学前 学前教育 幼儿园 幼儿 幼教",
            "PRI": "小学 小学阶段 小学教育",
            "JUN": "初中 初级中学 普通初中 初中阶段 中学",
            "HS": "普高 高中 普通高中 高级中学 高中阶段",
            "VOC": "中职 中等职业 职高 职业高中 中专 技校 技工 中等职业教育 职业教育",
            "COL": "高职 高专 大专 专科 高职高专",
            "UNI": "本科 大学",
            "PG": "研究生 硕士 博士",
            "SPE": "特教 特殊教育 特殊",
        },
    ),
    "FLAG_UNKNOWN",
)

_CATEGORY_WORDS = {
    "jdlk": "建档立卡 建档立卡户 建档立卡贫困户 建档立卡贫困家庭 建档立卡贫困学生 建档立卡学生 建档立卡家庭 "
    "脱贫家庭 脱贫户 脱贫人口 脱贫家庭(建档立卡) 脱贫户(建档立卡) 贫困户 已脱贫 "
    "原建档立卡 建档立卡家庭经济困难学生 脱贫家庭学生",
    "unstable": "脱贫不稳定 脱贫不稳定户 脱贫不稳定家庭 脱贫不稳定人口",
    "edge": "边缘易致贫 边缘易致贫户 边缘易致贫家庭 边缘户 边缘易致贫人口",
    "sudden": "突发严重困难 突发严重困难户 突发严重困难家庭 突发困难",
    "dibao": "低保 低保户 低保家庭 最低生活保障 最低生活保障家庭 低保学生",
    "dibao_rural": "农村低保 农村低保户 农村低保家庭 农村低保学生 农村最低生活保障",
    "dibao_urban": "城市低保 城镇低保 城市低保户 城镇低保户 城市低保家庭",
    "dibao_edge": "低保边缘 低保边缘户 低保边缘家庭",
    "tekun": "特困 特困户 特困供养 特困人员 特困救助供养 五保 五保户 特困学生",
    "tekun_rural": "农村特困 农村特困户 农村特困供养 农村特困救助供养 农村五保 农村特困学生 "
    "农村特困救助供养学生",
    "tekun_urban": "城市特困 城镇特困 城市特困供养 城市特困救助供养",
    "disabled": "残疾 残疾学生 残疾人 残疾儿童 残疾幼儿 家庭经济困难残疾学生 非建档立卡残疾学生 残",
    "disabled_parent": "残疾人子女 父母残疾 残疾人家庭子女",
    "orphan": "孤儿 孤儿学生 孤",
    "defacto_orphan": "事实无人抚养 事实无人抚养儿童 事实孤儿 事实无人抚养学生",
    "martyr": "烈士子女 烈士 烈士或优抚子女 烈属 优抚子女",
    "worker": "困难职工 困难职工子女 困难职工家庭",
    "low_income": "低收入 支出型困难 支出型困难家庭 低收入家庭 支出型困难/低收入 支出型困难或低收入",
    "other": "其他 其它 其他困难 其它困难 其他家庭经济困难",
}
_CATEGORIES = _table(_CATEGORY_WORDS)
_NO_CATEGORY = NOTHING | {"否", "非贫困", "非贫困户", "一般农户", "一般户", "普通", "非困难", "正常"}
# 其他 may stand before any word, so that it makes no word of its own in a text without separators.
_RUN_ON = frozenset(_CATEGORIES) - {name for name, value in _CATEGORIES.items() if value == "other"}
_SPLIT = re.compile(r"[、,;/|+&\s\n]+|和|及|兼")
_BRACKETS = re.compile(r"\([^()]*\)")
_ENDED = re.compile("退出|取消|停[止发保]|注销|清退|^非|死亡|^否")


def _keys(part: str) -> list[str] | None:
    """Keys of one part; None when it is unknown or says that somebody is no longer what it names.

    A bracket may say the place, 低保(农村), or a category more, 建档立卡户(低保); others say nothing.
    """
    if key := _CATEGORIES.get(part):
        return [key]
    notes = [note.strip("()") for note in _BRACKETS.findall(part)]
    bare = _BRACKETS.sub("", part)
    if any(_ENDED.search(note) for note in notes):
        return None
    bare = next((note + bare for note in notes if note + bare in _CATEGORIES), bare)
    words = [bare] if bare in _CATEGORIES else parted(bare, _RUN_ON)
    return [_CATEGORIES[one] for one in (*words, *notes) if one in _CATEGORIES] if words else None


@remembered
def _categories(joined: str) -> tuple[str, ...] | None:
    """Keys in the order written; None when a part is unknown."""
    found: list[str] = []
    for part in filter(None, _SPLIT.split(joined)):
        if part in _NO_CATEGORY:
            continue
        keys = _keys(part)
        if keys is None:
            return None
        found += [key for key in dict.fromkeys(keys) if key not in found]
    return tuple(found)


def _several(cell: Cell) -> list[str]:
    """Hardship categories of one cell, several parted, numbered or run together; [] when blank."""
    whole = word(cell)
    if not whole or whole in _NO_CATEGORY:
        return []
    if keys := _keys(whole):
        return list(dict.fromkeys(keys))
    plain = without_numbering(raw_text(cell))
    found = _categories(re.sub(r"[，；／　。]", "、", plain).replace("（", "(").replace("）", ")"))
    if found is None:
        found = _categories(whole)
    if found is None:
        raise Refuse("CATEGORY_UNKNOWN")
    return list(found)


categories = offering(_several, [names.split()[0] for names in _CATEGORY_WORDS.values()])


def category_flag(category: str) -> Cleaner:
    """For a column such as 是否低保: [the category] for yes, [] for no; other text is read as categories."""

    def clean_category_flag(cell: Cell) -> list[str]:
        value = flag(cell)
        if value is None or value is False:
            return []
        return [str(category)] if value is True else categories(cell)

    return clean_category_flag


level = lookup(
    _choices(
        codes.HardshipLevel,
        {
            "severe": "特别困难 特困 一档 一等 1档",
            "hard": "困难 比较困难 较困难 二档 二等 2档",
            "mild": "一般困难 一般 三档 三等 3档",
            "none": "不困难 非困难",
        },
    ),
    "FLAG_UNKNOWN",
)


def county(within: str | None = None) -> Cleaner:
    """County code of today from a name or code, present or former.

    `within` is the county of the file: a name that was split over several districts goes there if it may, and
    is refused where nothing tells which district is meant.
    """

    @remembered
    def clean_county(cell: Cell) -> str | None:
        name = word(cell)
        if not name:
            return None
        codes = divisions.counties_called(name)
        if within in codes:
            return within
        if len(codes) != 1:
            raise Refuse("COUNTY_UNKNOWN")
        return codes[0]

    return clean_county


school_name = text(100)


@remembered
def school_code(cell: Cell) -> str | Warned | None:
    """A 学校标识码 without spaces; one of another shape is kept with a warning."""
    code = word(cell).upper()
    if not code:
        return None
    if len(code) > 32:
        raise Refuse("TEXT_TOO_LONG")
    return code if re.fullmatch(codes.SCHOOL_CODE_PATTERN, code) else Warned(code, ("CODE_FORMAT",))


school_kind = lookup(
    _choices(
        codes.SchoolKind,
        {
            "111": "幼儿园(所) 中心幼儿园 独立幼儿园",
            "119": "附设幼儿班 附属幼儿园 小学附设幼儿班",
            "211": "小学 完全小学 完小 中心小学 普通小学 小学校",
            "218": "教学点 小学教学点",
            "219": "附设小学班",
            "311": "初级中学 初中 普通初中 独立初中",
            "312": "九年一贯制学校 九年一贯制 九年制学校",
            "341": "完全中学 完中",
            "342": "高级中学 普通高中 高中",
            "345": "十二年一贯制学校 十二年一贯制",
            "361": "中等职业学校 中职 中职学校 职教中心 普通中专 调整后中等职业学校 职业技术教育中心",
            "365": "职业高中 职业高中学校 职高",
            "368": "技工学校 技校",
            "371": "工读学校 专门学校",
            "514": "特殊教育学校 特殊教育 特教学校 其他特教学校",
        },
    ),
    "KIND_UNKNOWN",
    refuse=True,
)
seat = lookup(
    _table(
        {
            "县城": "城区 县城区 主城区 城乡结合区 城乡接合区 111 112 城市",
            "镇区": "镇 镇乡结合区 镇中心区 121 122",
            "乡村": "村 村庄 乡中心区 农村 乡 210 220",
        }
    ),
    "SEAT_UNKNOWN",
)
ownership = lookup(
    _choices(
        codes.Ownership,
        {"public": "公办 公立 公 教育部门 政府办", "private": "民办 私立 民 社会力量办 民办普惠 普惠性民办"},
    ),
    "FLAG_UNKNOWN",
)

enrolment_status = lookup(
    codes.ENROLMENT_STATUS_CODES
    | _choices(
        codes.EnrolmentStatus,
        {
            "在读": "在校 正常 在籍在读 在籍 注册",
            "转出": "转学 转学转出 转出本校 已转出",
            "流失": "辍学",
            "死亡": "已死亡",
            "毕业": "已毕业",
            "休学": "休学中",
        },
    ),
    "FLAG_UNKNOWN",
)
id_type = lookup(
    _choices(
        codes.IdType,
        {
            "1": "居民身份证 身份证 第二代居民身份证 二代身份证 户口簿 居民户口簿",
            "6": "香港 香港特区护照",
            "7": "澳门 澳门特区护照",
            "8": "台湾 台湾通行证",
            "A": "护照 外国护照",
            "Z": "其他 其它 无",
        },
    ),
    "FLAG_UNKNOWN",
)
relation = lookup(
    codes.RELATION_CODES
    | _choices(
        codes.Relation,
        {
            "户主": "本人 本人或户主 户主本人",
            "配偶": "妻子 丈夫 妻 夫 之妻 之夫",
            "之子": "子 儿子 长子 次子 三子 独生子 养子 继子",
            "之女": "女 女儿 长女 次女 三女 独生女 养女 继女",
            "之儿媳": "儿媳",
            "之女婿": "女婿",
            "之孙子": "孙子 长孙 之孙",
            "之孙女": "孙女 长孙女",
            "之外孙子": "外孙子 外孙 之外孙",
            "之外孙女": "外孙女",
            "之父": "父 父亲",
            "之母": "母 母亲",
            "之岳父": "岳父",
            "之岳母": "岳母",
            "之公公": "公公",
            "之婆婆": "婆婆",
            "之祖父": "祖父 爷爷",
            "之祖母": "祖母 奶奶",
            "之外祖父": "外祖父 姥爷 外公",
            "之外祖母": "外祖母 姥姥 外婆",
            "之兄弟姐妹": "兄弟姐妹 之兄 之弟 之姐 之妹 兄 弟 姐 妹 兄弟 姐妹 之兄弟 之姐妹",
            "之侄儿": "侄子 侄儿 之侄子",
            "之侄女": "侄女",
            "其他": "其它 之其他",
        },
    ),
    "RELATION_UNKNOWN",
)
guardian_relation = lookup(
    _choices(
        codes.GuardianRelation,
        {
            "父亲": "父 爸爸 父子 父女 之父",
            "母亲": "母 妈妈 母子 母女 之母",
            "祖父": "爷爷 祖父母 之祖父",
            "祖母": "奶奶 之祖母",
            "外祖父": "姥爷 外公",
            "外祖母": "姥姥 外婆",
            "兄弟姐妹": "兄 弟 姐 妹 哥哥 姐姐",
            "其他": "其它 亲戚 其他亲属 监护人 其他监护人",
        },
    ),
    "RELATION_UNKNOWN",
)
student_status = lookup(
    codes.STUDENT_STATUS_CODES
    | {name: name for name in codes.STUDENT_STATUSES}
    | {
        "非在校": "非在校生",
        "学前": "学前教育",
        "高一": "高中一年级",
        "高二": "高中二年级",
        "高三": "高中三年级",
    },
    "FLAG_UNKNOWN",
)
poverty_attribute = lookup(
    _choices(
        codes.PovertyAttribute,
        {
            "已脱贫（享受政策）": "已脱贫享受政策 已脱贫(享受政策) 脱贫享受政策 享受政策",
            "已脱贫（不再享受政策）": "已脱贫不再享受政策 不再享受政策 稳定脱贫",
            "未脱贫": "未脱贫户",
        },
    ),
    "FLAG_UNKNOWN",
)
dropout_type = lookup(
    _choices(
        codes.DropoutType,
        {
            "dropout": "辍学 已辍学 确认辍学",
            "suspected": "疑似 疑似辍学 疑似失学辍学",
            "never_enrolled": "失学 未入学 适龄未入学",
        },
    ),
    "TYPE_UNKNOWN",
    refuse=True,
)
post_status = lookup(
    _choices(
        codes.PostStatus,
        {
            "on_post": "在岗 在职 在编在岗 正常 在任",
            "seconded": "借调 借出 借调在外 借用",
            "on_roll_off_post": "在编不在岗 长期病假 不在岗 病休 待岗 产假",
            "left": "离岗 离职 调出 退休 已离岗 已离职 辞职 服务期满",
        },
    ),
    "FLAG_UNKNOWN",
)
post_kind = lookup(
    _choices(
        codes.PostKind,
        {
            "special": "特岗教师 特岗 特设岗位",
            "support": "支教 三支一扶 支教教师",
            "rotation": "轮岗 交流轮岗 交流 轮岗交流",
            "intern": "顶岗 顶岗实习 实习支教",
            "shared": "走教",
        },
    ),
    "TYPE_UNKNOWN",
    refuse=True,
)
meal_mode = lookup(
    _choices(
        codes.MealMode,
        {
            "canteen": "食堂供餐 食堂 学校食堂 学校食堂供餐 自办食堂",
            "purchased": "企业供餐 企业(单位)供餐 购买供餐 购餐 配餐 企业配餐 课间加餐 企业",
            "family": "家庭托餐 托餐 家庭(个人)托餐 个人托餐",
        },
    ),
    "FLAG_UNKNOWN",
)
result = lookup(
    _choices(
        codes.PaymentResult,
        {
            "success": "成功 交易成功 已成功 处理成功 发放成功 入账成功 代发成功",
            "fail": "失败 交易失败 处理失败 发放失败 不成功 退回 入账失败 退票",
        },
    ),
    "RESULT_UNKNOWN",
    refuse=True,
)
award_status = lookup(
    _choices(
        codes.AwardStatus,
        {
            "pending": "待发放 未发放 待发 处理中 审批中 已审批",
            "paid": "已发放 发放成功 成功 已发 交易成功",
            "failed": "发放失败 失败 交易失败 退回",
            "waived": "已免除 免除 已减免",
        },
    ),
    "RESULT_UNKNOWN",
    refuse=True,
)
award_kind = lookup(
    _choices(codes.AwardKind, {"normal": "正常 正常发放", "backpay": "补发", "recovery": "追回 退款 扣回"}),
    "TYPE_UNKNOWN",
    refuse=True,
)
loan_round = lookup(
    _choices(codes.LoanRound, {"first": "首贷 首次 首次贷款 新贷", "renewal": "续贷 续贷款"}), "FLAG_UNKNOWN"
)
loan_level = lookup(
    _choices(
        codes.LoanLevel,
        {
            "undergraduate": "本科 专科 高职 大专 本专科 本专科生 预科 第二学士学位",
            "graduate": "研究生 硕士 博士",
        },
    ),
    "FLAG_UNKNOWN",
)
nation = lookup(
    codes.NATIONS
    | {name: name for name in codes.NATIONS.values()}
    | {name.removesuffix("族"): name for name in codes.NATIONS.values()},
    "FLAG_UNKNOWN",
)

"""Code tables every room shares: what a value is called in code and what a clerk reads.

Values are the ones stored and exported; labels are Chinese.  Where a national code exists (GB/T, JY/T, the
student registry's collection form) it stands in a table beside the choices.  Words with which county files
write these values belong to the cleaners of `importing`, not here.
"""

from django.db.models import IntegerChoices, TextChoices


class Sex(TextChoices):
    """性别, GB/T 2261.1: 0 unknown, 1 男, 2 女, 9 not stated; unknown is stored as empty."""

    MALE = "男", "男"
    FEMALE = "女", "女"


class Stage(TextChoices):
    """学段. Grades count on: primary 1–6, junior 7–9, general high 10–12; kindergarten and vocational 1–3."""

    PRE = "PRE", "学前"
    PRI = "PRI", "小学"
    JUN = "JUN", "初中"
    HS = "HS", "普通高中"
    VOC = "VOC", "中职"
    COL = "COL", "高职高专"
    UNI = "UNI", "本科"
    PG = "PG", "研究生"
    SPE = "SPE", "特殊教育"


# First and last grade of a stage, as counted in this portal.
STAGE_GRADES: dict[str, tuple[int, int]] = {
    Stage.PRE.value: (1, 3),
    Stage.PRI.value: (1, 6),
    Stage.JUN.value: (7, 9),
    Stage.HS.value: (10, 12),
    Stage.VOC.value: (1, 3),
    Stage.COL.value: (1, 3),
    Stage.UNI.value: (1, 5),
    Stage.PG.value: (1, 3),
    Stage.SPE.value: (1, 9),
}
COMPULSORY_STAGES = (Stage.PRI, Stage.JUN)


class Boarding(TextChoices):
    """就读方式 (registry 1 走读, 2 住校)."""

    BOARDER = "boarder", "寄宿"
    DAY = "day", "走读"


class Category(TextChoices):
    """困难类型: the hardship categories of rosters; a person may hold several, each with dates."""

    JDLK = "jdlk", "脱贫家庭（建档立卡）"
    UNSTABLE = "unstable", "脱贫不稳定"
    EDGE = "edge", "边缘易致贫"
    SUDDEN = "sudden", "突发严重困难"
    DIBAO = "dibao", "低保"
    DIBAO_RURAL = "dibao_rural", "农村低保"
    DIBAO_URBAN = "dibao_urban", "城市低保"
    DIBAO_EDGE = "dibao_edge", "低保边缘"
    TEKUN = "tekun", "特困"
    TEKUN_RURAL = "tekun_rural", "农村特困"
    TEKUN_URBAN = "tekun_urban", "城市特困"
    DISABLED = "disabled", "残疾"
    DISABLED_PARENT = "disabled_parent", "残疾人子女"
    ORPHAN = "orphan", "孤儿"
    DEFACTO_ORPHAN = "defacto_orphan", "事实无人抚养"
    MARTYR = "martyr", "烈士子女"
    WORKER = "worker", "困难职工"
    LOW_INCOME = "low_income", "支出型困难或低收入"
    OTHER = "other", "其他"


class HardshipLevel(TextChoices):
    """困难等级 of the yearly recognition 困难认定."""

    SEVERE = "severe", "特别困难"
    HARD = "hard", "困难"
    MILD = "mild", "一般困难"
    NONE = "none", "不困难"


class SchoolKind(TextChoices):
    """办学类型码, three digits."""

    KINDERGARTEN = "111", "幼儿园"
    ATTACHED_PRE = "119", "附设幼儿班"
    PRIMARY = "211", "小学"
    TEACHING_POINT = "218", "教学点"
    ATTACHED_PRIMARY = "219", "附设小学班"
    JUNIOR = "311", "初级中学"
    NINE_YEAR = "312", "九年一贯制学校"
    ATTACHED_JUNIOR = "319", "附设初中班"
    VOCATIONAL_JUNIOR = "321", "职业初中"
    COMPLETE_MIDDLE = "341", "完全中学"
    SENIOR = "342", "高级中学"
    TWELVE_YEAR = "345", "十二年一贯制学校"
    VOCATIONAL = "361", "中等职业学校"
    ADULT_VOCATIONAL = "363", "成人中等专业学校"
    VOCATIONAL_HIGH = "365", "职业高中"
    TECHNICIAN = "368", "技工学校"
    REFORM = "371", "工读学校"
    SPECIAL_BLIND = "511", "盲人学校"
    SPECIAL_DEAF = "512", "聋人学校"
    SPECIAL_MENTAL = "513", "培智学校"
    SPECIAL = "514", "特殊教育学校"
    SPECIAL_ATTACHED = "519", "附设特教班"


_STAGES_OF_KIND: dict[str, tuple[Stage, ...]] = {
    "111": (Stage.PRE,),
    "119": (Stage.PRE,),
    "211": (Stage.PRI,),
    "218": (Stage.PRI,),
    "219": (Stage.PRI,),
    "311": (Stage.JUN,),
    "312": (Stage.PRI, Stage.JUN),
    "319": (Stage.JUN,),
    "321": (Stage.JUN,),
    "341": (Stage.JUN, Stage.HS),
    "342": (Stage.HS,),
    "345": (Stage.PRI, Stage.JUN, Stage.HS),
    "371": (Stage.JUN,),
}


def stages_of_kind(kind: str) -> tuple[Stage, ...]:
    """Stages a school of this kind teaches; () when the kind is unknown."""
    if kind in _STAGES_OF_KIND:
        return _STAGES_OF_KIND[kind]
    if kind.startswith("36"):
        return (Stage.VOC,)
    return (Stage.SPE,) if kind.startswith("51") else ()


# First two digits of a 学校标识码 -> kind group, for schools whose kind is not in the file.
SCHOOL_CODE_TYPES: dict[str, str] = {
    "11": "幼儿园",
    "21": "小学",
    "22": "成人小学",
    "31": "初级中学",
    "32": "职业初中",
    "33": "成人中学",
    "34": "普通高中",
    "36": "中等职业学校",
    "37": "工读学校",
    "51": "特殊教育学校",
}
# A 学校标识码 of Shanxi: type, province 14, six digits of order; another shape is a warning, never a refusal.
SCHOOL_CODE_PATTERN = r"^(?:11|21|22|3[1-7]|51)14\d{6}$"


class Seat(TextChoices):
    """驻地类别 of a school."""

    COUNTY_TOWN = "县城", "县城"
    TOWN = "镇区", "镇区"
    RURAL = "乡村", "乡村"


class Ownership(TextChoices):
    """举办者: 公办 or 民办."""

    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"


class EnrolmentStatus(TextChoices):
    """学生当前状态; ENROLMENT_STATUS_CODES has the registry's codes."""

    ENROLLED = "在读", "在读"
    SUSPENDED = "休学", "休学"
    WITHDRAWN = "退学", "退学"
    LOST = "流失", "流失"
    GRADUATED = "毕业", "毕业"
    COMPLETED = "结业", "结业"
    INCOMPLETE = "肄业", "肄业"
    TRANSFERRED_OUT = "转出", "转出"
    DIED = "死亡", "死亡"
    MISSING = "下落不明", "下落不明"


ENROLMENT_STATUS_CODES: dict[str, str] = {
    "01": "在读",
    "02": "休学",
    "03": "退学",
    "04": "退学",
    "06": "流失",
    "07": "毕业",
    "08": "结业",
    "09": "肄业",
    "10": "转出",
    "11": "死亡",
    "15": "下落不明",
}

# 学籍异动类别 in the style of JY/T 1001-2012.
MOVEMENT_CODES: dict[str, str] = {
    "02": "留级",
    "03": "降级",
    "04": "跳级",
    "08": "回国复学",
    "11": "休学",
    "12": "复学",
    "13": "停学",
    "14": "保留入学资格",
    "15": "恢复入学资格",
    "16": "取消入学资格",
    "17": "恢复学籍",
    "18": "取消学籍",
    "19": "保留学籍",
    "21": "转出",
    "22": "转入",
    "29": "转班",
    "31": "退学",
    "42": "开除",
    "51": "死亡",
    "99": "其他",
}


class IdType(TextChoices):
    """身份证件类型 with the registry's codes as values."""

    RESIDENT = "1", "居民身份证"
    HONG_KONG = "6", "香港特区护照/身份证明"
    MACAO = "7", "澳门特区护照/身份证明"
    TAIWAN = "8", "台湾居民来往大陆通行证"
    RESIDENCE = "9", "境外永久居住证"
    PASSPORT = "A", "护照"
    OTHER = "Z", "其他"


class Relation(TextChoices):
    """与户主关系 in poverty households; RELATION_CODES has the codes."""

    HEAD = "户主", "户主"
    SPOUSE = "配偶", "配偶"
    SON = "之子", "之子"
    DAUGHTER = "之女", "之女"
    DAUGHTER_IN_LAW = "之儿媳", "之儿媳"
    SON_IN_LAW = "之女婿", "之女婿"
    GRANDSON = "之孙子", "之孙子"
    GRANDDAUGHTER = "之孙女", "之孙女"
    GRANDSON_MATERNAL = "之外孙子", "之外孙子"
    GRANDDAUGHTER_MATERNAL = "之外孙女", "之外孙女"
    FATHER = "之父", "之父"
    MOTHER = "之母", "之母"
    WIFE_FATHER = "之岳父", "之岳父"
    WIFE_MOTHER = "之岳母", "之岳母"
    HUSBAND_FATHER = "之公公", "之公公"
    HUSBAND_MOTHER = "之婆婆", "之婆婆"
    GRANDFATHER = "之祖父", "之祖父"
    GRANDMOTHER = "之祖母", "之祖母"
    GRANDFATHER_MATERNAL = "之外祖父", "之外祖父"
    GRANDMOTHER_MATERNAL = "之外祖母", "之外祖母"
    SIBLING = "之兄弟姐妹", "之兄弟姐妹"
    NEPHEW = "之侄儿", "之侄儿"
    NIECE = "之侄女", "之侄女"
    GREAT_GRANDSON = "之曾孙子", "之曾孙子"
    GREAT_GRANDDAUGHTER = "之曾孙女", "之曾孙女"
    OTHER = "其他", "其他"


RELATION_CODES: dict[str, str] = {f"{i:02}": r.value for i, r in enumerate(list(Relation)[:20], 1)} | {
    "99": "其他"
}


class GuardianRelation(TextChoices):
    """与学生关系 of a guardian."""

    FATHER = "父亲", "父亲"
    MOTHER = "母亲", "母亲"
    GRANDFATHER = "祖父", "祖父"
    GRANDMOTHER = "祖母", "祖母"
    GRANDFATHER_MATERNAL = "外祖父", "外祖父"
    GRANDMOTHER_MATERNAL = "外祖母", "外祖母"
    SIBLING = "兄弟姐妹", "兄弟姐妹"
    OTHER = "其他", "其他"


class PovertyAttribute(TextChoices):
    """脱贫属性 of a registered household."""

    POOR = "未脱贫", "未脱贫"
    OUT_WITH_POLICY = "已脱贫（享受政策）", "已脱贫（享受政策）"
    OUT_WITHOUT_POLICY = "已脱贫（不再享受政策）", "已脱贫（不再享受政策）"
    BACK = "返贫", "返贫"


# 在校生状况 of the poverty registry, both generations -> (stage, grade); None: not at school, or not known.
STUDENT_STATUSES: dict[str, tuple[Stage | None, int | None]] = {
    "非在校生": (None, None),
    "学龄前儿童": (None, None),
    "学前教育": (Stage.PRE, None),
    "小学": (Stage.PRI, None),
    "七年级": (Stage.JUN, 7),
    "八年级": (Stage.JUN, 8),
    "九年级": (Stage.JUN, 9),
    "高中一年级": (Stage.HS, 10),
    "高中二年级": (Stage.HS, 11),
    "高中三年级": (Stage.HS, 12),
    "普通高中一年级": (Stage.HS, 10),
    "普通高中二年级": (Stage.HS, 11),
    "普通高中三年级": (Stage.HS, 12),
    "中职一年级": (Stage.VOC, 1),
    "中职二年级": (Stage.VOC, 2),
    "中职三年级": (Stage.VOC, 3),
    "高职一年级": (Stage.COL, 1),
    "高职二年级": (Stage.COL, 2),
    "高职三年级": (Stage.COL, 3),
    "高职高专一年级": (Stage.COL, 1),
    "高职高专二年级": (Stage.COL, 2),
    "高职高专三年级": (Stage.COL, 3),
    "技师学院一年级": (Stage.VOC, 1),
    "技师学院二年级": (Stage.VOC, 2),
    "技师学院三年级": (Stage.VOC, 3),
    "技师学院四年级": (Stage.VOC, 4),
    "本科一年级": (Stage.UNI, 1),
    "本科二年级": (Stage.UNI, 2),
    "本科三年级": (Stage.UNI, 3),
    "本科四年级": (Stage.UNI, 4),
    "本科五年级": (Stage.UNI, 5),
    "大专及以上": (Stage.COL, None),
    "硕士研究生及以上": (Stage.PG, None),
}
_OLD_STATUSES = (
    "非在校生 学前教育 小学 七年级 八年级 九年级 高中一年级 高中二年级 高中三年级 "
    "中职一年级 中职二年级 中职三年级 高职一年级 高职二年级 高职三年级 大专及以上"
)
STUDENT_STATUS_CODES: dict[str, str] = {
    f"{number:02}": name for number, name in enumerate(_OLD_STATUSES.split(), 1)
}


class DropoutType(TextChoices):
    """辍学类型 of the ledger."""

    DROPOUT = "dropout", "辍学"
    SUSPECTED = "suspected", "疑似辍学"
    NEVER_ENROLLED = "never_enrolled", "失学"


class PostStatus(TextChoices):
    """在岗状态 of a teacher."""

    ON_POST = "on_post", "在岗"
    SECONDED = "seconded", "借调"
    ON_ROLL_OFF_POST = "on_roll_off_post", "在编不在岗"
    LEFT = "left", "离岗"


class PostKind(TextChoices):
    """岗位类型 of postings between schools."""

    SPECIAL = "special", "特岗"
    SUPPORT = "support", "支教"
    ROTATION = "rotation", "轮岗"
    INTERN = "intern", "顶岗实习"
    SHARED = "shared", "走教"


class MealMode(TextChoices):
    """供餐模式."""

    CANTEEN = "canteen", "食堂供餐"
    PURCHASED = "purchased", "企业供餐"
    FAMILY = "family", "家庭托餐"


class PaymentResult(TextChoices):
    """交易结果 of a bank line."""

    SUCCESS = "success", "交易成功"
    FAIL = "fail", "交易失败"


class AwardStatus(TextChoices):
    """发放状态 of a line of aid."""

    PENDING = "pending", "待发放"
    PAID = "paid", "已发放"
    FAILED = "failed", "发放失败"
    WAIVED = "waived", "已免除"


class AwardKind(TextChoices):
    """发放类型; a recovery 追回 is always negative."""

    NORMAL = "normal", "正常"
    BACKPAY = "backpay", "补发"
    RECOVERY = "recovery", "追回"


class LoanRound(TextChoices):
    """首贷/续贷 of a student loan."""

    FIRST = "first", "首贷"
    RENEWAL = "renewal", "续贷"


class LoanLevel(TextChoices):
    """学历层次 that decides the yearly cap of a student loan."""

    UNDERGRADUATE = "undergraduate", "本专科"
    GRADUATE = "graduate", "研究生"


class DisabilityType(TextChoices):
    """残疾类型: the digit after the ID in a disability certificate."""

    NONE = "0", "无"
    SIGHT = "1", "视力"
    HEARING = "2", "听力"
    SPEECH = "3", "言语"
    LIMBS = "4", "肢体"
    MIND = "5", "智力"
    MENTAL = "6", "精神"
    MULTIPLE = "7", "多重"
    OTHER = "9", "其他"


class DisabilityGrade(IntegerChoices):
    """残疾等级, 1 heaviest."""

    ONE = 1, "一级"
    TWO = 2, "二级"
    THREE = 3, "三级"
    FOUR = 4, "四级"


class LeftBehind(TextChoices):
    """留守儿童 as the registry counts it; the civil affairs count is another number."""

    NO = "0", "非留守儿童"
    ONE_PARENT = "1", "单亲留守"
    BOTH_PARENTS = "2", "双亲留守"


# 民族 GB/T 3304: two digits -> name.
_NATIONS = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 "
    "傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 "
    "仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 "
    "鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
)
NATIONS: dict[str, str] = {f"{number:02}": name for number, name in enumerate(_NATIONS.split(), 1)} | {
    "97": "其他",
    "98": "外国血统中国籍人士",
}

# First two digits of the area codes of GB/T 2260; 91 is abroad.
_PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
)
PROVINCES = frozenset(_PROVINCES.split())

"""The scheme catalogue: who pays what to whom.  Amounts are standards under the same key, never here.

Source of the programmes:
《上好学 能成才：多措并举打赢教育扶贫这场硬仗——大同市教育局助力脱贫攻坚工作纪实》(报纸专版，约2020年底).
Group 5 or X is a free attribute because no document defines it.
"""

from datong_edu.core.codes import Stage
from subsidies.enums import Payee, SchemeGroup
from subsidies.models import Scheme

_FIVE, _X = SchemeGroup.FIVE, SchemeGroup.X
_CENTRAL, _LOCAL = "中央与地方财政", "地方财政"
_COMPULSORY = (Stage.PRI, Stage.JUN)

CATALOGUE: tuple[tuple[str, str, SchemeGroup, tuple[Stage, ...], str, Payee, bool], ...] = (
    ("PRE_AID", "学前教育资助", _FIVE, (Stage.PRE,), _LOCAL, Payee.PUPIL, True),
    ("PRE_FEE", "学前减免保教费", _X, (Stage.PRE,), "幼儿园", Payee.NOBODY, False),
    (
        "CE_BOARD",
        "义务教育寄宿生生活补助",
        _FIVE,
        _COMPULSORY,
        _CENTRAL,
        Payee.PUPIL,
        True,
    ),
    (
        "CE_NONBOARD",
        "义务教育非寄宿生生活补助",
        _FIVE,
        _COMPULSORY,
        _CENTRAL,
        Payee.PUPIL,
        True,
    ),
    ("CE_FEE", "义务教育免学杂费", _FIVE, _COMPULSORY, _CENTRAL, Payee.SCHOOL, False),
    (
        "CE_BOOK",
        "义务教育免费教科书",
        _FIVE,
        _COMPULSORY,
        _CENTRAL,
        Payee.NOBODY,
        False,
    ),
    ("HS_GRANT", "普通高中国家助学金", _X, (Stage.HS,), _CENTRAL, Payee.PUPIL, True),
    ("HS_FEE", "普通高中免学杂费", _X, (Stage.HS,), _CENTRAL, Payee.SCHOOL, False),
    ("VOC_FEE", "中职免学费", _FIVE, (Stage.VOC,), _CENTRAL, Payee.SCHOOL, False),
    ("VOC_GRANT", "中职国家助学金", _FIVE, (Stage.VOC,), _CENTRAL, Payee.PUPIL, True),
    (
        "YULU",
        "雨露计划",
        _X,
        (Stage.VOC, Stage.COL),
        "乡村振兴资金",
        Payee.HOUSEHOLD,
        True,
    ),
    (
        "UNI_ONE",
        "本科新生一次性资助",
        _X,
        (Stage.UNI,),
        "乡村振兴资金",
        Payee.HOUSEHOLD,
        True,
    ),
    (
        "LOAN",
        "生源地信用助学贷款",
        _FIVE,
        (Stage.COL, Stage.UNI, Stage.PG),
        "国家开发银行",
        Payee.PUPIL,
        True,
    ),
    ("MEAL", "营养改善计划", _FIVE, _COMPULSORY, _CENTRAL, Payee.NOBODY, False),
    ("MEAL_CITY", "营养改善（市县资金）", _X, _COMPULSORY, _LOCAL, Payee.NOBODY, False),
)


def load() -> str:
    """Bring the catalogue up to date.  Returns a line for the operator."""
    for order, (code, title, group, stages, funder, payee, is_cash) in enumerate(CATALOGUE):
        Scheme.objects.update_or_create(
            code=code,
            defaults={
                "title": title,
                "group": group,
                "stages": list(stages),
                "funder": funder,
                "payee": payee,
                "is_cash": is_cash,
                "order": order,
            },
        )
    return f"资助项目 {len(CATALOGUE)} 个"

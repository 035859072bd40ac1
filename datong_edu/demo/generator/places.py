"""Counties, towns and invented schools of the demonstration city (divisions after GB/T 2260, autumn 2020)."""

from dataclasses import dataclass, field
from functools import cache

# code, name, poverty county, share of the pupils, ID prefixes of children and of parents, seat and four towns
_COUNTIES = (
    (
        "140213",
        "平城区",
        False,
        20,
        ("140213", "140202", "140211"),
        "永泰街道 古城街道 新旺街道 御河街道 开源街道",
    ),
    ("140215", "云州区", True, 9, ("140215", "140227"), "西坪镇 倍加造镇 周士庄镇 吉家庄乡 峰峪乡"),
    ("140221", "阳高县", True, 11, ("140221",), "龙泉镇 罗文皂镇 大白登镇 王官屯镇 古城镇"),
    ("140222", "天镇县", True, 9, ("140222",), "玉泉镇 谷前堡镇 米薪关镇 逯家湾镇 新平堡镇"),
    ("140223", "广灵县", True, 8, ("140223",), "壶泉镇 南村镇 加斗镇 作疃镇 梁庄镇"),
    ("140224", "灵丘县", True, 10, ("140224",), "武灵镇 东河南镇 上寨镇 落水河乡 赵北乡"),
    ("140225", "浑源县", True, 12, ("140225",), "永安镇 西坊城镇 蔡村镇 沙圪坨镇 王庄堡镇"),
    ("140226", "左云县", False, 7, ("140226",), "云兴镇 鹊儿山镇 店湾镇 管家堡乡 张家场乡"),
    ("140212", "新荣区", False, 5, ("140212", "140211"), "新荣镇 古店镇 花园屯镇 破鲁堡乡 郭家窑乡"),
    ("140214", "云冈区", False, 9, ("140214", "140203", "140211"), "口泉街道 高山镇 云冈镇 西韩岭乡 平旺乡"),
)
_PARENT_PREFIXES = {
    "140215": ("142132", "140227"),
    "140221": ("142121", "140221"),
    "140222": ("142122", "140222"),
    "140223": ("142123", "140223"),
    "140224": ("142124", "140224"),
    "140225": ("142125", "140225"),
    "140226": ("142130", "140226"),
}
_FORMER_NAMES = {"140215": "大同县", "140213": "大同市城区", "140214": "大同市矿区"}

# The county that sends its registry as a text file.
TEXT_FILE_COUNTY = "140215"

KIND_NAMES = {
    "111": "幼儿园",
    "211": "小学",
    "218": "教学点",
    "311": "初级中学",
    "312": "九年一贯制学校",
    "341": "完全中学",
    "342": "高级中学",
    "361": "中等职业学校",
    "514": "特殊教育学校",
}
_KIND_STAGES = {
    "111": ("PRE",),
    "211": ("PRI",),
    "218": ("PRI",),
    "311": ("JUN",),
    "312": ("PRI", "JUN"),
    "341": ("HS",),
    "342": ("HS",),
    "361": ("VOC",),
    "514": ("PRI",),
}
_CODE_TYPES = {
    "111": "11",
    "211": "21",
    "218": "21",
    "311": "31",
    "312": "31",
    "341": "34",
    "342": "34",
    "361": "36",
    "514": "51",
}


@dataclass(frozen=True)
class County:
    """A county-level unit with the ID prefixes its children and their parents carry."""

    code: str
    name: str
    is_poor: bool
    share: int
    child_prefixes: tuple[str, ...]
    parent_prefixes: tuple[str, ...]
    towns: tuple[str, ...]

    @property
    def former_name(self) -> str:
        """Name before February 2018 where rosters still use it, else empty."""
        return _FORMER_NAMES.get(self.code, "")


@dataclass(eq=False)
class School:
    """A school as the school list shows it; `weight` steers how many pupils it gets."""

    code: str
    name: str
    county: County
    town: str
    kind: str
    seat: str
    has_dormitory: bool
    weight: int
    aliases: list[str] = field(default_factory=list)
    tuition: int = 0
    closed_on: str = ""
    receiver: str = ""

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages taught; none once the school is closed."""
        return () if self.closed_on else _KIND_STAGES[self.kind]

    @property
    def is_compulsory(self) -> bool:
        """Primary and junior schools: those with meals and, in villages, the living allowance."""
        return self.kind in ("211", "218", "311", "312") and not self.closed_on


@cache
def counties() -> tuple[County, ...]:
    """The ten county-level units with schools (the development zone 140271 has none)."""
    return tuple(
        County(code, name, poor, share, children, _PARENT_PREFIXES.get(code, children), tuple(towns.split()))
        for code, name, poor, share, children, towns in _COUNTIES
    )


def schools() -> list[School]:
    """All schools: sixteen a county, two village teaching points in each, one special school for the city."""
    result: list[School] = []
    for county in counties():
        result += _county_schools(county, first=len(result) + 1)
    serial = len(result) + 1
    for county in counties():
        for town, village in zip(county.towns[3:], ("北梁", "南坡"), strict=True):
            name = f"{county.name}{town}{village}教学点"
            result.append(
                _school(
                    serial,
                    county,
                    name,
                    town,
                    "218",
                    "乡村",
                    dormitory=False,
                    weight=2,
                    aliases=[f"{village}教学点"],
                )
            )
            serial += 1
    first = counties()[0]
    result.append(
        _school(
            serial,
            first,
            f"{first.name}特殊教育学校",
            first.towns[0],
            "514",
            "县城",
            dormitory=True,
            weight=1,
            aliases=[f"{first.name}特校"],
        )
    )
    return result


def _school(
    serial: int,
    county: County,
    name: str,
    town: str,
    kind: str,
    seat: str,
    *,
    dormitory: bool,
    weight: int,
    aliases: list[str],
) -> School:
    code = f"{_CODE_TYPES[kind]}14{900000 + serial}"
    tuition = {"341": 1200, "342": 1400, "361": 1800}.get(kind, 0)
    return School(code, name, county, town, kind, seat, dormitory, weight, aliases, tuition)


def _county_schools(county: County, *, first: int) -> list[School]:
    """Six schools at the seat, primary and kindergarten in four towns, a nine-year and a closed school."""
    full, short, seat = county.name, county.name[:2], county.towns[0]
    old = county.former_name
    high_kind = "341" if county.code == "140212" else "342"
    plan: list[tuple[str, str, str, str, bool, int, list[str]]] = [
        (
            f"{full}第三中学校",
            seat,
            "311",
            "县城",
            True,
            14,
            [f"{short}三中", f"{full}三中"] + ([f"{old}三中"] if old else []),
        ),
        (f"{full}示范中学校", seat, "311", "县城", True, 12, [f"{full}示范中学", f"{short}示中"]),
        (
            f"{full}第一小学校",
            seat,
            "211",
            "县城",
            False,
            16,
            [f"{full}第一小学", f"{short}一小"] + ([f"{old}一小"] if old else []),
        ),
        (f"{full}第一中学校", seat, high_kind, "县城", True, 14, [f"{full}第一中学", f"{short}一中"]),
        (f"{full}职业技术教育中心", seat, "361", "县城", True, 8, [f"{full}职教中心", f"{short}职中"]),
        (f"{full}第一幼儿园", seat, "111", "县城", False, 8, [f"{full}一幼"]),
    ]
    for index, town in enumerate(county.towns[1:]):
        stem = town.rstrip("镇乡") if not town.endswith("街道") else town[:-1]
        where = "镇区" if town.endswith("镇") else "乡村"
        former = [f"{old}{town}中心小学校"] if old else []
        plan += [
            (
                f"{full}{town}中心小学校",
                town,
                "211",
                where,
                index % 2 == 0,
                7,
                [f"{town}中心小学", f"{stem}中心校", *former],
            ),
            (f"{full}{town}中心幼儿园", town, "111", where, False, 3, [f"{town}中心幼儿园", f"{stem}中心园"]),
        ]
    plan += [
        (
            f"{full}{county.towns[3]}九年一贯制学校",
            county.towns[3],
            "312",
            "乡村",
            True,
            8,
            [f"{county.towns[3]}学校"],
        ),
        (
            f"{full}{county.towns[4]}初级中学校",
            county.towns[4],
            "311",
            "乡村",
            True,
            0,
            [f"{county.towns[4]}中学"],
        ),
    ]
    result = [
        _school(
            first + index,
            county,
            name,
            town,
            kind,
            where,
            dormitory=dormitory,
            weight=weight,
            aliases=aliases,
        )
        for index, (name, town, kind, where, dormitory, weight, aliases) in enumerate(plan)
    ]
    result[-1].closed_on = "2020-08-31"
    result[-1].receiver = result[0].code
    return result

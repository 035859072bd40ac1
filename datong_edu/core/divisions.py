"""Administrative divisions of Datong (GB/T 2260), now and before 2018, as plain data.

On 2018-02-09 the State Council abolished 城区, 南郊区, 矿区 and 大同县 and set up 平城区, 云冈区 and 云州区.
城区 and 南郊区 were split over several new districts, so an old name or code may have several successors.
Until mid-1993 the counties belonged to 雁北地区 with codes 1421xx, which parents and teachers still carry in
their ID numbers.  A code inside an ID number is the place of first registration and never says where somebody
lives today.
"""

import re
import unicodedata
from dataclasses import dataclass

CITY_CODE = "140200"
CITY_NAME = "大同市"


@dataclass(frozen=True, slots=True)
class County:
    """A county, district or zone of today: code, name, whether a national poverty county until 2020."""

    code: str
    name: str
    is_poverty_county: bool
    former_codes: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


COUNTIES: tuple[County, ...] = (
    County("140212", "新荣区", False, (), (), ("新荣",)),
    County("140213", "平城区", False, ("140202", "140211"), ("城区", "南郊区"), ("平城",)),
    County(
        "140214",
        "云冈区",
        False,
        ("140203", "140202", "140211"),
        ("矿区", "城区", "南郊区"),
        ("云冈",),
    ),
    County("140215", "云州区", True, ("140227", "142132"), ("大同县",), ("云州",)),
    County("140221", "阳高县", True, ("142121",), (), ("阳高",)),
    County("140222", "天镇县", True, ("142122",), (), ("天镇",)),
    County("140223", "广灵县", True, ("142123",), (), ("广灵",)),
    County("140224", "灵丘县", True, ("142124",), (), ("灵丘",)),
    County("140225", "浑源县", True, ("142125",), (), ("浑源",)),
    County("140226", "左云县", False, ("142130",), (), ("左云",)),
    County(
        "140271",
        "大同经济技术开发区",
        False,
        (),
        (),
        ("大同经开区", "经开区", "经济技术开发区", "开发区"),
    ),
)
COUNTY_BY_CODE = {county.code: county for county in COUNTIES}

_SPACE = re.compile(r"\s+")
_PREFIX = re.compile(r"^(?:山西省|山西)?(?:大同市)?")


def _index() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for county in COUNTIES:
        words = (
            county.code,
            county.name,
            *county.aliases,
            *county.former_codes,
            *county.former_names,
        )
        for word in words:
            found[word] = (*found.get(word, ()), county.code)
    return found


_CODES_OF = _index()


def counties_called(text: str) -> tuple[str, ...]:
    """Codes of today that a name or code, present or former, may mean; the likeliest first, () if unknown.

    Knows codes of 6, 9 and 12 digits, names with 山西省 or 大同市 before them, and names without 区 or 县.
    """
    word = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    if word.isdigit() and len(word) in (6, 9, 12):
        return _CODES_OF.get(word[:6], ())
    return _CODES_OF.get(word) or _CODES_OF.get(_PREFIX.sub("", word), ())


def find_county(text: str, within: str | None = None) -> str | None:
    """Code of today for a name or code; a split name goes to `within` (the file's county) where it may."""
    codes = counties_called(text)
    if within in codes:
        return within
    return codes[0] if codes else None


def present_name(area_code: str) -> str:
    """Name of today for display beside the area in an ID number; empty when it is not of Datong."""
    return "、".join(COUNTY_BY_CODE[code].name for code in _CODES_OF.get(area_code, ()))


_TOWNSHIPS = {
    "140212": "100新荣镇 101古店镇 102花园屯镇 200破鲁堡乡 202郭家窑乡 206西村乡 209堡子湾乡",
    "140213": "050永泰街道 051古城街道 052新旺街道 053迎宾街道 054振华街道 055清远街道 056武定街道 "
    "057御河街道 058开源街道 059大庆路街道 060马军营街道 061卧虎湾街道 062新华街道 063鹿苑街道 "
    "064白登山街道 065文瀛湖街道 066水泊寺街道 067小南头街道",
    "140214": "001新胜街道 002新平旺街道 016新泉路街道 017民胜街道 018口泉街道 023平泉路街道 025和顺街道 "
    "026和瑞街道 027平盛路街道 028清泉街街道 029西花园街道 030老平旺街道 031新文街道 032和旺街道 033玉龙街道 "
    "034云武街道 035云燕街道 036玉泉街道 037平德街道 038平喜街道 039平源街道 101高山镇 102云冈镇 200口泉乡 "
    "206西韩岭乡 207平旺乡 210鸦儿崖乡",
    "140215": "100西坪镇 101倍加造镇 102周士庄镇 201吉家庄乡 202峰峪乡 204杜庄乡 205党留庄乡 "
    "209聚乐乡 211许堡乡",
    "140221": "100龙泉镇 101罗文皂镇 102大白登镇 103王官屯镇 104古城镇 105东小村镇 106友宰镇 201长城乡 "
    "204狮子屯乡 209下深井乡 212鳌石乡",
    "140222": "100玉泉镇 101谷前堡镇 102米薪关镇 103逯家湾镇 104新平堡镇 200卅里铺乡 204贾家屯乡 206赵家沟乡 "
    "208南高崖乡 209张西河乡 210马家皂乡",
    "140223": "100壶泉镇 101南村镇 102加斗镇 103作疃镇 104梁庄镇 200一斗泉乡 202蕉山乡 206宜兴乡",
    "140224": "100武灵镇 101东河南镇 102上寨镇 200落水河乡 205赵北乡 206石家田乡 207柳科乡 208白崖台乡 "
    "210红石塄乡 212下关乡 213独峪乡",
    "140225": "100永安镇 101西坊城镇 102蔡村镇 103沙圪坨镇 104王庄堡镇 106青磁窑镇 201东坊城乡 203裴村乡 "
    "204驼峰乡 205西留村乡 206下韩村乡 208南榆林乡 210吴城乡 213大仁庄乡 215千佛岭乡 218官儿乡",
    "140226": "100云兴镇 101鹊儿山镇 102店湾镇 200管家堡乡 201张家场乡 205三屯乡 206马道头乡 207小京庄乡",
}
# Township code of nine digits -> name (statistical division codes of 2023).
TOWNSHIPS: dict[str, str] = {
    county + entry[:3]: entry[3:] for county, entries in _TOWNSHIPS.items() for entry in entries.split()
}

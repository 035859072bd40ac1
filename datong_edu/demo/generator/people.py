"""Invented names, numbers and dates. The number formulas are written out here once more, on purpose."""

import random
from datetime import date, timedelta

_SURNAMES = (
    "白毕曹常陈程崔邓丁董杜段樊范方冯高葛耿郭韩郝何贺侯胡黄贾江姜蒋焦康孔赖雷李梁林刘柳卢路吕罗马毛孟"
    "苗牛潘庞齐秦任邵沈石史宋苏孙谭汤唐田王魏温吴武夏谢徐许薛闫杨姚叶尹于袁张赵郑周朱"
)
_FIRST = (
    "艾安柏宝博采辰承春丹德恩方芳飞芬风福刚国海涵浩和恒弘华慧继佳嘉建健洁金景静娟君俊凯可兰乐雷丽林玲"
    "龙美梦敏明铭娜楠宁培鹏琪强巧琴清庆秋荣瑞润森珊绍诗世淑树思松天婷庭桐万维文希霞贤祥晓欣新馨秀轩雪"
    "雅妍彦燕阳一依怡艺英颖永勇宇雨玉育元月悦云芸泽展哲振正志智忠子梓祖"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_VILLAGE_HEADS = "上下前后东西南北"
_VILLAGE_TAILS = ("梁村", "坡村", "沟村", "窑村", "湾村", "庄村", "堡村")
_ALPHABET = "10X98765432"


def check_digit(first_seventeen: str) -> str:
    """Last character of an ID number after GB 11643: weighted sum modulo 11 through the table 10X98765432."""
    return _ALPHABET[
        sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)) % 11
    ]


class People:
    """Draws people; never the same ID number twice in one city."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._used: set[str] = set()

    def name(self, surname: str = "") -> str:
        """An invented name, two or three characters."""
        rng = self.rng
        given = rng.choice(_FIRST) + (rng.choice(_FIRST) if rng.random() < 0.8 else "")
        return (surname or rng.choice(_SURNAMES)) + given

    def village(self) -> str:
        """An invented village name."""
        return self.rng.choice(_VILLAGE_HEADS) + self.rng.choice(_VILLAGE_TAILS)

    def sex(self) -> str:
        """男 or 女."""
        return "男" if self.rng.random() < 0.52 else "女"

    def id_number(self, prefix: str, born: date, sex: str) -> str:
        """A number that passes the checksum, odd for 男, not ending in 000 and never drawn before."""
        while True:
            serial = self.rng.randrange(1, 500) * 2 - (1 if sex == "男" else 2)
            body = f"{prefix}{born:%Y%m%d}{serial:03d}"
            number = body + check_digit(body)
            if number not in self._used and not number.endswith("000"):
                self._used.add(number)
                return number

    def adult_prefix(self, prefixes: tuple[str, ...], born: date) -> str:
        """Area digits of an adult: those of before mid-1993 only for people registered by then."""
        return self.rng.choice(prefixes) if born.year < 1990 else prefixes[-1]

    def day_between(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.rng.randrange((last - first).days + 1))

    def phone(self) -> str:
        """Eleven digits of an invented mobile number."""
        return f"199{self.rng.randrange(10**8):08d}"

    def account(self) -> str:
        """A 19-digit invented bank card number."""
        return f"6217{self.rng.randrange(10**15):015d}"

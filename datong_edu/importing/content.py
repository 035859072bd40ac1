"""What the cells of a column say it is, where its heading does not: shares of numbers, names and words.

Everything here looks at the first rows of a file, which have been read anyway, and answers with a proposal
that a person confirms; nothing is ever mapped by content alone.  A heading that says another thing is
believed: 家长身份证号 is not the pupil's, however many valid numbers stand below it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from datong_edu.core import idnumber
from datong_edu.core.codes import PROVINCES
from datong_edu.importing.cells import EXACT_INTEGER_LIMIT, shown
from datong_edu.importing.cleaners.base import Cleaner, Refuse, Warned, word
from datong_edu.importing.cleaners.dates import day

FIRST_ROWS = 200
"""Rows of each sheet that are looked at."""
ENOUGH = 0.75
"""Certainty from which a column is proposed: two of two cells, or 18 of 22."""
OWN_AGE_SHARE = 0.9
"""Share of the numbers whose age must fit the people of the roster."""
UNIQUE_SHARE = 0.8
"""Share of the numbers that must differ: brothers have one father, but each his own number."""
DOUBTFUL_SHARE = 0.5
"""Below this share the cells contradict what the heading says."""
FEWEST_FOR_DOUBT = 3
NAME_VARIETY = 0.6
GUARDIANS = 22
"""A guardian is older than any pupil."""

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜"
    "倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳"
    "裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟冀穆亓尚"
)
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,8}·[\u3400-\u9fff]{1,8}")
_NO_NAME = re.compile(r"[一二三四五六七八九十级班校园镇乡村县市区族户业读宿年月日]$")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_ACCOUNT = re.compile(r"\d{16,19}")
_STUDENT_NO = re.compile(r"[GJL]\d{17}[\dX]")
_SCHOOL_CODE = re.compile(r"(?:11|21|22|3[1-7]|51)14\d{6}")
_LOST = re.compile(r"\d(?:\.\d+)?E\+17")
_SUM = re.compile(r"[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?元?")
_YES_NO = frozenset("是否有无√×YN1")

WORDS = ("sex", "nation", "boarding", "status", "grade", "stage", "category", "relation", "county")
"""Fields with few words, told by whether their cleaner knows them."""
SAYS = {
    "id_no": "有效身份证号",
    "guardian_id": "成年人身份证号",
    "student_no": "学籍号",
    "phone": "手机号",
    "account": "银行账号",
    "school": "本市学校名称",
    "school_code": "学校标识码",
    "name": "姓名",
    "amount": "金额",
    "birth": "与身份证号一致的出生日期",
}
Known = Mapping[str, Callable[[str], bool]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that the cells of a column speak for, how sure (per cent), and why in a clerk's words."""

    field: str
    confidence: int
    why: str


@dataclass
class Cells:
    """The first cells of one column below its heading."""

    heading: str
    raw: Sequence[Any]
    said: tuple[str, ...] = ()
    """Fields that the heading is an alias of, in this roster or another; () when it tells nothing."""
    barred: frozenset[str] = frozenset()
    """Fields that the heading only looks like."""

    @cached_property
    def filled(self) -> list[Any]:
        """Cells with something in them."""
        return [cell for cell in self.raw if shown(cell).strip()]

    @cached_property
    def texts(self) -> list[str]:
        """Normalised texts of the filled cells."""
        return [idnumber.normalise(shown(cell)) for cell in self.filled]

    @cached_property
    def identities(self) -> list[tuple[str, date]]:
        """Valid identity numbers with their birth dates, and those a spreadsheet rounded to 15 digits.

        A 学籍号 that holds an identity number is none.
        """
        found = []
        for cell, text in zip(self.filled, self.texts, strict=True):
            read = idnumber.read(text)
            if _is_rounded_identity(cell):
                found.append((str(int(cell)), idnumber.birth_date(str(int(cell)))))
            elif read.is_valid and not _STUDENT_NO.fullmatch(text):
                found.append((read.number, read.birth_on))
        return [(number, born) for number, born in found if born is not None]

    @property
    def births(self) -> list[date]:
        """Birth dates of the identity numbers."""
        return [born for _, born in self.identities]

    @property
    def variety(self) -> float:
        """Share of the identity numbers that differ from one another."""
        numbers = [number for number, _ in self.identities]
        return len(set(numbers)) / len(numbers) if numbers else 0.0

    def may_be(self, name: str) -> bool:
        """Whether the heading leaves room for a field."""
        return name not in self.barred and (not self.said or name in self.said)


@dataclass
class People:
    """Whom a roster lists: the ages of its people on a day, both ends included; None where any age occurs."""

    on: date
    ages: tuple[int, int] | None = None

    def share_of_age(self, births: Collection[date]) -> float:
        """Share of birth dates whose owner may stand in the roster."""
        if self.ages is None or not births:
            return 1.0
        low, high = self.ages
        return sum(low <= _age(born, self.on) <= high for born in births) / len(births)

    def share_of_guardians(self, births: Collection[date]) -> float:
        """Share of birth dates of people too old for a pupil."""
        return sum(_age(born, self.on) > GUARDIANS for born in births) / len(births) if births else 0.0


@dataclass
class Sought:
    """The fields a sheet still lacks, and what tells them apart."""

    fields: frozenset[str]
    people: People
    cleaners: Mapping[str, Cleaner] = field(default_factory=dict)
    known: Known = field(default_factory=dict)
    identity: Sequence[Any] = ()
    """Cells of the identity column, where its heading told it."""


def certainty(hits: int, seen: int) -> float:
    """How sure `hits` of `seen` cells make us; few cells never make quite sure (Laplace's rule)."""
    return (hits + 1) / (seen + 2)


def guess_columns(columns: Sequence[Cells], sought: Sought) -> list[Guess | None]:
    """A field for each column that speaks for exactly one, when no other column speaks for it as well."""
    claims = [_claims(column, sought) for column in columns]
    guesses: list[Guess | None] = [None] * len(columns)
    for name in {guess.field for found in claims for guess in found}:
        speaking = [at for at, found in enumerate(claims) if any(guess.field == name for guess in found)]
        if len(speaking) == 1 and len(claims[speaking[0]]) == 1:
            guesses[speaking[0]] = claims[speaking[0]][0]
    if "birth" in sought.fields and not any(guess and guess.field == "birth" for guess in guesses):
        identity = next(
            (columns[at].raw for at, guess in enumerate(guesses) if guess and guess.field == "id_no"),
            sought.identity,
        )
        births = [_birth(column, identity) if not guesses[at] else None for at, column in enumerate(columns)]
        if sum(guess is not None for guess in births) == 1:
            guesses = [one or other for one, other in zip(guesses, births, strict=True)]
    return guesses


def doubt(name: str, column: Cells, people: People) -> str:
    """Why the cells contradict the field that a heading says; "" when they do not."""
    seen = len(column.filled)
    if seen < FEWEST_FOR_DOUBT:
        return ""
    if name == "id_no":
        shaped = sum(
            _is_like_identity(text) or _is_rounded_identity(cell) or bool(_LOST.fullmatch(text))
            for cell, text in zip(column.filled, column.texts, strict=True)
        )
        if shaped < seen * DOUBTFUL_SHARE:
            return "内容大多不像身份证号，请核对"
        if people.share_of_age(column.births) < DOUBTFUL_SHARE:
            return "年龄大多与这种名册的人员不符，请核对是不是家长或他人的号码"
        return ""
    counts = {"student_no": _STUDENT_NO, "phone": None, "account": None}
    if name not in counts:
        return ""
    if name == "student_no":
        hits = sum(bool(_STUDENT_NO.fullmatch(text)) or _is_like_identity(text) for text in column.texts)
    else:
        hits = sum(sum(letter.isdigit() for letter in text) >= 7 for text in column.texts)
    told = {"student_no": "学籍号", "phone": "电话号码", "account": "银行账号"}[name]
    return f"内容大多不像{told}，请核对" if hits < seen * DOUBTFUL_SHARE else ""


def _claims(column: Cells, sought: Sought) -> list[Guess]:
    """The fields a column speaks for; its strongest reading alone where it is made of numbers."""
    wanted = {name for name in sought.fields if column.may_be(name)}
    seen = len(column.filled)
    if not seen or not wanted:
        return []
    by_number = _numbers(column, sought.people)
    if by_number is not None:
        names, hits = by_number
        return [guess for name in names if name in wanted and (guess := _guess(name, hits, seen))]
    counts = {
        "name": _names(column),
        "amount": _sums(column),
        "school": _schools(column, sought.known),
        "school_code": sum(_is_school_code(text, sought.known) for text in column.texts),
    }
    counts |= {name: _words(column, sought.cleaners[name]) for name in WORDS if name in sought.cleaners}
    found = [_guess(name, hits, seen) for name, hits in counts.items() if name in wanted]
    guesses = [guess for guess in found if guess is not None]
    if len(guesses) > 1:
        guesses = [guess for guess in guesses if guess.field != "name"]
    return guesses


def _guess(name: str, hits: int, seen: int) -> Guess | None:
    sure = certainty(hits, seen)
    if sure < ENOUGH:
        return None
    return Guess(name, int(sure * 100), f"前 {seen} 个中 {hits} 个像{SAYS.get(name, '这个字段的内容')}")


def _numbers(column: Cells, people: People) -> tuple[tuple[str, ...], int] | None:
    """Which long numbers a column holds, by field, and how many; None when it holds none."""
    seen = len(column.filled)
    if certainty(len(column.births), seen) >= ENOUGH:
        return _whose(column, people), len(column.births)
    for name, shape in (("student_no", _STUDENT_NO), ("phone", _PHONE)):
        hits = sum(bool(shape.fullmatch(text)) for text in column.texts)
        if certainty(hits, seen) >= ENOUGH:
            return (name,), hits
    accounts = sum(
        bool(_ACCOUNT.fullmatch(text)) and not _is_like_identity(text) for text in column.texts
    ) + sum(_is_number_beyond(cell) and not _is_rounded_identity(cell) for cell in column.filled)
    return (("account",), accounts) if certainty(accounts, seen) >= ENOUGH else None


def _whose(column: Cells, people: People) -> tuple[str, ...]:
    """Whose identity numbers these are: the listed person's, a guardian's, or nobody can tell."""
    births = column.births
    if column.variety >= UNIQUE_SHARE and people.share_of_age(births) >= OWN_AGE_SHARE:
        return ("id_no",)
    lists_children = people.ages is not None and people.ages[1] <= GUARDIANS
    guardians = lists_children and people.share_of_guardians(births) >= OWN_AGE_SHARE
    return ("guardian_id",) if guardians else ()


def _names(column: Cells) -> int:
    texts = ["".join(shown(cell).split()) for cell in column.filled]
    if len(set(texts)) < len(texts) * NAME_VARIETY:
        return 0
    return sum(
        bool(_NAME.fullmatch(text)) and text[0] in SURNAMES and not _NO_NAME.search(text) for text in texts
    )


def _sums(column: Cells) -> int:
    """Cells that are sums of aid: multiples of 12.50, for half a year's allowance is 312.50 or 625."""
    found = 0
    for cell in column.filled:
        read = _SUM.fullmatch("".join(shown(cell).split()))
        if read is None or isinstance(cell, bool):
            continue
        fen = int(read[1].replace(",", "")) * 100 + int((read[2] or ".0")[1:].ljust(2, "0"))
        found += 5_000 <= fen <= 10_000_000 and fen % 1_250 == 0
    return found


def _schools(column: Cells, known: Known) -> int:
    is_school = known.get("school")
    return sum(is_school(shown(cell)) for cell in column.filled) if is_school else 0


def _is_school_code(text: str, known: Known) -> bool:
    is_code = known.get("school_code")
    return bool(_SCHOOL_CODE.fullmatch(text)) or bool(is_code and is_code(text))


def _words(column: Cells, clean: Cleaner) -> int:
    """Cells whose word the cleaner of a field knows; bare numbers and yes or no fit too many fields."""
    hits = 0
    for cell in column.filled:
        try:
            said = word(cell) if isinstance(cell, str) else ""
            if not said or said in _YES_NO or said.isdigit():
                continue
            value = clean(cell)
        except Refuse:
            continue
        hits += value is not None and value != [] and type(value) is not Warned
    return hits


def _birth(column: Cells, identity: Sequence[Any]) -> Guess | None:
    """Birth dates, told by the identity numbers of their rows."""
    if not column.may_be("birth"):
        return None
    hits = seen = 0
    for cell, number in zip(column.raw, identity, strict=False):
        born = idnumber.read(shown(number)).birth_on
        if born is None or not shown(cell).strip():
            continue
        seen += 1
        try:
            hits += day(cell.date() if isinstance(cell, datetime) else cell) == born
        except Refuse:
            continue
    return _guess("birth", hits, seen) if seen else None


def _is_like_identity(text: str) -> bool:
    """Whether a text has the shape and a birth date of an identity number, its check character aside."""
    read = idnumber.read(text)
    return read.form is not idnumber.IdForm.STUDENT_NO and read.birth_on is not None


def _is_number_beyond(cell: Any) -> bool:
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return is_number and abs(cell) >= EXACT_INTEGER_LIMIT


def _is_rounded_identity(cell: Any) -> bool:
    """A number of 18 digits of which 15 are right: its birth date still shows what it was."""
    is_long = _is_number_beyond(cell) and 10**17 <= cell < 10**18
    return is_long and str(int(cell))[:2] in PROVINCES and idnumber.birth_date(str(int(cell))) is not None


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

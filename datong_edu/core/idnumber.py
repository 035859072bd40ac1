"""Resident identity numbers (GB 11643-1999), disability certificate numbers and student registry numbers.

Pure functions over text.  An ID number has 18 characters: six of the area of first registration, eight of the
birth date, three of order (odd for a man) and a check character.  The area never decides anything: counties
were renamed and abolished while the numbers of their people stay for life, so 140227 (大同县) and 142132
(雁北地区) are as good as 140215.

A disability certificate number 残疾人证号 is the ID followed by one digit of type and one of grade, and two
more characters after a reissue.  A student registry number 学籍号 is a letter and 18 characters: G with the
ID, J generated for a child without one, L temporary.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import TextChoices
from stdnum.cn import ric

from datong_edu.core.codes import PROVINCES, Sex


class IdState(TextChoices):
    """What can be said about an ID number by looking at it."""

    VALID = "valid", "有效"
    CHECKSUM = "checksum", "校验码不符"
    BIRTHDATE = "birthdate", "出生日期不存在"
    LENGTH = "length", "位数不对"
    ENDS_000 = "ends_000", "末三位为000，疑似精度丢失"
    MISSING = "missing", "无证件号"


class IdForm(TextChoices):
    """How the number was written in the file."""

    PLAIN = "plain", "18位"
    OLD_15 = "old_15", "15位"
    DISABILITY = "disability", "残疾人证号"
    STUDENT_NO = "student_no", "学籍号"
    MASKED = "masked", "已脱敏"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """One number read: 18 characters where they can be had, otherwise the text as sent.

    `birth_on` and `sex` are filled for every form whose birth date exists, whatever the check character says;
    nobody should rely on them unless `state` is valid.
    """

    number: str
    state: IdState
    form: IdForm
    birth_on: date | None = None
    sex: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether length, birth date and check character all agree."""
        return self.state is IdState.VALID

    @property
    def province_known(self) -> bool:
        """Whether the first two digits are a province; the rest of the area is never judged."""
        return self.number[:2] in PROVINCES


@dataclass(frozen=True, slots=True)
class DisabilityNo:
    """残疾人证号: type 1–7 (视力 听力 言语 肢体 智力 精神 多重), grade 1 heaviest to 4 lightest."""

    number: str
    holder: IdNumber
    type_code: str
    grade: int
    reissue: str


_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WRAPPED = re.compile(r'^="?(.*?)"?$')
_CHECK_LOOKALIKES = ("×", "*", "✕", "╳", "х", "Х")
_ID_18 = re.compile(r"\d{17}[\dX]")
_DISABILITY = re.compile(r"(\d{17}[\dX])([1-7])([1-4])([0-9A-Z]{2})?")
_STUDENT_NO = re.compile(r"[GJL]\d{17}[\dX]")
_MASKED = re.compile(r"[0-9A-Z]*[*#●•]{2,}[0-9A-Z*#●•]*")


def normalise(text: str) -> str:
    """One spelling of a number: half-width capitals without spaces, wrappers and lookalikes of X.

    Takes off full-width forms, every kind of space (NBSP, tab, zero-width), the leading apostrophe and the
    `="…"` with which Excel keeps text, and reads `×` or `*` at the very end as X.
    """
    if text.isalnum() and text.isascii():
        return text.upper()
    text = unicodedata.normalize("NFKC", text).translate(_ZERO_WIDTH)
    text = "".join(text.split())
    if text.startswith("="):
        text = _WRAPPED.sub(r"\1", text)
    text = text.strip("'\"`‘’“”").upper()
    if len(text) > 1 and text[-1] in _CHECK_LOOKALIKES and text[:-1].isdigit():
        text = text[:-1] + "X"
    return text


def check_character(first_17: str) -> str:
    """Check character for the first 17 digits."""
    return ric.calc_check_digit(first_17 + "0")


def extend_15(number: str) -> str:
    """An 18-character number for a 15-digit one of before 1999: the century 19 and a check character."""
    body = number[:6] + "19" + number[6:]
    return body + check_character(body)


def birth_date(number: str) -> date | None:
    """Birth date inside an 18-character number; None when there is no such day."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if 1900 <= born.year < 2100 else None


def sex_of(number: str) -> str:
    """Sex inside an 18-character number, 男 or 女."""
    return Sex.MALE.value if int(number[16]) % 2 else Sex.FEMALE.value


def _judge(number: str, form: IdForm) -> IdNumber:
    born = birth_date(number)
    if born is None:
        return IdNumber(number, IdState.BIRTHDATE, form)
    if ric.calc_check_digit(number) == number[17]:
        state = IdState.VALID
    else:
        state = IdState.ENDS_000 if number.endswith("000") else IdState.CHECKSUM
    return IdNumber(number, state, form, born, sex_of(number))


@lru_cache(maxsize=1024)
def read(text: str | None) -> IdNumber:
    """Read a number from an ID column, whatever of its known disguises it wears.

    The disguises: 18 characters, 15 digits, a disability certificate (first 18 count), a student registry
    number G + ID (the letter is dropped), a masked number.  Anything else has the state `length`.
    """
    number = normalise(text) if text else ""
    if not number:
        return IdNumber("", IdState.MISSING, IdForm.OTHER)
    size = len(number)
    if size == 18 and _ID_18.fullmatch(number):
        return _judge(number, IdForm.PLAIN)
    if size == 15 and number.isdigit():
        old = _judge(extend_15(number), IdForm.OLD_15)
        return old if old.is_valid else IdNumber(number, old.state, old.form)
    if size == 19 and number[0] == "G" and _ID_18.fullmatch(number, 1):
        return _judge(number[1:], IdForm.STUDENT_NO)
    if size in (20, 22) and _DISABILITY.fullmatch(number):
        return _judge(number[:18], IdForm.DISABILITY)
    form = IdForm.MASKED if _MASKED.fullmatch(number) else IdForm.OTHER
    return IdNumber(number, IdState.LENGTH, form)


def read_disability_no(text: str) -> DisabilityNo | None:
    """Read a disability certificate number of 20 or 22 characters; None when it is none."""
    number = normalise(text)
    match = _DISABILITY.fullmatch(number)
    if not match:
        return None
    holder = _judge(match[1], IdForm.DISABILITY)
    return DisabilityNo(number, holder, match[2], int(match[3]), match[4] or "")


def is_masked(text: str) -> bool:
    """Whether a text is a number some of whose characters were replaced by stars, as the portal shows it."""
    return _MASKED.fullmatch(normalise(text)) is not None


def is_student_no(number: str) -> bool:
    """Whether a normalised text is a 学籍号: G, J or L and 18 characters."""
    return _STUDENT_NO.fullmatch(number) is not None

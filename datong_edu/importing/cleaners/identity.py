"""Who somebody is: names, identity numbers, certificates, bank accounts and telephones."""

import re

from datong_edu.core import idnumber
from datong_edu.core.idnumber import IdForm, IdState
from datong_edu.core.names import normalise_name, split_note
from datong_edu.importing.cleaners.base import NOTHING, Cell, Cleaner, Refuse, Warned, raw_text

NAME_LIMIT = 50
NUMBER_LIMIT = 64
_EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number; from here on the last ones are lost
_EXPONENT = re.compile(r"[+-]?\d(?:\.\d+)?E\+?\d{1,3}")
_BROKEN = re.compile(
    r"^[=+\-@|]|[<>{}\\]|&(?:#\d+|[a-z]+);|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
# What is left of a character that a file, a font or a notice could not show: 程? 赵□ 张*
_LOST = re.compile(r"[?*□■\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Names of nobody: the row above again, a heading, an example left in
_SAYS_NOBODY = frozenset(["同上", "同前", "〃", "″", "本人", "姓名", "学生姓名", "示例", "样例", "例"])
# Two people in one cell, or a mark to tell namesakes apart: 张三、李四 张三1
_NO_NAME = re.compile(r"[\d、,。;:/()]")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-8]\d{6,7}")
_FORM_WARNINGS = {
    IdForm.OLD_15: "ID_15_DIGIT",
    IdForm.DISABILITY: "ID_IS_DISABILITY_NO",
    IdForm.STUDENT_NO: "ID_G_PREFIX",
}
_STATE_KEYS = {
    IdState.CHECKSUM: "ID_CHECKSUM",
    IdState.BIRTHDATE: "ID_BIRTHDATE",
    IdState.LENGTH: "ID_LENGTH",
}


def name(cell: Cell) -> str | Warned | None:
    """A person's name in one spelling; a bracket note behind it is dropped with a warning.

    A name with a lost character, a digit or a mark between two names is kept as sent with a warning.
    """
    if isinstance(cell, str) and len(cell) < 5 and cell.isalpha() and not cell.isascii():
        return None if cell in _SAYS_NOBODY else normalise_name(cell)
    text = raw_text(cell)
    if not text or text in NOTHING or text in _SAYS_NOBODY:
        return None
    if len(text) > NAME_LIMIT:
        raise Refuse("TEXT_TOO_LONG")
    if _BROKEN.search(text) or not isinstance(cell, str):
        raise Refuse("NAME_BROKEN")
    full = normalise_name(text)
    if not full or full in NOTHING:
        return None
    if _BROKEN.search(full):
        raise Refuse("NAME_BROKEN")
    stem, note = split_note(full)
    is_doubtful = _LOST.search(stem) or _NO_NAME.search(stem)
    keys = ("NAME_NOTE",) * (stem != full or bool(note)) + ("NAME_DOUBTFUL",) * bool(is_doubtful)
    return Warned(stem, keys) if keys else full


def _number(cell: Cell, lost: str) -> str:
    """Text of a cell that holds a number-like code; digits a spreadsheet has lost are refused with `lost`."""
    if isinstance(cell, str):
        if len(cell) <= NUMBER_LIMIT and cell.isdigit() and cell.isascii():
            return cell
        text = raw_text(cell)
        if len(text) > NUMBER_LIMIT:
            raise Refuse("TEXT_TOO_LONG")
        number = idnumber.normalise(text)
        if "E" in number and _EXPONENT.fullmatch(number):
            raise Refuse(lost)
        return "" if number in NOTHING else number
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT_DIGITS:
        raise Refuse(lost)
    return raw_text(cell)


def identity(*, strict: bool, keeps_000: bool = False) -> Cleaner:
    """An ID number, 18 characters.

    `strict` is for money: a number of wrong length, birth date or check character is refused.  Without it,
    for evidence, such a number is kept as sent with a warning, so that the child does not vanish.  A number
    that went through a number cell is refused always, and so is one that ends in 000 with a wrong check
    character, for that is what Excel leaves of it; only `keeps_000`, for evidence whose text cells no
    spreadsheet can have rounded, keeps that one as well, for the nightly check to question.  A masked number
    says nobody: it reads as blank, with a warning.
    """

    def clean_identity(cell: Cell) -> str | Warned | None:
        number = _number(cell, "ID_PRECISION_LOST")
        if not number:
            return None
        read = idnumber.read(number)
        if read.state is IdState.VALID and read.form is IdForm.PLAIN:
            return read.number
        if read.state is IdState.ENDS_000:
            if keeps_000:
                return Warned(read.number, ("ID_CHECKSUM",))
            raise Refuse("ID_PRECISION_LOST")
        if read.form is IdForm.MASKED:
            return Warned(None, ("ID_MASKED",))
        fault = _STATE_KEYS.get(read.state)
        if fault and strict:
            raise Refuse(fault)
        keys = (_FORM_WARNINGS.get(read.form), fault)
        return Warned(read.number, tuple(key for key in keys if key))

    return clean_identity


def student_no(cell: Cell) -> str | None:
    """A 学籍号: G, J or L and 18 characters."""
    number = _number(cell, "STUDENT_NO_INVALID")
    if not number:
        return None
    if not idnumber.is_student_no(number):
        raise Refuse("STUDENT_NO_INVALID")
    return number


def disability_no(cell: Cell) -> str | Warned | None:
    """A disability certificate number; one that cannot be read is kept as sent with a warning."""
    number = _number(cell, "ID_PRECISION_LOST")
    if not number:
        return None
    if idnumber.is_masked(number):
        return Warned(None, ("ID_MASKED",))
    read = idnumber.read_disability_no(number)
    if read is None:
        return Warned(number, ("ID_LENGTH",))
    if not read.holder.is_valid:
        return Warned(number, (_STATE_KEYS.get(read.holder.state, "ID_CHECKSUM"),))
    return number


def account(cell: Cell) -> str | None:
    """A bank account or card number of 8 to 32 digits.

    An account of 18 digits or more that ends in as many zeros as Excel would have put there is refused.
    """
    number = _number(cell, "ACCOUNT_PRECISION_LOST")
    if not number.isdigit():
        number = number.replace("-", "")
        if not number:
            return None
        if not number.isdigit():
            raise Refuse("NUMBER_INVALID")
    size = len(number)
    if not 8 <= size <= 32:
        raise Refuse("NUMBER_INVALID")
    if size >= 18 and number.endswith("0" * (size - 15)):
        raise Refuse("ACCOUNT_PRECISION_LOST")
    return number


def phone(cell: Cell) -> str | Warned | None:
    """A mobile or landline number; one that cannot be dialled reads as blank with a warning.

    Of several numbers in one cell the first counts; words beside it (13800001234（父）) say whose it is.
    """
    if isinstance(cell, str) and len(cell) == 11 and cell[0] == "1" and cell.isdigit() and cell.isascii():
        return cell if cell[1] >= "3" else Warned(None, ("PHONE_INVALID",))
    text = raw_text(cell)
    if not text or text in NOTHING:
        return None
    for part in re.split(r"[,，;；、/\n\u4e00-\u9fff]", text):
        number = re.sub(r"[\s()（）:：\-—]", "", idnumber.normalise(part))
        if match := _MOBILE.fullmatch(number):
            return match[1]
        if _LANDLINE.fullmatch(number):
            return number
    return Warned(None, ("PHONE_INVALID",))

"""Chinese numerals as clerks write them in dates, grades and amounts, read strictly."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
_DIGITS |= {"○": 0, "O": 0, "两": 2, "弌": 1}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG_UNITS = {"亿": 100_000_000, "万": 10_000, "萬": 10_000}


def _section(text: str) -> int | None:
    """Value below ten thousand; None for slang such as 三百五, which may be 350 or 305."""
    total, digit, last_unit, after_zero = 0, None, 10_000, False
    for char in text:
        if char in _UNITS:
            unit = _UNITS[char]
            if digit is None and unit == 10 and total == 0 and not after_zero:
                digit = 1
            if not digit or unit >= last_unit:
                return None
            total, digit, last_unit, after_zero = total + digit * unit, None, unit, False
            continue
        if digit is not None:
            return None
        if _DIGITS[char] == 0:
            after_zero = True
        else:
            digit = _DIGITS[char]
    if digit is None:
        return total
    plain = last_unit in (10, 10_000) or after_zero
    return total + digit if plain else None


def chinese_int(text: str) -> int | None:
    """Value of a numeral such as 四千八百, 三十, 二〇二〇 or 壹万贰仟; None when it is not a proper one."""
    if not text or any(c not in _DIGITS and c not in _UNITS and c not in _BIG_UNITS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = 0
    for char, unit in (("亿", 100_000_000), ("万", 10_000)):
        head, found, text = text.replace("萬", "万").rpartition(char)
        if found:
            value = _section(head) if head else None
            if not value:
                return None
            total += value * unit
    if not text:
        return total
    rest = _section(text)
    if rest is None or (total and rest < 1000 and _DIGITS.get(text[0]) != 0):
        return None
    return total + rest


def to_int(text: str) -> int | None:
    """Value of digits or of a Chinese numeral."""
    return int(text) if text.isascii() and text.isdigit() else chinese_int(text)

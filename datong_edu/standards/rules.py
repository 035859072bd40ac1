"""Pure rules of a value: how it is written, what it becomes, how it is shown."""

import re
from datetime import date
from decimal import Decimal

from datong_edu.standards.enums import ValueType
from datong_edu.standards.exceptions import StandardsError

Answer = Decimal | int | str | None
"""What a standard says: money and ratios as Decimal, counts as int, flags as bool, the rest as text."""

_SHAPES = {
    ValueType.MONEY: (r"\d{1,9}(\.\d{1,2})?", "金额写成非负十进制数，最多两位小数，如 1250 或 312.50"),
    ValueType.RATIO: (r"\d{1,4}(\.\d{1,4})?", "比例写成非负十进制数，最多四位小数，如 0.10"),
    ValueType.INTEGER: (r"\d{1,9}", "应为非负整数，如 30"),
    ValueType.FLAG: (r"是|否|true|false", "应为“是”或“否”"),
    ValueType.MONTH_DAY: (r"\d\d-\d\d", "应为月-日，如 08-31"),
    ValueType.TEXT: (r"\S(.{0,198}\S)?", "文字不能为空，最多 200 字"),
}


def parse_value(value_type: str, written: str) -> tuple[Decimal | None, str]:
    """Number and text to store for a value as an officer or a file writes it; a wrong shape is refused."""
    kind = ValueType(value_type)
    shape, remedy = _SHAPES[kind]
    if not re.fullmatch(shape, written):
        raise StandardsError(f"取值“{written}”不对：{remedy}。")
    if kind == ValueType.TEXT:
        return None, written
    if kind == ValueType.MONTH_DAY:
        try:
            date.fromisoformat(f"2000-{written}")
        except ValueError as error:
            raise StandardsError(f"取值“{written}”不对：没有这一天。") from error
        return None, written
    if kind == ValueType.FLAG:
        return Decimal(written in ("是", "true")), ""
    return Decimal(written), ""


def answer(value_type: str, number: Decimal | None, text: str) -> Answer:
    """The Python value of a stored one; None where the standard has ended."""
    if number is None:
        return text or None
    match ValueType(value_type):
        case ValueType.MONEY:
            return number.quantize(Decimal("0.01"))
        case ValueType.INTEGER:
            return int(number)
        case ValueType.FLAG:
            return bool(number)
        case _:
            return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def display(value_type: str, number: Decimal | None, text: str) -> str:
    """The value as a clerk reads it: 1,250、312.50、是、10%; ended standards read 停止执行."""
    value = answer(value_type, number, text)
    if value is None:
        return "停止执行"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        if value_type == ValueType.MONEY and value == value.to_integral():
            return f"{int(value):,}"
        return f"{value:,}"
    return str(value)

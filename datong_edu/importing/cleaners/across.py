"""Checks between the cells of one row; each answers yes when the clerk should look."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from datong_edu.core import idnumber
from datong_edu.core.names import same_name


def sex_mismatch(sex: str | None, id_no: str | None) -> bool:
    """SEX_MISMATCH: the sex column contradicts a valid ID number."""
    if not sex or not id_no or len(id_no) != 18:
        return False
    read = idnumber.read(id_no)
    return read.is_valid and read.sex != sex


def out_of_order(*days: date | None) -> int | None:
    """DATE_ORDER: position of the first day that lies before an earlier one; None when in order."""
    latest = None
    for position, day in enumerate(days):
        if day is None:
            continue
        if latest is not None and day < latest:
            return position
        latest = day
    return None


def amount_mismatch(monthly: Decimal | None, months: int | None, amount: Decimal | None) -> bool:
    """AMOUNT_MISMATCH: monthly rate times months is not the amount."""
    return None not in (monthly, months, amount) and monthly * months != amount  # type: ignore[operator]


def holder_mismatch(holder: str | None, names: Iterable[str | None]) -> bool:
    """HOLDER_MISMATCH: the account belongs to none of the people of the row."""
    if not holder:
        return False
    known = [name for name in names if name]
    return bool(known) and not any(same_name(holder, name) for name in known)


def education_and_status(education: str | None, student_status: str | None) -> bool:
    """EDU_AND_STATUS: both 文化程度 and 在校生状况 are filled for somebody at school."""
    return bool(education and student_status and student_status != "非在校生")


def guardian_id_missing(id_no: str | None, guardian_id: str | None) -> bool:
    """GUARDIAN_ID_MISSING: a child without an ID number needs the guardian's."""
    return not id_no and not guardian_id

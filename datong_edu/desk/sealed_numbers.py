"""Numbers on a person's file that may be shown in full one by one, as far as the facts are in sight."""

from typing import Any

from datong_edu.desk.facts import PersonFacts
from datong_edu.registry.reveals import SealedNumber


def numbers_of(facts: PersonFacts) -> list[SealedNumber]:
    """Identity number, 学籍号, the guardian's numbers, and the latest account, where there is one."""
    pupil = facts.enrolment
    paid = next((line for line in facts.awards if line.account_masked), None)
    offered = [
        _number(facts.person, "id_no", "身份证号", "id_no"),
        _number(pupil, "student_no", "学籍号", "student_no"),
        _number(pupil, "guardian_id", "监护人身份证号", "id_no"),
        _number(pupil, "phone", "监护人电话", "phone"),
        _number(paid, "account", "银行账号", "account"),
    ]
    return [number for number in offered if number is not None]


def _number(row: Any, field: str, label: str, kind: str) -> SealedNumber | None:
    cipher = getattr(row, field, None)
    if not cipher:
        return None
    masked, index = getattr(row, f"{field}_masked"), getattr(row, f"{field}_index")
    return SealedNumber(field, label, kind, masked, cipher, index)

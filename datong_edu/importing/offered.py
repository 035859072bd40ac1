"""Words for the drop-downs of a template: of each list those that the roster's own cleaner understands."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from datong_edu.core import codes
from datong_edu.importing.cleaners.base import Refuse, Warned
from datong_edu.importing.declare import Column, Roster

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit

_GRADES = "一二三四五六七八九"
WORDS: dict[str, tuple[str, ...]] = {
    "sex": tuple(codes.Sex.labels),
    "nation": tuple(dict.fromkeys(codes.NATIONS.values())),
    "id_type": tuple(codes.IdType.labels),
    "stage": tuple(codes.Stage.labels),
    "grade": ("小班", "中班", "大班", *(f"{number}年级" for number in _GRADES), "高一", "高二", "高三"),
    "boarding": tuple(codes.Boarding.labels),
    "status": tuple(codes.EnrolmentStatus.labels),
    "relation": (*codes.Relation.labels, *codes.GuardianRelation.labels),
    "student_status": tuple(codes.STUDENT_STATUSES),
    "poverty_attr": tuple(codes.PovertyAttribute.labels),
    "category": tuple(codes.Category.labels),
    "monitored_kind": ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"),
    "level": tuple(codes.HardshipLevel.labels),
    "school_kind": tuple(codes.SchoolKind.labels),
    "seat": tuple(codes.Seat.labels),
    "ownership": tuple(codes.Ownership.labels),
    "dropout_type": tuple(codes.DropoutType.labels),
    "post_status": tuple(codes.PostStatus.labels),
    "post_kind": tuple(codes.PostKind.labels),
    "mode": tuple(codes.MealMode.labels),
    "result": tuple(codes.PaymentResult.labels),
    "award_status": tuple(codes.AwardStatus.labels),
    "award_kind": tuple(codes.AwardKind.labels),
    "loan_round": tuple(codes.LoanRound.labels),
    "level_of_study": ("本科", "专科", "研究生"),
    "plan": ("励耕计划", "润雨计划"),
}
YES_NO = ("是", "否")
SEVERAL = frozenset({"category", "monitored_kind"})
"""Fields whose cell may name several, joined by 、: a drop-down offers them and forbids nothing."""


def words_for(roster: Roster, unit: "Unit | None") -> dict[str, tuple[str, ...]]:
    """Words to choose from by field: the county's schools, code tables, yes and no."""
    own = roster.offered(unit)
    found = {}
    for column in roster.columns:
        listed = own.get(column.field) or WORDS.get(column.field, ())
        words = tuple(listed) if column.field in own else understood(column, listed)
        if not words and column.sql == "boolean":
            words = understood(column, YES_NO)
        if words:
            found[column.field] = words
    return found


def understood(column: Column, words: Iterable[str]) -> tuple[str, ...]:
    """The words that a column's cleaner takes without a remark."""
    kept = []
    for word in words:
        try:
            value = column.clean(word)
        except Refuse:
            continue
        if type(value) is not Warned and value is not None and value != []:
            kept.append(word)
    return tuple(dict.fromkeys(kept))

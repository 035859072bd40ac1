"""What the dropout ledger says on a person's file."""

from typing import Any

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.web.panels import PersonPanel
from datong_edu.web.parts import Fact
from dropout.models import DropoutCase


def load(person: Any, user: User) -> dict[str, Any] | None:
    """The person's line of the ledger, when it is in sight."""
    rows = DropoutCase.objects.visible_to(user).filter(person=person)
    case = rows.select_related("school", "county").first()
    if case is None:
        return None
    facts = (
        Fact("状态", case.get_status_display()),
        Fact("类型", case.get_type_display()),
        Fact("原就读学校", str(case.school or "")),
        Fact("辍学时间", _day(case.left_on)),
        Fact("原因", case.cause),
        Fact("劝返责任人", case.owner),
        Fact("劝返次数", str(case.visits)),
        Fact("复学时间", _day(case.returned_on)),
        Fact("安置方式", case.placement),
        Fact("销号时间", _day(case.closed_on)),
    )
    return {"facts": facts}


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


PANEL = PersonPanel(
    "dropout", "控辍保学台账", "web/parts/panel.html", load, Permission.VIEW_LEDGERS, order=40
)

"""The deeds of the standards officer."""

from datetime import date
from typing import Any

from django.db import transaction

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.core import audit
from datong_edu.standards.declarations import Source
from datong_edu.standards.enums import DIMENSIONS, Origin
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.models import Standard, StandardValue
from datong_edu.standards.policies import require_manager
from datong_edu.standards.rules import parse_value


@transaction.atomic
def add_value(
    *,
    by: User,
    standard: Standard,
    written: str,
    from_on: date,
    source: Source,
    until_on: date | None = None,
    county: Unit | None = None,
    **scope: str,
) -> StandardValue:
    """Put a dated value in force: the open value of the same scope ends the day before.

    `written` is the value as the officer writes it, empty to end the standard; `until_on` is the first day it
    no longer holds.  Days that already have another value are refused, as is a value without a document.
    """
    require_manager(by)
    if not source.title.strip():
        raise StandardsError("请填写依据文件的标题，没有依据的取值不能录入。")
    if until_on and until_on <= from_on:
        raise StandardsError("截止日期不能早于执行日期。")
    if county and county.kind != UnitKind.COUNTY:
        raise StandardsError("取值只能按县区区分。")
    standard = Standard.objects.select_for_update().get(pk=standard.pk)
    undeclared = [DIMENSIONS[name] for name in scope if scope[name] and name not in standard.dimensions]
    if undeclared:
        raise StandardsError(f"标准 {standard.key} 不区分{'、'.join(undeclared)}。")
    number, text = parse_value(standard.value_type, written) if written else (None, "")
    new = StandardValue(
        standard=standard,
        county=county,
        number=number,
        text=text,
        from_on=from_on,
        until_on=until_on,
        source_title=source.title.strip(),
        source_number=source.number.strip(),
        source_link=source.link.strip(),
        origin=Origin.DESK,
        added_by=by,
        **scope,
    )
    closed = _make_room(new)
    new.save()
    audit.record(
        action="standards.add_value",
        by=by,
        subject=new,
        county=county,
        detail=_trace(new) | ({"closed": closed.pk} if closed else {}),
    )
    return new


def _make_room(new: StandardValue) -> StandardValue | None:
    """End the open value before the new one; refuse when anything else holds on its days."""
    scope = {name: getattr(new, name) for name in DIMENSIONS}
    series = new.standard.values.of_scope(county=new.county, **scope)
    closed = None
    for other in series.overlapping(new.from_on, new.until_on).order_by("from_on"):
        if other.until_on is not None or other.from_on >= new.from_on:
            until = f"至 {other.last_on}" if other.until_on else "起"
            raise StandardsError(
                f"{new.scope_words}自 {other.from_on} {until}已有取值 {other.words}，时间不能重叠；"
                "请把执行日期改到它之后，或把截止日期改到它之前。"
            )
        closed = other
    if new.is_end and closed is None:
        raise StandardsError(f"{new.scope_words}在 {new.from_on} 没有执行中的取值，无需停止。")
    if closed:
        closed.until_on = new.from_on
        closed.save(update_fields=["until_on"])
    return closed


def _trace(value: StandardValue) -> dict[str, Any]:
    """What the audit trail keeps of a value."""
    return {
        "key": value.standard.key,
        "scope": value.scope_words,
        "value": value.words,
        "from": value.from_on.isoformat(),
        "source": f"{value.source_title} {value.source_number}".strip(),
    }

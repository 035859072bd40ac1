"""Adding a dated value: who may, what is refused, and what the database refuses by itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from datong_edu.accounts.models import Unit, User
from datong_edu.core.models import AuditEvent
from datong_edu.standards import lookup as standards
from datong_edu.standards.actions import add_value
from datong_edu.standards.declarations import Source
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.models import Standard, StandardValue

SOURCE = Source("市级通知", "同教〔2026〕1号")


def board(**changes: object) -> dict[str, object]:
    """A new amount for junior boarders from spring 2026."""
    return {
        "standard": Standard.objects.get(key="CE_BOARD"),
        "written": "1800",
        "from_on": date(2026, 3, 1),
        "source": SOURCE,
        "stage": "JUN",
    } | changes


def test_new_value_ends_the_open_one_and_is_audited(officer: User) -> None:
    value = add_value(by=officer, **board())
    assert (value.origin, value.added_by) == ("desk", officer)
    assert standards.at("CE_BOARD", date(2026, 2, 28), stage="JUN") == 1500
    assert standards.at("CE_BOARD", date(2026, 3, 1), stage="JUN") == 1800
    assert standards.at("CE_BOARD", date(2026, 3, 1), stage="PRI") == 1250
    event = AuditEvent.objects.get(action="standards.add_value")
    assert (event.actor, event.detail["key"], event.detail["from"]) == (officer, "CE_BOARD", "2026-03-01")


def test_value_for_one_year_leaves_nothing_after_it(officer: User) -> None:
    add_value(by=officer, **board(until_on=date(2027, 3, 1)))
    assert standards.at("CE_BOARD", date(2027, 2, 28), stage="JUN") == 1800
    assert standards.at("CE_BOARD", date(2027, 3, 1), stage="JUN") is None


def test_empty_value_ends_the_standard(officer: User) -> None:
    add_value(by=officer, **board(written=""))
    assert standards.at("CE_BOARD", date(2026, 3, 1), stage="JUN") is None
    assert not StandardValue.objects.in_force(date(2026, 3, 1)).filter(standard__key="CE_BOARD", stage="JUN")


def test_first_value_of_an_unset_standard(officer: User, counties: dict[str, Unit]) -> None:
    city = counties["平城区"]
    add_value(
        by=officer,
        standard=Standard.objects.get(key="MEAL_CITY"),
        written="2.50",
        from_on=date(2017, 9, 1),
        source=SOURCE,
        county=city,
    )
    assert standards.at("MEAL_CITY", date(2020, 9, 1), county=city) == Decimal("2.50")
    assert standards.at("MEAL_CITY", date(2020, 9, 1)) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_on": date(2024, 3, 1)}, "时间不能重叠"),
        ({"from_on": date(2020, 3, 1)}, "时间不能重叠"),
        ({"from_on": date(2015, 3, 1)}, "时间不能重叠"),
        ({"from_on": date(2015, 3, 1), "until_on": date(2016, 1, 2)}, "时间不能重叠"),
        ({"until_on": date(2026, 3, 1)}, "截止日期不能早于"),
        ({"written": "很多"}, "取值“很多”不对"),
        ({"written": "-5"}, "取值“-5”不对"),
        ({"source": Source(" ")}, "请填写依据文件"),
        ({"tier": "low"}, "不区分档次"),
        ({"written": "", "stage": "HS"}, "无需停止"),
    ],
)
def test_refusals_in_words_change_nothing(officer: User, changes: dict[str, object], words: str) -> None:
    before = list(StandardValue.objects.order_by("pk").values())
    with pytest.raises(StandardsError, match=words):
        add_value(by=officer, **board(**changes))
    assert list(StandardValue.objects.order_by("pk").values()) == before


def test_history_before_the_first_value_may_be_filled_in(officer: User) -> None:
    add_value(by=officer, **board(written="900", from_on=date(2015, 3, 1), until_on=date(2016, 1, 1)))
    assert standards.at("CE_BOARD", date(2015, 12, 31), stage="JUN") == 900
    assert standards.at("CE_BOARD", date(2016, 1, 1), stage="JUN") == 1250


def test_school_is_no_scope(officer: User, counties: dict[str, Unit]) -> None:
    school = Unit.objects.create(code="2114000001", name="某小学", kind="school", parent=counties["浑源县"])
    with pytest.raises(StandardsError, match="只能按县区区分"):
        add_value(by=officer, **board(county=school))


def test_clerk_may_not_add(clerk: User) -> None:
    with pytest.raises(PermissionDenied):
        add_value(by=clerk, **board())


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"from_on": date(2020, 1, 1), "stage": "JUN"}, "standard_value_no_overlap"),
        ({"from_on": date(2020, 1, 1), "stage": "HS", "source_title": "  "}, "standard_value_has_source"),
        (
            {"from_on": date(2020, 1, 1), "stage": "HS", "until_on": date(2020, 1, 1)},
            "standard_value_days_in_order",
        ),
        ({"from_on": date(2020, 1, 1), "stage": "HS", "text": "双份"}, "standard_value_one_kind"),
        ({"from_on": date(2020, 1, 1), "stage": "HS", "number": -1}, "standard_value_not_negative"),
        ({"from_on": date(2020, 1, 1), "stage": "HS", "origin": "desk"}, "standard_value_desk_has_officer"),
    ],
)
def test_database_refuses_by_itself(loaded: None, fields: dict[str, object], constraint: str) -> None:
    row = {"number": 1, "source_title": "某通知"} | fields
    standard = Standard.objects.get(key="CE_BOARD")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StandardValue.objects.create(standard=standard, **row)


def test_overlap_of_a_county_is_refused_too(loaded: None, counties: dict[str, Unit]) -> None:
    row = {
        "standard": Standard.objects.get(key="RURAL_T"),
        "county": counties["浑源县"],
        "number": 400,
        "source_title": "某通知",
    }
    StandardValue.objects.create(from_on=date(2020, 1, 1), **row)
    with pytest.raises(IntegrityError, match="standard_value_no_overlap"), transaction.atomic():
        StandardValue.objects.create(from_on=date(2021, 1, 1), **row)

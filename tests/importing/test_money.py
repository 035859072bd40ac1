"""Money rosters in the ledgers: 行号, 补发, 追回, 已免除, and the rural teachers' allowance."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datong_edu.core.idnumber import check_character
from subsidies.models import AwardLine
from teachers.models import AllowanceLine
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import Answer, import_roster

pytestmark = pytest.mark.usefixtures("books")
SPRING = "2019-2020-2"


@pytest.fixture
def number() -> str:
    """A pupil's number."""
    return make.id_number(date(2011, 3, 8))


def roll(folder: Path, *lines: rosters.Cells) -> Answer:
    """Import lines of the aid system's roll."""
    return import_roster(rosters.save(folder, lines), "aid_roll")


def awards() -> list[tuple[Any, ...]]:
    """Line, kind, amount, own term and the term it was paid in."""
    rows = AwardLine.objects.whole_city().order_by("line_no")
    return list(rows.values_list("line_no", "kind", "amount", "term_id", "roll_term_id"))


def test_two_lines_for_one_pupil_are_two_facts(tmp_path: Path, number: str) -> None:
    roll(
        tmp_path,
        rosters.aid("X1", number, "500"),
        rosters.aid("X2", number, "500", 所属学期=SPRING, 发放类型="补发"),
        rosters.aid("X3", number, "-250", 发放类型="追回"),
    )
    now = "2020-2021-1"
    assert awards() == [
        ("X1", "normal", Decimal(500), now, now),
        ("X2", "backpay", Decimal(500), SPRING, now),
        ("X3", "recovery", Decimal(-250), now, now),
    ]


@pytest.mark.parametrize(("amount", "kind"), [("-500", "正常"), ("-500", "补发"), ("500", "追回")])
def test_amount_of_the_wrong_sign_is_refused(tmp_path: Path, number: str, amount: str, kind: str) -> None:
    answer = roll(tmp_path, rosters.aid("X1", number, amount, 发放类型=kind))
    assert answer.reasons() == {2: ["AMOUNT_INVALID"]}
    assert awards() == []


def test_line_sent_again_updates_its_line(tmp_path: Path, number: str) -> None:
    line = rosters.aid("X1", number, "500", 发放状态="发放失败", 失败原因="账号户名不符", 发放日期="")
    roll(tmp_path, line)
    answer = roll(tmp_path, line | {"发放状态": "已发放", "发放日期": "2020-12-01"})
    assert [answer.count(key) for key in ("new", "changed")] == [0, 1]
    award = AwardLine.objects.whole_city().get()
    assert (award.status, award.paid_on) == ("paid", date(2020, 12, 1))


def test_line_number_twice_in_a_file_is_a_conflict(tmp_path: Path, number: str) -> None:
    answer = roll(tmp_path, rosters.aid("X1", number, "500"), rosters.aid("X1", number, "250"))
    assert answer.reasons() == {2: ["DUPLICATE_CONFLICT"], 3: ["DUPLICATE_CONFLICT"]}


def test_waived_line_needs_no_bank(tmp_path: Path, number: str) -> None:
    line = rosters.aid("X1", number, "800", 资助项目="普通高中免学杂费", 发放状态="已免除", 年级="高一")
    line |= {"银行账号": "", "户名": "", "学段": "高中", "学校/幼儿园名称": "浑源县第一中学校"}
    roll(tmp_path, line)
    award = AwardLine.objects.whole_city().get()
    assert (award.scheme_id, award.status) == ("HS_FEE", "waived")
    assert (award.account, award.account_index, award.account_masked) == (None, None, "")


def test_scheme_nobody_knows_is_refused(tmp_path: Path, number: str) -> None:
    answer = roll(tmp_path, rosters.aid("X1", number, "500", 资助项目="不知名补助"))
    assert answer.reasons() == {2: ["TYPE_UNKNOWN"]}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"身份证号": "14022520111308001" + check_character("14022520111308001")}, "ID_BIRTHDATE"),
        ({"身份证号": "14022520110308"}, "ID_LENGTH"),
        ({"身份证号": ""}, "ID_MISSING"),
        ({"金额": ""}, "AMOUNT_MISSING"),
        ({"金额": "五百多"}, "AMOUNT_INVALID"),
        ({"银行账号": 6.217e18}, "ACCOUNT_PRECISION_LOST"),
    ],
)
def test_doubtful_money_is_refused(tmp_path: Path, number: str, change: dict[str, Any], key: str) -> None:
    answer = roll(tmp_path, rosters.aid("X1", number, "500") | change)
    assert answer.reasons() == {2: [key]}
    assert awards() == []


def test_printed_roll_is_one_line_for_pupil_scheme_and_term(tmp_path: Path, number: str) -> None:
    line = {
        "学校": rosters.TOWN_PRIMARY, "学生姓名": "侯明远", "性别": "男", "年级": "四年级",
        "困难类型": "低保", "身份证号": number, "就读方式": "寄宿", "补助金额": "500",
    }  # fmt: skip
    import_roster(rosters.save(tmp_path, [line]), "r2_living_allowance")
    answer = import_roster(rosters.save(tmp_path, [line | {"补助金额": "625"}]), "r2_living_allowance")
    assert answer.count("changed") == 1
    award = AwardLine.objects.whole_city().get()
    assert (award.scheme_id, award.amount, award.line_no) == ("CE_BOARD", Decimal(625), "")


def test_allowance_is_one_line_for_teacher_school_and_year(tmp_path: Path) -> None:
    line = rosters.allowance(make.id_number(date(1985, 3, 3), "女"))
    import_roster(rosters.save(tmp_path, [line]), "r15_rural_allowance")
    more = line | {"月数": "12个月", "金额": "叁仟陆佰元整"}
    answer = import_roster(rosters.save(tmp_path, [more, line | {"年度": "2019"}]), "r15_rural_allowance")
    assert [answer.count(key) for key in ("new", "changed")] == [1, 1]
    rows = AllowanceLine.objects.whole_city().order_by("year").values_list("year", "months", "amount")
    assert list(rows) == [(2019, 4, Decimal(1200)), (2020, 12, Decimal(3600))]


def test_allowance_that_does_not_add_up_is_shown(tmp_path: Path) -> None:
    line = rosters.allowance(make.id_number(date(1985, 3, 3), "女"), 金额="1300")
    answer = import_roster(rosters.save(tmp_path, [line]), "r15_rural_allowance")
    assert answer.reasons("warnings") == {2: ["AMOUNT_MISMATCH"]}
    assert answer.count("new") == 1

"""全量名册: whoever stands in the ledger and not in the roll is told, and nothing happens to them."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from datong_edu.core.clock import set_business_date
from datong_edu.importing.declare import roster_called
from datong_edu.importing.disappeared import who_disappeared
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.staging import Stage
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import Answer, import_roster
from tests.importing.test_views import address, checked, client_of, page, send

pytestmark = pytest.mark.usefixtures("books")
NEXT_TERM = "2020-2021-2"


Lines = list[dict[str, object]]


def full(folder: Path, lines: Lines, kind: str = "student_registry", **given: Any) -> Answer:
    """Apply a full roll."""
    return import_roster(rosters.save(folder, lines, "全量.xlsx"), kind, full=True, **given)


def gone() -> list[str]:
    """Names of those whom the last roll no longer lists."""
    batch = ImportBatch.objects.whole_city().latest("id")
    roster = roster_called(batch.kind)
    assert roster.full_roll is not None
    return [one.name for one in who_disappeared(Stage(roster, batch.pk), roster.full_roll)]


def test_missing_pupil_is_told_and_not_touched(tmp_path: Path) -> None:
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    import_roster(rosters.save(tmp_path, lines), "student_registry")
    answer = full(tmp_path, lines[:1], term=NEXT_TERM)
    assert answer.said["disappeared"] == 1
    assert gone() == ["姚静怡"]
    assert Enrolment.objects.whole_city().get(name="姚静怡").until_on is None
    assert ImportBatch.objects.whole_city().latest("id").counts["disappeared"] == 1


def test_roll_of_one_school_is_compared_with_that_school(tmp_path: Path) -> None:
    here = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    there = rosters.pupil(姓名="梁小军", 学校名称=rosters.RURAL)
    import_roster(rosters.save(tmp_path, [*here, there]), "student_registry")
    assert full(tmp_path, here[:1], term=NEXT_TERM).said["disappeared"] == 1
    assert gone() == ["姚静怡"]


def test_roll_of_several_schools_in_a_sheet_is_compared_with_the_county(tmp_path: Path) -> None:
    here = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    there = [
        rosters.pupil(姓名="梁小军", 学校名称=rosters.RURAL),
        rosters.pupil(姓名="赵倩", 学校名称=rosters.PRIMARY),
    ]
    import_roster(rosters.save(tmp_path, [*here, *there]), "student_registry")
    assert full(tmp_path, [here[0], there[0]], term=NEXT_TERM).said["disappeared"] == 2
    assert sorted(gone()) == ["姚静怡", "赵倩"]


def test_pupil_whose_row_is_refused_has_not_disappeared(tmp_path: Path) -> None:
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    import_roster(rosters.save(tmp_path, lines), "student_registry")
    lines[1]["年级"] = "若干年级"
    assert full(tmp_path, lines, term=NEXT_TERM).said["disappeared"] == 0


def test_missing_member_of_a_household_is_told(tmp_path: Path) -> None:
    lines = [
        rosters.member("14022500001", order, 姓名=name) for order, name in ((1, "侯明远"), (2, "侯明亮"))
    ]
    import_roster(rosters.save(tmp_path, lines), "poverty_members", term=None)
    assert full(tmp_path, lines[1:], "poverty_members", term=None).said["disappeared"] == 1
    assert gone() == ["侯明远"]


def test_missing_teacher_is_told_by_the_roster_before(tmp_path: Path) -> None:
    lines: Lines = [
        {"县区": "浑源县", "学校": rosters.RURAL, "姓名": name, "身份证号": make.id_number(date(1985, 1, 2))}
        for name in ("姚玉兰", "梁小军")
    ]
    import_roster(rosters.save(tmp_path, lines), "r14_teachers")
    assert full(tmp_path, lines[:1], "r14_teachers", term=NEXT_TERM).said["disappeared"] == 1
    assert gone() == ["梁小军"]


def test_roster_that_is_never_full_is_refused_as_such(tmp_path: Path) -> None:
    answer = full(tmp_path, [rosters.listed("140225201103080011", "低保")], "civil_list", term=None)
    assert answer.code == 1
    assert "不是全量名册" in answer.errors


def test_roll_that_is_not_full_counts_nobody(tmp_path: Path) -> None:
    assert (
        "disappeared" not in import_roster(rosters.save(tmp_path, [rosters.pupil()]), "student_registry").said
    )


def test_preview_of_a_full_roll_names_whom_it_leaves_out(tmp_path: Path) -> None:
    set_business_date(date(2020, 12, 15))
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    import_roster(rosters.save(tmp_path, lines), "student_registry")
    clerk = client_of()
    content = rosters.save(tmp_path, lines[:1], "全量.xlsx").read_bytes()
    batch = checked(clerk, content=content, name="全量.xlsx", kind="student_registry", is_full="on")
    text = page(clerk, batch)
    assert "名册中不再出现 1 人" in text
    assert "姚静怡" in text
    answer = clerk.get(address(batch, "disappeared"))
    cells = [cell.value for row in load_workbook(BytesIO(answer.content)).active for cell in row]
    assert cells[3] == "姚静怡"
    assert str(lines[1]["身份证件号"]) not in cells
    assert client_of(code="140213").get(address(batch, "disappeared")).status_code == 404


def test_full_mark_on_another_roster_is_refused_in_words(tmp_path: Path) -> None:
    set_business_date(date(2020, 12, 15))
    content = rosters.save(tmp_path, [rosters.listed(make.id_number(), "低保")]).read_bytes()
    answer = send(client_of(), content, name="民政.xlsx", kind="civil_list", is_full="on")
    assert answer.status_code == 422
    assert "不按全量比对" in answer.content.decode()

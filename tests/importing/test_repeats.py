"""A row that an earlier check has cleaned is taken over word for word, under the same circumstances only."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.models import Unit
from datong_edu.core.models import Term
from datong_edu.importing import actions, repeats
from datong_edu.importing.declare import roster_called
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.staging import Stage
from datong_edu.registry.models import Enrolment, School, SchoolAlias
from tests import factories as make
from tests.importing import rosters

pytestmark = pytest.mark.usefixtures("books")

KIND = "student_registry"
Line = dict[str, object]
Taken = list[tuple[str, bool]]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows on the sheet that were taken over, check by check."""
    found: list[int] = []
    add = repeats.Repeats.add

    def note(self: repeats.Repeats, seq: int, row: int, mark: bytes) -> None:
        found.append(row)
        add(self, seq, row, mark)

    monkeypatch.setattr(repeats.Repeats, "add", note)
    return found


def checked(
    folder: Path, lines: list[Line], *, unit: str = "140225", term: str = "2020-2021-1"
) -> ImportBatch:
    """A roster checked as a worker does it, not applied."""
    path = rosters.save(folder, lines)
    batch = actions.receive_file(
        kind=KIND,
        unit=Unit.objects.get(code=unit),
        term=Term.objects.get(code=term),
        file_name=path.name,
        data=path.read_bytes(),
        by=service_account(),
    )
    again(batch)
    return batch


def again(batch: ImportBatch) -> None:
    """Check a batch once more."""
    actions.set_state(batch, BatchState.CHECKING)
    actions.check_batch(batch=batch, by=service_account())
    assert batch.state == BatchState.READY, batch.message


def staged(batch: ImportBatch) -> list[dict[str, Any]]:
    """What a check has staged, without what is drawn by chance or named after the batch."""
    stage = Stage(roster_called(KIND), batch.pk)
    columns = [name for name in stage.copied if name not in {"sent", *stage.sealed}] + ["outcome", "changed"]
    listed = ", ".join(f'"{name}"' for name in columns)
    rows = stage.rows(f"SELECT {listed} FROM {stage.table} ORDER BY seq")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def class_of(*lines: Line) -> list[Line]:
    """The lines given and three that nobody changes."""
    return [*lines, *(rosters.pupil(make.id_number(), 姓名=name) for name in ("甲一", "乙二", "丙三"))]


def test_only_the_changed_row_is_cleaned_again(tmp_path: Path, taken: list[int]) -> None:
    child = rosters.pupil()
    lines = class_of(child)
    first = checked(tmp_path, lines)
    assert taken == []
    actions.apply_batch(batch=first, by=service_account())
    second = checked(tmp_path, [child | {"班级": "2班"}, *lines[1:]])
    assert len(taken) == 3
    assert second.counts == {"new": 0, "changed": 1, "unchanged": 3, "refused": 0, "warned": 0}
    actions.apply_batch(batch=second, by=service_account())
    assert Enrolment.objects.whole_city().get(id_no_masked__isnull=False, class_no=2).name == "侯明远"


def test_rows_taken_over_are_what_a_calm_check_stages(tmp_path: Path, taken: list[int]) -> None:
    lines = class_of(
        rosters.pupil(联系电话="123"), rosters.pupil(make.id_number(), 姓名=""), rosters.pupil(年级="不详")
    )
    calm = checked(tmp_path, lines)
    repeated = checked(tmp_path, lines)
    assert len(taken) == len(lines)
    assert staged(repeated) == staged(calm)


def test_recheck_takes_over_its_own_rows(tmp_path: Path, taken: list[int]) -> None:
    batch = checked(tmp_path, class_of(rosters.pupil()))
    before = staged(batch)
    again(batch)
    assert len(taken) == 4
    assert staged(batch) == before
    former = Stage(roster_called(KIND), batch.pk).rows(
        "SELECT to_regclass(%s)", [f"staging.batch_{batch.pk}_former"]
    )
    assert former == [(None,)]


def test_copies_of_a_row_are_judged_by_their_own_file(tmp_path: Path, taken: list[int]) -> None:
    child = rosters.pupil()
    twice = checked(tmp_path, class_of(child, child))
    assert twice.counts["refused"] == 1
    once = checked(tmp_path, class_of(child))
    assert once.counts["refused"] == 0
    thrice = checked(tmp_path, class_of(child, child, child))
    assert thrice.counts["refused"] == 2
    assert taken


def test_a_number_cell_is_not_the_text_of_the_same_look(tmp_path: Path, taken: list[int]) -> None:
    checked(tmp_path, [rosters.pupil(班级="2")])
    checked(tmp_path, [rosters.pupil(班级=2)])
    assert taken == []


def test_another_term_cleans_anew(tmp_path: Path, taken: list[int]) -> None:
    checked(tmp_path, class_of(rosters.pupil(年级="2017级")))
    later = checked(tmp_path, class_of(rosters.pupil(年级="2017级")), term="2020-2021-2")
    assert taken == []
    assert later.counts["refused"] == 0


def test_a_new_alias_of_a_school_is_seen(tmp_path: Path, taken: list[int]) -> None:
    line = rosters.pupil(学校名称="坊城小学新名")
    assert checked(tmp_path, [line]).counts["refused"] == 1
    school = School.objects.whole_city().get(name=rosters.TOWN_PRIMARY)
    SchoolAlias.objects.create(school=school, county=school.county, name="坊城小学新名")
    assert checked(tmp_path, [line]).counts["refused"] == 0
    assert taken == []


def test_another_unit_takes_nothing_over(tmp_path: Path, taken: list[int]) -> None:
    checked(tmp_path, class_of(rosters.pupil()))
    checked(tmp_path, class_of(rosters.pupil()), unit="140200")
    assert taken == []


def test_changed_code_cleans_anew(tmp_path: Path, taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    checked(tmp_path, class_of(rosters.pupil()))
    monkeypatch.setattr(repeats, "_edition", lambda: "another")
    checked(tmp_path, class_of(rosters.pupil()))
    assert taken == []


def test_expired_rows_are_not_missed(tmp_path: Path, taken: list[int]) -> None:
    first = checked(tmp_path, class_of(rosters.pupil()))
    Stage(roster_called(KIND), first.pk).drop()
    assert checked(tmp_path, class_of(rosters.pupil())).counts["new"] == 4
    assert taken == []


def test_days_stand_in_the_copy_as_they_were_read(tmp_path: Path) -> None:
    batch = checked(tmp_path, [rosters.pupil(出生日期=date(2011, 3, 8))])
    assert staged(batch)[0]["birth"] == date(2011, 3, 8)

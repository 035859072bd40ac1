"""Loading: one transaction, repeatable, never over the officer's values."""

import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from datong_edu.accounts.models import Unit, User
from datong_edu.core.models import AuditEvent
from datong_edu.standards.actions import add_value
from datong_edu.standards.declarations import PARAMETERS, Source
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.loader import load
from datong_edu.standards.models import Standard, StandardValue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the parameter files to change."""
    return Path(shutil.copytree(PARAMETERS, tmp_path / "parameters"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change one file of the copy."""
    path = folder / "subsidies" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def board(stage: str = "JUN") -> list[tuple[date, Decimal | None, date | None]]:
    """The boarders' amounts in the table."""
    rows = StandardValue.objects.filter(standard__key="CE_BOARD", stage=stage).order_by("from_on")
    return list(rows.values_list("from_on", "number", "until_on"))


def test_second_load_changes_nothing(counties: dict[str, Unit]) -> None:
    first = load()
    assert first.added == StandardValue.objects.count() > 100
    assert first.standards == Standard.objects.count()
    second = load()
    assert (second.added, second.changed, second.removed, second.unchanged) == (0, 0, 0, first.added)
    assert AuditEvent.objects.filter(action="standards.load").count() == 1


def test_values_end_where_the_next_begins(loaded: None) -> None:
    spring = date(2024, 3, 1)
    assert board() == [(date(2016, 1, 1), Decimal(1250), spring), (spring, Decimal(1500), None)]


def test_changed_file_changes_adds_and_removes(loaded: None, folder: Path) -> None:
    edit(folder, "ce_board", '"1500"', '"1600"')
    edit(folder, "ce_nonboard", "2024-03-01", "2024-09-01")
    report = load(folder)
    # moving a day is one value less and one more, and the value before ends on another day; twice, by stage
    assert (report.added, report.changed, report.removed) == (2, 3, 2)
    assert board()[-1][1] == 1600


def test_fault_in_the_last_file_loads_nothing(counties: dict[str, Unit], folder: Path) -> None:
    edit(folder, "yulu", "values: []", "values: none")
    with pytest.raises(StandardsError, match=r"subsidies/yulu\.yaml:\d+："):
        load(folder)
    assert not Standard.objects.exists()


def test_unknown_county_is_named_and_loads_nothing(counties: dict[str, Unit], folder: Path) -> None:
    edit(folder, "aid_centre", "140271", "140299")
    with pytest.raises(StandardsError, match=r"subsidies/aid_centre\.yaml:\d+：没有代码为 140299 的县区"):
        load(folder)
    assert not Standard.objects.exists()


def test_officers_value_survives_and_shadows_the_file(officer: User, folder: Path) -> None:
    add_value(
        by=officer,
        standard=Standard.objects.get(key="CE_BOARD"),
        written="2000",
        from_on=date(2026, 3, 1),
        source=Source("市级通知", "同教〔2026〕1号"),
        stage="JUN",
    )
    assert load().changed == 0
    edit(folder, "ce_board", "from: 2024-03-01", "from: 2026-03-01")
    report = load(folder)
    assert report.kept == ["CE_BOARD 2026-03-01"]
    assert board() == [
        (date(2016, 1, 1), Decimal(1250), date(2026, 3, 1)),
        (date(2026, 3, 1), Decimal(2000), None),
    ]


def test_command_prints_one_line_and_names_a_fault(counties: dict[str, Unit], folder: Path) -> None:
    out = io.StringIO()
    call_command("load_standards", "--check", stdout=out)
    assert "没有发现错误" in out.getvalue()
    assert not Standard.objects.exists()
    call_command("load_standards", stdout=out)
    assert "取值新增" in out.getvalue()
    edit(folder, "yulu", "type: money", "type: gold")
    with pytest.raises(CommandError, match=r"subsidies/yulu\.yaml:\d+：取值类型“gold”不认识"):
        call_command("load_standards", f"--dir={folder}")

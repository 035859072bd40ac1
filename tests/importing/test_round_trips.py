"""Lists of the portal that are rosters without personal numbers: their exports import again unchanged.

Lists of people leave masked, so that they are no rosters any more; what comes back whole is the marked
workbook, which is the clerk's own file.
"""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from tests import factories as make
from tests.importing.command import SAMPLES, Answer, import_roster

pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture(autouse=True)
def _in_autumn_2020() -> None:
    set_business_date(date(2020, 12, 15))


def export(folder: Path, view: str, role: Role, code: str) -> Path:
    """What somebody of a county downloads as 导出所见."""
    client = Client()
    client.force_login(make.user(role, make.county(code)))
    answer = client.get(reverse(view), {"export": "xlsx"})
    assert answer.status_code == 200
    path = folder / "导出.xlsx"
    path.write_bytes(answer.content)
    return path


def unchanged(answer: Answer, rows: int) -> None:
    """Every row is accepted and none says anything new."""
    assert answer.reasons() == {}
    assert answer.count("unchanged") == rows > 0
    assert (answer.count("new"), answer.count("changed")) == (0, 0)


@pytest.mark.parametrize("code", ["140225", "140221"])
def test_list_of_schools(tmp_path: Path, code: str) -> None:
    path = export(tmp_path, "schools:list", Role.COUNTY_CLERK, code)
    rows = openpyxl.load_workbook(path).active.max_row - 1
    unchanged(import_roster(path, "school_list", unit=code, term=None, apply=False), rows)


def test_list_of_meal_months(tmp_path: Path) -> None:
    sample = SAMPLES / "08_营养餐月报_天镇县.xlsx"
    first = import_roster(sample, "r9_meal_month", unit="140222")
    path = export(tmp_path, "nutrition:list", Role.COUNTY_CLERK, "140222")
    unchanged(
        import_roster(path, "r9_meal_month", unit="140222", apply=False),
        openpyxl.load_workbook(path).active.max_row - 1,
    )
    assert first.count("new") == openpyxl.load_workbook(path).active.max_row - 1


@pytest.mark.parametrize("kind", ["school_list", "r9_meal_month"])
def test_exports_need_no_more_than_one_confirmation(tmp_path: Path, kind: str) -> None:
    view = {"school_list": "schools:list", "r9_meal_month": "nutrition:list"}[kind]
    import_roster(SAMPLES / "08_营养餐月报_天镇县.xlsx", "r9_meal_month", unit="140222")
    path = export(tmp_path, view, Role.COUNTY_CLERK, "140222")
    by, county = make.user(Role.COUNTY_CLERK, make.county("140222")), make.county("140222")
    batch = actions.receive_file(
        kind=kind, unit=county, term=None, file_name="导出.xlsx", data=path.read_bytes(), by=by
    )
    actions.read_batch(batch=batch, by=by)
    if batch.state == BatchState.MAPPING:
        actions.confirm_mapping(batch=batch, mapping=batch.mapping, by=by)
        actions.check_batch(batch=batch, by=by)
    assert batch.state == BatchState.READY
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["refused"]) == (0, 0, 0)

"""Mending a checked batch on the screen: cells, whole causes, suggestions, and what is remembered."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core.models import AuditEvent
from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from datong_edu.importing.mending import actions as mending
from datong_edu.importing.mending.screens import staged_rows
from datong_edu.importing.models import CellMend, StoredFile
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import dump
from tests.importing.mending import HOPE, answer, clerk, counts, faulty_roll, lines_of, mend, roll
from tests.importing.test_views import (
    _in_autumn_2020,
    address,
    checked,
    client_of,
    latest,
    page,
    run,
)

assert _in_autumn_2020  # used by every test here
assert clerk

# --- cells ------------------------------------------------------------------------------------------------


def test_typed_cell_makes_its_row_good(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    assert counts(batch) == (1, 3)
    before = bytes(StoredFile.objects.get(batch=batch).cipher)
    line = lines_of(clerk, batch)[-1]
    sent = mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    assert sent["Location"] == f"{address(batch)}?bucket=refused"
    assert latest().state == BatchState.CHECKING
    batch = run(latest())
    assert counts(batch) == (2, 2)
    assert "错误由 3 行变为 2 行" in page(clerk, batch)
    assert bytes(StoredFile.objects.get(batch=batch).cipher) == before
    clerk.post(address(batch, "apply"))
    run(latest())
    assert Enrolment.objects.whole_city().get(name="赵倩").grade == 4


def test_mended_cell_is_shown_as_mended_and_can_be_taken_back(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    batch = run(latest())
    shown = next(one for one in lines_of(clerk, batch, "new") if one.mended)
    assert [(label, diff.old, diff.new) for label, diff in shown.mended] == [("年级", "四年机", "四年级")]
    log = clerk.get(address(batch, "mends"))
    assert "四年级" in log.content.decode()
    assert log.context["log"].mends[0].place == "名单 5"
    clerk.post(address(batch, "mends"), {"checked": batch.job_id, "mend": CellMend.objects.get().pk})
    assert counts(run(latest())) == (1, 3)
    assert not CellMend.objects.exists()


def test_still_faulty_cell_shows_old_and_new_text(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年鸡"})
    batch = run(latest())
    blame = lines_of(clerk, batch)[-1].blames[0]
    assert (blame.was, blame.cell, blame.typed) == ("四年机", "四年鸡", "四年鸡")
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年机"})
    run(latest())
    assert not CellMend.objects.exists(), "the file's own text takes the mend back"


def test_row_is_left_out_and_taken_in_again(clerk: Client, tmp_path: Path) -> None:
    twice = rosters.pupil(姓名="侯明远")
    batch = checked(clerk, **roll(tmp_path, twice, twice | {"姓名": "侯明亮"}, rosters.pupil(姓名="赵倩")))
    assert counts(batch) == (1, 2)
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"out-{line.seq}": "on"})
    batch = run(latest())
    assert counts(batch) == (2, 1), "the rival of a row left out is good"
    assert sum(batch.counts[name] for name in ("new", "changed", "unchanged", "refused")) == 3
    assert "1 行决定不导入" in page(clerk, batch)
    [line] = lines_of(clerk, batch)
    assert line.is_left_out
    mend(clerk, batch, {}, rows=[str(line.seq)])
    assert counts(run(latest())) == (1, 2)


def test_identity_number_is_typed_into_an_empty_field_and_kept_encrypted(
    clerk: Client, tmp_path: Path
) -> None:
    good = make.id_number(date(2011, 3, 8))
    batch = checked(clerk, **roll(tmp_path, rosters.pupil(good, 身份证件号=140225201103080000)))
    [line] = lines_of(clerk, batch)
    blame = next(one for one in line.blames if one.field == "id_no")
    assert blame.typed is None
    assert mend(clerk, batch, {f"cell-{line.seq}-id_no": ""}).status_code == 400, "nothing was typed"
    mend(clerk, batch, {f"cell-{line.seq}-id_no": good})
    batch = run(latest())
    assert counts(batch) == (1, 0)
    text = page(clerk, batch) + clerk.get(address(batch, "mends")).content.decode()
    assert good not in text
    assert good not in dump()


@pytest.mark.parametrize(
    ("text", "words"), [("字" * 501, "内容过长"), ("四\n年级", "换行"), ("四年机", "没有改动任何内容")]
)
def test_bad_text_is_refused_in_words(clerk: Client, tmp_path: Path, text: str, words: str) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    refused = mend(clerk, batch, {f"cell-{line.seq}-grade": text})
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert latest().state == BatchState.READY


def test_formula_and_script_stay_text(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": '=HYPERLINK("x")<script>'})
    batch = run(latest())
    assert "<script>" not in page(clerk, batch, bucket="refused").replace("<script src", "")
    book = openpyxl.load_workbook(BytesIO(clerk.get(address(batch, "errors")).getvalue()))
    assert all(cell.data_type != "f" for row in book["名单"].iter_rows() for cell in row)


def test_stale_page_is_refused(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    assert mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"}).status_code == 302
    late = mend(clerk, batch, {f"cell-{line.seq}-grade": "五年级"})
    assert late.status_code == 409, "a check is under way"
    run(latest())
    late = mend(clerk, batch, {f"cell-{line.seq}-grade": "五年级"})
    assert late.status_code == 409
    assert "重新检查过" in late.content.decode()
    answers = answer(clerk, batch, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "typed-1": rosters.PRIMARY})
    assert answers.status_code == 409


def test_two_at_once_are_told_apart(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    by = User.objects.get(pk=batch.created_by_id)
    seen_by_both = latest()
    row = staged_rows(batch, [4])[0]
    cell = mending.Typed(row.sheet, row.number, "grade", row.sent["grade"], "四年级")
    mending.mend_rows(batch=seen_by_both, cells=[cell], by=by)
    with pytest.raises(mending.Conflict):
        mending.mend_rows(batch=seen_by_both, cells=[cell], by=by)


def test_column_that_the_file_lacks_is_not_mended(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    by = User.objects.get(pk=batch.created_by_id)
    cell = mending.Typed("名单", 5, "nation", "", "汉")
    with pytest.raises(mending.PortalError, match="没有这一列"):
        mending.mend_rows(batch=batch, cells=[cell], by=by)


def test_mends_go_with_the_file(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    run(latest())
    actions.discard_batch(batch=latest(), by=User.objects.get(pk=batch.created_by_id))
    assert not CellMend.objects.exists()


def test_error_workbook_shows_what_was_mended(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    batch = run(latest())
    book = openpyxl.load_workbook(BytesIO(clerk.get(address(batch, "errors")).getvalue()))
    headings = [cell.value for cell in book["名单"][1]]
    cell = book["名单"].cell(5, headings.index("年级") + 1)
    assert cell.value == "四年级"
    assert "四年机" in cell.comment.text
    assert any("网页上更正 1 处" in str(row[0].value) for row in book["摘要"].iter_rows())


# --- suggestions ------------------------------------------------------------------------------------------


def lost_number(folder: Path, **given: object) -> dict[str, Any]:
    """A roll in which a spreadsheet has rounded the number of a boy born on 2011-03-08."""
    number = make.id_number(date(2011, 3, 8))
    return roll(folder, rosters.pupil(number, 身份证件号=140225201103080000, 出生日期="", **given))


def known_boy(name: str = "侯明远", **given: Any) -> Enrolment:
    """A pupil of the registry at the school of `rosters.pupil`."""
    who = make.person(name=name, born_on=date(2011, 3, 8), **given)
    from datong_edu.registry.models import School

    school = School.objects.whole_city().get(name=rosters.TOWN_PRIMARY)
    return make.enrolment(of=who, school=school)


def test_lost_number_is_suggested_and_confirmed_for_one_row(clerk: Client, tmp_path: Path) -> None:
    known, namesake = known_boy(), known_boy(name="侯明亮")
    batch = checked(clerk, **lost_number(tmp_path))
    [line] = lines_of(clerk, batch)
    where = reverse("importing:suggestions", args=[batch.uid, line.seq])
    shown = clerk.get(where, {"field": "id_no"})
    [one] = shown.context["suggestions"]
    assert (one.uid, one.agrees) == (known.person.uid, ("姓名", "出生日期", "学校"))
    assert "*" in one.number
    form = {"checked": batch.job_id, "field": "id_no", "person": str(namesake.person.uid)}
    assert clerk.post(where, form).status_code == 409, "only who is suggested can be confirmed"
    assert clerk.post(where, form | {"person": "x"}).status_code == 400
    assert clerk.post(where, form | {"person": str(known.person.uid)}).status_code == 302
    batch = run(latest())
    assert batch.counts["refused"] == 0
    assert CellMend.objects.get().is_vouched
    event = AuditEvent.objects.get(action="vouch_for_number")
    assert event.detail == {"field": "id_no", "person": str(known.person.uid)}


def test_number_of_another_county_is_not_suggested(clerk: Client, tmp_path: Path) -> None:
    who = make.person(name="侯明远", born_on=date(2011, 3, 8), county_ids=[make.county("140224").pk])
    batch = checked(clerk, **lost_number(tmp_path))
    [line] = lines_of(clerk, batch)
    where = reverse("importing:suggestions", args=[batch.uid, line.seq])
    assert clerk.get(where, {"field": "id_no"}).context["suggestions"] == []
    form = {"checked": batch.job_id, "field": "id_no", "person": str(who.uid)}
    assert clerk.post(where, form).status_code == 409


def test_row_without_the_fault_suggests_nobody(clerk: Client, tmp_path: Path) -> None:
    known_boy()
    batch = checked(clerk, **faulty_roll(tmp_path))
    for seq in (1, 2, 999):
        where = reverse("importing:suggestions", args=[batch.uid, seq])
        found = clerk.get(where, {"field": "id_no"})
        assert found.status_code == 404 if seq == 999 else found.context["suggestions"] == []


# --- who may ----------------------------------------------------------------------------------------------


def test_clerk_of_another_county_finds_nothing_to_mend(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    stranger = client_of(code="140224")
    for step in ("mend", "mends", "cause", "rest"):
        assert stranger.post(address(batch, step), {"checked": batch.job_id}).status_code == 404
    for step in ("mends", "cause"):
        assert stranger.get(address(batch, step)).status_code == 404
    where = reverse("importing:suggestions", args=[batch.uid, 1])
    assert stranger.get(where).status_code == stranger.post(where).status_code == 404
    assert not CellMend.objects.exists()


def test_reader_of_ledgers_may_not_mend() -> None:
    head = client_of(Role.COUNTY_HEAD)
    for step in ("mend", "mends", "cause", "rest"):
        assert head.post(reverse(f"importing:{step}", args=[uuid4()])).status_code == 403
    assert head.get(reverse("importing:answers")).status_code == 403


def test_looking_at_mending_writes_nothing(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditevent")
        before = cursor.fetchone()
        for step, about in (("mends", {}), ("cause", {"reason": "SCHOOL_UNKNOWN", "field": "school"})):
            assert clerk.get(address(batch, step), about).status_code == 200
        cursor.execute("SELECT count(*) FROM core_auditevent")
        assert cursor.fetchone() == before
    assert not CellMend.objects.exists()

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
from datong_edu.importing.enums import BatchState, Deed
from datong_edu.importing.mending import actions as mending
from datong_edu.importing.mending.answers import candidates, likeness
from datong_edu.importing.mending.screens import staged_rows
from datong_edu.importing.models import CauseDecision, CellMend, ImportBatch, RememberedAnswer, StoredFile
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import dump
from tests.importing.test_views import (
    _in_autumn_2020,
    address,
    checked,
    client_of,
    latest,
    page,
    run,
    uploaded,
)

assert _in_autumn_2020  # used by every test here
KIND = "student_registry"
HOPE = "浑源县希望小学"


@pytest.fixture
def clerk() -> Client:
    """浑源县's clerk."""
    return client_of()


def roll(folder: Path, *lines: dict[str, object], name: str = "在校生.xlsx") -> dict[str, Any]:
    """What `checked` takes: a small roll of pupils."""
    return {"file": rosters.save(folder, lines, name), "kind": KIND}


def faulty_roll(folder: Path) -> dict[str, Any]:
    """A good pupil, two of a school nobody knows, one of a grade nobody knows."""
    return roll(
        folder,
        rosters.pupil(姓名="侯明远"),
        rosters.pupil(姓名="姚静怡", 学校名称=HOPE),
        rosters.pupil(姓名="梁小军", 学校名称=HOPE),
        rosters.pupil(姓名="赵倩", 年级="四年机"),
    )


def lines_of(client: Client, batch: ImportBatch, bucket: str = "refused") -> list[Any]:
    """The lines of one bucket as the page has them."""
    lines: list[Any] = client.get(address(batch), {"bucket": bucket}).context["lines"]
    return lines


def mend(client: Client, batch: ImportBatch, typed: dict[str, str], **more: Any) -> Any:
    """Post the form of the preview: `typed` by name of the field, rows from the names."""
    rows = {name.split("-")[1] for name in typed} | set(more.pop("rows", ()))
    form = {"checked": batch.job_id, "bucket": "refused", "row": sorted(rows)} | typed | more
    return client.post(address(batch, "mend"), form)


def answer(client: Client, batch: ImportBatch, reason: str, field: str, **more: Any) -> Any:
    """Post the form of a cause."""
    form = {"checked": batch.job_id, "reason": reason, "field": field} | more
    return client.post(address(batch, "cause"), form)


def next_month(client: Client, folder: Path, **given: object) -> ImportBatch:
    """A second file of the same unit, read and checked without a question."""
    return uploaded(client, **roll(folder, rosters.pupil(姓名="段小红", **given), name="下月.xlsx"))


def counts(batch: ImportBatch) -> tuple[int, int]:
    """Rows that are new and rows that are refused."""
    return batch.counts["new"], batch.counts["refused"]


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


# --- causes -----------------------------------------------------------------------------------------------


def test_school_is_said_once_for_all_rows_and_remembered(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    text = page(clerk, batch, bucket="refused")
    assert "选择所指学校" in text
    asked = clerk.get(address(batch, "cause"), {"reason": "SCHOOL_UNKNOWN", "field": "school"})
    [question] = asked.context["questions"]
    assert (question.written.text, question.written.rows) == (HOPE, 2)
    assert "checked" not in asked.content.decode().replace('name="checked"', ""), (
        "nothing is chosen beforehand"
    )
    assert rosters.YANGGAO_PRIMARY not in asked.content.decode(), "schools of the file's county only"
    code = next(one for one in asked.context["screen"].fixes.meanings if one.name == rosters.PRIMARY).answer
    answer(clerk, batch, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "answer-1": code})
    batch = run(latest())
    assert counts(batch) == (3, 1)
    clerk.post(address(batch, "apply"))
    run(latest())
    assert Enrolment.objects.whole_city().get(name="姚静怡").school.name == rosters.PRIMARY
    assert AuditEvent.objects.get(action="remember_answers").detail == {"topic": "school", "answers": 1}
    follower = uploaded(
        clerk, **roll(tmp_path, rosters.pupil(姓名="段小红", 学校名称=HOPE), name="下月.xlsx")
    )
    assert (follower.state, counts(follower)) == (BatchState.READY, (1, 0)), "asked once, never again"


def test_answer_can_be_forgotten(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    answer(clerk, batch, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "typed-1": rosters.PRIMARY})
    run(latest())
    kept = RememberedAnswer.objects.whole_city().get()
    assert HOPE in clerk.get(reverse("importing:answers")).content.decode()
    stranger = client_of(code="140224")
    assert HOPE not in stranger.get(reverse("importing:answers")).content.decode()
    assert stranger.post(reverse("importing:answers"), {"answer": kept.pk}).status_code == 404
    assert clerk.post(reverse("importing:answers"), {"answer": kept.pk}).status_code == 302
    assert AuditEvent.objects.filter(action="forget_answer").count() == 1
    follower = uploaded(
        clerk, **roll(tmp_path, rosters.pupil(姓名="段小红", 学校名称=HOPE), name="下月.xlsx")
    )
    assert counts(follower) == (0, 1)


def test_answer_holds_for_the_unit_alone(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    answer(clerk, batch, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "typed-1": rosters.PRIMARY})
    run(latest())
    other = client_of(code="140224")
    file = roll(tmp_path, rosters.pupil(姓名="段小红", 学校名称=HOPE), name="灵丘.xlsx")
    assert counts(checked(other, **file, code="140224")) == (0, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("不存在的学校", "不在可选的范围内"), ("", "还没有选择"), (rosters.YANGGAO_PRIMARY, "不在可选的范围内")],
)
def test_school_that_is_no_choice_is_refused(clerk: Client, tmp_path: Path, typed: str, words: str) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    refused = answer(clerk, batch, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "typed-1": typed})
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert not RememberedAnswer.objects.whole_city().exists()


def test_grade_is_explained_once_for_the_roster(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    about = {"reason": "GRADE_UNKNOWN", "field": "grade"}
    [question] = clerk.get(address(batch, "cause"), about).context["questions"]
    assert question.candidates[0].label == "四年级"
    answer(clerk, batch, "GRADE_UNKNOWN", "grade", **{"text-1": "四年机", "answer-1": "四年级"})
    batch = run(latest())
    assert counts(batch) == (2, 2)
    kept = RememberedAnswer.objects.whole_city().get()
    assert (kept.topic, kept.text, kept.answer) == ("student_registry.grade", "四年机", "四年级")
    follower = uploaded(
        clerk, **roll(tmp_path, rosters.pupil(姓名="段小红", 年级="四年机"), name="下月.xlsx")
    )
    assert counts(follower) == (1, 0)


def test_year_of_entry_is_never_explained_for_good(clerk: Client, tmp_path: Path) -> None:
    file = roll(tmp_path, rosters.pupil(姓名="侯明远", 年级="2010级"))
    batch = checked(clerk, **file)
    about = {"reason": "GRADE_UNKNOWN", "field": "grade"}
    assert clerk.get(address(batch, "cause"), about).context["questions"] == []
    for text in ("2010级", "四年级"):
        refused = answer(clerk, batch, "GRADE_UNKNOWN", "grade", **{"text-1": text, "typed-1": "五年级"})
        assert refused.status_code == 400
    assert not RememberedAnswer.objects.whole_city().exists()


def test_unknown_word_of_a_warning_is_explained_too(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **roll(tmp_path, rosters.pupil(姓名="侯明远", 就读方式="住大院")))
    assert batch.counts["warned"] == 1
    answer(clerk, batch, "FLAG_UNKNOWN", "boarding", **{"text-1": "住大院", "answer-1": "住校"})
    batch = run(latest())
    assert batch.counts["warned"] == 0
    clerk.post(address(batch, "apply"))
    run(latest())
    assert Enrolment.objects.whole_city().get(name="侯明远").boarding == "boarder"


def test_optional_cells_are_read_as_blank(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **roll(tmp_path, *[rosters.pupil(出生日期="无此日") for _ in range(3)]))
    assert counts(batch) == (0, 3)
    screen = clerk.get(address(batch, "cause"), {"reason": "DATE_INVALID", "field": "birth"}).context[
        "screen"
    ]
    assert [deed for deed, _ in screen.deeds] == [Deed.BLANK, Deed.LEAVE_OUT]
    answer(clerk, batch, "DATE_INVALID", "birth", deed="blank")
    batch = run(latest())
    assert counts(batch) == (3, 0)
    assert "已按空白处理" in page(clerk, batch, bucket="warned")
    decision = CauseDecision.objects.get()
    clerk.post(address(batch, "mends"), {"checked": batch.job_id, "decision": decision.pk})
    assert counts(run(latest())) == (0, 3)


def test_whole_cause_is_left_out(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    answer(clerk, batch, "SCHOOL_UNKNOWN", "school", deed="leave_out")
    batch = run(latest())
    assert counts(batch) == (1, 3)
    text = page(clerk, batch, bucket="refused")
    assert "已决定不导入" in text
    assert "2 行决定不导入" in text
    decision = CauseDecision.objects.get()
    clerk.post(address(batch, "mends"), {"checked": batch.job_id, "decision": decision.pk})
    causes = clerk.get(address(run(latest())), {"bucket": "refused"}).context["causes"]
    assert {cause.key for cause in causes} == {"SCHOOL_UNKNOWN", "GRADE_UNKNOWN"}


@pytest.mark.parametrize("deed", ["blank", "leave_out_not", "x"])
def test_deed_that_is_not_offered_is_refused(clerk: Client, tmp_path: Path, deed: str) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    assert answer(clerk, batch, "SCHOOL_UNKNOWN", "school", deed=deed).status_code == 400
    assert not CauseDecision.objects.exists()


def test_numbers_and_money_are_never_repaired_for_all(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk)
    for cause in clerk.get(address(batch), {"bucket": "refused"}).context["causes"]:
        if cause.key.startswith(("ID_", "ACCOUNT_", "AMOUNT_")):
            screen = clerk.get(address(batch, "cause"), {"reason": cause.key, "field": cause.field}).context[
                "screen"
            ]
            assert [deed for deed, _ in screen.deeds] == [Deed.LEAVE_OUT], cause.key
            assert not screen.fixes.meanings
            said = {"text-1": "1", "typed-1": "2"}
            assert answer(clerk, batch, cause.key, cause.field, **said).status_code == 400


@pytest.mark.parametrize(
    "about", [{}, {"reason": "X", "field": "school"}, {"reason": "ID_LENGTH", "field": "'"}]
)
def test_cause_that_the_batch_lacks_is_404(clerk: Client, tmp_path: Path, about: dict[str, str]) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    assert clerk.get(address(batch, "cause"), about).status_code == 404
    assert clerk.post(address(batch, "cause"), about | {"checked": batch.job_id}).status_code == 404


def test_likelier_schools_come_first() -> None:
    one, other = "浑源县第三中学校", "浑源县第二小学校"
    assert likeness("浑源三中", one) > likeness("浑源三中", other)
    from datong_edu.importing.declare import Meaning

    found = candidates("浑源三中", [Meaning("2", other, other), Meaning("3", one, one)])
    assert [meaning.answer for meaning in found][0] == "3"
    assert candidates("阳高", [Meaning("3", one, one)]) == []


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

"""Carrying on after a check or a partial write, on the screen or by the marked workbook; the same content."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from datong_edu.importing.mending.continuing import batch_continued_by, carry_on
from datong_edu.importing.models import ImportBatch, StoredFile
from datong_edu.registry.models import Enrolment
from tests import factories as make
from tests.importing import rosters
from tests.importing.test_mending import (
    HOPE,
    answer,
    counts,
    faulty_roll,
    lines_of,
    mend,
    roll,
)
from tests.importing.test_views import (
    ROLL,
    _in_autumn_2020,
    address,
    applied,
    checked,
    client_of,
    latest,
    page,
    run,
    second_version,
    send,
    uploaded,
)

assert _in_autumn_2020  # used by every test here


@pytest.fixture
def clerk() -> Client:
    """浑源县's clerk."""
    return client_of()


def write(client: Client, batch: ImportBatch) -> ImportBatch:
    """Apply a checked batch."""
    assert client.post(address(batch, "apply")).status_code == 302
    return run(ImportBatch.objects.whole_city().select_related("job").get(pk=batch.pk))


def again(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands now."""
    found: ImportBatch = ImportBatch.objects.whole_city().get(pk=batch.pk)
    return found


def marked(client: Client, batch: ImportBatch, **cells: str) -> bytes:
    """The marked workbook as a clerk mends it: these cells in the rows that have an explanation."""
    book = openpyxl.load_workbook(BytesIO(client.get(address(batch, "errors")).getvalue()))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[headings.index("错误说明")].value:
            for heading, text in cells.items():
                row[headings.index(heading)].value = text
    target = BytesIO()
    book.save(target)
    return target.getvalue()


# --- on the screen ----------------------------------------------------------------------------------------


def test_waiting_rows_are_mended_after_the_good_ones_were_written(clerk: Client, tmp_path: Path) -> None:
    first = write(clerk, checked(clerk, **faulty_roll(tmp_path)))
    assert "在网页上改余下的 3 行" in page(clerk, first)
    kept = Enrolment.objects.whole_city().get(name="侯明远")
    kept.boarding = "day"
    kept.save()
    clerk.post(address(first, "rest"))
    rest = run(latest())
    assert (rest.continues_id, rest.is_rest, counts(rest)) == (first.pk, True, (0, 3))
    assert [line.place for line in lines_of(clerk, rest)] == ["3", "4", "5"], "rows of the file"
    answer(clerk, rest, "SCHOOL_UNKNOWN", "school", **{"text-1": HOPE, "typed-1": rosters.PRIMARY})
    rest = run(latest())
    assert counts(rest) == (2, 1)
    rest = write(clerk, rest)
    assert Enrolment.objects.whole_city().count() == 3
    kept.refresh_from_db()
    assert kept.boarding == "day", "what was written before is not touched"
    new = Enrolment.objects.whole_city().get(name="姚静怡")
    assert (new.source_batch_id, new.source_sheet, new.source_row) == (rest.pk, "名单", 3)
    assert "在网页上改余下的 1 行" in page(clerk, rest)
    assert "查看余下行的结果" in page(clerk, first)


def test_rest_is_opened_once(clerk: Client, tmp_path: Path) -> None:
    first = write(clerk, checked(clerk, **faulty_roll(tmp_path)))
    one = clerk.post(address(first, "rest"))["Location"]
    assert clerk.post(address(first, "rest"))["Location"] == one
    run(latest())
    assert clerk.post(address(first, "rest"))["Location"] == one
    assert ImportBatch.objects.whole_city().filter(is_rest=True).count() == 1
    assert one.removesuffix("?bucket=refused") in page(clerk, first)


def test_mends_go_along_with_the_rest(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年鸡"})
    first = write(clerk, run(latest()))
    clerk.post(address(first, "rest"))
    blame = lines_of(clerk, run(latest()))[-1].blames[0]
    assert (blame.was, blame.cell) == ("四年机", "四年鸡")


def test_rows_left_out_do_not_wait(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    answer(clerk, batch, "SCHOOL_UNKNOWN", "school", deed="leave_out")
    first = write(clerk, run(latest()))
    assert "在网页上改余下的 1 行" in page(clerk, first)


def test_rest_needs_a_written_batch_with_rows_that_wait(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    assert clerk.post(address(batch, "rest")).status_code == 409
    whole = write(clerk, checked(clerk, **roll(tmp_path, rosters.pupil(姓名="段小红"), name="好.xlsx")))
    assert clerk.post(address(whole, "rest")).status_code == 400


def test_undoing_the_first_leaves_the_rest_standing(clerk: Client, tmp_path: Path) -> None:
    first = write(clerk, checked(clerk, **faulty_roll(tmp_path)))
    clerk.post(address(first, "rest"))
    rest = run(latest())
    line = lines_of(clerk, rest)[-1]
    mend(clerk, rest, {f"cell-{line.seq}-grade": "四年级"})
    write(clerk, run(latest()))
    clerk.post(address(first, "undo"), {"reason": "文件选错"})
    run(ImportBatch.objects.whole_city().select_related("job").get(pk=first.pk))
    assert list(Enrolment.objects.whole_city().values_list("name", flat=True)) == ["赵倩"]


# --- by the marked workbook -------------------------------------------------------------------------------


def test_mended_workbook_takes_the_place_of_a_check_that_was_never_written(
    clerk: Client, tmp_path: Path
) -> None:
    first = checked(clerk, **faulty_roll(tmp_path))
    file = marked(clerk, first, 学校名称=rosters.PRIMARY, 年级="四年级")
    second = uploaded(clerk, content=file, name="在校生_标红 (1).xlsx", kind="student_registry")
    assert (second.continues_id, second.state, counts(second)) == (first.pk, BatchState.READY, (4, 0))
    assert sorted(second.mapping) == ["名单"], "our own summary is no roster"
    first = again(first)
    assert first.state == BatchState.DISCARDED
    assert not StoredFile.objects.filter(batch=first).exists()
    assert "改好的名册已重新上传" in page(clerk, first)
    day = first.created_at
    assert "日的上传" in page(clerk, second)
    assert f"续 {day.astimezone().month}月" in clerk.get(reverse("importing:history")).content.decode()


def test_mended_workbook_adds_what_is_missing_after_a_partial_write(clerk: Client, tmp_path: Path) -> None:
    first = write(clerk, checked(clerk, **faulty_roll(tmp_path)))
    file = marked(clerk, first, 学校名称=rosters.PRIMARY, 年级="四年级")
    second = uploaded(clerk, content=file, name="在校生_标红.xlsx", kind="student_registry")
    assert (second.continues_id, counts(second), second.counts["unchanged"]) == (first.pk, (3, 0), 1)
    assert "已写入过的行识别为无变化" in page(clerk, second)
    write(clerk, second)
    assert Enrolment.objects.whole_city().count() == 4
    assert again(first).state == BatchState.APPLIED


def test_workbook_that_is_refused_leaves_the_first_check_alone(clerk: Client, tmp_path: Path) -> None:
    first = checked(clerk, **faulty_roll(tmp_path))
    second = uploaded(clerk, content=b"rubbish", name="在校生_标红.xlsx", kind="student_registry")
    assert second.state == BatchState.REFUSED
    assert again(first).state == BatchState.READY


def test_screen_mends_come_back_in_the_workbook(clerk: Client, tmp_path: Path) -> None:
    batch = checked(clerk, **faulty_roll(tmp_path))
    line = lines_of(clerk, batch)[-1]
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    file = marked(clerk, run(latest()), 学校名称=rosters.PRIMARY)
    second = uploaded(clerk, content=file, name="在校生_标红.xlsx", kind="student_registry")
    assert counts(second) == (4, 0)


def test_workbook_written_anew_carries_the_mends_too(clerk: Client, tmp_path: Path) -> None:
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="赵倩", 年级="四年机")]
    text = "\n".join(",".join(str(one[h]) for h in lines[0]) for one in lines)
    content = f"{','.join(lines[0])}\n{text}\n".encode()
    batch = checked(clerk, content=content, name="在校生.csv", kind="student_registry")
    [line] = lines_of(clerk, batch)
    mend(clerk, batch, {f"cell-{line.seq}-grade": "四年级"})
    book = openpyxl.load_workbook(BytesIO(clerk.get(address(run(latest()), "errors")).getvalue()))
    texts = {cell.value: cell for row in book.worksheets[0].iter_rows() for cell in row if cell.comment}
    assert "四年机" in texts["四年级"].comment.text


def test_other_names_kinds_and_counties_continue_nothing(clerk: Client, tmp_path: Path) -> None:
    first = checked(clerk, **faulty_roll(tmp_path))
    about: dict[str, Any] = {"kind": "student_registry", "unit": first.unit, "term": first.term}
    assert batch_continued_by(**about, file_name="在校生_标红.xlsx") == first
    for name in ("在校生.xlsx", "其他_标红.xlsx", "_标红", ""):
        assert batch_continued_by(**about, file_name=name) is None, name
    elsewhere = about | {"unit": make.county("140224")}
    assert batch_continued_by(**elsewhere, file_name="在校生_标红.xlsx") is None
    assert batch_continued_by(**about | {"kind": "r14_teachers"}, file_name="在校生_标红.xlsx") is None


# --- the same content again -------------------------------------------------------------------------------


def resaved(file: Path) -> bytes:
    """The same sheet in other bytes."""
    book = openpyxl.load_workbook(file)
    book.properties.title = "另存"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_same_content_in_other_bytes_leads_to_the_first_batch(clerk: Client) -> None:
    first = applied(clerk)
    batch = uploaded(clerk, content=resaved(ROLL), name="另存.xlsx")
    text = page(clerk, batch)
    assert "内容与" in text
    assert address(first) in text
    assert address(batch, "apply") not in text, "there is nothing to go on with"


def test_same_content_after_a_later_edit_may_go_on(clerk: Client) -> None:
    applied(clerk)
    second = uploaded(clerk, content=second_version(), name="第二版.xlsx")
    write(clerk, second)
    batch = uploaded(clerk, content=resaved(ROLL), name="另存.xlsx")
    assert batch.counts["changed"] > 0
    text = page(clerk, batch)
    assert "此后台账有过改动" in text
    assert address(batch, "apply") in text


def test_same_bytes_still_lead_to_the_first_batch(clerk: Client) -> None:
    first = applied(clerk)
    sent = send(clerk, ROLL.read_bytes(), name="同.xlsx", kind="r2_living_allowance")
    assert sent["Location"] == address(first)


# --- what writing triggers --------------------------------------------------------------------------------


def test_each_line_of_new_people_counts(clerk: Client) -> None:
    batch = checked(clerk)
    effects = {effect["label"]: effect["rows"] for effect in batch.layout["summary"]["effects"]}
    assert effects == {"新增人员": 81, "新增资助明细": 81}


def test_effects_are_counted_and_shown_by_row(clerk: Client, tmp_path: Path) -> None:
    line = rosters.pupil(姓名="侯明远")
    batch = checked(clerk, **roll(tmp_path, line, rosters.pupil(姓名="姚静怡")), term="2019-2020-2")
    effects = {effect["label"]: effect["rows"] for effect in batch.layout["summary"]["effects"]}
    assert effects == {"新增人员": 2, "新增学籍": 2}
    assert "本县疑点复核" in page(clerk, batch)
    assert lines_of(clerk, batch, "new")[0].remarks == ["新增人员", "新增学籍"]
    write(clerk, batch)
    batch = uploaded(clerk, **roll(tmp_path, line | {"就读方式": "走读"}, name="秋.xlsx"))
    effects = {effect["label"]: effect["rows"] for effect in batch.layout["summary"]["effects"]}
    assert effects == {"结束旧学籍": 1}
    assert lines_of(clerk, batch, "changed")[0].remarks == ["结束旧学籍"]


def test_carrying_on_is_for_importers_only(clerk: Client, tmp_path: Path) -> None:
    first = write(clerk, checked(clerk, **faulty_roll(tmp_path)))
    stranger = make.user(unit=make.county("140224"))
    with pytest.raises(actions.PortalError, match="没有为该单位"):
        carry_on(batch=first, by=stranger)

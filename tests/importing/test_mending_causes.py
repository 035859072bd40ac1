"""Mending whole causes: what a school or a word means is said once, remembered, and can be forgotten."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.core.models import AuditEvent
from datong_edu.importing.enums import BatchState, Deed
from datong_edu.importing.mending.answers import candidates, likeness
from datong_edu.importing.models import CauseDecision, RememberedAnswer
from datong_edu.registry.models import Enrolment
from tests.importing import rosters
from tests.importing.mending import HOPE, answer, clerk, counts, faulty_roll, roll
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
assert clerk


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

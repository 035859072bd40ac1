"""One person's file: its reading on record, its facts within scope, and the figures of its matrix."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from datong_edu.accounts.roles import Role
from datong_edu.core.models import AuditEvent
from datong_edu.importing.models import ImportBatch
from tests import factories as make

pytestmark = pytest.mark.django_db


def _file(client: Any, pupil: Any) -> str:
    answer = client.get(reverse("desk:person", args=[pupil.person.uid]))
    assert answer.status_code == 200
    return answer.content.decode()


def _cells(text: str) -> str:
    return "".join(text.split())


def test_reading_a_file_is_recorded_and_shown(log_in: Any, books: Any) -> None:
    text = _file(log_in(), books.owed)
    event = AuditEvent.objects.get(action="read_person")
    assert (event.subject_type, event.subject_id) == ("registry.person", str(books.owed.person.pk))
    assert event.county == books.owed.county
    assert "访问记录" in text
    assert "查看档案" in text


def test_foreign_person_does_not_exist_and_leaves_no_reading(log_in: Any, books: Any) -> None:
    client = log_in()
    for uid in (books.away.person.uid, uuid4()):
        assert client.get(reverse("desk:person", args=[uid])).status_code == 404
    assert not AuditEvent.objects.filter(action="read_person").exists()


def test_numbers_are_masked(log_in: Any, books: Any) -> None:
    text = _file(log_in(), books.owed)
    assert books.numbers["id_no"] not in text
    assert books.owed.person.id_no_masked in text


def test_matrix_shows_the_gap_and_the_full_payment(log_in: Any, books: Any) -> None:
    client = log_in()
    gap, full = _cells(_file(client, books.owed)), _cells(_file(client, books.paid))
    assert '<tdclass="dt-middt-cell-short">0／500缺</td>' in gap
    assert '<tdclass="dt-middt-cell-ok">500／500</td>' in full


def test_matrix_adds_up_halves_backpay_and_recovery(log_in: Any, books: Any) -> None:
    pupil = make.poor_child(grade=7, stage="JUN", boarding="day")
    make.award(pupil, "300", scheme_id="CE_NONBOARD")
    make.award(pupil, "12.50", scheme_id="CE_NONBOARD", kind="backpay")
    make.award(pupil, "999", scheme_id="CE_NONBOARD", status="failed")
    assert "312.50／312.50</td>" in _cells(_file(log_in(), pupil))
    make.award(pupil, "-12.50", scheme_id="CE_NONBOARD", kind="recovery")
    assert "300／312.50缺</td>" in _cells(_file(log_in(), pupil))


def test_matrix_marks_money_without_a_reason_and_money_on_its_way(log_in: Any, books: Any) -> None:
    rich = make.enrolment()
    make.award(rich, "500")
    assert "500／0多" in _cells(_file(log_in(), rich))
    waiting = make.poor_child()
    make.award(waiting, "500", status="pending")
    assert "0／500待发" in _cells(_file(log_in(), waiting))


def test_comparison_marks_what_the_roll_says_otherwise(log_in: Any, books: Any) -> None:
    other = make.school(name="撤并前学校")
    make.award(books.owed, "0", school=other, name="张示列", term=make.term("2019-2020-2"))
    text = _file(log_in(), books.owed)
    assert '<mark class="dt-new">撤并前学校</mark>' in text
    assert "采信学籍" in text
    assert "待核实" in text


def test_facts_name_file_sheet_and_row(log_in: Any, books: Any) -> None:
    batch = ImportBatch.objects.create(
        kind="student_registry",
        unit=make.county(),
        county=make.county(),
        file_name="浑源学籍.xlsx",
        file_size=1,
        file_sha256="0" * 64,
        created_by=make.user(),
    )
    pupil = make.enrolment(source_batch=batch, source_sheet="学生表", source_row=1812)
    text = _file(log_in(), pupil)
    assert "浑源学籍.xlsx" in text
    assert "学生表 第 1,812 行" in text


def test_facts_of_other_counties_stay_out_but_hardship_follows(log_in: Any, books: Any) -> None:
    away = make.county("140224")
    pupil = make.enrolment(of=make.person(county_ids=[make.county().pk, away.pk]))
    make.enrolment(
        of=pupil.person, school=make.school(name="灵丘另校", county=away), until_on=date(2020, 10, 1)
    )
    make.member(of=pupil.person, household=make.household(county=away, town="灵丘某镇"))
    make.spell(pupil.person, "orphan", county=away)
    text = _file(log_in(), pupil)
    assert "灵丘另校" not in text
    assert "灵丘某镇" not in text
    assert "孤儿" in text
    assert "灵丘县" in text


def test_open_finding_is_answered_from_the_file(log_in: Any, books: Any) -> None:
    client, finding = log_in(), books.finding_of(books.owed)
    back = reverse("desk:person", args=[books.owed.person.uid])
    assert "确认应补 500 元" in _file(client, books.owed)
    answer = client.post(
        reverse("desk:deed", args=[finding.uid]),
        {"deed": "close", "note": "已补发", "back": back},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == back
    assert "已办结" in answer.content.decode()


def test_rooms_add_their_panels(log_in: Any, books: Any) -> None:
    make.dropout_case(books.owed.person, owner="劝返人甲")
    make.post(books.paid.person, school=books.paid.school)
    client = log_in()
    assert "劝返人甲" in _file(client, books.owed)
    assert "教师岗位与补助" in _file(client, books.paid)


def test_school_reads_its_pupil_without_the_household(log_in: Any, books: Any) -> None:
    make.member(of=books.owed.person, household=make.household(town="某某镇"))
    text = _file(log_in(Role.SCHOOL_CLERK, make.school_unit(books.owed.school)), books.owed)
    assert "张示例" in text
    assert "某某镇" not in text


def test_file_stays_within_its_queries(log_in: Any, books: Any, django_assert_max_num_queries: Any) -> None:
    client = log_in()
    _file(client, books.owed)
    with django_assert_max_num_queries(24):
        _file(client, books.owed)

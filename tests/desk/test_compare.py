"""The compare tool: who is found how, for whom, what goes back, and that nothing stays."""

import io
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core import blobs, jobs
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import AuditEvent, Job, JobState, StoredBlob
from datong_edu.core.sensitive import columns_for
from datong_edu.core.tasks import expire_blobs
from datong_edu.desk.comparing import actions
from datong_edu.desk.comparing.columns import COLUMNS
from datong_edu.desk.tasks import compare
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Person, PersonIdentifier
from datong_edu.settings.schedule import CELERY_BEAT_SCHEDULE
from tests import factories as make
from tests.importing.command import row_counts

pytestmark = pytest.mark.django_db
EVERY = [column.key for column in COLUMNS]
HEADINGS = ("姓名", "身份证号", "学校", "出生日期")
Line = dict[str, Any]


def _number(person: Person, plain: str, kind: str = "id_no") -> str:
    """Let a person be known by a number."""
    PersonIdentifier.objects.create(person=person, kind=kind, **columns_for("value", kind, plain))
    return plain


def _workbook(rows: list[tuple[Any, ...]], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2020年秋季资助名单"])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _lines(content: bytes) -> list[Line]:
    """Rows of the result by heading, from below the headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    top = next(at for at, row in enumerate(rows) if "平台·匹配情况" in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]  # type: ignore[arg-type]


def _compare(data: bytes, by: User, name: str = "名单.xlsx") -> list[Line]:
    blob = actions.compare_roster(file_name=name, data=data, columns=EVERY, term=make.term(), by=by)
    return _lines(blobs.content_of(blob).data)


@pytest.fixture
def clerk(books: Any) -> User:
    return make.user(Role.COUNTY_CLERK, make.county())


Ask = Callable[..., Line]


@pytest.fixture
def ask(clerk: User) -> Ask:
    """The answer to a sheet of one row."""

    def answer(*row: Any, headings: tuple[str, ...] = HEADINGS, by: User | None = None) -> Line:
        return _compare(_workbook([row], headings), by or clerk)[0]

    return answer


def test_number_brings_every_fact(ask: Ask, books: Any) -> None:
    make.award(books.owed, "312.50", scheme_id="CE_NONBOARD")
    line = ask("张示例", books.numbers["id_no"])
    assert line["平台·匹配情况"] == "号码一致"
    assert line["平台·学校"] == "浑源测试学校"
    assert (line["平台·年级"], line["平台·就读方式"], line["平台·学生状态"]) == ("五年级", "寄宿", "在读")
    assert line["平台·困难类别"] == "脱贫家庭（建档立卡）"
    assert "312.50 元（已发放）" in line["平台·本学期资助（2020 秋季）"]
    assert line["平台·未结比对问题"]
    assert line["身份证号"] == books.numbers["id_no"]


def test_another_name_beside_the_number_is_told(ask: Ask, books: Any) -> None:
    line = ask("张示列", books.numbers["id_no"])
    assert (line["平台·匹配情况"], line["平台·匹配说明"]) == ("号码一致", "姓名不一致，档案为“张示例”")


def test_old_number_of_15_digits_is_the_same_person(ask: Ask) -> None:
    old = make.id_number(date(1988, 3, 4))
    _number(make.enrolment(of=make.person(name="老号码", number=old)).person, old)
    for cell in (old[:6] + old[8:17], int(old[:6] + old[8:17])):
        line = ask("老号码", cell)
        assert line["平台·匹配情况"] == "号码一致"
        assert "15位旧号" in line["平台·匹配说明"]


def test_former_number_is_exact_and_named_as_such(ask: Ask, books: Any) -> None:
    former = _number(books.owed.person, make.id_number(date(2010, 5, 2)))
    line = ask("张示例", former)
    assert line["平台·匹配情况"] == "号码一致"
    assert "曾用号码" in line["平台·匹配说明"]
    assert books.numbers["id_no"] not in line["平台·匹配说明"]


@pytest.mark.parametrize("heading", ["身份证号", "学籍号"])
def test_g_number_is_found_in_either_column(ask: Ask, books: Any, heading: str) -> None:
    line = ask("张示例", books.numbers["student_no"], headings=("姓名", heading))
    assert line["平台·匹配情况"] == "号码一致"


def test_number_that_lost_its_digits_is_never_repaired(ask: Ask, books: Any) -> None:
    lost = float(books.numbers["id_no"][:17] + "0")
    line = ask("张示例", lost, "浑源测试学校")
    assert line["平台·匹配情况"] == "号码有误"
    assert "精度丢失" in line["平台·匹配说明"]
    assert "姓名+学校相同的有 张示例" in line["平台·匹配说明"]
    assert line["平台·学校"] is None
    assert books.numbers["id_no"] not in str(line["平台·匹配说明"])


def test_masked_and_short_numbers_are_faults(ask: Ask, books: Any) -> None:
    for text in ("140225********0018", "14022520100501"):
        assert ask("张示例", text)["平台·匹配情况"] == "号码有误"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (("王演示", None, "浑源测试学校"), "候选（姓名+学校）"),
        (("王演示", None, None, date(2010, 5, 1)), "候选（姓名+出生日期）"),
        (("王演示", None, "浑源测试学校", "20100501"), "候选（姓名+出生日期+学校）"),
        (("王演示", None), "候选（仅姓名）"),
        (("王演示", None, None, date(2011, 5, 1)), "未找到"),
        (("查无此人", None, "浑源测试学校"), "未找到"),
    ],
)
def test_names_give_candidates_only(ask: Ask, row: tuple[Any, ...], verdict: str) -> None:
    line = ask(*row)
    assert line["平台·匹配情况"] == verdict
    assert (line["平台·学校"] == "浑源测试学校") == verdict.startswith("候选")


def test_namesakes_are_told_apart_by_school_or_left_open(ask: Ask, books: Any) -> None:
    other = make.school(name="浑源另校")
    make.enrolment(of=make.person(name="王演示"), school=other)
    assert ask("王演示", None)["平台·匹配情况"] == "多人同名"
    line = ask("王演示", None, "浑源另校")
    assert (line["平台·匹配情况"], line["平台·学校"]) == ("候选（姓名+学校）", "浑源另校")
    assert ask("王演示", None, "没听说过的学校")["平台·匹配情况"] == "多人同名"


def test_person_of_another_county_is_not_found(ask: Ask, books: Any) -> None:
    number = _number(books.away.person, make.id_number(date(2009, 9, 9)))
    for row in (("外县秘密", number), ("外县秘密", None, "灵丘秘密学校"), ("外县秘密", None)):
        line = ask(*row)
        assert line["平台·匹配情况"] == "未找到"
        assert "灵丘" not in str(line["平台·匹配说明"])
    city = make.user(Role.CITY_STAFF, make.city())
    assert ask("外县秘密", number, by=city)["平台·学校"] == "灵丘秘密学校"


def test_facts_of_another_county_stay_out(ask: Ask, books: Any) -> None:
    away = make.county("140224")
    pupil = make.enrolment(school=make.school(name="灵丘转入校", county=away))
    Person.objects.whole_city().filter(pk=pupil.person.pk).update(county_ids=[make.county().pk, away.pk])
    number = _number(pupil.person, make.id_number(date(2009, 9, 8)))
    line = ask(pupil.person.name, number)
    assert (line["平台·匹配情况"], line["平台·学校"]) == ("号码一致", None)


def test_school_may_not_take_rows_away(books: Any) -> None:
    principal = make.user(Role.PRINCIPAL, make.school_unit(books.owed.school))
    with pytest.raises(PortalError, match="权限"):
        _compare(_workbook([("张示例", books.numbers["id_no"])]), principal)
    client = Client()
    client.force_login(principal)
    assert client.get(reverse("desk:compare")).status_code == 403


def test_own_workbook_comes_back_as_it_was(clerk: User, books: Any) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名单"])
    sheet.merge_cells("A1:C1")
    sheet.append(["姓名", "身份证号", "算"])
    sheet.append(["张示例", books.numbers["id_no"], "=1+1"])
    sheet.append(["制表人：某某"])
    sheet["B3"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    sheet["Z3"].fill = openpyxl.styles.PatternFill("solid", start_color="FFFF00")
    sheet.column_dimensions["B"].width = 33
    book.create_sheet("说明").append(["填表须知"])
    target = io.BytesIO()
    book.save(target)
    blob = actions.compare_roster(
        file_name="a.xlsx", data=target.getvalue(), columns=["school"], term=None, by=clerk
    )
    after = openpyxl.load_workbook(io.BytesIO(blobs.content_of(blob).data))
    assert after.sheetnames == ["Sheet", "说明"]
    assert after["说明"]["A1"].value == "填表须知"
    sheet = after["Sheet"]
    assert [cell.value for cell in sheet[3]][:6] == [
        "张示例", books.numbers["id_no"], "=1+1", "号码一致", None, "浑源测试学校",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]][3:6] == ["平台·匹配情况", "平台·匹配说明", "平台·学校"]
    assert sheet["B3"].font.b
    assert sheet.column_dimensions["B"].width == 33
    assert sheet["A4"].value == "制表人：某某"
    assert "A1:C1" in {str(merge) for merge in sheet.merged_cells.ranges}


def test_formulas_in_cells_and_books_stay_text(clerk: User, books: Any) -> None:
    Person.objects.whole_city().filter(pk=books.owed.person.pk).update(name="=HYPERLINK(1)")
    csv = f'姓名,身份证号,备注\n=cmd|1,{books.numbers["id_no"]},"=1+1"\n'.encode()
    blob = actions.compare_roster(file_name="a.csv", data=csv, columns=EVERY, term=make.term(), by=clerk)
    sheet = openpyxl.load_workbook(io.BytesIO(blobs.content_of(blob).data)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet["C2"].value == "=1+1"


def test_csv_of_old_excel_comes_back_with_its_numbers(clerk: User, books: Any) -> None:
    text = f'学生姓名,身份证件号,卡号\n张示例,"=""{books.numbers["id_no"]}""",6217000000000000001\n'
    (line,) = _compare(text.encode("gb18030"), clerk, "名单.csv")
    assert line["平台·匹配情况"] == "号码一致"
    assert (line["身份证件号"], line["卡号"]) == (books.numbers["id_no"], "6217000000000000001")


def test_sheet_without_key_says_what_was_seen(clerk: User) -> None:
    for headings in (("学校", "年级", "金额"), ("甲栏", "乙栏", "丙栏")):
        with pytest.raises(PortalError) as refusal:
            _compare(_workbook([("a", "b", "c")], headings), clerk)
        assert "、".join(headings[:2]) in refusal.value.message
        assert "请在表头写明“身份证号”或“姓名”" in refusal.value.message


def test_wide_sheet_with_one_known_heading_is_taken(ask: Ask, books: Any) -> None:
    headings = ("甲", "乙", "丙", "丁", "戊", "己", "身份证号码", "庚")
    line = ask(1, 2, 3, 4, 5, 6, books.numbers["id_no"], 8, headings=headings)
    assert line["平台·匹配情况"] == "号码一致"


def test_comparison_is_recorded_without_numbers(ask: Ask, books: Any, clerk: User) -> None:
    ask("张示例", books.numbers["id_no"])
    event = AuditEvent.objects.get(action="compare_roster")
    assert (event.actor, event.county) == (clerk, make.county())
    assert event.detail == {"rows": 1, "counts": {"exact": 1}, "columns": EVERY, "term": "2020-2021-1"}
    assert not ImportBatch.objects.whole_city().exists()


def test_result_is_encrypted_and_gone_within_a_day(ask: Ask, books: Any) -> None:
    ask("张示例", books.numbers["id_no"])
    blob = StoredBlob.objects.get()
    assert b"PK" not in bytes(blob.cipher)[:60]
    assert blob.expires_at - timezone.now() < timedelta(hours=23, seconds=1)
    StoredBlob.objects.update(expires_at=timezone.now())
    with pytest.raises(PortalError, match="保留期"):
        blobs.content_of(StoredBlob.objects.get())
    assert blobs.expire() == 1
    assert not StoredBlob.objects.exists()


def test_nothing_of_a_comparison_is_left_after_a_day(
    log_in: Any, books: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, number = log_in(), books.numbers["id_no"]
    before = row_counts()
    _upload(client, _workbook([("张示例", number), ("无此人", None)]))
    file_url = reverse("desk:compared-file", args=[StoredBlob.objects.get().uid])
    assert client.get(file_url).status_code == 200
    sweep = CELERY_BEAT_SCHEDULE["drop files kept for hours"]
    # Kept 23 hours and swept in each of them.
    assert (blobs.KEPT, len(sweep["schedule"].hour)) == (timedelta(hours=23), 24)
    tomorrow = timezone.now() + timedelta(hours=24)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert sweep["task"] == expire_blobs.name
    expire_blobs()
    grown = {name for name, rows in row_counts().items() if rows != before.get(name)}
    # The last two say that something was written down, not what; a commit turns them into the event's link.
    trail = {"public.core_auditevent", "public.core_audit_touch", "public.core_audit_due"}
    assert grown <= trail | {"public.core_job", "public.django_session", "public.web_usecount"}
    for text in (number, "无此人", "张示例的名单"):
        assert text not in "".join(str(event.detail) for event in AuditEvent.objects.all())
        assert text not in "".join(str(job.payload) for job in Job.objects.all())
    assert client.get(file_url).status_code in (302, 404)


def test_queries_do_not_grow_with_rows(clerk: User, books: Any, django_assert_max_num_queries: Any) -> None:
    rows = [("张示例", books.numbers["id_no"]), ("王演示", None, "浑源测试学校")] * 150
    data = _workbook(rows)
    with django_assert_max_num_queries(45):
        lines = _compare(data, clerk)
    assert len(lines) == 300


def _upload(client: Client, data: bytes, name: str = "张示例的名单.xlsx", **more: Any) -> Any:
    sent = {"file": SimpleUploadedFile(name, data), "columns": EVERY} | more
    return client.post(reverse("desk:compare"), sent, follow=True)


def test_pages_lead_from_upload_to_download(log_in: Any, books: Any) -> None:
    client = log_in()
    assert "在表后追加的列" in client.get(reverse("desk:compare")).content.decode()
    answer = _upload(client, _workbook([("张示例", books.numbers["id_no"]), ("无此人", None)]))
    text = answer.content.decode()
    assert "下载结果（2 行）" in text
    assert books.numbers["id_no"] not in text
    file_url = reverse("desk:compared-file", args=[StoredBlob.objects.get().uid])
    taken = client.get(file_url)
    assert taken["Cache-Control"] == "no-store"
    assert "%E6%AF%94%E5%AF%B9%E7%BB%93%E6%9E%9C.xlsx" in taken["Content-Disposition"]
    assert _lines(b"".join(taken.streaming_content))[0]["平台·匹配情况"] == "号码一致"
    assert AuditEvent.objects.filter(action="download_compared").count() == 1
    stranger = log_in()
    assert stranger.get(file_url).status_code == 404
    assert client.post(file_url).status_code == 200
    assert not StoredBlob.objects.exists()


def test_result_can_be_deleted(log_in: Any, books: Any) -> None:
    client = log_in()
    _upload(client, _workbook([("张示例",)]))
    answer = client.post(reverse("desk:compared-delete", args=[StoredBlob.objects.get().uid]), follow=True)
    assert "已删除" in answer.content.decode()
    assert not StoredBlob.objects.exists()


def test_upload_without_file_or_columns_says_so(log_in: Any) -> None:
    answer = log_in().post(reverse("desk:compare"), {})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择要比对的文件。" in text
    assert "请至少勾选一列。" in text


def test_bad_file_is_explained(log_in: Any) -> None:
    answer = _upload(log_in(), b"%PDF-1.4", "a.pdf")
    assert answer.status_code == 400
    assert "PDF" in answer.content.decode()


def test_large_file_is_answered_in_the_background(
    log_in: Any, books: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    client = log_in()
    answer = _upload(client, _workbook([("张示例", books.numbers["id_no"])] * 3))
    assert "正在比对" in answer.content.decode()
    job = Job.objects.get(kind=actions.JOB_KIND)
    assert jobs.HANDLERS[job.kind] is compare
    page = reverse("desk:compared", args=[StoredBlob.objects.get().uid])
    assert "等待比对" in client.get(page, headers={"HX-Request": "true"}).content.decode()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    assert "下载结果（3 行）" in client.get(page).content.decode()
    assert client.get(page, headers={"HX-Request": "true"})["HX-Redirect"] == page
    assert "张示例" not in str(Job.objects.values()) + str(StoredBlob.objects.values("about"))


def test_large_file_that_cannot_be_read_leaves_nothing(
    log_in: Any, books: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LARGE_UNPACKED_BYTES", 1)
    monkeypatch.setattr(actions, "LARGE_BYTES", 1)
    client = log_in()
    _upload(client, _workbook([("a", "b")], ("学校", "年级")))
    jobs.run(Job.objects.get(kind=actions.JOB_KIND).pk)
    blob = StoredBlob.objects.get()
    assert blob.kind == actions.REFUSED
    assert "年级" not in Job.objects.get(kind=actions.JOB_KIND).message
    text = client.get(reverse("desk:compared", args=[blob.uid])).content.decode()
    assert "没有找到身份证号、学籍号或姓名列" in text


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_20000_rows_take_at_most_five_seconds(
    clerk: User, books: Any, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [
        make.poor_child(school=books.owed.school, number="", student_no=f"J{n:018}").person
        for n in range(200)
    ]
    days = [date(2011, 1, 1) + timedelta(days=n) for n in range(200)]
    numbers = [_number(person, make.id_number(born_on)) for person, born_on in zip(people, days, strict=True)]
    rows = [
        [str(n), people[n % 200].name, numbers[n % 200] if n % 3 else "", "浑源测试学校"]
        + [f"内容{n % 97}-{column}" for column in range(16)]
        for n in range(20_000)
    ]
    headings = ["序号", "姓名", "身份证号", "学校", *(f"附{column}" for column in range(16))]
    data = _plain_workbook(headings, rows) if suffix == "xlsx" else _plain_csv(headings, rows)
    start = time.perf_counter()
    roster = actions.read_roster(f"a.{suffix}", data)
    compared = actions.answer_roster(
        roster, data, columns=EVERY, term=make.term(), today=date(2020, 12, 15), by=clerk
    )
    seconds = time.perf_counter() - start
    with capsys.disabled():
        sys.stdout.write(f"\ncompare {suffix}, 20,000 rows of 20 columns: {seconds:.2f} s\n")
    assert sum(compared.counts.values()) == 20_000
    assert seconds <= 5


def _plain_workbook(headings: list[str], rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate([headings, *rows]):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def _plain_csv(headings: list[str], rows: list[list[str]]) -> bytes:
    return "\r\n".join(",".join(row) for row in [headings, *rows]).encode("gb18030")

"""完整号码导出: two people, a password, a watermark, a day; nothing foreign, nothing in clear."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import msoffcrypto
import openpyxl
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core import blobs, jobs
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.core.models import AuditEvent, JobState, StoredBlob
from datong_edu.core.sensitive import unseal
from datong_edu.registry import number_exports
from datong_edu.registry.enums import ExportState
from datong_edu.registry.models import Enrolment, NumberExport
from datong_edu.registry.tasks import build_number_export
from tests import factories as make

pytestmark = pytest.mark.django_db
REASON = "向县农商行报送补助发放名单"


class Office:
    """A county with a reviewer, a head and two paid children; a neighbour with its own."""

    def __init__(self) -> None:
        make.load_reference()
        self.reviewer = make.user(Role.COUNTY_REVIEWER, make.county())
        self.head = make.user(Role.COUNTY_HEAD, make.county())
        self.stranger = make.user(Role.COUNTY_HEAD, make.county("140224"))
        self.children = [make.enrolment(school=make.school()) for _ in range(2)]
        self.foreign = make.enrolment(school=make.school(county=make.county("140224")))
        for child in (*self.children, self.foreign):
            make.award(child)

    def ask(self, narrowing: str = "", by: User | None = None) -> NumberExport:
        return number_exports.request_export(
            name="subsidies:list", narrowing=narrowing, reason=REASON, by=by or self.reviewer
        )

    def approved(self) -> NumberExport:
        export = self.ask()
        number_exports.decide(export=export, approve=True, note="", by=self.head)
        export.refresh_from_db()
        return export

    def ready(self) -> NumberExport:
        export = self.approved()
        assert export.job
        jobs.run(export.job.pk)
        export.refresh_from_db()
        assert export.state == ExportState.READY
        return export


def number_of(child: Enrolment) -> str:
    assert child.id_no
    assert child.id_no_index
    return unseal("id_no", child.id_no, child.id_no_index)


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return Office()


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """Log somebody in, identity proved a moment ago."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def test_two_people_make_an_export_that_opens_with_its_password_only(office: Office) -> None:
    export = office.ready()
    password = number_exports.take_password(export=export, by=office.reviewer)
    locked = number_exports.download(export=export, by=office.reviewer).data
    with pytest.raises(Exception, match=r"(?i)zip|container"):
        openpyxl.load_workbook(BytesIO(locked))
    book = msoffcrypto.OfficeFile(BytesIO(locked))
    with pytest.raises(Exception, match=r"(?i)password|key"):
        book.load_key(password="wrong-password", verify_password=True)
    book = msoffcrypto.OfficeFile(BytesIO(locked))
    book.load_key(password=password, verify_password=True)
    plain = BytesIO()
    book.decrypt(plain)
    sheet = openpyxl.load_workbook(plain).active
    mark, headings, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    numbers = {row[headings.index("身份证号")] for row in rows}
    assert numbers == {number_of(child) for child in office.children}
    assert number_of(office.foreign) not in str(rows)
    for words in (office.reviewer.username, str(export.uid), f"{timezone.localtime():%Y-%m-%d}"):
        assert words in str(mark[0])
        assert words in str(sheet.oddHeader.center.text)
        assert words in str(sheet.oddFooter.left.text)


def test_bytes_in_the_database_are_sealed_and_hold_no_number(office: Office) -> None:
    export = office.ready()
    assert jobs.HANDLERS[number_exports.KIND] is build_number_export
    assert export.blob
    stored = bytes(export.blob.cipher)
    assert b"PK" not in stored[:4]
    assert b"EncryptedPackage".decode().encode("utf-16-le") not in stored
    assert all(number_of(child).encode() not in stored for child in office.children)
    assert all(number_of(child) not in str(list(AuditEvent.objects.values())) for child in office.children)


def test_nobody_approves_their_own_request(office: Office) -> None:
    export = office.ask(by=office.head)
    with pytest.raises(PortalError, match="自己的申请"):
        number_exports.decide(export=export, approve=True, note="", by=office.head)
    with pytest.raises(IntegrityError, match="number_export_second_person"), transaction.atomic():
        NumberExport.objects.whole_city().filter(pk=export.pk).update(
            state=ExportState.APPROVED, decided_by=office.head
        )


def test_database_refuses_steps_that_leave_the_approval_out(office: Office) -> None:
    export = office.ask()
    rows = NumberExport.objects.whole_city().filter(pk=export.pk)
    with pytest.raises(DatabaseError, match="(?i)transition"), transaction.atomic():
        rows.update(state=ExportState.READY, decided_by=office.head)
    with pytest.raises(IntegrityError, match="number_export_decided"), transaction.atomic():
        rows.update(state=ExportState.APPROVED)


@pytest.mark.parametrize(
    "role", [Role.COUNTY_CLERK, Role.CITY_STAFF, Role.LEADER, Role.AUDITOR, Role.OPERATOR]
)
def test_other_offices_neither_ask_nor_approve(office: Office, role: Role) -> None:
    user = make.user(role, make.county() if role == Role.COUNTY_CLERK else make.city())
    with pytest.raises(PortalError, match="不能办理"):
        office.ask(by=user)
    with pytest.raises(PortalError, match="不能办理"):
        number_exports.decide(export=office.ask(), approve=True, note="", by=user)


def test_request_decided_once(office: Office) -> None:
    export = office.approved()
    with pytest.raises(Conflict):
        number_exports.decide(export=export, approve=False, note="不行", by=office.head)


def test_only_the_requester_takes_password_and_file(office: Office) -> None:
    export = office.ready()
    for deed in (number_exports.take_password, number_exports.download):
        with pytest.raises(PortalError, match="只有申请人"):
            deed(export=export, by=office.head)


def test_password_is_shown_once(office: Office) -> None:
    export = office.ready()
    number_exports.take_password(export=export, by=office.reviewer)
    with pytest.raises(PortalError, match="只显示一次"):
        number_exports.take_password(export=export, by=office.reviewer)
    assert NumberExport.objects.whole_city().get(pk=export.pk).password is None


def test_file_is_gone_after_its_day_and_the_request_stays(office: Office) -> None:
    export = office.ready()
    assert export.blob
    assert export.blob.expires_at <= timezone.now() + timedelta(hours=24)
    StoredBlob.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(PortalError):
        number_exports.download(export=export, by=office.reviewer)
    assert blobs.expire() == 1
    export.refresh_from_db()
    assert export.blob is None
    with pytest.raises(PortalError, match="已删除"):
        number_exports.download(export=export, by=office.reviewer)


def test_every_step_and_every_download_is_on_record(office: Office) -> None:
    export = office.ready()
    number_exports.take_password(export=export, by=office.reviewer)
    for _ in range(2):
        number_exports.download(export=export, by=office.reviewer)
    events = AuditEvent.objects.filter(subject_type="registry.numberexport", subject_id=str(export.pk))
    deeds = list(events.order_by("id").values_list("action", "actor__username"))
    reviewer, head = office.reviewer.username, office.head.username
    assert deeds == [
        ("request_number_export", reviewer),
        ("approve_number_export", head),
        ("build_number_export", reviewer),
        ("show_number_export_password", reviewer),
        ("download_number_export", reviewer),
        ("download_number_export", reviewer),
    ]
    export.refresh_from_db()
    assert export.downloads == 2


def test_quota_of_the_day_ends(office: Office) -> None:
    for _ in range(settings.NUMBER_EXPORTS_PER_DAY):
        office.ask()
    with pytest.raises(PortalError, match="请明天"):
        office.ask()
    office.ask(by=office.head)


def test_list_too_long_or_empty_or_without_numbers_is_refused(office: Office, settings: Any) -> None:
    settings.NUMBER_EXPORT_ROWS = 1
    with pytest.raises(PortalError, match="缩小范围"):
        office.ask()
    with pytest.raises(PortalError, match="没有记录"):
        office.ask(narrowing="q=没有这个人")
    for name in ("schools:list", "desk:home", "nowhere", "desk:number-exports"):
        with pytest.raises(PortalError, match="名单"):
            number_exports.request_export(name=name, narrowing="", reason=REASON, by=office.reviewer)


def test_reason_with_a_number_is_refused(office: Office) -> None:
    with pytest.raises(PortalError, match="不要写号码"):
        number_exports.request_export(
            name="subsidies:list", narrowing="", reason="核对 140225201103080017", by=office.reviewer
        )


def test_more_rows_than_approved_are_refused(office: Office) -> None:
    export = office.approved()
    make.award(make.enrolment(school=office.children[0].school))
    assert export.job
    jobs.run(export.job.pk)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert "比批准时多" in export.job.__class__.objects.get(pk=export.job.pk).message


def test_requester_who_lost_the_office_gets_nothing(office: Office) -> None:
    export = office.approved()
    office.reviewer.grants.update(ended_at=timezone.now())
    assert export.job
    jobs.run(export.job.pk)
    export.job.refresh_from_db()
    assert export.job.state == JobState.FAILED
    assert not StoredBlob.objects.exists()


def test_pages_lead_from_the_list_to_the_file(office: Office, browse: Callable[[User], Client]) -> None:
    reviewer, head = browse(office.reviewer), browse(office.head)
    page = reviewer.get(reverse("subsidies:list")).content.decode()
    assert "申请完整号码" in page
    clerk = browse(make.user(Role.COUNTY_CLERK, make.county()))
    assert "申请完整号码" not in clerk.get(reverse("subsidies:list")).content.decode()
    address = f"{reverse('desk:number-export-request')}?list=subsidies:list&narrowing="
    assert "2 条" in reviewer.get(address).content.decode()
    assert reviewer.post(address, {"reason": "短"}).status_code == 422
    assert reviewer.post(address, {"reason": REASON}).status_code == 302
    export = NumberExport.objects.whole_city().get()
    decide = reverse("desk:number-export-decide", args=[export.uid])
    assert REASON in head.get(decide).content.decode()
    assert reviewer.post(decide, {"note": ""}).status_code == 400
    assert head.post(decide, {"note": "", "refuse": "1"}).status_code == 400
    assert head.post(decide, {"note": "同意"}).status_code == 302
    export.refresh_from_db()
    assert export.job
    jobs.run(export.job.pk)
    answer = reviewer.post(reverse("desk:number-export-password", args=[export.uid]))
    assert answer["Cache-Control"] == "no-store, private"
    assert len(answer.context["password"]) == 16
    file = reviewer.post(reverse("desk:number-export-file", args=[export.uid]))
    assert b"".join(file.streaming_content)
    assert reviewer.get(reverse("desk:number-export-file", args=[export.uid])).status_code == 405
    assert "同意" in head.get(reverse("desk:number-exports")).content.decode()


def test_foreign_request_and_missing_one_answer_alike(
    office: Office, browse: Callable[[User], Client]
) -> None:
    export, stranger = office.ready(), browse(office.stranger)
    missing = "00000000-0000-0000-0000-000000000000"
    for name in ("decide", "password", "file"):
        answers = [
            stranger.post(reverse(f"desk:number-export-{name}", args=[uid])) for uid in (export.uid, missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert REASON not in stranger.get(reverse("desk:number-exports")).content.decode()
    with pytest.raises(NumberExport.DoesNotExist):
        number_exports.decide(export=office.ask(), approve=True, note="", by=office.stranger)

"""A small city: pupils aided and not, findings in every state, one county that has sent nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core import clock
from datong_edu.core.codes import Category
from datong_edu.crosschecks.engine.enums import RunState, Severity, Status, SubjectKind
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from tests import factories as make

TODAY = date(2020, 12, 15)
MakeFinding = Callable[..., Finding]


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()
    clock.set_business_date(TODAY)


@pytest.fixture
def finding() -> MakeFinding:
    """A pending finding of C01 in 浑源县, due in three days."""
    run = Run.objects.create(as_of_on=TODAY, term=make.term(), state=RunState.DONE)

    def create(rule: str = "C01", county: str = "140225", **given: Any) -> Finding:
        status = given.get("status", Status.PENDING)
        fields = {
            "rule_code": rule,
            "subject_kind": SubjectKind.PERSON,
            "subject_id": str(uuid4()),
            "fingerprint": uuid4(),
            "digest": uuid4(),
            "county": make.county(county),
            "term": make.term(),
            "severity": Severity.HIGH,
            "summary": "测试疑点",
            "found_on": TODAY - timedelta(days=9),
            "due_on": TODAY + timedelta(days=3),
            "closed_on": TODAY if status == Status.FIXED else None,
            "first_run": run,
        }
        return Finding.objects.create(**fields | given)

    return create


@pytest.fixture
def findings(finding: MakeFinding) -> list[Finding]:
    """Findings of several rules, counties and states; two are overdue."""
    late = {"due_on": TODAY - timedelta(days=2)}
    last = {"term": make.term("2019-2020-2")}
    return [
        finding("C01"),
        finding("C01", **late),
        finding("C01", status=Status.FIXED),
        finding("C01", **last),
        finding("C01", "140224"),
        finding("C17", "140224", **late),
        finding("C17", status=Status.CONFIRMED, assigned_to=make.school_unit(make.school())),
        finding("C03", amount="625"),
        finding("C06", status=Status.CONFIRMED, amount="312.50"),
        finding("C09", status=Status.FALSE_ALARM, amount="1000"),
        finding("C10", "140224", amount="125"),
        finding("C13", "140213", severity=Severity.MEDIUM, **late),
    ]


@pytest.fixture
def lines() -> list[Any]:
    """Aid of two terms: paid, waived, failed, recovered, a pupil with two lines, one of another county."""
    pupil, away = make.poor_child(Category.JDLK), make.poor_child(Category.JDLK)
    other = make.poor_child(Category.JDLK, school=make.school(county=make.county("140224")))
    before = make.term("2019-2020-2")
    return [
        make.award(pupil, "500"),
        make.award(pupil, "250", scheme_id="CE_NONBOARD", kind="backpay"),
        make.award(pupil, "-250", scheme_id="CE_NONBOARD", kind="recovery"),
        make.award(away, "312.50", status="failed"),
        make.award(other, "0", status="waived"),
        make.award(pupil, "500", term=before),
        make.award(away, "500", status="pending", term=before),
    ]


@pytest.fixture
def sent() -> ImportBatch:
    """The registry of 浑源县 for the term, applied."""
    return ImportBatch.objects.create(
        kind="student_registry",
        unit=make.county(),
        county=make.county(),
        term=make.term(),
        file_name="学籍.xlsx",
        file_size=1,
        file_sha256="0" * 64,
        state=BatchState.APPLIED,
        created_by=make.user(),
    )


@pytest.fixture
def leader() -> User:
    """The city's leader."""
    return make.user(Role.LEADER, make.city())


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A client logged in as somebody."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def hunyuan() -> Unit:
    """浑源县."""
    return make.county()

"""One county with a few children, some of them owed money, and a school of the county next door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.core.sensitive import columns_for
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.registry.models import Enrolment, PersonIdentifier
from tests import factories as make

TODAY = date(2020, 12, 15)
LogIn = Callable[..., Client]


@dataclass
class Books:
    """Children by what is known of them, and the numbers that must never be shown."""

    owed: Enrolment
    owed_too: Enrolment
    paid: Enrolment
    away: Enrolment
    numbers: dict[str, str]

    def finding_of(self, pupil: Enrolment) -> Finding:
        """The finding about a pupil."""
        return Finding.objects.whole_city().get(person=pupil.person)


@pytest.fixture
def books(db: None) -> Books:
    """Two children owed a term's allowance, one paid, one owed in 灵丘县; checked on 2020-12-15."""
    make.load_reference()
    set_business_date(TODAY)
    school = make.school(name="浑源测试学校")
    make.school_unit(school)
    number = make.id_number(date(2010, 5, 1))
    student_no = f"G{number}"
    person = make.person(name="张示例", number=number)
    owed = make.poor_child(of=person, school=school, number=number, student_no=student_no)
    owed_too = make.poor_child(of=make.person(name="李样本", sex="女"), school=school, grade=7, stage="JUN")
    paid = make.poor_child(of=make.person(name="王演示"), school=school)
    make.award(paid, "500")
    next_door = make.county("140224")
    far_school = make.school(name="灵丘秘密学校", county=next_door)
    far_child = make.person(name="外县秘密", county_ids=[next_door.pk])
    away = make.poor_child(of=far_child, school=far_school)
    for kind, plain in (("id_no", number), ("student_no", student_no)):
        PersonIdentifier.objects.create(person=person, kind=kind, **columns_for("value", kind, plain))
    runner.run(as_of=TODAY)
    return Books(owed, owed_too, paid, away, {"id_no": number, "student_no": student_no})


@pytest.fixture
def log_in(books: Books) -> LogIn:
    """A client logged in with one office, by default the clerk of 浑源县."""

    def enter(role: Role = Role.COUNTY_CLERK, unit: Unit | None = None) -> Client:
        client = Client()
        client.force_login(office(role, unit))
        return client

    return enter


def office(role: Role = Role.COUNTY_CLERK, unit: Unit | None = None) -> User:
    """A user with one office."""
    return make.user(role, unit)

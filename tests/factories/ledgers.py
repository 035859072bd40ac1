"""Lines of aid, posts, allowances, meals and the dropout ledger."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from datong_edu.core.sensitive import columns_for
from datong_edu.registry.models import Enrolment, Person
from dropout.models import DropoutCase
from nutrition.models import MealMonth
from subsidies.models import AwardLine
from teachers.models import AllowanceLine, Post
from tests.factories import people, places

_numbers = count(1)


def award(to: Enrolment | None = None, amount: str = "500", **given: Any) -> AwardLine:
    """A paid line for a pupil, by default CE_BOARD of 2020 autumn with the right amount for primary school.

    Traits: `kind="backpay"` or `"recovery"` (then with a negative amount), `status="failed"`, `"pending"`,
    `"waived"`; `term` is the term it is for, `roll_term` the one it was paid in.
    """
    pupil = to or people.enrolment()
    term = given.pop("term", None) or places.term()
    number = next(_numbers)
    fields = {
        "person": pupil.person,
        "scheme_id": "CE_BOARD",
        "term": term,
        "roll_term": term,
        "county": pupil.county,
        "school": pupil.school,
        "line_no": f"X{number:07}",
        "batch_no": "B140225",
        "kind": "normal",
        "status": "paid",
        "amount": Decimal(amount),
        "paid_on": date(2020, 11, 20),
        "name": pupil.name,
        "sex": pupil.sex,
        "stage": pupil.stage,
        "grade": pupil.grade,
        "id_no": pupil.id_no,
        "id_no_index": pupil.id_no_index,
        "id_no_masked": pupil.id_no_masked,
        "student_no": pupil.student_no,
        "student_no_index": pupil.student_no_index,
        "student_no_masked": pupil.student_no_masked,
    }
    return AwardLine.objects.create(**fields | given)


def post(of: Person | None = None, **given: Any) -> Post:
    """A teacher on post (see PostStatus) at a rural school by the roster of 2020-09-30."""
    school = given.pop("school", None) or places.school()
    who = of or people.person(born_on=date(1985, 3, 3))
    fields = {
        "person": who,
        "school": school,
        "county": school.county,
        "name": who.name,
        "status": "on_post",
        "as_of_on": date(2020, 9, 30),
    }
    return Post.objects.create(**fields | given)


def allowance(of: Person | None = None, **given: Any) -> AllowanceLine:
    """Rural allowance of 2020, 300 yuan for four months, at a rural school of a poverty county."""
    school = given.pop("school", None) or places.school()
    who = of or people.person(born_on=date(1985, 3, 3))
    account = given.pop("account", f"6217{next(_numbers):015}")
    fields = {
        "person": who,
        "school": school,
        "county": school.county,
        "year": 2020,
        "name": who.name,
        "seat": school.seat,
        "monthly": Decimal(300),
        "months": 4,
        "amount": Decimal(1200),
    }
    return AllowanceLine.objects.create(**fields | columns_for("account", "account", account) | given)


def meal_month(**given: Any) -> MealMonth:
    """A month's meal report of a school, 2020-10 by default, for 100 pupils on 17 days at 4 yuan."""
    school = given.pop("school", None) or places.school()
    fields = {
        "school": school,
        "county": school.county,
        "month": "2020-10",
        "enrolled": 100,
        "beneficiaries": 100,
        "days": 17,
        "person_days": 1700,
        "standard": Decimal(4),
    }
    return MealMonth.objects.create(**fields | given)


def dropout_case(of: Person | None = None, **given: Any) -> DropoutCase:
    """An open line of the dropout ledger."""
    who = of or people.person()
    fields = {"person": who, "county": places.county(), "type": "suspected", "name": who.name}
    return DropoutCase.objects.create(**fields | given)

"""What is appended for the people found: one query for each book, within the user's sight."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.db.models.expressions import RawSQL

from datong_edu.accounts.models import User
from datong_edu.core.codes import AwardStatus, Boarding, Category, EnrolmentStatus
from datong_edu.core.models import Term
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.comparing.matching import fill
from datong_edu.desk.tables import rule_words
from datong_edu.registry.models import Enrolment, HardshipSpell
from datong_edu.web import numbers
from datong_edu.web.grades import grade_words
from subsidies.models import AwardLine

Facts = dict[str, dict[int, str]]
"""Column -> person -> words."""

PLACE = ("school", "grade", "boarding", "status")


def facts_of(
    people: Collection[int], columns: Collection[str], *, user: User, term: Term | None, today: date
) -> Facts:
    """Words of the asked columns for these people; hardship follows a person across counties."""
    fill("compare_people", "id bigint", ((person,) for person in people))
    found: Facts = {}
    if not set(PLACE).isdisjoint(columns):
        found |= _places(user)
    books: dict[str, Callable[[], dict[int, str]]] = {
        "categories": lambda: _categories(today),
        "aid": lambda: _aid(user, term),
        "findings": lambda: _findings(user),
    }
    found |= {key: read() for key, read in books.items() if key in columns}
    return {key: found[key] for key in columns}


def _inside() -> RawSQL:
    return RawSQL("SELECT id FROM compare_people", ())


def _places(user: User) -> Facts:
    """The registry's present word about each, or its last one."""
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(person__in=_inside())
        .order_by("person_id", F("until_on").desc(nulls_first=True), "-since_on", "-pk")
        .distinct("person_id")
    )
    found: Facts = {key: {} for key in PLACE}
    for person, school, stage, grade, class_no, boarding, status, event, until_on in rows.values_list(
        "person_id", "school__name", "stage", "grade", "class_no", "boarding", "status", "status_event",
        "until_on",
    ):  # fmt: skip
        ended = f"（学籍至 {until_on:%Y-%m-%d}）" if until_on else f"（{event}）" if event else ""
        found["school"][person] = school
        found["grade"][person] = grade_words(stage, grade, class_no)
        found["boarding"][person] = str(Boarding(boarding).label) if boarding else ""
        found["status"][person] = f"{EnrolmentStatus(status).label}{ended}"
    return found


def _categories(today: date) -> dict[int, str]:
    """脱贫家庭（建档立卡）、残疾."""
    rows = HardshipSpell.objects.whole_city().active_on(today).filter(person__in=_inside())
    return _joined(
        (person, str(Category(category).label))
        for person, category in rows.order_by("person_id", "since_on", "pk").values_list(
            "person_id", "category"
        )
    )


def _aid(user: User, term: Term | None) -> dict[int, str]:
    """义务教育寄宿生生活补助 500 元（已发放）; lines of one scheme and state are added up."""
    rows = AwardLine.objects.visible_to(user).filter(person__in=_inside(), term=term)
    sums: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for person, scheme, status, amount in rows.order_by("person_id", "scheme__order", "pk").values_list(
        "person_id", "scheme__title", "status", "amount"
    ):
        sums[person, scheme, status] += amount
    return _joined(
        (person, f"{scheme} {numbers.yuan(amount)} 元（{AwardStatus(status).label}）")
        for (person, scheme, status), amount in sums.items()
    )


def _findings(user: User) -> dict[int, str]:
    """Short names of the rules whose findings are open."""
    rows = Finding.objects.visible_to(user).open().filter(person__in=_inside())
    listed = rows.order_by("person_id", "due_on", "pk").values_list("person_id", "rule_code")
    return _joined((person, rule_words(code)) for person, code in listed)


def _joined(pairs: Any) -> dict[int, str]:
    lists: dict[int, list[str]] = defaultdict(list)
    for person, text in pairs:
        if text not in lists[person]:
            lists[person].append(text)
    return {person: "、".join(texts) for person, texts in lists.items()}

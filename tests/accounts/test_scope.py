"""Who sees which rows: nobody any without a scope, and nobody a row of elsewhere."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count, Model

from datong_edu.accounts.models import Grant, User
from datong_edu.accounts.roles import ADMIN_ROLES, Role
from datong_edu.accounts.scope import ScopedQuerySet, scope_of
from datong_edu.core.exceptions import ScopeRequired
from datong_edu.registry.models import Enrolment, HardshipSpell, Person, PersonIdentifier, School
from tests import factories as make

pytestmark = pytest.mark.django_db
SCOPED = [model for model in apps.get_models() if isinstance(model._default_manager.all(), ScopedQuerySet)]

EVALUATIONS: dict[str, Callable[[Any], Any]] = {
    "iteration": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "update": lambda rows: rows.update(name="改"),
    "delete": lambda rows: rows.delete(),
    "get": lambda rows: rows.get(),
    "get by key": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("pk"),
    "earliest": lambda rows: rows.earliest("pk"),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "contains": lambda rows: rows.contains(School(pk=1)),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "dates": lambda rows: list(rows.dates("closed_on", "year")),
    "slice": lambda rows: list(rows.order_by("pk")[:1]),
    "one of a slice": lambda rows: rows.order_by("pk")[0],
    "iterator": lambda rows: list(rows.iterator()),
    "length": len,
    "truth": bool,
    "membership": lambda rows: 1 in rows,
    "filter": lambda rows: list(rows.filter(pk=1)),
    "exclude": lambda rows: list(rows.exclude(pk=1)),
    "annotate": lambda rows: list(rows.annotate(n=Count("pk"))),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "union": lambda rows: list(rows.union(rows)),
    "bulk_update": lambda rows: rows.bulk_update([School(pk=1, name="改")], ["name"]),
    "update_or_create": lambda rows: rows.update_or_create(code="1", defaults={"name": "改"}),
    "get_or_create": lambda rows: rows.get_or_create(code="1"),
}


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    make.load_reference()


@pytest.mark.parametrize("way", EVALUATIONS)
def test_rows_without_a_scope_are_refused(way: str) -> None:
    with pytest.raises(ScopeRequired, match="visible_to"):
        EVALUATIONS[way](School.objects.all())


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_every_scoped_model_refuses_and_answers_nothing_to_nobody(model: type[Model]) -> None:
    with pytest.raises(ScopeRequired):
        list(model._default_manager.all())
    nobody = User.objects.create(username="nobody")
    assert list(model._default_manager.visible_to(nobody)) == []
    assert list(model._default_manager.whole_city()[:1]) == []


def test_related_rows_need_a_scope_as_well() -> None:
    person = make.enrolment().person
    with pytest.raises(ScopeRequired):
        list(person.enrolments.all())
    assert len(person.enrolments.whole_city()) == 1


def test_scope_survives_refinement() -> None:
    make.school()
    rows = School.objects.whole_city().filter(kind="312").order_by("pk").annotate(n=Count("pk"))
    assert len(rows) == 1


COMBINATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "or": lambda one, other: one | other,
    "and": lambda one, other: one & other,
    "xor": lambda one, other: one ^ other,
    "union": lambda one, other: one.union(other),
    "intersection": lambda one, other: one.intersection(other),
    "difference": lambda one, other: one.difference(other),
}


@pytest.mark.parametrize("way", COMBINATIONS)
def test_rows_with_a_scope_take_in_none_without(way: str) -> None:
    clerk = make.user(Role.COUNTY_CLERK, make.county("140224"))
    seen, everything = School.objects.visible_to(clerk), School.objects.all()
    for one, other in ((seen, everything), (everything, seen)):
        with pytest.raises(ScopeRequired):
            COMBINATIONS[way](one, other)
    assert list(COMBINATIONS[way](seen, seen)) == []


def test_scope_narrows_again() -> None:
    school = make.school()
    clerk = make.user(Role.COUNTY_CLERK, make.county("140224"))
    assert not School.objects.whole_city().visible_to(clerk).filter(pk=school.pk).exists()


class Places:
    """A pupil at each of two schools of 浑源县 and one of 灵丘县."""

    def __init__(self) -> None:
        self.school, self.neighbour = make.school(), make.school()
        self.foreign = make.school(county=make.county("140224"))
        self.enrolments = [make.enrolment(school=s) for s in (self.school, self.neighbour, self.foreign)]

    def seen(self, user: User) -> list[bool]:
        """Which of the three pupils somebody sees."""
        rows = set(Enrolment.objects.visible_to(user).values_list("pk", flat=True))
        return [row.pk in rows for row in self.enrolments]


@pytest.fixture
def places() -> Places:
    """Three pupils."""
    return Places()


COUNTY = [True, True, False]
CITY, NOTHING = [True, True, True], [False, False, False]
SEES = {
    Role.COUNTY_CLERK: ("140225", COUNTY),
    Role.COUNTY_REVIEWER: ("140225", COUNTY),
    Role.COUNTY_HEAD: ("140225", COUNTY),
    Role.CITY_STAFF: ("140200", CITY),
    Role.LEADER: ("140200", CITY),
    Role.AUDITOR: ("140200", CITY),
    Role.OPERATOR: ("140200", CITY),
    Role.API_CLIENT: ("140225", COUNTY),
    Role.STANDARDS_OFFICER: ("140200", NOTHING),
    Role.SYSTEM_ADMIN: ("140200", NOTHING),
    Role.SECURITY_ADMIN: ("140200", NOTHING),
    Role.AUDIT_ADMIN: ("140200", NOTHING),
}


@pytest.mark.parametrize("role", SEES, ids=str)
def test_role_sees_its_own_area(places: Places, role: Role) -> None:
    code, expected = SEES[role]
    unit = make.city() if code == "140200" else make.county(code)
    assert places.seen(make.user(role, unit)) == expected


@pytest.mark.parametrize("role", [Role.SCHOOL_CLERK, Role.PRINCIPAL], ids=str)
def test_school_role_sees_its_school_only(places: Places, role: Role) -> None:
    user = make.user(role, make.school_unit(places.school))
    assert places.seen(user) == [True, False, False]
    assert list(Person.objects.visible_to(user)) == [places.enrolments[0].person]


def test_every_role_is_tried() -> None:
    assert set(SEES) | {Role.SCHOOL_CLERK, Role.PRINCIPAL} == set(Role)
    assert {role for role, (_, rows) in SEES.items() if rows == NOTHING} == ADMIN_ROLES


def test_two_offices_add_up(places: Places) -> None:
    user = make.user(Role.COUNTY_CLERK, make.county("140225"))
    Grant.objects.create(
        user=user, role=Role.COUNTY_HEAD, unit=make.county("140224"), since_on=date(2016, 1, 1)
    )
    assert places.seen(user) == CITY


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [(0, 0, True), (-10, -1, False), (1, None, False), (-10, 0, True), (-10, None, True)],
)
def test_office_counts_from_its_first_day_to_its_last(
    places: Places, since: int, until: int | None, sees: bool
) -> None:
    from django.utils import timezone

    today = timezone.localdate()
    user = User.objects.create(username="dated", unit=make.county())
    Grant.objects.create(
        user=user,
        role=Role.COUNTY_CLERK,
        unit=make.county(),
        since_on=today + timedelta(days=since),
        until_on=None if until is None else today + timedelta(days=until),
    )
    assert places.seen(user) == (COUNTY if sees else NOTHING)


def test_dismissed_user_sees_nothing(places: Places) -> None:
    user = make.user(Role.COUNTY_CLERK)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert places.seen(User.objects.get(pk=user.pk)) == NOTHING
    assert scope_of(User.objects.get(pk=user.pk)).is_empty


def test_superuser_flag_opens_nothing(places: Places) -> None:
    user = User.objects.create(username="root", is_superuser=True, is_staff=True)
    assert places.seen(user) == NOTHING


def test_person_with_facts_in_two_counties_is_seen_from_both(places: Places) -> None:
    person = places.enrolments[0].person
    person.county_ids = [make.county("140225").pk, make.county("140224").pk]
    person.save()
    for code, sees in (("140225", True), ("140224", True), ("140221", False)):
        clerk = make.user(Role.COUNTY_CLERK, make.county(code))
        assert Person.objects.visible_to(clerk).filter(pk=person.pk).exists() is sees
        assert PersonIdentifier.objects.visible_to(clerk).filter(person=person).exists() is False


def test_facts_of_a_shared_person_stay_in_their_county(places: Places) -> None:
    person = places.enrolments[0].person
    person.county_ids = [make.county("140225").pk, make.county("140224").pk]
    person.save()
    make.spell(person, "dibao", county=make.county("140224"))
    clerk = make.user(Role.COUNTY_CLERK, make.county("140225"))
    assert not HardshipSpell.objects.visible_to(clerk).exists()
    assert Enrolment.objects.visible_to(clerk).filter(person=person).exists()


def test_job_of_a_county_sees_that_county(places: Places) -> None:
    assert set(School.objects.for_county(make.county("140224"))) == {places.foreign}

"""Questions to the base books."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, OuterRef, Q, Value

from datong_edu.accounts.scope import Scope, ScopedQuerySet
from datong_edu.core import sensitive
from datong_edu.core.names import name_key
from datong_edu.registry.search import name_grams


def _seen_from(path: str, scope: Scope) -> Q:
    """Condition that the county list at a path meets the counties of a scope."""
    if not scope.county_ids:
        return Q(pk__in=[])
    counties = Value(sorted(scope.county_ids), output_field=ArrayField(BigIntegerField()))
    return Q(**{f"{path}__overlap": counties})


class PersonQuerySet(ScopedQuerySet):
    """People; one person may have facts in several counties and is seen from each of them."""

    def inside(self, scope: Scope) -> Q:
        """Persons with a fact in a county of the scope, or enrolled or posted at a school of it."""
        from datong_edu.registry.models import (
            Enrolment,
        )  # models import their querysets

        reach = _seen_from("county_ids", scope)
        if scope.school_codes:
            enrolled = Enrolment.objects.whole_city().filter(
                person=OuterRef("pk"), school__code__in=scope.school_codes
            )
            reach |= Q(Exists(enrolled))
        return reach

    def named(self, text: str) -> Self:
        """Persons whose name contains a text; two characters are answered from an index."""
        return self.filter(
            name_grams__contains=list(name_grams(text)),
            name_key__contains=name_key(text),
        )

    def numbered(self, text: str) -> Self:
        """Persons that have this identity, registry or certificate number, now or before."""
        kinds = ("id_no", "student_no", "disability_no")
        indexes = [sensitive.blind_index(kind, text) for kind in kinds]
        return self.filter(identifiers__value_index__in=indexes).distinct()

    def holding(self, number: str, kind: str = "") -> Self:
        """Persons who have or had this number, of one kind or of any.

        A number belongs to one person among the identifiers, yet two persons' files may state it, and two
        schools one 学籍号: whoever asks for one person has to be told.
        """
        from datong_edu.registry.models import Enrolment, PersonIdentifier  # models import their querysets

        kinds = (kind,) if kind else ("id_no", "student_no", "disability_no")
        indexes = {one: sensitive.blind_index(one, number) for one in kinds}
        known = Q(pk__in=[])
        for one, index in indexes.items():
            known |= Q(kind=one, value_index=index)
        hit = Q(pk__in=PersonIdentifier.objects.whole_city().filter(known).values("person"))
        if "id_no" in indexes:
            hit |= Q(id_no_index=indexes["id_no"])
        if "student_no" in indexes:
            places = Enrolment.objects.whole_city().current()
            hit |= Q(pk__in=places.filter(student_no_index=indexes["student_no"]).values("person"))
        return self.filter(hit)


class IdentifierQuerySet(ScopedQuerySet):
    """Numbers of people; seen wherever their person is."""

    def inside(self, scope: Scope) -> Q:
        """Numbers of persons with a fact in a county of the scope."""
        return _seen_from("person__county_ids", scope)


class SchoolQuerySet(ScopedQuerySet):
    """Schools; a school's own people see their school."""

    def inside(self, scope: Scope) -> Q:
        """Schools of the counties of the scope, and the scope's own schools."""
        reach = Q(county__in=scope.county_ids) if scope.county_ids else Q(pk__in=[])
        return reach | Q(code__in=scope.school_codes)


class EnrolmentQuerySet(ScopedQuerySet):
    """Places in the student registry 学籍."""

    def current(self) -> Self:
        """Rows the registry holds today."""
        return self.filter(until_on=None)

    def standing_on(self, day: date) -> Self:
        """Rows that were the registry's word on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), since_on__lte=day)


class SpellQuerySet(ScopedQuerySet):
    """Facts that hold from one day to another, both included."""

    def active_on(self, day: date) -> Self:
        """Facts that hold on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), since_on__lte=day)

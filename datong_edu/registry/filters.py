"""Filters that the ledgers of every room share: county, and the person a line is about."""

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.db.models import QuerySet

from datong_edu.core.divisions import COUNTIES
from datong_edu.registry.models import Person, PersonIdentifier
from datong_edu.web.filters import PortalFilterSet
from datong_edu.web.preferences import surroundings

COUNTY_CHOICES = [(county.code, county.name) for county in COUNTIES]


class CountyFilter(django_filters.ChoiceFilter):
    """One county by its code; the choices are plain data and cost no query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"field_name": "county__code", "label": "县区", "choices": COUNTY_CHOICES, **kwargs}
        )


class TermFilter(django_filters.ChoiceFilter):
    """One of the terms on offer, which the page has read anyway."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "学期", "choices": [], **kwargs})

    @property
    def field(self) -> forms.Field:
        """The form field, with the terms of this request."""
        self.extra["choices"] = [(term.code, term.label) for term in surroundings(self.parent.request).terms]
        return super().field


class PersonLineFilter(PortalFilterSet):
    """Lines about persons, found by the person's name or by any number the person has or had."""

    number_paths: ClassVar[dict[str, str]] = {"id_no": "id_no", "student_no": "student_no"}
    search_label = "姓名、身份证号、学籍号"

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Lines of persons whose name contains every word."""
        found = Person.objects.visible_to(self.request.user)
        for word in value.split():
            found = found.named(word)
        return rows.filter(person__in=found.values("pk"))

    def by_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Lines of the person one of the blind indexes belongs to."""
        indexes = []
        for text in value.split("."):
            try:
                indexes.append(UUID(text))
            except ValueError:
                return rows.none()
        people = PersonIdentifier.objects.visible_to(self.request.user).filter(value_index__in=indexes)
        return rows.filter(person__in=people.values("person"))

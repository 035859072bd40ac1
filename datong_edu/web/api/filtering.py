"""Filters by django-filter that refuse what they do not know: a misspelt filter would answer everything."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from datong_edu.web.api.identifiers import PublicId

ALWAYS = {"cursor", "limit", "fields"}


class StrictFilters(DjangoFilterBackend):
    """400 on an unknown parameter and on a value that fits none of a filter's."""

    raise_exception = True

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Rows under the filters of the request, of a list only."""
        if view.action != "list":
            refuse_unknown(request, {"fields"})
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        refuse_unknown(request, known | ALWAYS)
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows


def refuse_unknown(request: Request, known: set[str]) -> None:
    """400 on a parameter that nothing reads; its name is repeated, its value never."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        words = f"没有这个参数。可用：{'、'.join(sorted(known))}。"
        raise ValidationError(
            {name[:40]: [ErrorDetail(words, code="unknown_parameter")] for name in unknown[:20]}
        )


class PublicIdFilters(FilterSet):
    """A filter set whose rows refer to others by ids made from keys."""

    @staticmethod
    def by_key(rows: QuerySet[Any], path: str, made: PublicId, value: Any) -> QuerySet[Any]:
        """Rows that refer to an id; one of another table finds nothing."""
        key = made.key(value)
        return rows.none() if key is None else rows.filter(**{path: key})

"""The base of every filter above a list.

Numbers of people never stand in a URL: what a user types is posted, and a long number in it, also one with
gaps or beside a name, becomes its blind index; other text searches the `text_paths`.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from datong_edu.accounts.models import User
from datong_edu.accounts.scope import scope_of
from datong_edu.core.sensitive import blind_index

SEARCH, NUMBER, COUNTY = "q", "number", "unit"
_LONG_NUMBER = re.compile(r"[A-Za-z]?\d{8,}[Xx]?")
_WHOLE_ID = re.compile(r"\d{15,}[Xx]?")
_GAPS_IN_NUMBER = re.compile(r"(?<=\d)[\s\-—–_.·,，]+(?=[\dXx])")


def sees_several_counties(user: User) -> bool:
    """Whether lists must say which county a row belongs to."""
    scope = scope_of(user)
    return scope.city or len(scope.county_ids) > 1


class PortalFilterSet(django_filters.FilterSet):
    """Search box plus whatever a room adds.

    `text_paths` are searched for the words typed (all words must occur, each in any path);
    `number_paths` maps a kind of sensitive value to its blind-index path;
    `off_form` names filters set by tabs and chips only; the county joins them where only one is in sight.
    """

    text_paths: ClassVar[tuple[str, ...]] = ()
    number_paths: ClassVar[dict[str, str]] = {}
    off_form: ClassVar[tuple[str, ...]] = ()
    search_label: ClassVar[str] = "姓名"

    q = django_filters.CharFilter(method="by_words", label="搜索")
    number = django_filters.CharFilter(method="by_number", label="号码", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if COUNTY in self.filters and self.request and not sees_several_counties(self.request.user):
            self.off_form = (*self.off_form, COUNTY)  # type: ignore[misc]
        for one in self.filters.values():
            if isinstance(one, django_filters.ChoiceFilter | django_filters.ModelChoiceFilter):
                one.extra.setdefault("empty_label", f"{one.label}：全部")
        search = self.form.fields[SEARCH].widget
        search.attrs |= {"placeholder": self.search_label, "class": "form-control", "maxlength": "40"}
        search.input_type = "search"
        if self.form[NUMBER].value():
            search.attrs["placeholder"] = "已按完整号码查找"
        for name, field in self.form.fields.items():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs.setdefault("class", "form-select")
            elif name not in (SEARCH, NUMBER):
                field.widget.attrs.setdefault("class", "form-control")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word typed occurs in some text path."""
        for word in value.split():
            hit = Q(pk__in=[]) if not self.text_paths else Q()
            for path in self.text_paths:
                hit |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(hit)
        return rows

    def by_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Exact match on blind indexes, in the order of `number_paths`."""
        hit = Q(pk__in=[])
        for path, index in zip(self.number_paths.values(), value.split("."), strict=False):
            try:
                hit |= Q(**{path: UUID(index)})
            except ValueError:
                continue
        return rows.filter(hit)

    @classmethod
    def index_of(cls, typed: str) -> str:
        """The `number` parameter for the first long number in what was typed; empty without one.

        A list that knows no numbers of people, such as the schools', finds nothing by an ID number, and takes
        shorter ones for its own codes.
        """
        pattern, kinds = (_LONG_NUMBER, [*cls.number_paths]) if cls.number_paths else (_WHOLE_ID, ["id_no"])
        number = pattern.search(_joined(typed))
        return ".".join(blind_index(kind, number[0]).hex for kind in kinds) if number else ""

    @staticmethod
    def holds_id(typed: str) -> bool:
        """Whether an ID number was typed where none belongs, as into the box of a school's name."""
        return bool(_WHOLE_ID.search(_joined(typed)))

    def narrowed(self, rows: QuerySet[Any], *, without: Collection[str]) -> QuerySet[Any]:
        """Other rows under these filters but some: what the counts of tabs and chips are made from."""
        if not self.is_valid():
            return rows.none()
        for name, value in self.form.cleaned_data.items():
            if name not in without:
                rows = self.filters[name].filter(rows, value)
        return rows

    @property
    def on_form(self) -> list[str]:
        """Names of the filters that stand in the form."""
        return [name for name in self.form.fields if name not in (*self.off_form, NUMBER)]

    @property
    def visible_fields(self) -> list[forms.BoundField]:
        """Fields for the template, search first."""
        return [self.form[name] for name in sorted(self.on_form, key=lambda name: name != SEARCH)]


def _joined(typed: str) -> str:
    """What was typed, in plain digits and with the gaps of numbers closed."""
    return _GAPS_IN_NUMBER.sub("", unicodedata.normalize("NFKC", typed))

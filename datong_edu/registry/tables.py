"""Columns that the ledgers of every room share."""

from typing import Any

import django_tables2 as tables
from django.urls import NoReverseMatch, reverse


def person_address(record: Any) -> str | None:
    """Address of the file of the person a line is about; None on a portal without a desk."""
    try:
        return reverse("desk:person", kwargs={"uid": record.person.uid})
    except NoReverseMatch:
        return None


class PersonColumn(tables.Column):
    """The name as the line states it, leading to the person's file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            **{
                "linkify": person_address,
                "orderable": True,
                "order_by": ("person__name_pinyin", "name"),
                "attrs": {"td": {"class": "dt-nowrap"}},
                **kwargs,
            },
        )


class PersonFileColumn(tables.Column):
    """档案号 of the person, only in what is exported: it tells an import whom a masked number means."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{"verbose_name": "档案号", "accessor": "person__uid", "visible": False, **kwargs}
        )

    def value(self, value: Any) -> str:
        """The uid as text."""
        return str(value)


class SchoolCodeColumn(tables.Column):
    """学校标识码, only in what is exported: two schools may go by one name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{"verbose_name": "学校标识码", "accessor": "school__code", "visible": False, **kwargs}
        )

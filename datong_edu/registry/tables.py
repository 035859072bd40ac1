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

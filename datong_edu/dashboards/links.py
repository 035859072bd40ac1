"""Addresses of the lists behind the figures: the same filters that make the number."""

from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from datong_edu.web import numbers

MISSPENT = ("C03", "C06", "C09", "C10")
"""Checks for money paid twice, to somebody no longer entitled, or in a wrong amount."""


def address(name: str, **params: str | None) -> str:
    """Address of a list with parameters; empty on a portal without that room."""
    return _address(settings.ROOT_URLCONF, name, tuple(params.items()))


@lru_cache(maxsize=4096)
def _address(urls: str, name: str, params: tuple[tuple[str, str | None], ...]) -> str:
    try:
        path = reverse(name, urlconf=urls)
    except NoReverseMatch:
        return ""
    kept = {key: value for key, value in params if value}
    return f"{path}?{urlencode(kept, safe=',')}" if kept else path


def findings(**params: str | None) -> str:
    """The findings list: `rule` (one or several codes), `unit`, `term`, `status`, `overdue`, `assigned`, …"""
    return address("desk:findings", **params)


def awards(**params: str | None) -> str:
    """The aid list: `term`, `show`, `stage`, `unit`, …"""
    return address("subsidies:list", **params)


def linked(text: str, url: str, label: str = "") -> SafeString | str:
    """A text as a link; plain where there is no address.  `label` tells what a bare number is."""
    if not url:
        return text
    if label:
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, label, text, text)
    return format_html('<a href="{}">{}</a>', url, text)


def linked_count(value: int, url: str, label: str = "") -> SafeString | str:
    """1,580 as a link."""
    return linked(numbers.count(value), url, label)

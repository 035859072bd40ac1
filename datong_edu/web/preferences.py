"""How one person likes the portal: term, size of type, light or dark.  Kept in cookies only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from datong_edu.core.models import PortalClock, Term

COOKIES = {"term": "dt_term", "size": "dt_size", "theme": "dt_theme"}
CHOICES = {"size": ("normal", "large"), "theme": ("light", "dark")}
KEPT_SECONDS = 365 * 24 * 3600
TERMS_OFFERED = 8


@dataclass(frozen=True)
class Surroundings:
    """The time a request works in: terms on offer (newest first), the chosen one, and the demo city's day."""

    terms: tuple[Term, ...]
    term: Term | None
    business_on: date | None

    @property
    def today(self) -> date:
        """The day the portal works on, without another query."""
        return self.business_on or timezone.localdate()


def surroundings(request: HttpRequest) -> Surroundings:
    """Terms and business day of a request, read once by a single query."""
    known: Surroundings | None = getattr(request, "_surroundings", None)
    if known is None:
        day: Any = PortalClock.objects.values("business_on")[:1]
        rows = tuple(
            Term.objects.annotate(business_on=Subquery(day))
            .filter(starts_on__lte=Coalesce(Subquery(day), timezone.localdate()))
            .order_by("-starts_on")[:TERMS_OFFERED]
        )
        wish = request.COOKIES.get(COOKIES["term"], "")
        term = next((row for row in rows if row.code == wish), rows[0] if rows else None)
        known = Surroundings(rows, term, getattr(rows[0], "business_on", None) if rows else None)
        request._surroundings = known  # type: ignore[attr-defined]
    return known


def choice_of(request: HttpRequest, name: str) -> str:
    """A display preference of the request, the first choice unless the cookie says otherwise."""
    wish = request.COOKIES.get(COOKIES[name], "")
    return wish if wish in CHOICES[name] else CHOICES[name][0]


def is_allowed(name: str, value: str) -> bool:
    """Whether a preference may take a value."""
    if name == "term":
        return Term.objects.filter(code=value).exists()
    return value in CHOICES.get(name, ())

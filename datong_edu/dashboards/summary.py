"""Keeping the summary: computing figures for counties, and telling when they are old."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from datong_edu.accounts.models import Unit
from datong_edu.core.models import Term
from datong_edu.crosschecks.engine.models import FindingLog
from datong_edu.dashboards.figures import Figure, Group, figures_of
from datong_edu.dashboards.models import Snapshot

COMPUTED = "computed"
TERMS_KEPT = 6
"""Terms of the trend."""
_RECENT = 2
_ROOM = 0x0DA5B0
_TABLE = Snapshot._meta.db_table
_COLUMNS = "figure, part, county_id, term_id, value, amount, due_on, as_of_on, computed_at"


def last_event() -> int:
    """Number of the latest event of any finding; a later one makes the figures of findings old."""
    newest = FindingLog.objects.whole_city().order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def terms_kept(today: date) -> list[Term]:
    """Terms the figures are kept for, newest first."""
    return list(Term.objects.filter(starts_on__lte=today).order_by("-starts_on")[:TERMS_KEPT])


@transaction.atomic
def refresh(*, counties: Collection[int], today: date, groups: Iterable[Group] = tuple(Group)) -> None:
    """Compute figures of some counties (ids) anew, as of a day.

    Set by set, some milliseconds for the findings of a county; refreshes of one county wait for each other.
    """
    places, chosen = sorted(counties), list(groups)
    terms = terms_kept(today)
    with connection.cursor() as cursor:
        for county in places:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ROOM, county])
        mark = last_event()
        for group in chosen:
            figures = figures_of(group, terms[:_RECENT])
            params = _params(places, today, terms, mark)
            params |= {"group": group.value, "keys": [figure.key for figure in figures]}
            cursor.execute(_FORGET, params)
            for figure in figures:
                cursor.execute(_insert(figure), params | {"figure": figure.key})
            cursor.execute(_MARK, params)


def read_live(figure: Figure, *, counties: Collection[int], today: date) -> list[tuple[Any, ...]]:
    """A figure straight from the books: county, term, part, value, amount."""
    params = _params(sorted(counties), today, terms_kept(today), 0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT county_id, term_id, part, value, amount FROM ({figure.select}) AS q", params)
        return list(cursor.fetchall())


_FORGET = f"""
    DELETE FROM {_TABLE}
    WHERE county_id = ANY(%(counties)s)
      AND (figure = ANY(%(keys)s) OR figure = '{COMPUTED}' AND part = %(group)s)
"""
_MARK = f"""
    INSERT INTO {_TABLE} ({_COLUMNS})
    SELECT '{COMPUTED}', %(group)s, c.id, NULL, %(mark)s, 0, NULL, %(today)s, %(now)s
    FROM accounts_unit AS c WHERE c.id = ANY(%(counties)s)
"""


def _insert(figure: Figure) -> str:
    return f"""
        INSERT INTO {_TABLE} ({_COLUMNS})
        SELECT %(figure)s, q.part, q.county_id, q.term_id, q.value, q.amount, q.due_on, %(today)s, %(now)s
        FROM ({figure.select}) AS q
    """


def _params(places: list[int], today: date, terms: list[Term], mark: int) -> dict[str, Any]:
    return {
        "counties": places,
        "today": today,
        "terms": [term.code for term in terms],
        "now": timezone.now(),
        "mark": mark,
    }


def whole_city() -> list[int]:
    """Ids of all counties."""
    return list(Unit.objects.counties().values_list("pk", flat=True))

"""Whom a row may mean whose identity number a spreadsheet rounded: suggestions, each confirmed by a person.

Name and birth date must agree; the school, where the row names one that is known, puts the right pupil first.
The birth date is the row's own, or what is left of it in the rounded number, of which fifteen digits are
exact.  Nothing outside the user's scope is suggested, and numbers are masked until somebody vouches for one.
"""

from datetime import date
from typing import Any
from uuid import UUID

from datong_edu.accounts.models import User
from datong_edu.core import sensitive
from datong_edu.importing.declare import Suggestion
from datong_edu.importing.staging import Stage
from datong_edu.registry.models import Enrolment, Person

LOST = "ID_PRECISION_LOST"
FIELD = "id_no"
MOST = 5
_EXACT = 10**15
_DIGITS, _BIRTH = 18, slice(6, 14)


def birth_in_rounded(cell: Any) -> date | None:
    """Birth date in an identity number that was saved as a number: its digits 7 to 14 are still exact."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or abs(cell) < _EXACT:
        return None
    digits = str(int(cell))
    if len(digits) != _DIGITS:
        return None
    text = digits[_BIRTH]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def suggestions_for(stage: Stage, seq: int, field: str, by: User) -> list[Suggestion]:
    """At most five pupils; those at the row's school first."""
    found = []
    for person, school, is_there in _alike(stage, seq, field, by):
        agrees = ("姓名", "出生日期", "学校") if is_there else ("姓名", "出生日期")
        found.append(Suggestion(person.uid, person.name, person.id_no_masked, school, agrees))
    return sorted(found, key=lambda one: -len(one.agrees))[:MOST]


def number_of_suggested(stage: Stage, seq: int, field: str, uid: UUID, by: User) -> str | None:
    """The number in clear, for the cell of the row alone; the caller writes the audit event."""
    for person, _, _ in _alike(stage, seq, field, by):
        if person.uid == uid and person.id_no is not None and person.id_no_index is not None:
            return sensitive.unseal("id_no", person.id_no, person.id_no_index)
    return None


def _alike(stage: Stage, seq: int, field: str, by: User) -> list[tuple[Person, str, bool]]:
    """Persons in sight with the row's name and birth date, their school, and whether it is the row's."""
    if field != FIELD:
        return []
    birth = "COALESCE(birth, id_birth_on)" if stage.has("birth") else "id_birth_on"
    rows = stage.rows(
        f"SELECT name_key, {birth}, school_id FROM {stage.table} WHERE seq = %s AND EXISTS (SELECT FROM"
        " unnest(fault_keys, fault_fields) AS u(key, field) WHERE u.key = %s AND u.field = %s)",
        [seq, LOST, field],
    )
    if not rows or rows[0][0] is None or rows[0][1] is None:
        return []
    name_key, born, school_id = rows[0]
    alike = Person.objects.visible_to(by).filter(
        name_key=name_key, birth_on=born, id_no_index__isnull=False, id_state="valid"
    )
    people = list(alike.order_by("pk")[: MOST * 4])
    schools: dict[int, list[tuple[int, str]]] = {}
    places = Enrolment.objects.visible_to(by).current().filter(person__in=people).order_by("-since_on", "pk")
    for person_id, place_id, name in places.values_list("person_id", "school_id", "school__name"):
        schools.setdefault(person_id, []).append((place_id, name))
    found = []
    for person in people:
        at = schools.get(person.pk, [])
        here = [name for place_id, name in at if place_id == school_id]
        found.append((person, here[0] if here else at[0][1] if at else "", bool(here)))
    return found

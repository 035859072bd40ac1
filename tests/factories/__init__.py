"""Rows for tests: plain builder functions that fill what a test does not care about.

Every builder takes the fields it should set by name and invents the rest; related rows are made when they are
not given.  Numbers are invented, with valid check characters, in the order of a counter.
"""

from tests.factories.findings import finding, identifier
from tests.factories.ledgers import allowance, award, dropout_case, meal_month, post
from tests.factories.people import (
    enrolment,
    household,
    id_number,
    life_event,
    member,
    person,
    poor_child,
    spell,
)
from tests.factories.places import city, county, load_reference, school, school_unit, term, user

__all__ = [
    "allowance",
    "award",
    "city",
    "county",
    "dropout_case",
    "enrolment",
    "finding",
    "household",
    "id_number",
    "identifier",
    "life_event",
    "load_reference",
    "meal_month",
    "member",
    "person",
    "poor_child",
    "post",
    "school",
    "school_unit",
    "spell",
    "term",
    "user",
]

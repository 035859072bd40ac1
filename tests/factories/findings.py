"""Findings, and the numbers that people are known by."""

from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from datong_edu.core.sensitive import columns_for
from datong_edu.crosschecks.engine.enums import RunState
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.registry.models import Person, PersonIdentifier
from tests.factories import places

_numbers = count(1)
TODAY = date(2020, 12, 15)


def finding(**given: Any) -> Finding:
    """A pending C01 finding of 浑源县, about nobody unless a person is given."""
    run = given.pop("first_run", None) or Run.objects.create(
        as_of_on=TODAY, term=places.term(), state=RunState.DONE
    )
    fields = {
        "rule_code": "C01",
        "subject_kind": "enrolment",
        "subject_id": str(next(_numbers)),
        "fingerprint": uuid4(),
        "digest": uuid4(),
        "county": given.pop("county", None) or places.county(),
        "term": places.term(),
        "severity": "H",
        "summary": "应享未享",
        "evidence": [["困难身份", "脱贫家庭"]],
        "found_on": TODAY,
        "due_on": date(2020, 12, 30),
        "first_run": run,
    }
    return Finding.objects.create(**fields | given)


def identifier(of: Person, number: str, kind: str = "id_no") -> PersonIdentifier:
    """A number that a person has."""
    return PersonIdentifier.objects.create(person=of, kind=kind, **columns_for("value", kind, number))

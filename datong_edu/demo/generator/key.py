"""The answer key: what the cross-checks have to find, what they must leave alone, and how to mend some."""

import json
from pathlib import Path

from datong_edu.demo.generator.city import AS_OF, TERM, City, Mark


def write_key(
    city: City,
    path: Path,
    *,
    rosters: list[dict[str, object]],
    fixes: dict[str, list[dict[str, object]]],
) -> None:
    """Writes the key as JSON; subjects are written as in the column `subject` of the findings export."""
    key = {
        "term": TERM,
        "as_of": AS_OF.isoformat(),
        "seed": city.seed,
        "students": city.students,
        "rosters": rosters,
        "planted": [_fault(mark) for mark in _in_order(city.planted)],
        "lookalikes": [_trap(mark) for mark in _in_order(city.lookalikes)],
        "fixes": fixes,
    }
    path.write_text(json.dumps(key, ensure_ascii=False, indent=1), encoding="utf-8")


def _in_order(marks: list[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (mark.rule, mark.kind, mark.subject))


def _fault(mark: Mark) -> dict[str, str]:
    return {"rule": mark.rule, "subject": mark.subject, "county": mark.county, "fault_kind": mark.kind}


def _trap(mark: Mark) -> dict[str, str]:
    return {"rule": mark.rule, "subject": mark.subject, "county": mark.county, "trap": mark.kind}

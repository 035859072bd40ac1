"""Reference rows of the ground floor: the terms."""

from datong_edu.core.models import Term
from datong_edu.core.terms import all_terms


def load() -> str:
    """Add missing terms; a term the city has changed stays as it is.  Returns a line for the operator."""
    rows = [
        Term(
            code=t.code,
            label=t.label,
            starts_on=t.starts_on,
            ends_on=t.ends_on,
            census_on=t.census_on,
        )
        for t in all_terms()
    ]
    Term.objects.bulk_create(rows, ignore_conflicts=True)
    return f"学期 {Term.objects.count()} 个"

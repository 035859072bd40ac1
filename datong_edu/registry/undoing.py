"""What the base books want when an import is undone: numbers people go by, and counties that see them."""

from datong_edu.importing.models import ImportedFact
from datong_edu.importing.reversal import FOLLOWERS, KEEPERS, Ledger, Reversal, citations
from datong_edu.registry.enums import IdentifierKind
from datong_edu.registry.models import Person, PersonIdentifier

PERSONS_ARE_KNOWN_BY = (IdentifierKind.ID_NO, IdentifierKind.DISABILITY_NO)
"""Numbers of rosters whose facts keep no number of their own, such as civil lists."""


def keep_numbers(reversal: Reversal) -> int:
    """A number stays while a fact that stays goes by it: the next roster must find the same person."""
    numbers = reversal.ledger_of(PersonIdentifier)
    if numbers is None:
        return 0
    found = 0
    for model, column in citations(Person):
        if not issubclass(model, ImportedFact) or model is PersonIdentifier:
            continue
        ledger = reversal.ledger_of(model)
        stays = f" AND {ledger.stays('c.id')}" if ledger else ""
        for goes_by in _conditions(model):
            found += reversal.run(
                f"UPDATE {numbers.fates} f SET fate = 'blocked', why = 'number' FROM {numbers.table} i,"
                f" {model._meta.db_table} c WHERE f.fate = 'removed' AND i.id = f.obj"
                f" AND c.{column} = i.person_id AND {goes_by}{stays}",
                {"known_by": list(PERSONS_ARE_KNOWN_BY)},
            )
    return found


def _conditions(model: type[ImportedFact]) -> list[str]:
    """When a fact `c` goes by a number `i`: it keeps it, or keeps none and came later."""
    columns = {field.column for field in model._meta.local_fields}
    kinds = [kind for kind in IdentifierKind if f"{kind}_index" in columns]
    if kinds:
        return [f"i.kind = '{kind}' AND c.{kind}_index = i.value_index" for kind in kinds]
    return [
        "i.kind = ANY(%(known_by)s) AND EXISTS (SELECT 1 FROM importing_importbatch b"
        " WHERE b.id = c.source_batch_id AND b.applied_at > %(applied_at)s)"
    ]


def complete_counties(reversal: Reversal) -> None:
    """A person is seen by every county that still has a fact about them."""
    persons = reversal.ledger_of(Person)
    if persons is None:
        return
    for model, column in citations(Person):
        if any(field.column == "county_id" for field in model._meta.local_fields):
            reversal.write(_completed(persons, model._meta.db_table, column))


def _completed(persons: Ledger, facts: str, column: str) -> str:
    return (
        f"UPDATE {persons.table} p SET county_ids = p.county_ids || m.counties FROM (SELECT q.id,"
        f" array_agg(DISTINCT c.county_id) AS counties FROM {persons.fates} f JOIN {persons.table} q"
        f" ON q.id = f.obj JOIN {facts} c ON c.{column} = q.id WHERE f.fate = 'restored'"
        " AND NOT q.county_ids @> ARRAY[c.county_id] GROUP BY q.id) m WHERE m.id = p.id"
    )


KEEPERS.append(keep_numbers)
FOLLOWERS.append(complete_counties)

"""No index repeats what a longer or unique one answers: each costs every imported row its upkeep."""

import pytest
from django.db import connection

OURS = (
    "registry_",
    "subsidies_",
    "teachers_",
    "schools_",
    "nutrition_",
    "dropout_",
    "crosschecks_",
    "importing_",
)
REPEATED = """
SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text
FROM pg_index a JOIN pg_index b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid
JOIN pg_class t ON t.oid = a.indrelid
JOIN pg_class x ON x.oid = a.indexrelid JOIN pg_class y ON y.oid = b.indexrelid
JOIN pg_am m ON m.oid = x.relam AND m.oid = y.relam AND m.amname = 'btree'
WHERE NOT a.indisunique AND a.indpred IS NULL AND b.indpred IS NULL
AND a.indexprs IS NULL AND b.indexprs IS NULL
AND x.relname NOT LIKE '%%\\_like' AND y.relname NOT LIKE '%%\\_like'
AND a.indkey::int2[] = (b.indkey::int2[])[0:a.indnatts - 1]
AND (a.indnatts < b.indnatts OR b.indisunique OR a.indexrelid > b.indexrelid)
AND t.relname LIKE ANY (%s)
"""


@pytest.mark.django_db
def test_no_index_begins_like_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, [[f"{prefix}%" for prefix in OURS]])
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.parametrize("ledger", ["registry_enrolment", "registry_personidentifier", "subsidies_awardline"])
def test_events_are_found_by_row_and_context_only(ledger: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [f"{ledger}event"])
        found = {definition.partition("(")[2].rstrip(")") for (definition,) in cursor.fetchall()}
    assert found == {"pgh_id", "pgh_obj_id", "pgh_context_id"}

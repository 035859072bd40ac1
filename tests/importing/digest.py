"""What the ledgers hold, in one word for each: two runs that did the same have the same digests.

Keys, moments, ciphertexts and the batch a fact came from differ between any two runs; they are left out.  A
row that points at a row of another ledger is told with that row's content instead of its key.
"""

from django.db import connection
from django.db.models import BinaryField, DateTimeField, ForeignKey, Model, UUIDField

from datong_edu.core.sensitive import BlindIndexField
from datong_edu.importing.reversal import all_ledgers


def ledger_digests() -> dict[str, str]:
    """Number of rows and digest of each ledger that has any, by table."""
    found = {}
    with connection.cursor() as cursor:
        for model in sorted((ledger.model for ledger in all_ledgers()), key=lambda one: one._meta.db_table):
            cursor.execute(
                "SELECT count(*), md5(string_agg(line, ' ' ORDER BY line COLLATE \"C\"))"
                f" FROM (SELECT ({_content(model, 't')})::text AS line FROM {model._meta.db_table} t) q"
            )
            rows, digest = cursor.fetchone()
            if rows:
                found[model._meta.db_table] = f"{rows} {digest}"
    return found


def _content(model: type[Model], alias: str, *, deep: bool = True) -> str:
    """SQL of a row as JSON without what differs from run to run."""
    dropped, goals = [], []
    ledgers = {ledger.model for ledger in all_ledgers()}
    for field in model._meta.local_fields:
        column = str(field.column)
        is_key = field.primary_key or (
            isinstance(field, UUIDField) and not isinstance(field, BlindIndexField)
        )
        if is_key or isinstance(field, BinaryField | DateTimeField) or column == "source_batch_id":
            dropped.append(column)
        elif isinstance(field, ForeignKey) and field.related_model in ledgers:
            dropped.append(column)
            if deep:
                goals.append((column, field.related_model))
    names = ", ".join(f"'{name}'" for name in dropped)
    parts = [f"to_jsonb({alias}) - ARRAY[{names}]::text[]"]
    for column, goal in goals:
        inner = _content(goal, "g", deep=False)
        parts.append(
            f"jsonb_build_object('{column}', (SELECT {inner} FROM {goal._meta.db_table} g"
            f" WHERE g.{goal._meta.pk.column} = {alias}.{column}))"
        )
    return " || ".join(parts)

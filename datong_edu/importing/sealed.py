"""What importing keeps sealed beside the ledgers: uploaded and prepared files, mended cells, staged rows."""

from collections.abc import Iterator

from django.db import connection

from datong_edu.core import sealed_columns
from datong_edu.core.sealed_columns import Column
from datong_edu.importing.copying import STAGED_ROW
from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.keeping import BLOB_FILE, BLOB_SAMPLES
from datong_edu.importing.mending.overlay import BLOB_MEND
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.prepared import PLACE_IN
from datong_edu.importing.staging import SCHEMA

STAGED = (
    "SELECT c.table_name, array_agg(c.column_name::text) FROM information_schema.columns c WHERE"
    " c.table_schema = %s AND c.table_name ~ '^batch_[0-9]+(_former)?$' GROUP BY 1 ORDER BY 1"
)


def staged_columns() -> Iterator[Column]:
    """Sealed columns of every staging table that is still kept."""
    with connection.cursor() as cursor:
        cursor.execute(STAGED, [SCHEMA])
        tables = cursor.fetchall()
    kinds = dict(ImportBatch.objects.whole_city().values_list("pk", "kind"))
    for table, columns in tables:
        roster = ROSTERS.get(kinds.get(int(table.split("_")[1]), ""))
        for column in roster.columns if roster else ():
            if column.sealed and column.name in columns:
                yield Column(f"{SCHEMA}.{table}", column.name, column.sealed, "seq")
        if "sent" in columns:
            yield Column(f"{SCHEMA}.{table}", "sent", STAGED_ROW, "seq", is_blob=True)


def declare() -> None:
    """Tell the rotation of keys about all of it."""
    sealed_columns.declare_blob("importing.StoredFile", "cipher", kind=BLOB_FILE)
    sealed_columns.declare_blob("importing.StoredFile", "samples", kind=BLOB_SAMPLES)
    sealed_columns.declare_blob("importing.FilePiece", "cipher", kind_in=PLACE_IN)
    sealed_columns.declare_blob("importing.CellMend", "cipher", kind=BLOB_MEND)
    sealed_columns.declare_tables(staged_columns)

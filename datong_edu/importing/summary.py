"""What a check found, counted once: causes of errors, causes of warnings, and which fields change.

The preview of 300,000 rows then reads one page of rows and these few figures, whatever the size of the file.
"""

from typing import Any

from datong_edu.importing.staging import ACCEPTED, Stage

EXAMPLES = 6
"""Rows named for each cause."""


def summarise(stage: Stage) -> dict[str, Any]:
    """Figures of a settled stage; also gives it the two indexes that its pages are read by."""
    stage.run(f"CREATE INDEX ON {stage.table} (outcome, seq)")
    warned = "cardinality(fault_keys) = 0 AND cardinality(note_keys) > 0"
    stage.run(f"CREATE INDEX ON {stage.table} (seq) WHERE {warned}")
    return {
        "causes": _causes(stage, "fault", "s.outcome = 'refused'"),
        "warnings": _causes(stage, "note", f"{ACCEPTED} AND cardinality(s.note_keys) > 0"),
        "facets": dict(
            stage.rows(
                f"SELECT c, count(*) FROM {stage.table} s, unnest(s.changed) c"
                " WHERE s.outcome = 'changed' GROUP BY c ORDER BY 2 DESC, 1"
            )
        ),
    }


def _causes(stage: Stage, sort: str, condition: str) -> list[dict[str, Any]]:
    """Reason, field, number of rows and the first few of them; the most frequent cause first."""
    found = stage.rows(
        f"SELECT key, field, count(DISTINCT seq), (array_agg(seq ORDER BY seq))[1:{EXAMPLES}] FROM"
        f" {stage.table} s, unnest(s.{sort}_keys, s.{sort}_fields) AS u(key, field) WHERE {condition}"
        " GROUP BY key, field ORDER BY 3 DESC, 1, 2"
    )
    return [{"key": key, "field": field, "rows": rows, "seqs": seqs} for key, field, rows, seqs in found]

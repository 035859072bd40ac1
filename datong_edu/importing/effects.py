"""What writing a batch would bring about (将触发): ledger rows opened and closed, persons, re-checks.

Counted once when a batch is checked; the rows of a page are asked for one by one.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from datong_edu.importing import merging
from datong_edu.importing.declare import Context
from datong_edu.importing.staging import ACCEPTED, Stage


def count_effects(stage: Stage, context: Context) -> list[dict[str, Any]]:
    """Label and number of each effect that a settled stage would have."""
    counted: dict[str, int] = {}
    for effect in stage.roster.effects(stage):
        (number,) = stage.rows(
            f"SELECT count({effect.counted}) FROM {stage.table} s WHERE {ACCEPTED} AND {effect.condition}"
        )[0]
        counted[effect.label] = number
    for plan in merging.plans(stage, context):
        opened, closed = plan.stage.rows(
            f"SELECT count(DISTINCT {_one_key(plan)}) FILTER (WHERE t.id IS NULL),"
            f" count(DISTINCT t.id) FILTER (WHERE {closes(plan)})"
            f" FROM {plan.source} LEFT JOIN {plan.table} t ON {plan.join}",
            plan.parameters,
        )[0]
        title = plan.target.model._meta.verbose_name
        for label, number in ((f"新增{title}", opened), (f"结束旧{title}", closed)):
            counted[label] = counted.get(label, 0) + number
    return [{"label": label, "rows": number} for label, number in counted.items() if number]


def effects_of_rows(stage: Stage, context: Context, seqs: list[int]) -> dict[int, list[str]]:
    """What each of a few new rows would bring about."""
    found: dict[int, list[str]] = {}
    for effect in stage.roster.effects(stage):
        lines = stage.rows(
            f"SELECT seq FROM {stage.table} s WHERE seq = ANY (%s) AND {ACCEPTED} AND {effect.condition}",
            [seqs],
        )
        for (seq,) in lines:
            found.setdefault(seq, []).append(effect.label)
    for plan in merging.plans(stage, context):
        lines = plan.stage.rows(
            f"SELECT DISTINCT s.seq, t.id IS NULL FROM {plan.source} LEFT JOIN {plan.table} t ON {plan.join}"
            f" WHERE s.seq = ANY (%(seqs)s) AND (t.id IS NULL OR {closes(plan)}) ORDER BY s.seq",
            plan.parameters | {"seqs": seqs},
        )
        title = plan.target.model._meta.verbose_name
        for seq, is_new in lines:
            found.setdefault(seq, []).append(f"新增{title}" if is_new else f"结束旧{title}")
    return {seq: list(dict.fromkeys(labels)) for seq, labels in found.items()}


def _one_key(plan: merging.Plan) -> str:
    """The key of a ledger row as one text; of somebody nobody knows yet, the staged row stands for it."""
    keys = " || '|' || ".join(f"({plan.target.columns[column]})::text" for column in plan.target.key)
    alone = "s.seq::text || '#' || s.element" if plan.target.of_value else "s.seq::text"
    return f"COALESCE({keys}, {alone})"


def closes(plan: merging.Plan) -> str:
    """Condition under which the ledger row `t` is closed and succeeded."""
    if not plan.target.dated:
        return "false"
    return f"(t.since_on < %(term_start)s::date AND {plan.differs})"


def follow_ups(deed: str = "importing.applied") -> Iterable[str]:
    """What other rooms do once a batch is written, in words."""
    words = settings.FOLLOW_UP_LABELS
    return [words[kind] for kind in settings.FOLLOW_UPS.get(deed, ()) if kind in words]

"""The audit chain: recomputing events and links, signing its ends, cutting what need not be kept.

How links come about stands in `core/migrations/chain.sql`.  Chains are named by the key of their county, 0
for the city.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from datong_edu.core import crypto
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import AuditSeal

SIGNED = "audit_seal"
DEED = "audit_deed"
NAMED = 20
"""Breaks of one sort that are told one by one."""
STABLE = (
    "SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL jit = off; SET LOCAL enable_nestloop = off"
)
"""What the text of a row depends on, as it was when the row was digested; and no nested loop over events."""
FEWEST_YEARS = 3


@dataclass
class Verdict:
    """What a verification looked at, and every break it found, as sentences."""

    links: int = 0
    events: int = 0
    without_context: int = 0
    seals: int = 0
    breaks: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, taken away, added or moved."""
        return not self.breaks


def event_models() -> list[type[models.Model]]:
    """Every table of events: those of the protected tables, reveals, and the audit trail itself."""
    return [model for model in apps.get_models() if any(one.name == DEED for one in model._meta.local_fields)]


def verify() -> Verdict:
    """Recompute digests, links and signatures over one snapshot of the database."""
    verdict = Verdict(events=0)
    with _snapshot():
        for model in event_models():
            _verify_table(model, verdict)
        _verify_links(verdict)
        _verify_contexts(verdict)
        _verify_seals(verdict)
    return verdict


@transaction.atomic
def sign_ends() -> int:
    """Sign the present end of every chain; returns how many ends had moved since they were last signed."""
    rows = _rows(
        "SELECT DISTINCT ON (l.county) l.county, l.number, l.hash FROM core_auditlink l"
        " WHERE NOT EXISTS (SELECT FROM core_auditseal s WHERE s.county = l.county AND s.number >= l.number)"
        " ORDER BY l.county, l.number DESC"
    )
    for county, number, digest in rows:
        _seal(AuditSeal.Kind.SEAL, county, number, bytes(digest))
    return len(rows)


@transaction.atomic
def cut(*, before: datetime) -> tuple[int, int]:
    """Let go of links and events of the time before; returns how many of each.

    The database refuses a cut into the last three years.  The chain goes on from the signed hash of the last
    link cut.
    """
    ends = _rows(
        "SELECT DISTINCT ON (county) county, number, hash FROM core_auditlink WHERE at < %s"
        " ORDER BY county, number DESC",
        [before],
    )
    links = events = 0
    for county, number, digest in ends:
        _seal(AuditSeal.Kind.CUT, county, number, bytes(digest))
        for model in event_models():
            table, key = model._meta.db_table, model._meta.pk.column
            where = "coalesce(e.county_id, 0)" if _has_county(model) else "0"
            events += _run(
                f"DELETE FROM {table} e USING core_auditlink l WHERE l.county = %s AND l.number <= %s"
                f" AND l.deed = e.audit_deed AND {where} = l.county"
                f" AND e.{key} BETWEEN (l.parts #>> '{{{table},first}}')::bigint"
                f" AND (l.parts #>> '{{{table},last}}')::bigint",
                [county, number],
            )
        links += _run("DELETE FROM core_auditlink WHERE county = %s AND number <= %s", [county, number])
    _run(
        "DELETE FROM pghistory_context x WHERE x.created_at < %s AND NOT EXISTS"
        " (SELECT FROM core_auditlink l, jsonb_object_keys(l.contexts) k WHERE k = x.id::text)",
        [before],
    )
    return links, events


class BrokenTrail(PortalError):
    """The trail is not whole, so nothing of it may go."""


@transaction.atomic
def cut_whole(*, before: datetime) -> tuple[int, int]:
    """Cut between two verifications; BrokenTrail, and nothing gone, when either finds a break."""
    _refuse_broken(verify())
    gone = cut(before=before)
    _refuse_broken(verify())
    return gone


def to_cut(*, before: datetime) -> tuple[int, int]:
    """Links and events that a cut would let go."""
    ((links, events),) = _rows(
        "SELECT count(*), coalesce(sum(events), 0)::bigint FROM core_auditlink WHERE at < %s", [before]
    )
    return links, events


def _refuse_broken(verdict: Verdict) -> None:
    if not verdict.is_whole:
        raise BrokenTrail(f"操作留痕有 {len(verdict.breaks)} 处异常。")


# --- recomputing --------------------------------------------------------------------------------------------


@contextmanager
def _snapshot() -> Iterator[None]:
    """One state of the database for however many queries."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _run(STABLE)
        yield


def _verify_table(model: type[models.Model], verdict: Verdict) -> None:
    table = model._meta.db_table
    told = "l.parts -> %(table)s"
    shapes = _rows("SELECT id, columns FROM core_auditshape WHERE source = %(table)s", {"table": table})
    known = {column for (column,) in _rows("SELECT unnest(audit_columns(%(table)s))", {"table": table})}
    for shape, columns in shapes:
        if lost := sorted(set(columns) - known):
            verdict.breaks.append(f"{table}：缺少留痕时的列 {'、'.join(lost)}")
            continue
        ((query,),) = _rows(
            "SELECT audit_query(%s, %s, 'e.audit_deed IN (SELECT deed FROM kept)')", [table, columns]
        )
        rows = _rows(
            f"WITH kept AS MATERIALIZED (SELECT l.deed, l.county, {told} AS said FROM core_auditlink l"
            f" WHERE ({told} ->> 'shape')::integer = %(shape)s), found AS MATERIALIZED ({query}),"
            " compared AS (SELECT coalesce(f.deed, k.deed) AS deed, coalesce(f.county, k.county) AS county,"
            " k.said ->> 'digest' IS NOT DISTINCT FROM encode(f.digest, 'hex')"
            " AND (k.said ->> 'events')::bigint IS NOT DISTINCT FROM f.events AS same,"
            " f.events AS found, (k.said ->> 'events')::bigint AS kept"
            " FROM kept k FULL JOIN found f ON f.deed = k.deed AND f.county = k.county)"
            " SELECT 0 AS kind, sum(found)::bigint, NULL, NULL, NULL FROM compared UNION ALL"
            " (SELECT 1, deed, county, found, kept FROM compared WHERE NOT same ORDER BY deed LIMIT 200)",
            {"table": table, "shape": shape},
        )
        for kind, deed, county, found, kept in rows:
            if kind == 0:
                verdict.events += deed or 0
            else:
                verdict.breaks.append(f"{table}：留痕号 {deed}（{county}）{_difference(found, kept)}")
    strays = _rows(
        f"SELECT e.audit_deed, count(*) FROM {table} e WHERE NOT EXISTS (SELECT FROM core_auditlink l"
        f" WHERE l.deed = e.audit_deed AND l.parts ? %(table)s) GROUP BY 1 ORDER BY 1 LIMIT {NAMED}",
        {"table": table},
    )
    verdict.breaks += [f"{table}：留痕号 {deed} 的 {count} 条记录不在链上" for deed, count in strays]
    if any(one.column == "pgh_context_id" for one in model._meta.local_concrete_fields):
        ((bare,),) = _rows(f"SELECT count(*) FROM {table} WHERE pgh_context_id IS NULL")
        verdict.without_context += bare


def _difference(found: int | None, kept: int | None) -> str:
    if found is None:
        return f"的 {kept} 条记录不见了"
    if kept is None:
        return f"多出 {found} 条记录"
    return f"的记录被改动：链上 {kept} 条，现有 {found} 条"


def _verify_links(verdict: Verdict) -> None:
    rows = _rows(
        "WITH chain AS (SELECT l.*, coalesce(lag(l.number) OVER w, c.number, 0) AS before,"
        " coalesce(lag(l.hash) OVER w, c.hash, sha256(convert_to('datong_edu ' || l.county, 'UTF8'))) AS held"
        " FROM core_auditlink l LEFT JOIN (SELECT DISTINCT ON (county) county, number, hash"
        " FROM core_auditseal WHERE kind = 'cut' ORDER BY county, number DESC) c ON c.county = l.county"
        " WINDOW w AS (PARTITION BY l.county ORDER BY l.number)),"
        " told AS (SELECT county, number, number = before + 1 AS follows, hash = audit_hash("
        "held, county, number, deed, at, events, parts, contexts) AS fits FROM chain)"
        " SELECT (SELECT count(*) FROM told), county, number, follows FROM told WHERE NOT (follows AND fits)"
        f" UNION ALL SELECT (SELECT count(*) FROM told), NULL, NULL, NULL LIMIT {NAMED * 10}"
    )
    for links, county, number, follows in rows:
        verdict.links = links
        if county is not None:
            fault = "与前一环不衔接" if follows else "之前的环不见了"
            verdict.breaks.append(f"链 {county} 第 {number} 环{fault}")


def _verify_contexts(verdict: Verdict) -> None:
    rows = _rows(
        "WITH told AS MATERIALIZED (SELECT DISTINCT c.key AS id, c.value AS metadata"
        " FROM core_auditlink l, jsonb_each(l.contexts) c WHERE c.key <> '')"
        " SELECT x.id::text, '被改动或是后加的' FROM pghistory_context x"
        " LEFT JOIN told t ON t.id = x.id::text"
        " AND t.metadata = x.metadata WHERE t.id IS NULL UNION ALL"
        " SELECT t.id, '不见了' FROM told t LEFT JOIN pghistory_context x ON x.id::text = t.id"
        " WHERE x.id IS NULL"
        f" LIMIT {NAMED * 10}"
    )
    verdict.breaks += [f"操作来源 {context} {fault}" for context, fault in rows]


def _verify_seals(verdict: Verdict) -> None:
    cuts: dict[int, int] = dict(
        _rows("SELECT county, max(number) FROM core_auditseal WHERE kind = 'cut' GROUP BY 1")
    )
    rows = _rows(
        "SELECT s.kind, s.county, s.number, s.hash, s.signature, l.hash FROM core_auditseal s"
        " LEFT JOIN core_auditlink l ON l.county = s.county AND l.number = s.number ORDER BY s.id"
    )
    verdict.seals = len(rows)
    for kind, county, number, held, signature, present in rows:
        name = f"链 {county} 第 {number} 环的签章"
        if bytes(signature) != _signature(kind, county, number, bytes(held)):
            verdict.breaks.append(f"{name}不是本系统的密钥所签")
        elif number > cuts.get(county, 0) and (present is None or bytes(present) != bytes(held)):
            verdict.breaks.append(f"{name}与链不符：签章之后链被改写或截短")


# --- signing ------------------------------------------------------------------------------------------------


def _seal(kind: AuditSeal.Kind, county: int, number: int, digest: bytes) -> None:
    AuditSeal.objects.create(
        kind=kind,
        county=county,
        number=number,
        hash=digest,
        signature=_signature(kind, county, number, digest),
    )


def _signature(kind: str, county: int, number: int, digest: bytes) -> bytes:
    said = f"{kind}\x1f{county}\x1f{number}\x1f".encode() + digest
    return crypto.sign(SIGNED, said)


def _has_county(model: type[models.Model]) -> bool:
    return any(one.column == "county_id" for one in model._meta.local_concrete_fields)


def _rows(query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _run(statement: str, parameters: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return max(int(cursor.rowcount), 0)


def earliest_cut(now: datetime, years: int) -> datetime:
    """The day before which events may go; fewer than three years are refused."""
    if years < FEWEST_YEARS:
        raise PortalError(
            f"留痕至少保存 {FEWEST_YEARS} 年，现设为 {years} 年，请更正 PORTAL_AUDIT_YEARS 后再清理。"
        )
    return (
        now.replace(year=now.year - years)
        if (now.month, now.day) != (2, 29)
        else now.replace(year=now.year - years, day=28)
    )

"""The statements with which a run brings the findings ledger up to date, set by set.

Only what changed is written: new suspects are inserted, those that came back are opened again, evidence that
moved is replaced, and what vanished is closed; a second run over unchanged books writes no finding at all.
Every statement leaves its lines in the history.  The suspects of one rule stand in a temporary table.
"""

from datong_edu.accounts.models import Unit
from datong_edu.crosschecks.engine.checks import CrossCheck, RunScope
from datong_edu.crosschecks.engine.models import Finding, FindingLog, Waiver

_FINDING, _LOG, _WAIVER = (model._meta.db_table for model in (Finding, FindingLog, Waiver))
_SCHOOL = Finding._meta.get_field("school").related_model._meta.db_table
_COUNTY = Unit._meta.db_table
SUSPECT = "crosscheck_suspect"

_HISTORY = f"INSERT INTO {_LOG} (finding_id, county_id, kind, status, note, by_id, run_id, at)"


def gather(check: CrossCheck, scope: RunScope) -> str:
    """Fill the temporary table with the suspects, their evidence, fingerprint and digest."""
    lines = ", ".join(f"jsonb_build_array('{fact.label}', {fact.expression})" for fact in check.facts)
    term = "%(term)s" if check.per_term else "''"
    return f"""
        CREATE TEMPORARY TABLE {SUSPECT} ON COMMIT DROP AS
        SELECT told.*,
               md5(concat_ws('|', %(code)s::text, told.subject_id, {term}))::uuid AS fingerprint,
               md5(concat_ws('|', told.summary, told.amount, told.evidence))::uuid AS digest
        FROM (
            SELECT s.subject_id, s.county_id::bigint, s.person_id::bigint, s.school_id::bigint,
                   round(s.amount::numeric, 2) AS amount, left({check.summary}, 200) AS summary,
                   jsonb_build_array({lines}) AS evidence
            FROM ({check.suspects(scope)}) AS s
            JOIN {_COUNTY} AS county ON county.id = s.county_id
            LEFT JOIN {_SCHOOL} AS place ON place.id = s.school_id
            WHERE {scope.within("s.county_id")}
        ) AS told
    """


def return_those_back() -> str:
    """Open again what is found though it was closed, and a 误报 whose evidence changed or waiver ended."""
    return f"""
        WITH back AS (
            SELECT f.id, s.*,
                   CASE WHEN f.status = 'false_alarm' AND w.id IS NOT NULL THEN '豁免到期，问题仍在'
                        WHEN f.status = 'false_alarm' THEN '答复误报后证据有变化'
                        WHEN f.closed_by_id IS NOT NULL AND f.verified_on IS NULL
                        THEN '办结后比对仍发现同一问题'
                        ELSE '问题再次出现' END AS note
            FROM {_FINDING} AS f
            JOIN {SUSPECT} AS s ON s.fingerprint = f.fingerprint
            LEFT JOIN {_WAIVER} AS w ON w.id = f.waiver_id
            WHERE f.rule_code = %(code)s
              AND (w.id IS NULL OR w.until_on < %(as_of)s)
              AND (f.status = 'fixed'
                   OR f.status = 'false_alarm' AND (f.digest <> s.digest OR w.id IS NOT NULL))
        ), opened AS (
            UPDATE {_FINDING} AS f
            SET status = 'pending', closed_on = NULL, closed_by_id = NULL, verified_on = NULL,
                waiver_id = NULL, reopened = f.reopened + 1, due_on = %(due_on)s, county_id = back.county_id,
                school_id = back.school_id, person_id = back.person_id, amount = back.amount,
                summary = back.summary, evidence = back.evidence, digest = back.digest
            FROM back WHERE f.id = back.id
            RETURNING f.id, f.county_id, back.note
        )
        {_HISTORY} SELECT id, county_id, 'returned', 'pending', note, NULL, %(run)s, now() FROM opened
    """


def renew_evidence() -> str:
    """Replace the evidence of open findings where it moved."""
    return f"""
        WITH renewed AS (
            UPDATE {_FINDING} AS f
            SET county_id = s.county_id, school_id = s.school_id, person_id = s.person_id, amount = s.amount,
                summary = s.summary, evidence = s.evidence, digest = s.digest
            FROM {SUSPECT} AS s
            WHERE f.rule_code = %(code)s AND f.fingerprint = s.fingerprint
              AND f.status IN ('pending', 'confirmed')
              AND (f.digest, f.county_id, f.school_id, f.person_id)
                  IS DISTINCT FROM (s.digest, s.county_id, s.school_id, s.person_id)
            RETURNING f.id, f.county_id, f.status
        )
        {_HISTORY} SELECT id, county_id, 'changed', status, '', NULL, %(run)s, now() FROM renewed
    """


def insert_new() -> str:
    """Add suspects the ledger has never seen."""
    return f"""
        WITH added AS (
            INSERT INTO {_FINDING} (
                uid, rule_code, subject_kind, subject_id, fingerprint, digest, person_id, school_id,
                county_id, term_id, severity, status, summary, evidence, amount, found_on, due_on,
                reopened, first_run_id
            )
            SELECT gen_random_uuid(), %(code)s, %(subject_kind)s, s.subject_id, s.fingerprint, s.digest,
                   s.person_id, s.school_id, s.county_id, %(term)s, %(severity)s, 'pending', s.summary,
                   s.evidence, s.amount, %(as_of)s, %(due_on)s, 0, %(run)s
            FROM {SUSPECT} AS s
            LEFT JOIN {_FINDING} AS f ON f.rule_code = %(code)s AND f.fingerprint = s.fingerprint
            WHERE f.id IS NULL
            ORDER BY s.county_id, s.subject_id
            RETURNING id, county_id
        )
        {_HISTORY} SELECT id, county_id, 'found', 'pending', '', NULL, %(run)s, now() FROM added
    """


def close_vanished(check: CrossCheck, scope: RunScope) -> str:
    """Close open findings whose cause is gone."""
    return f"""
        WITH gone AS (
            UPDATE {_FINDING} AS f
            SET status = 'fixed', closed_on = %(as_of)s, verified_on = %(as_of)s
            WHERE f.status IN ('pending', 'confirmed') AND {_vanished(check, scope)}
            RETURNING f.id, f.county_id
        )
        {_HISTORY} SELECT id, county_id, 'gone', 'fixed', '', NULL, %(run)s, now() FROM gone
    """


def verify_closed(check: CrossCheck, scope: RunScope) -> str:
    """Note on findings that a person closed that the cause is gone indeed."""
    return f"""
        WITH proved AS (
            UPDATE {_FINDING} AS f SET verified_on = %(as_of)s
            WHERE f.status = 'fixed' AND f.verified_on IS NULL AND {_vanished(check, scope)}
            RETURNING f.id, f.county_id
        )
        {_HISTORY} SELECT id, county_id, 'verified', 'fixed', '', NULL, %(run)s, now() FROM proved
    """


def _vanished(check: CrossCheck, scope: RunScope) -> str:
    term = "f.term_id = %(term)s" if check.per_term else "TRUE"
    return f"""
        f.rule_code = %(code)s AND {term} AND {scope.within("f.county_id")}
        AND NOT EXISTS (SELECT 1 FROM {SUSPECT} AS s WHERE s.fingerprint = f.fingerprint)
    """

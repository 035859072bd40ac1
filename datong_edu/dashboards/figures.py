"""The figures leaders read, each as one SQL query over the books.

A query yields county_id, term_id (or NULL), part, value, amount (yuan) and due_on (the earliest deadline, or
NULL).  It may use the parameters `counties` (ids), `today` and `terms` (codes), and reads the same rows as
the list its number opens: a figure on the wall equals the total of that list.
"""

from dataclasses import dataclass
from enum import StrEnum

from datong_edu.core.models import Term
from datong_edu.crosschecks.engine.enums import OPEN, Severity, Status
from subsidies.querysets import census_categories, census_pupils, due_lines, due_schemes


class Group(StrEnum):
    """What makes a figure old: an event of a finding, or new rows in the books."""

    FINDINGS = "findings"
    BOOKS = "books"


@dataclass(frozen=True)
class Figure:
    """One figure: its key in the summary, its words, what makes it old, and its query."""

    key: str
    title: str
    group: Group
    select: str


_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)
_FINDING = "FROM crosschecks_finding AS f WHERE f.county_id = ANY(%(counties)s)"
_LINE = """
    FROM subsidies_awardline AS a
    WHERE a.county_id = ANY(%(counties)s) AND a.term_id = ANY(%(terms)s) AND a.kind IN ('normal', 'backpay')
"""
_REACHED = "a.status IN ('paid', 'waived')"

OPEN_FINDINGS = Figure(
    "open",
    "未结问题",
    Group.FINDINGS,
    f"""
    SELECT f.county_id, f.term_id, f.rule_code AS part, count(*) AS value,
           COALESCE(sum(f.amount), 0) AS amount, min(f.due_on) AS due_on
    {_FINDING} AND f.status IN ({_OPEN})
    GROUP BY f.county_id, f.term_id, f.rule_code
    """,
)
OVERDUE = Figure(
    "overdue",
    "超期未结问题",
    Group.FINDINGS,
    f"""
    SELECT f.county_id, f.term_id, f.rule_code AS part, count(*) AS value,
           COALESCE(sum(f.amount), 0) AS amount, min(f.due_on) AS due_on
    {_FINDING} AND f.status IN ({_OPEN}) AND f.due_on < %(today)s
    GROUP BY f.county_id, f.term_id, f.rule_code
    """,
)
GRAVE = Figure(
    "grave",
    "超期未结的严重问题",
    Group.FINDINGS,
    f"""
    SELECT f.county_id, NULL AS term_id, '' AS part, count(*) AS value,
           COALESCE(sum(f.amount), 0) AS amount, min(f.due_on) AS due_on
    {_FINDING} AND f.status IN ({_OPEN}) AND f.due_on < %(today)s AND f.severity = '{Severity.HIGH.value}'
    GROUP BY f.county_id
    """,
)
HANDLING = Figure(
    "handling",
    "处置进度",
    Group.FINDINGS,
    f"""
    SELECT f.county_id, f.term_id, step.part, count(*) AS value, 0 AS amount,
           min(f.due_on) FILTER (WHERE f.status IN ({_OPEN})) AS due_on
    FROM crosschecks_finding AS f
    CROSS JOIN LATERAL (VALUES
        ('found', TRUE),
        ('assigned', f.assigned_to_id IS NOT NULL),
        ('answered', f.status <> '{Status.PENDING.value}'),
        ('fixed', f.status = '{Status.FIXED.value}'),
        ('false_alarm', f.status = '{Status.FALSE_ALARM.value}'),
        ('stuck', f.status = '{Status.PENDING.value}' AND f.due_on < %(today)s)
    ) AS step (part, reached)
    WHERE f.county_id = ANY(%(counties)s) AND step.reached
    GROUP BY f.county_id, f.term_id, step.part
    """,
)
PUPILS = Figure(
    "pupils",
    "受助学生",
    Group.BOOKS,
    f"""
    SELECT q.county_id, q.term_id, q.stage AS part, count(*) AS value, 0 AS amount, NULL::date AS due_on
    FROM (
        SELECT DISTINCT ON (a.term_id, a.county_id, a.person_id) a.county_id, a.term_id, a.stage
        {_LINE} AND {_REACHED}
        ORDER BY a.term_id, a.county_id, a.person_id, a.id
    ) AS q
    GROUP BY q.county_id, q.term_id, q.stage
    """,
)
APPROVED = Figure(
    "approved",
    "应发资助",
    Group.BOOKS,
    f"""
    SELECT a.county_id, a.term_id, '' AS part, count(*) AS value, sum(a.amount) AS amount,
           NULL::date AS due_on
    {_LINE}
    GROUP BY a.county_id, a.term_id
    """,
)
PAID = Figure(
    "paid",
    "已发资助",
    Group.BOOKS,
    f"""
    SELECT a.county_id, a.term_id, '' AS part, count(*) AS value, sum(a.amount) AS amount,
           NULL::date AS due_on
    {_LINE} AND {_REACHED}
    GROUP BY a.county_id, a.term_id
    """,
)
REPORTED = Figure(
    "reported",
    "名册上报",
    Group.BOOKS,
    """
    SELECT c.id AS county_id, t.code AS term_id, book.part, 1 AS value, 0 AS amount, NULL::date AS due_on
    FROM accounts_unit AS c
    CROSS JOIN core_term AS t
    CROSS JOIN (VALUES ('aid'), ('registry')) AS book (part)
    WHERE c.id = ANY(%(counties)s) AND t.code = ANY(%(terms)s) AND CASE book.part
        WHEN 'aid' THEN
            EXISTS (SELECT 1 FROM subsidies_awardline AS a
                    WHERE a.county_id = c.id AND (a.term_id = t.code OR a.roll_term_id = t.code))
        ELSE
            EXISTS (SELECT 1 FROM importing_importbatch AS b
                    WHERE b.kind = 'student_registry' AND b.state = 'applied' AND b.term_id = t.code
                      AND (b.county_id = c.id OR b.county_id IS NULL))
            AND EXISTS (SELECT 1 FROM registry_enrolment AS e WHERE e.county_id = c.id)
        END
    """,
)


def due_figure(term: Term) -> Figure:
    """应助: persons due some scheme of a term, counted as the check 应助未助 looks at them.

    Pupils in school on the census day, with a hardship category on that day; before the census day there is
    nobody to count.
    """
    census, as_of = f"'{term.census_on}'::date", f"least('{term.ends_on}'::date, %(today)s::date)"
    return Figure(
        "due",
        "应助学生",
        Group.BOOKS,
        f"""
        WITH pupil AS ({census_pupils(as_of, census, "e.county_id = ANY(%(counties)s)")}
        ), category AS ({census_categories("pupil", census)}
        ), line AS ({due_lines(term.starts_on)}
        ), due AS ({due_schemes("pupil", "line")})
        SELECT d.county_id, '{term.code}' AS term_id, '' AS part, count(DISTINCT d.person_id) AS value,
               0 AS amount, NULL::date AS due_on
        FROM due AS d
        GROUP BY d.county_id
        """,
    )


FIGURES: tuple[Figure, ...] = (OPEN_FINDINGS, OVERDUE, GRAVE, HANDLING, PUPILS, APPROVED, PAID, REPORTED)
"""Figures whose query is the same for every term."""


def figures_of(group: Group, recent: list[Term]) -> list[Figure]:
    """All figures of a group; 应助 is computed for the terms given, the present one and the one before."""
    found = [figure for figure in FIGURES if figure.group == group]
    return found + [due_figure(term) for term in recent] if group == Group.BOOKS else found

"""Questions to the aid ledgers that other rooms ask in SQL: rates, what is due, what was paid net.

Each function returns the text of one SELECT for use as a named CTE; parameters are named in its docstring.
"""

from datetime import date

from datong_edu.core.codes import EnrolmentStatus
from datong_edu.crosschecks.engine.pieces import standing_on
from subsidies.rules import due_table

_CAME = "'转入', '复学', '恢复学籍', '恢复入学资格'"


def half_year_rates(terms: str) -> str:
    """Half a year's amount by scheme, stage ('' for all), tier, term and county; needs `rated` (the keys).

    `terms` is a SELECT of term codes.  A term is paid by the standard of its first day; a county's own value
    wins over the city's, also where it ends.
    """
    return f"""
        SELECT scheme, stage, tier, term, county_id, half
        FROM (
            SELECT s.key AS scheme, v.stage, v.tier, t.code AS term, c.id AS county_id, v.number / 2 AS half,
                   row_number() OVER (
                       PARTITION BY s.key, v.stage, v.tier, t.code, c.id ORDER BY v.county_id NULLS LAST
                   ) AS rank
            FROM standards_standard AS s
            JOIN standards_standardvalue AS v ON v.standard_id = s.id
            JOIN core_term AS t
              ON t.starts_on >= v.from_on AND (v.until_on IS NULL OR t.starts_on < v.until_on)
            JOIN accounts_unit AS c ON c.kind = 'county' AND (v.county_id IS NULL OR v.county_id = c.id)
            WHERE s.key = ANY(%(rated)s) AND t.code IN ({terms})
        ) AS every
        WHERE rank = 1 AND half IS NOT NULL
    """


def due_lines(on: date) -> str:
    """The regulation of a day as rows: scheme, stage, boarding, category, last_grade, poverty_county_only."""
    rows = ", ".join(
        f"('{line.scheme}', '{line.stage}', '{line.boarding}', '{line.category}', {line.last_grade},"
        f" {line.poverty_county_only})"
        for line in due_table(on)
    )
    columns = "scheme, stage, boarding, category, last_grade, poverty_county_only"
    return f"SELECT * FROM (VALUES {rows}) AS line ({columns})"


def census_pupils(as_of: str, census: str, within: str) -> str:
    """Pupils in school on the census day as the books stood on a day: the rows a term's aid is drawn up from.

    `as_of` and `census` are SQL for the two days, `within` narrows the registry rows (alias e).  Before the
    census day there is nobody; who came or came back after it is not counted.
    """
    return f"""
        SELECT e.id, e.person_id, e.school_id, e.county_id, e.stage, e.grade,
               COALESCE(NULLIF(e.boarding, ''), 'day') AS boarding, u.is_poverty_county, sc.yearly_tuition
        FROM registry_enrolment AS e
        JOIN accounts_unit AS u ON u.id = e.county_id
        JOIN registry_school AS sc ON sc.id = e.school_id
        WHERE {standing_on("e", as_of)} AND e.since_on <= {census} AND {as_of} >= {census}
          AND e.status = '{EnrolmentStatus.ENROLLED.value}'
          AND NOT (e.status_event IN ({_CAME}) AND COALESCE(e.status_on > {census}, FALSE))
          AND {within}
    """


def census_categories(pupils: str, census: str) -> str:
    """Hardship categories the pupils of a CTE held on the census day: person_id, category."""
    return f"""
        SELECT DISTINCT h.person_id, h.category
        FROM registry_hardshipspell AS h
        WHERE h.since_on <= {census} AND (h.until_on IS NULL OR h.until_on >= {census})
          AND EXISTS (SELECT 1 FROM {pupils} AS p WHERE p.person_id = h.person_id)
    """


def due_schemes(pupils: str, lines: str) -> str:
    """Persons and the schemes they are due: joins a CTE of pupils with one of `due_lines`.

    `pupils` needs person_id, stage, grade, boarding, is_poverty_county, school_id; needs the CTE `category`
    with person_id and category (spells that count).
    """
    return f"""
        SELECT p.person_id, l.scheme, p.stage, p.county_id, min(p.yearly_tuition) AS yearly_tuition
        FROM {pupils} AS p
        JOIN category AS c ON c.person_id = p.person_id
        JOIN {lines} AS l ON l.stage = p.stage
        WHERE (l.boarding = '' OR l.boarding = p.boarding)
          AND (l.category = '' OR l.category = c.category)
          AND p.grade <= l.last_grade
          AND (p.is_poverty_county OR NOT l.poverty_county_only)
        GROUP BY p.person_id, l.scheme, p.stage, p.county_id
    """


def reaching_lines(condition: str) -> str:
    """Lines of this term, and those paid in this term's roll for an earlier one: what a run looks at.

    Needs `term`; `condition` narrows the lines (alias a).
    """
    return f"""
        SELECT a.id, a.person_id, a.scheme_id, a.term_id, a.roll_term_id, a.county_id, a.school_id, a.kind,
               a.status, a.amount, a.paid_on, a.stage, a.grade, a.name, a.line_no
        FROM subsidies_awardline AS a
        WHERE (a.term_id = %(term)s OR a.roll_term_id = %(term)s) AND a.status <> 'failed' AND {condition}
    """

"""C10 超标准或低于标准: a line whose amount is not the standard of its scheme, stage and term."""

from typing import Any

from datong_edu.core.codes import Stage
from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import text, words, yuan
from datong_edu.crosschecks.rules.base import NightlyCheck
from subsidies.querysets import half_year_rates, reaching_lines
from subsidies.rules import RATED_SCHEMES


@register
class WrongAmount(NightlyCheck):
    """Neither the line nor all the pupil got for scheme and term together equals half the yearly standard.

    The sum counts because money once paid is never changed: a short line is mended by 补发, a long one by
    追回.  The rate is that of the first day of the term the line is for, so a 补发 for an earlier term has
    the rate of that term.  A national grant of high schools may be of any tier.
    """

    code = "C10"
    title = "超标准或低于标准发放"
    chip = "金额不符"
    severity = Severity.HIGH
    source = "各资助项目标准（标准与依据页）"
    subject_kind = SubjectKind.AWARD_LINE

    compares = "把每笔应发、已发金额与所属学期的标准（年标准的一半）逐笔比对。"
    matters = "少发损害学生利益，多发是违规支出。"
    remedy = "少发的列入补发，多发的追回差额；学段或寄宿情况登错的先更正名册。"
    innocent = "半年标准有 312.50 元这样的角分；普高助学金分档；补发以前学期按当时标准；差额已补发或追回。"

    summary = "s.title || '发放' || " + yuan("s.paid") + " || '，标准' || s.standards"
    facts = (
        Fact("学校", "place.name"),
        Fact("项目", "s.title"),
        Fact("所属学期", "s.term_label"),
        Fact("学段", words("s.stage", Stage)),
        Fact("行号", text("s.line_no", "无")),
        Fact("本笔金额", yuan("s.paid")),
        Fact("本学期本项目合计", yuan("s.net")),
        Fact("每学期标准", "s.standards"),
        Fact("相差", f"CASE WHEN s.gap > 0 THEN '多' ELSE '少' END || {yuan('abs(s.gap)')}"),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Schemes with a rate."""
        return {"rated": list(RATED_SCHEMES)}

    def suspects(self, scope: RunScope) -> str:
        """Lines without an equal rate, then those whose sum for pupil, scheme and term has none either."""
        near = f"a.kind <> 'recovery' AND a.status <> 'waived' AND {scope.within('a.county_id')}"
        terms = """
            SELECT DISTINCT a.term_id FROM subsidies_awardline AS a
            WHERE a.term_id = %(term)s OR a.roll_term_id = %(term)s
        """
        return f"""
            WITH rate AS ({half_year_rates(terms)}
            ), line AS (
                SELECT a.*, CASE WHEN a.stage <> '' THEN a.stage WHEN a.grade BETWEEN 1 AND 6 THEN 'PRI'
                                 WHEN a.grade BETWEEN 7 AND 9 THEN 'JUN' ELSE '' END AS taught
                FROM ({reaching_lines(near)}) AS a
                WHERE a.scheme_id = ANY(%(rated)s)
            ), off AS (
                SELECT l.id, l.person_id, l.scheme_id, l.term_id, l.county_id, l.school_id, l.amount,
                       l.taught, l.line_no
                FROM line AS l
                JOIN rate AS r ON r.scheme = l.scheme_id AND r.term = l.term_id AND r.county_id = l.county_id
                              AND (r.stage = '' OR r.stage = l.taught)
                GROUP BY l.id, l.person_id, l.scheme_id, l.term_id, l.county_id, l.school_id, l.amount,
                         l.taught, l.line_no
                HAVING NOT bool_or(r.half = l.amount)
            ), summed AS (
                SELECT o.id, sum(a.amount) AS net
                FROM off AS o
                JOIN subsidies_awardline AS a
                  ON a.person_id = o.person_id AND a.scheme_id = o.scheme_id AND a.term_id = o.term_id
                WHERE a.status <> 'failed'
                GROUP BY o.id
            ), judged AS (
                SELECT o.id, s.net, min(abs(r.half - o.amount)) AS distance,
                       (array_agg(r.half ORDER BY abs(r.half - o.amount), r.half))[1] AS nearest,
                       string_agg(DISTINCT {yuan("r.half")}, '或') AS standards
                FROM off AS o
                JOIN summed AS s ON s.id = o.id
                JOIN rate AS r ON r.scheme = o.scheme_id AND r.term = o.term_id AND r.county_id = o.county_id
                              AND (r.stage = '' OR r.stage = o.taught)
                GROUP BY o.id, s.net
                HAVING s.net > 0 AND NOT bool_or(r.half = s.net)
            )
            SELECT o.id::text AS subject_id, o.county_id, o.person_id, o.school_id, j.distance AS amount,
                   o.amount AS paid, j.net, j.standards, o.taught AS stage, o.line_no, sch.title,
                   t.label AS term_label,
                   o.amount - j.nearest AS gap
            FROM judged AS j
            JOIN off AS o ON o.id = j.id
            JOIN subsidies_scheme AS sch ON sch.code = o.scheme_id
            JOIN core_term AS t ON t.code = o.term_id
        """

"""C01 应助未助: a pupil with a hardship category who is due aid and got none in the term."""

from typing import Any

from datong_edu.core.codes import Boarding, Category, Stage
from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import text, words, yuan
from datong_edu.crosschecks.rules.base import NightlyCheck
from subsidies.querysets import (
    census_categories,
    census_pupils,
    due_lines,
    due_schemes,
    half_year_rates,
)
from subsidies.rules import RATED_SCHEMES


@register
class EntitledNotAided(NightlyCheck):
    """Due something, and no line of any scheme; looked at from the census day on, when rolls are drawn up."""

    code = "C01"
    title = "应助未助"
    chip = "应助未助"
    severity = Severity.HIGH
    source = "国家学生资助政策；《大同市教育局助力脱贫攻坚工作纪实》“应助尽助”"
    subject_kind = SubjectKind.PERSON

    compares = "把基准日在读学生的困难身份（建档立卡、民政、残联、困难认定）与本学期全部资助明细逐人比对。"
    matters = "符合条件的孩子一分钱也没有领到，“一个不漏”没有做到。"
    remedy = "核实后把学生列入补发名册；家长书面放弃或在外地已领的，答复误报并写明凭据。"
    innocent = (
        "在外县外省就读并在当地领取；基准日后才转入；家长书面放弃；已在补发批次中列支（所属学期为本学期）。"
    )

    summary = "'本学期未见任何资助，应享' || s.schemes"
    facts = (
        Fact("学校", "place.name"),
        Fact("学段年级", f"{words('s.stage', Stage)} || {text('s.grade')} || '年级'"),
        Fact("就读方式", words("s.boarding", Boarding)),
        Fact("困难身份", "s.categories"),
        Fact("应享项目", "s.schemes"),
        Fact("应补金额", f"COALESCE({yuan('s.amount')}, '按学校核定标准')"),
        Fact("本学期资助明细", "'无有效明细'"),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Schemes with a rate."""
        return {"rated": list(RATED_SCHEMES)}

    def suspects(self, scope: RunScope) -> str:
        """Pupils on the census day with a category then; what is due; who has nothing."""
        return f"""
            WITH pupil AS ({census_pupils("%(as_of)s", "%(census)s", scope.within("e.county_id"))}
            ), category AS ({census_categories("pupil", "%(census)s")}
            ), line AS ({due_lines(scope.term.starts_on)}
            ), due AS ({due_schemes("pupil", "line")}
            ), rate AS ({half_year_rates("%(term)s")}
            ), priced AS (
                SELECT d.person_id, d.scheme, min(COALESCE(r.half, d.yearly_tuition / 2)) AS half
                FROM due AS d
                LEFT JOIN rate AS r ON r.scheme = d.scheme AND r.county_id = d.county_id
                                   AND (r.stage = '' OR r.stage = d.stage)
                GROUP BY d.person_id, d.scheme
            ), owed AS (
                SELECT q.person_id, sum(q.half) AS amount,
                       string_agg(sch.title, '、' ORDER BY sch.order) AS schemes
                FROM priced AS q JOIN subsidies_scheme AS sch ON sch.code = q.scheme
                GROUP BY q.person_id
            ), unaided AS (
                SELECT o.person_id
                FROM owed AS o
                LEFT JOIN subsidies_awardline AS a
                  ON a.person_id = o.person_id AND a.term_id = %(term)s AND a.status <> 'failed'
                GROUP BY o.person_id
                HAVING COALESCE(sum(a.amount), 0) <= 0
                   AND NOT COALESCE(bool_or(a.status = 'waived' AND a.kind <> 'recovery'), FALSE)
            ), place AS (
                SELECT p.person_id, max(p.id) AS id FROM pupil AS p
                JOIN unaided AS n ON n.person_id = p.person_id GROUP BY p.person_id
            ), held AS (
                SELECT c.person_id,
                       string_agg({words("c.category", Category)}, '、' ORDER BY c.category) AS categories
                FROM category AS c JOIN unaided AS n ON n.person_id = c.person_id GROUP BY c.person_id
            )
            SELECT p.person_id::text AS subject_id, p.county_id, p.person_id, p.school_id, o.amount,
                   o.schemes, h.categories, p.stage, p.grade, p.boarding
            FROM place AS x
            JOIN pupil AS p ON p.id = x.id
            JOIN owed AS o ON o.person_id = x.person_id
            JOIN held AS h ON h.person_id = x.person_id
        """

"""C06 不符合条件: paid though no register knew a hardship category during the term."""

from typing import Any

from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import yuan
from datong_edu.crosschecks.rules.base import NightlyCheck
from subsidies.querysets import reaching_lines
from subsidies.rules import schemes_needing_category


@register
class PaidWithoutCategory(NightlyCheck):
    """Aid of a scheme that needs a category, with none of any source on any day of the term it is for.

    What the roll itself writes under 困难类型 proves nothing.  A recognition 困难认定 of the school does.
    """

    code = "C06"
    title = "不符合条件享受资助"
    chip = "不符合条件"
    severity = Severity.HIGH
    source = "国家学生资助政策；教财〔2018〕16号（困难认定）"
    subject_kind = SubjectKind.PERSON

    compares = (
        "把已发放的资助与建档立卡、民政、残联名单和学校困难认定记录比对，所属学期内没有任何困难身份的列出。"
    )
    matters = "不符合条件的人领了钱，挤占真正困难学生的名额。"
    remedy = "核实学生家庭情况：漏登的补登困难身份，确不符合的追回资金。"
    innocent = "学校困难认定为一般困难的寄宿生；学期中途退出低保；已经全额追回；贫困县中职助学金为全覆盖。"

    summary = "'领取' || s.schemes || ' ' || " + yuan("s.amount") + " || '，学期内无困难身份记录'"
    facts = (
        Fact("学校", "place.name"),
        Fact("项目", "s.schemes"),
        Fact("所属学期", "s.terms"),
        Fact("已发金额（扣除追回）", yuan("s.amount")),
        Fact("困难身份", "'建档立卡、民政残联名单和困难认定中均无记录'"),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Schemes that need a category in the term."""
        return {"needing": schemes_needing_category(scope.term.starts_on)}

    def suspects(self, scope: RunScope) -> str:
        """Net payments for each term, without a spell that touches the term."""
        near = f"""
            (a.status IN ('paid', 'waived') OR a.kind = 'recovery') AND {scope.within("a.county_id")}
            AND (a.scheme_id = ANY(%(needing)s)
                 OR a.scheme_id = 'VOC_GRANT'
                    AND a.county_id IN (SELECT u.id FROM accounts_unit AS u WHERE NOT u.is_poverty_county))
        """
        return f"""
            WITH paid AS (
                SELECT a.person_id, a.scheme_id, a.term_id, sum(a.amount) AS net, max(a.id) AS last_id
                FROM ({reaching_lines(near)}) AS a
                GROUP BY a.person_id, a.scheme_id, a.term_id
                HAVING sum(a.amount) > 0
            ), known AS (
                SELECT DISTINCT h.person_id, t.code AS term_id
                FROM registry_hardshipspell AS h
                JOIN core_term AS t
                  ON h.since_on <= t.ends_on AND (h.until_on IS NULL OR h.until_on >= t.starts_on)
                WHERE t.code IN (SELECT DISTINCT p.term_id FROM paid AS p)
            ), unknown AS (
                SELECT p.* FROM paid AS p
                WHERE NOT EXISTS (
                    SELECT 1 FROM known AS k WHERE k.person_id = p.person_id AND k.term_id = p.term_id
                )
            ), person AS (
                SELECT n.person_id, sum(n.net) AS amount, max(n.last_id) AS last_id,
                       string_agg(DISTINCT sch.title, '、') AS schemes,
                       string_agg(DISTINCT t.label, '、') AS terms
                FROM unknown AS n
                JOIN subsidies_scheme AS sch ON sch.code = n.scheme_id
                JOIN core_term AS t ON t.code = n.term_id
                GROUP BY n.person_id
            )
            SELECT p.person_id::text AS subject_id, a.county_id, p.person_id, a.school_id, p.amount,
                   p.schemes, p.terms
            FROM person AS p JOIN subsidies_awardline AS a ON a.id = p.last_id
        """

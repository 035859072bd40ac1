"""C25 营养餐人数超过在校生数: a school reports more eaters than the registry has pupils."""

from typing import Any

from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import standing_on, text, yuan
from datong_edu.crosschecks.rules.base import ENROLLED, NightlyCheck
from datong_edu.standards import lookup as standards

_MONTH = "(m.month || '-01')::date"


@register
class MoreEatersThanPupils(NightlyCheck):
    """Beneficiaries of a month above the primary and junior pupils 在读 on its first day, plus a tolerance.

    A county whose registry has not been imported yet is left out: nobody can be counted there.
    """

    code = "C25"
    title = "营养餐人数超过在校生数"
    chip = "虚报人数"
    severity = Severity.HIGH
    source = "农村义务教育学生营养改善计划资金管理规定"
    subject_kind = SubjectKind.SCHOOL_MONTH

    compares = "把营养餐月报的享受人数与当月一日学籍在读的小学、初中学生数逐校比对。"
    matters = "人数多报，营养膳食补助资金就可能被套取。"
    remedy = "核对实名制名单和学籍；多报的更正月报并退回资金，新转入的补登学籍。"
    innocent = "月中新转入少数学生（容差：3 人与 3% 中较大者）；附设班学生登记在主校。"

    summary = "s.month || ' 享受' || s.beneficiaries || '人，学籍在读' || s.pupils || '人'"
    facts = (
        Fact("学校", "place.name"),
        Fact("月份", "s.month"),
        Fact("享受人数", "s.beneficiaries::text"),
        Fact("学籍在读（当月一日）", "s.pupils::text"),
        Fact("月报在校生数", "s.reported::text"),
        Fact("允许超出", "s.allowed::text || '人'"),
        Fact("涉及金额（多报人数×天数×标准）", f"COALESCE({yuan('s.amount')}, '标准未填')"),
        Fact("资金来源", text("s.funding")),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Tolerances in persons and as a share; first and last month looked at."""
        return {
            "heads": standards.limit("MEAL_HEADS_TOLERANCE", scope.as_of),
            "share": standards.amount("MEAL_HEADS_TOLERANCE_RATIO", scope.as_of),
            "first_month": f"{scope.term.starts_on:%Y-%m}",
            "last_month": f"{scope.as_of:%Y-%m}",
        }

    def suspects(self, scope: RunScope) -> str:
        """Reports of the term so far beside the pupils counted by school and month."""
        return f"""
            WITH report AS (
                SELECT m.id, m.school_id, m.county_id, m.month, {_MONTH} AS first_day, m.beneficiaries,
                       m.enrolled, m.days, m.standard, m.funding
                FROM nutrition_mealmonth AS m
                WHERE m.month BETWEEN %(first_month)s AND %(last_month)s AND {scope.within("m.county_id")}
            ), month AS (
                SELECT DISTINCT r.month, r.first_day FROM report AS r
            ), counted AS (
                SELECT e.school_id, t.month, count(*) AS pupils
                FROM registry_enrolment AS e
                JOIN month AS t ON {standing_on("e", "t.first_day")}
                WHERE e.stage IN ('PRI', 'JUN')
                  AND (e.status = '{ENROLLED}' OR e.status_on > t.first_day)
                  AND {scope.within("e.county_id")}
                GROUP BY e.school_id, t.month
            ), imported AS (
                SELECT DISTINCT sc.county_id
                FROM counted AS c JOIN registry_school AS sc ON sc.id = c.school_id
            ), beside AS (
                SELECT r.*, COALESCE(c.pupils, 0) AS pupils,
                       GREATEST(%(heads)s, %(share)s * COALESCE(c.pupils, 0)) AS allowed
                FROM report AS r
                JOIN imported AS i ON i.county_id = r.county_id
                LEFT JOIN counted AS c ON c.school_id = r.school_id AND c.month = r.month
            )
            SELECT b.school_id || '|' || b.month AS subject_id, b.county_id, NULL::bigint AS person_id,
                   b.school_id, (b.beneficiaries - b.pupils) * b.days * b.standard AS amount, b.month,
                   b.beneficiaries, b.pupils, b.enrolled AS reported, round(b.allowed, 1) AS allowed,
                   b.funding
            FROM beside AS b
            WHERE b.beneficiaries > b.pupils + b.allowed
        """

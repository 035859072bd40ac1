"""C14 一人多籍: one person with two or more active registry rows."""

from typing import Any

from datong_edu.core.codes import Stage
from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import standing_on, words
from datong_edu.crosschecks.rules.base import ENROLLED, NightlyCheck, working_days_before
from datong_edu.standards import lookup as standards

_OVERLAP_MONTHS = (8, 9)


@register
class RegisteredTwice(NightlyCheck):
    """More than one row 在读, whatever number led to the person.

    Innocent: a transfer of the last ten working days, and kindergarten beside primary school in August and
    September, when the one is not closed before the other has begun.
    """

    code = "C14"
    title = "一人多籍"
    chip = "一人多籍"
    severity = Severity.HIGH
    source = "中小学生学籍管理办法：一人一籍、籍随人走"
    subject_kind = SubjectKind.PERSON
    per_term = False

    compares = "按人汇总在读学籍，同一人有两条以上的列出。"
    matters = "一人两籍会重复占用资助、营养餐和经费，也可能掩盖辍学。"
    remedy = "由两校确认学生实际就读学校，另一条学籍按转出或注销办理。"
    innocent = "转学正在办理（转出、转入各 10 个工作日内）；八九月幼儿园与小学学籍短暂重叠。"

    summary = "'在读学籍' || s.seats || '条：' || s.schools"
    facts = (
        Fact("在读学籍条数", "s.seats::text"),
        Fact("学校与学段", "s.schools"),
        Fact("最近登记学校", "place.name"),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """First day of transfers still under way, and whether the months of overlap are now."""
        days = standards.limit("TRANSFER_DAYS", scope.as_of)
        return {
            "transfer_from": working_days_before(scope.as_of, days),
            "overlap": scope.as_of.month in _OVERLAP_MONTHS,
        }

    def suspects(self, scope: RunScope) -> str:
        """Persons with several rows; a county run starts from persons with a row in the county."""
        near = ""
        if scope.county:
            near = """
                AND EXISTS (SELECT 1 FROM registry_enrolment AS own
                            WHERE own.person_id = e.person_id AND own.county_id = %(county)s)
            """
        return f"""
            WITH active AS (
                SELECT e.id, e.person_id, e.school_id, e.county_id, e.stage, e.grade,
                       COALESCE(e.status_event IN ('转入', '转出')
                                AND e.status_on BETWEEN %(transfer_from)s AND %(as_of)s, FALSE) AS moving
                FROM registry_enrolment AS e
                WHERE {standing_on("e", "%(as_of)s")} AND e.status = '{ENROLLED}' {near}
            ), several AS (
                SELECT a.person_id, count(*) AS seats, max(a.id) AS last_id
                FROM active AS a
                GROUP BY a.person_id
                HAVING count(*) > 1 AND NOT bool_or(a.moving)
                   AND NOT (%(overlap)s AND count(*) = 2
                            AND bool_or(a.stage = 'PRE') AND bool_or(a.stage = 'PRI'))
            ), told AS (
                SELECT s.person_id, s.seats, s.last_id,
                       string_agg(sc.name || '（' || {words("a.stage", Stage)} || a.grade || '年级）', '、'
                                  ORDER BY a.id) AS schools
                FROM several AS s
                JOIN active AS a ON a.person_id = s.person_id
                JOIN registry_school AS sc ON sc.id = a.school_id
                GROUP BY s.person_id, s.seats, s.last_id
            )
            SELECT t.person_id::text AS subject_id, a.county_id, t.person_id, a.school_id,
                   NULL::numeric AS amount, t.seats, t.schools
            FROM told AS t JOIN active AS a ON a.id = t.last_id
        """

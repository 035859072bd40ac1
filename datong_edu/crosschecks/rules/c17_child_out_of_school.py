"""C17 疑似辍学: a child of school age in a poverty household whom no registry knows."""

from typing import Any

from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import day, standing_on, text
from datong_edu.crosschecks.rules.base import ENROLLED, NightlyCheck, school_year_cutoff, years_before
from datong_edu.standards import lookup as standards


@register
class ChildOutOfSchool(NightlyCheck):
    """Six to under sixteen on the cut-off day, not graduated from junior school, and in no school.

    休学 is a place kept and 转出 a transfer the registry follows, so both count as registered; whoever was
    admitted to a senior school has left compulsory education.  Death and moving away are known from the
    police list; a case closed on the dropout ledger was looked into by two levels of the office.
    """

    code = "C17"
    title = "疑似失学辍学"
    chip = "疑似辍学"
    severity = Severity.HIGH
    source = "《中华人民共和国义务教育法》；控辍保学“四查三比对”"
    subject_kind = SubjectKind.MEMBER
    per_term = False

    compares = "把建档立卡户中义务教育阶段适龄儿童与全市学籍逐人比对，没有学籍的列出。"
    matters = "可能有孩子没有上学，“一个不少”没有做到。"
    remedy = "当天联系监护人和村委会，找到孩子；失学的登入控辍台账劝返，在外就读的取得就读证明。"
    innocent = "在外省就读；死亡或户口迁出；初中已毕业；号码更正过；经批准延缓入学；控辍台账已销号。"

    summary = "'建档立卡适龄儿童（' || s.years || '周岁）无在读学籍'"
    facts = (
        Fact("姓名", "s.name"),
        Fact("证件号码（已脱敏）", text("s.id_no_masked", "空")),
        Fact("出生日期", day("s.born_on")),
        Fact("周岁（入学年龄基准日）", "s.years::text"),
        Fact("住址", f"{text('s.town', '')} || {text('s.village', '')}"),
        Fact("户编号", "s.household_no"),
        Fact("户主", text("s.head_name")),
        Fact("建档立卡登记的在校生状况", text("s.student_status")),
        Fact("最近学籍", text("s.last_status", "从未登记")),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Birthdays between which a child is of school age."""
        cutoff = school_year_cutoff(scope.term.starts_on, scope.as_of)
        first = standards.limit("SCHOOL_AGE_FROM", scope.as_of)
        last = standards.limit("SCHOOL_AGE_UNTIL", scope.as_of)
        return {
            "cutoff": cutoff,
            "born_until": years_before(cutoff, first),
            "born_after": years_before(cutoff, last),
        }

    def suspects(self, scope: RunScope) -> str:
        """Members of the age without a standing place; one member row for each person."""
        return f"""
            WITH child AS (
                SELECT min(m.id) AS id, m.person_id
                FROM registry_householdmembership AS m
                JOIN registry_person AS p ON p.id = m.person_id
                WHERE COALESCE(m.birth_on, p.birth_on) <= %(born_until)s
                  AND COALESCE(m.birth_on, p.birth_on) > %(born_after)s
                  AND (m.since_on IS NULL OR m.since_on <= %(as_of)s)
                  AND (m.until_on IS NULL OR m.until_on > %(as_of)s)
                  AND {scope.within("m.county_id")}
                GROUP BY m.person_id
            ), missing AS (
                SELECT c.id, c.person_id FROM child AS c
                WHERE NOT EXISTS (
                        SELECT 1 FROM registry_enrolment AS e
                        WHERE e.person_id = c.person_id AND {standing_on("e", "%(as_of)s")}
                          AND e.status IN ('{ENROLLED}', '休学', '转出')
                      )
                  AND NOT EXISTS (
                        SELECT 1 FROM registry_enrolment AS e
                        WHERE e.person_id = c.person_id AND e.since_on <= %(as_of)s
                          AND (e.stage = 'JUN' AND e.status IN ('毕业', '结业') OR e.stage IN ('HS', 'VOC'))
                      )
                  AND NOT EXISTS (
                        SELECT 1 FROM registry_lifeevent AS l
                        WHERE l.person_id = c.person_id AND l.happened_on <= %(as_of)s
                      )
                  AND NOT EXISTS (
                        SELECT 1 FROM dropout_dropoutcase AS d
                        WHERE d.person_id = c.person_id AND d.status = 'closed'
                      )
            ), last AS (
                SELECT x.person_id, max(e.id) AS id
                FROM missing AS x JOIN registry_enrolment AS e ON e.person_id = x.person_id
                GROUP BY x.person_id
            )
            SELECT m.id::text AS subject_id, m.county_id, m.person_id, e.school_id, NULL::numeric AS amount,
                   m.name, m.id_no_masked, m.student_status, h.town, h.village, h.household_no, h.head_name,
                   COALESCE(m.birth_on, p.birth_on) AS born_on,
                   date_part('year', age(%(cutoff)s, COALESCE(m.birth_on, p.birth_on)))::int AS years,
                   e.status AS last_status
            FROM missing AS x
            JOIN registry_householdmembership AS m ON m.id = x.id
            JOIN registry_person AS p ON p.id = m.person_id
            JOIN registry_household AS h ON h.id = m.household_id
            LEFT JOIN last AS z ON z.person_id = x.person_id
            LEFT JOIN registry_enrolment AS e ON e.id = z.id
        """

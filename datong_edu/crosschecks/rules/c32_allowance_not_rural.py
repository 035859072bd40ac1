"""C32 乡村补助发给非乡村校: rural living allowance for a school or a teacher it is not meant for."""

from typing import Any

from datong_edu.core.codes import PostStatus, SchoolKind, Seat, stages_of_kind
from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import text, words, yuan
from datong_edu.crosschecks.rules.base import NightlyCheck

_COMPULSORY_KINDS = [
    kind.value for kind in SchoolKind if {"PRI", "JUN", "SPE"} & {str(s) for s in stages_of_kind(kind)}
]


@register
class AllowanceNotRural(NightlyCheck):
    """Paid for a school in the county seat, outside the poverty counties or without compulsory stages; or to
    a teacher who, by the latest staff roster, is on loan elsewhere or off post.

    Somebody on post at the very school of the line is innocent: 支教 teachers are paid where they teach.
    """

    code = "C32"
    title = "乡村教师补助发放对象不符"
    chip = "乡补对象不符"
    severity = Severity.HIGH
    source = "乡村教师生活补助政策：贫困县区义务教育阶段乡村学校在岗教师"
    subject_kind = SubjectKind.PERSON

    compares = "把乡村教师生活补助发放明细与学校驻地类别、办学类型和最近一期教师花名册的在岗状态比对。"
    matters = "补助是留住乡村教师的钱，发给县城学校或不在岗人员就是截留。"
    remedy = "核实教师实际任教学校：登记错误的更正花名册，确不符合的停发并追回。"
    innocent = "支教到乡村学校的教师在受援学校领取；产假、病假按规定保留；镇区学校属于发放范围。"

    summary = "s.reasons || '，仍领取乡村教师补助' || " + yuan("s.amount")
    facts = (
        Fact("发放学校", "s.schools"),
        Fact("年度", "s.years"),
        Fact("金额", yuan("s.amount")),
        Fact("问题", "s.reasons"),
        Fact("最近花名册在岗状态", text("s.standing", "无记录")),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Years the term reaches into so far, and kinds of school with compulsory stages."""
        return {
            "first_year": scope.term.starts_on.year,
            "last_year": scope.as_of.year,
            "kinds": _COMPULSORY_KINDS,
        }

    def suspects(self, scope: RunScope) -> str:
        """Lines beside their school and the payee's latest roster."""
        return f"""
            WITH line AS (
                SELECT a.id, a.person_id, a.school_id, a.county_id, a.year, a.amount, sc.name AS school_name,
                       COALESCE(NULLIF(sc.seat, ''), a.seat) AS seat, sc.kind, u.is_poverty_county
                FROM teachers_allowanceline AS a
                JOIN registry_school AS sc ON sc.id = a.school_id
                JOIN accounts_unit AS u ON u.id = sc.county_id
                WHERE a.year BETWEEN %(first_year)s AND %(last_year)s AND {scope.within("a.county_id")}
            ), roster AS (
                SELECT p.person_id, max(p.as_of_on) AS as_of_on
                FROM teachers_post AS p
                WHERE p.as_of_on <= %(as_of)s
                  AND EXISTS (SELECT 1 FROM line AS l WHERE l.person_id = p.person_id)
                GROUP BY p.person_id
            ), post AS (
                SELECT p.person_id, p.school_id, p.status
                FROM teachers_post AS p
                JOIN roster AS r ON r.person_id = p.person_id AND r.as_of_on = p.as_of_on
            ), absent AS (
                SELECT l.id, max({words("p.status", PostStatus)}) AS standing
                FROM line AS l JOIN post AS p ON p.person_id = l.person_id
                GROUP BY l.id
                HAVING bool_or(p.status IN ('seconded', 'on_roll_off_post'))
                   AND NOT bool_or(p.status = 'on_post' AND p.school_id = l.school_id)
            ), doubtful AS (
                SELECT l.*, a.standing,
                       CASE WHEN l.seat = '{Seat.COUNTY_TOWN}' THEN '学校在县城'
                            WHEN NOT l.is_poverty_county THEN '学校不在贫困县区'
                            WHEN l.kind <> ALL(%(kinds)s) THEN '学校没有义务教育学段'
                            WHEN a.id IS NOT NULL THEN '教师' || a.standing
                       END AS reason
                FROM line AS l LEFT JOIN absent AS a ON a.id = l.id
            )
            SELECT d.person_id::text AS subject_id, max(d.county_id) AS county_id, d.person_id,
                   max(d.school_id) AS school_id, sum(d.amount) AS amount,
                   string_agg(DISTINCT d.school_name, '、') AS schools,
                   string_agg(DISTINCT d.year::text, '、') AS years,
                   string_agg(DISTINCT d.reason, '、') AS reasons, max(d.standing) AS standing
            FROM doubtful AS d
            WHERE d.reason IS NOT NULL
            GROUP BY d.person_id
        """

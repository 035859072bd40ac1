"""C03 重复享受: one scheme paid more than once to one pupil for one term."""

from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import yuan
from datong_edu.crosschecks.rules.base import NightlyCheck
from subsidies.querysets import reaching_lines

_PAID_ON = "COALESCE('（' || to_char(v.paid_on, 'YYYY-MM-DD') || '）', '')"


@register
class PaidTwice(NightlyCheck):
    """More than one paid line remains after failures and recoveries.

    A line belongs to the term it is for (所属学期), not to the roll it was paid in.  Two paid lines that
    agree in neither name nor student number are two children under one mistyped ID, not one child paid twice.
    """

    code = "C03"
    title = "重复享受同一项目"
    chip = "重复享受"
    severity = Severity.HIGH
    source = "国家学生资助政策：同一项目同一学期不得重复享受"
    subject_kind = SubjectKind.PERSON

    compares = "按学生、资助项目、所属学期汇总已发放的明细，扣除追回后仍多于一笔的列出。"
    matters = "一笔钱发了两次，多发部分必须追回。"
    remedy = "核对两笔的批次和学校，确属重复的按程序追回并登记追回明细。"
    innocent = "失败后补发；补发以前学期；已经全额追回；双胞胎一人身份证号录错（姓名、学籍号都不同）。"

    summary = "s.schemes || '发放' || s.paid_lines || '笔，扣除追回后合计' || " + yuan("s.net")
    facts = (
        Fact("学校", "place.name"),
        Fact("项目", "s.schemes"),
        Fact("所属学期", "s.terms"),
        Fact("已发笔数", "s.paid_lines::text"),
        Fact("各笔", "s.details"),
        Fact("扣除追回后合计", yuan("s.net")),
        Fact("疑似多发", yuan("s.amount")),
    )

    def suspects(self, scope: RunScope) -> str:
        """Groups of lines in the reach of the term; county runs take groups with a line of the county."""
        near = f"a.status IN ('paid', 'waived') AND {scope.within('a.county_id')}"
        return f"""
            WITH reached AS (
                SELECT DISTINCT a.person_id, a.scheme_id, a.term_id FROM ({reaching_lines(near)}) AS a
            ), every AS (
                SELECT a.id, a.person_id, a.scheme_id, a.term_id, a.paid_on, a.amount, a.kind,
                       CASE WHEN a.kind <> 'recovery' THEN a.name END AS paid_name,
                       CASE WHEN a.kind <> 'recovery' THEN a.student_no_index::text END AS paid_student
                FROM reached AS r
                JOIN subsidies_awardline AS a
                  ON a.person_id = r.person_id AND a.scheme_id = r.scheme_id AND a.term_id = r.term_id
                WHERE a.status IN ('paid', 'waived') OR a.kind = 'recovery' AND a.status <> 'failed'
            ), repeated AS (
                SELECT v.person_id, v.scheme_id, v.term_id, sum(v.amount) AS net,
                       sum(CASE WHEN v.kind <> 'recovery' THEN 1 ELSE 0 END) AS paid_lines,
                       max(CASE WHEN v.kind <> 'recovery' THEN v.amount END) AS largest
                FROM every AS v
                GROUP BY v.person_id, v.scheme_id, v.term_id
                HAVING sum(CASE WHEN v.kind <> 'recovery' THEN 1 ELSE 0 END) > 1
            ), doubled AS (
                SELECT r.* FROM repeated AS r WHERE r.net > r.largest
            ), told AS (
                SELECT d.person_id, d.scheme_id, d.term_id, d.net, d.paid_lines, d.largest,
                       max(v.id) AS last_id,
                       string_agg({yuan("v.amount")} || {_PAID_ON}, '，' ORDER BY v.id) AS details
                FROM doubled AS d
                JOIN every AS v
                  ON v.person_id = d.person_id AND v.scheme_id = d.scheme_id AND v.term_id = d.term_id
                GROUP BY d.person_id, d.scheme_id, d.term_id, d.net, d.paid_lines, d.largest
                HAVING d.paid_lines > 2
                    OR min(v.paid_name) = max(v.paid_name)
                    OR min(v.paid_student) = max(v.paid_student) AND count(v.paid_student) > 1
            ), person AS (
                SELECT t.person_id, max(t.last_id) AS last_id, sum(t.net) AS net,
                       sum(t.net - t.largest) AS amount, sum(t.paid_lines) AS paid_lines,
                       string_agg(DISTINCT sch.title, '、') AS schemes,
                       string_agg(DISTINCT term.label, '、') AS terms,
                       string_agg(t.details, '；' ORDER BY t.last_id) AS details
                FROM told AS t
                JOIN subsidies_scheme AS sch ON sch.code = t.scheme_id
                JOIN core_term AS term ON term.code = t.term_id
                GROUP BY t.person_id
            )
            SELECT p.person_id::text AS subject_id, a.county_id, p.person_id, a.school_id, p.amount, p.net,
                   p.paid_lines, p.schemes, p.terms, p.details
            FROM person AS p JOIN subsidies_awardline AS a ON a.id = p.last_id
        """

"""C13 身份证错误: the number of a registry row is malformed or contradicts the row."""

from typing import Any

from datong_edu.core.codes import Stage
from datong_edu.core.idnumber import IdState
from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import day, standing_on, text, words
from datong_edu.crosschecks.rules.base import ENROLLED, NightlyCheck, school_year_cutoff
from datong_edu.standards import lookup as standards

_RESIDENT = ("", "1", "居民身份证", "身份证", "二代身份证", "户口簿")
_FIRST_AGES = {"PRE": 2, "PRI": 5, "JUN": 5, "HS": 5, "VOC": 14}
"""Age on the cut-off day is the grade plus this: six in grade 1, twelve in grade 7, fifteen in 中职一年级."""


@register
class WrongNumber(NightlyCheck):
    """Length, check character, birth date, 000 at the end, sex against the field, age against the stage.

    Only resident identity cards are judged; a child without one (证件类型 其他, 学籍号 J or L) may have none.
    """

    code = "C13"
    title = "身份证号错误"
    chip = "身份证错误"
    severity = Severity.MEDIUM
    source = "GB 11643-1999；中小学生学籍管理办法"
    subject_kind = SubjectKind.ENROLMENT
    per_term = False

    compares = "检查学籍中的身份证号：位数、校验码、出生日期、末三位 000，以及与性别、学段年龄是否相符。"
    matters = "号码错了，孩子在各部门名单里就对不上，应享的资助会漏掉。"
    remedy = "与户口簿核对后在学籍系统更正，再导入更正后的学籍。"
    innocent = "20 或 22 位残疾人证号（前 18 位有效）；公安更正过的号码；J、L 学籍号或证件类型为其他的学生。"

    summary = "'身份证号' || s.fault"
    facts = (
        Fact("学校", "place.name"),
        Fact("姓名", "s.name"),
        Fact("学段年级", f"{words('s.stage', Stage)} || {text('s.grade')} || '年级'"),
        Fact("身份证件类型", text("s.id_type")),
        Fact("身份证号（已脱敏）", text("s.id_no_masked", "空")),
        Fact("问题", "s.fault"),
        Fact("学籍性别 / 号码性别", f"{text('s.sex')} || ' / ' || {text('s.id_sex', '无')}"),
        Fact("号码中的出生日期", day("s.id_birth_on", "无")),
    )

    def params(self, scope: RunScope) -> dict[str, Any]:
        """Cut-off day of ages and how many years an age may differ."""
        return {
            "cutoff": school_year_cutoff(scope.term.starts_on, scope.as_of),
            "tolerance": standards.limit("AGE_STAGE_TOLERANCE", scope.as_of),
            "resident": list(_RESIDENT),
        }

    def suspects(self, scope: RunScope) -> str:
        """One scan of the rows in force; two rows of one 学籍号 are one subject."""
        states = " ".join(
            f"WHEN '{state.value}' THEN '{state.label}'" for state in IdState if state != IdState.VALID
        )
        ages = " ".join(f"WHEN '{stage}' THEN e.grade + {first}" for stage, first in _FIRST_AGES.items())
        return f"""
            WITH judged AS (
                SELECT e.id, e.student_no_index, e.person_id, e.school_id, e.county_id, e.name, e.stage,
                       e.grade, e.id_type, e.id_no_masked, e.sex, e.id_sex, e.id_birth_on,
                       CASE WHEN e.id_state <> 'valid' THEN CASE e.id_state {states} END
                            WHEN e.sex <> '' AND e.id_sex <> '' AND e.sex <> e.id_sex THEN '与学籍性别不符'
                            WHEN abs(date_part('year', age(%(cutoff)s, e.id_birth_on))
                                     - CASE e.stage {ages} END) > %(tolerance)s THEN '推算年龄与学段年级不符'
                       END AS fault
                FROM registry_enrolment AS e
                WHERE {standing_on("e", "%(as_of)s")} AND e.status IN ('{ENROLLED}', '休学')
                  AND e.id_type = ANY(%(resident)s)
                  AND NOT (e.id_state = 'missing' AND left(e.student_no_masked, 1) IN ('J', 'L'))
                  AND {scope.within("e.county_id")}
            ), first AS (
                SELECT j.student_no_index, min(j.id) AS id FROM judged AS j
                WHERE j.fault IS NOT NULL GROUP BY j.student_no_index
            )
            SELECT j.student_no_index::text AS subject_id, j.county_id, j.person_id, j.school_id,
                   NULL::numeric AS amount, j.fault, j.name, j.stage, j.grade, j.id_type, j.id_no_masked,
                   j.sex, j.id_sex, j.id_birth_on
            FROM first AS f JOIN judged AS j ON j.id = f.id
        """

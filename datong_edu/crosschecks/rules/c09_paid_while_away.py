"""C09 休学/退学/毕业仍享受: paid for a term at whose census the pupil had left."""

from datong_edu.crosschecks.engine.checks import Fact, RunScope, register
from datong_edu.crosschecks.engine.enums import Severity, SubjectKind
from datong_edu.crosschecks.engine.pieces import day, standing_on, yuan
from datong_edu.crosschecks.rules.base import ENDED, ENROLLED, NightlyCheck
from subsidies.querysets import reaching_lines

_ENDED = ", ".join(f"'{status}'" for status in ENDED)


@register
class PaidWhileAway(NightlyCheck):
    """Every registry row of the pupil had ended by the census of the term the line is for.

    A pupil back in school shows a row 在读 and is innocent; one who graduated in June was there at the spring
    census and is due the spring.  转出 and 死亡 are other rules.
    """

    code = "C09"
    title = "休学、退学或毕业后仍享受"
    chip = "离校仍享受"
    severity = Severity.HIGH
    source = "国家学生资助政策；中小学生学籍管理办法"
    subject_kind = SubjectKind.PERSON

    compares = "把已发放的资助与学籍状态比对，所属学期基准日前已休学、退学、毕业的列出。"
    matters = "离校学生不应继续享受，可能是名册没有及时核减，也可能是冒领。"
    remedy = "核实学生是否已返校：已返校的更正学籍，确已离校的追回资金并从名册核减。"
    innocent = "同一学期内复学；六月毕业仍应享受春季资助；基准日之后才离校；已经全额追回。"

    summary = "s.left_status || '后仍领取' || s.schemes || ' ' || " + yuan("s.amount")
    facts = (
        Fact("学校", "place.name"),
        Fact("学籍状态", "s.left_status"),
        Fact("异动日期", day("s.left_on")),
        Fact("所属学期基准日", day("s.census_on")),
        Fact("项目", "s.schemes"),
        Fact("已发金额（扣除追回）", yuan("s.amount")),
    )

    def suspects(self, scope: RunScope) -> str:
        """Net payments for each term beside the registry rows of the payee."""
        near = f"(a.status IN ('paid', 'waived') OR a.kind = 'recovery') AND {scope.within('a.county_id')}"
        return f"""
            WITH paid AS (
                SELECT a.person_id, a.term_id, sum(a.amount) AS net, max(a.id) AS last_id,
                       string_agg(DISTINCT a.scheme_id, ',') AS codes
                FROM ({reaching_lines(near)}) AS a
                GROUP BY a.person_id, a.term_id
                HAVING sum(a.amount) > 0
            ), payee AS (
                SELECT p.*, t.census_on FROM paid AS p JOIN core_term AS t ON t.code = p.term_id
            ), standing AS (
                SELECT e.person_id, e.status, COALESCE(e.status_on, e.since_on) AS changed_on
                FROM registry_enrolment AS e
                WHERE {standing_on("e", "%(as_of)s")}
                  AND EXISTS (SELECT 1 FROM paid AS p WHERE p.person_id = e.person_id)
            ), away AS (
                SELECT p.person_id, p.term_id, p.net, p.last_id, p.census_on, p.codes,
                       max(s.changed_on) AS left_on, max(s.status) AS left_status
                FROM payee AS p
                JOIN standing AS s ON s.person_id = p.person_id
                GROUP BY p.person_id, p.term_id, p.net, p.last_id, p.census_on, p.codes
                HAVING bool_or(s.status IN ({_ENDED}) AND s.changed_on <= p.census_on)
                   AND NOT bool_or(s.status = '{ENROLLED}' OR s.changed_on > p.census_on)
            ), titled AS (
                SELECT w.person_id, w.term_id, string_agg(sch.title, '、' ORDER BY sch.order) AS titles
                FROM away AS w JOIN subsidies_scheme AS sch ON sch.code = ANY(string_to_array(w.codes, ','))
                GROUP BY w.person_id, w.term_id
            ), person AS (
                SELECT w.person_id, sum(w.net) AS amount, max(w.last_id) AS last_id,
                       max(w.left_on) AS left_on, max(w.left_status) AS left_status,
                       max(w.census_on) AS census_on,
                       string_agg(DISTINCT t.titles, '、') AS schemes
                FROM away AS w JOIN titled AS t ON t.person_id = w.person_id AND t.term_id = w.term_id
                GROUP BY w.person_id
            )
            SELECT p.person_id::text AS subject_id, a.county_id, p.person_id, a.school_id, p.amount,
                   p.left_on, p.left_status, p.census_on, p.schemes
            FROM person AS p JOIN subsidies_awardline AS a ON a.id = p.last_id
        """

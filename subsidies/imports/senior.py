"""Rosters beyond compulsory school: R3 and R4 of high schools, R5 and R6 of vocational ones, R7 雨露计划.

A roll is merged into the ledger by person, scheme and term, as R1 and R2 are.  雨露计划 is paid to pupils of
colleges the city's school list does not know: its lines have a county and no school.
"""

from typing import ClassVar

from datong_edu.core.codes import AwardStatus, Stage
from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import (
    Column,
    Conflict,
    Context,
    Derived,
    Row,
    Target,
    roster,
)
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_FOR_MONEY,
    NAME,
    NOTE,
    PHONE,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    STUDENT_AGES,
    STUDENT_NO,
    TOWN,
    VILLAGE,
    PersonRoster,
    same,
    sealed,
)
from subsidies.imports.lines import (
    ACCOUNT,
    AMOUNT,
    BANK,
    CATEGORIES,
    CLASS,
    COMMON,
    GRADE,
    HOLDER,
    PAID_BY,
    STAGE,
    TERM,
    WAIVED_BY,
    AidRoster,
)
from subsidies.models import AwardLine

KEY = ("person_id", "scheme_id", "term_id", "line_no")
ROLL_LINE = COMMON | sealed("student_no") | {"line_no": "''::text"}
PAID_TO_PUPIL = ROLL_LINE | sealed("account") | same("bank", "holder")
WAIVED = ROLL_LINE | {"status": f"'{AwardStatus.WAIVED}'::text"}

MAJOR = (
    Column("major", c.optional(c.text(60))),
    Column("major_code", c.optional(c.text(20))),
    Column("years", c.optional(c.text(20))),
)
FARMING = (
    Column("hukou", c.optional(c.text(20))),
    Column("farm_major", c.optional(c.flag), "boolean"),
)
PUPIL = (NAME, SEX, ID_NO_FOR_MONEY, STUDENT_NO, STAGE, GRADE, CLASS)
PLACE = (SEQ, COUNTY, SCHOOL_CODE, SCHOOL)
COLLEGE_STAGES = tuple(
    (word, stage)
    for stage, words in (
        (Stage.COL, "高职 高专 大专 学院 技师"),
        (Stage.VOC, "中职 中专 职业高中 技工 技校"),
    )
    for word in words.split()
)
"""Stages by the words of 学校类型 and 院校名称; the first that occurs."""


class SeniorRoll(AidRoster):
    """A roll of one scheme and one stage."""

    scheme: ClassVar[str]
    stage: ClassVar[Stage]
    recognised_by: ClassVar[tuple[frozenset[str], ...]] = PAID_BY
    conflicts = (Conflict(("id_no_index", "term"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The roll itself says scheme and stage."""
        row.values["scheme_id"] = self.scheme
        row.values["stage"] = row.values.get("stage") or self.stage.value
        super().finish(row, context)


@roster
class HighSchoolGrant(SeniorRoll):
    """R3 普通高中国家助学金: paid in tiers by the level of hardship."""

    key = "r3_hs_grant"
    title = "普通高中国家助学金名册"
    scheme, stage = "HS_GRANT", Stage.HS
    columns = (
        *PLACE,
        *PUPIL,
        Column("level", c.optional(c.level)),
        Column("tier", c.optional(c.text(20))),
        Column("category", c.optional(c.categories), "text[]", value_field="categories"),
        TERM,
        AMOUNT,
        ACCOUNT,
        BANK,
        HOLDER,
        NOTE,
    )
    targets = (Target(AwardLine, KEY, PAID_TO_PUPIL),)


@roster
class HighSchoolFee(SeniorRoll):
    """R4 普通高中免学杂费: the school is paid, the pupil's fee is waived."""

    key = "r4_hs_fee"
    title = "普通高中免学杂费名册"
    scheme, stage = "HS_FEE", Stage.HS
    recognised_by = WAIVED_BY
    columns = (
        *PLACE,
        *PUPIL,
        CATEGORIES,
        Column("fee_standard", c.optional(c.money(rate=True)), "numeric"),
        TERM,
        AMOUNT,
        NOTE,
    )
    targets = (Target(AwardLine, KEY, WAIVED),)


@roster
class VocationalFee(SeniorRoll):
    """R5 中职免学费: rural pupils, pupils of farming majors and poor ones; the fee is waived."""

    key = "r5_voc_fee"
    title = "中职免学费名册"
    scheme, stage = "VOC_FEE", Stage.VOC
    recognised_by = WAIVED_BY
    columns = (
        *PLACE,
        *MAJOR,
        *PUPIL,
        *FARMING,
        Column("category", c.optional(c.text(100)), value_field="category_words"),
        TERM,
        AMOUNT,
        NOTE,
    )
    targets = (Target(AwardLine, KEY, WAIVED),)


@roster
class VocationalGrant(SeniorRoll):
    """R6 中职国家助学金: the headings of R5 with the sum paid; the fee waived is R5's to tell."""

    key = "r6_voc_grant"
    title = "中职国家助学金名册"
    scheme, stage = "VOC_GRANT", Stage.VOC
    ignored = ("免学费类别", "免除金额")
    columns = (
        *PLACE,
        *MAJOR,
        *PUPIL,
        *FARMING,
        Column("category", c.optional(c.text(100)), value_field="category_words", aliases=("资助原因",)),
        Column("months", c.optional(c.months), "smallint"),
        TERM,
        AMOUNT,
        ACCOUNT,
        BANK,
        HOLDER,
        NOTE,
    )
    targets = (Target(AwardLine, KEY, PAID_TO_PUPIL),)


@roster
class RainAndDew(PersonRoster):
    """R7 雨露计划: a household is paid for a child at a vocational school or college; person + term."""

    key = "r7_yulu"
    title = "雨露计划补助名册"
    needs_term = True
    ages = STUDENT_AGES
    recognised_by = (frozenset({"name", "id_no", "amount", "college"}),)
    columns = (
        SEQ,
        COUNTY,
        TOWN,
        VILLAGE,
        Column("head_name", c.optional(c.name)),
        Column("household_no", c.optional(c.code(30))),
        NAME,
        SEX,
        ID_NO_FOR_MONEY,
        Column("college", c.required(c.text(100), "SCHOOL_UNKNOWN")),
        Column("college_kind", c.optional(c.text(20))),
        MAJOR[0],
        MAJOR[2],
        Column("enrol_month", c.month),
        Column("grade", c.optional(c.text(20)), value_field="grade_words"),
        TERM,
        AMOUNT,
        ACCOUNT,
        HOLDER,
        PHONE,
        NOTE,
    )
    derived = (*PersonRoster.derived, Derived("roll_term_id"), Derived("stage"), Derived("scheme_id"))
    conflicts = (Conflict(("id_no_index", "roll_term_id"), "id_no"),)
    targets = (
        Target(
            AwardLine,
            KEY,
            sealed("id_no")
            | sealed("account")
            | sealed("phone")
            | same(
                "person_id",
                "county_id",
                "scheme_id",
                "roll_term_id",
                "name",
                "sex",
                "stage",
                "amount",
                "holder",
                guardian="head_name",
                term_id="roll_term_id",
            )
            | {"line_no": "''::text"},
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """County and term; the account is the household's."""
        super().finish(row, context)
        self.find_county(row, context)
        values = row.values
        values["scheme_id"] = "YULU"
        words = f"{values['college_kind'] or ''}{values['college'] or ''}"
        values["stage"] = next((stage.value for word, stage in COLLEGE_STAGES if word in words), None)
        values["roll_term_id"] = values["term"] or (context.term.code if context.term else None)
        if c.holder_mismatch(values["holder"], (values["name"], values["head_name"])):
            row.warn("HOLDER_MISMATCH", "holder")

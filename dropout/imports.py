"""Rosters of children out of school: R11 控辍台账, R12 适龄儿童排查, R13 送教上门."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import (
    NO_LEDGER_YET,
    Column,
    Conflict,
    Context,
    Derived,
    Row,
    Target,
    roster,
)
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_AS_EVIDENCE,
    NAME,
    NOTE,
    PHONE,
    PUPIL_AGES,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    STUDENT_NO,
    TOWN,
    VILLAGE,
    PersonRoster,
    place_grade,
    same,
    sealed,
)
from dropout.enums import CaseStatus
from dropout.models import DropoutCase


@roster
class DropoutLedger(PersonRoster):
    """R11 控辍台账: one line for each child; evidence, so that no child vanishes over a wrong digit."""

    key = "r11_dropout_ledger"
    title = "控辍保学台账"
    ages = PUPIL_AGES
    recognised_by = (frozenset({"name", "dropout_type"}),)
    columns = (
        SEQ,
        COUNTY,
        TOWN,
        VILLAGE,
        NAME,
        SEX,
        ID_NO_AS_EVIDENCE,
        Column("nation", c.optional(c.nation)),
        Column("guardian", c.optional(c.name)),
        PHONE,
        SCHOOL_CODE,
        SCHOOL,
        Column("grade", c.grade, "smallint"),
        Column("dropout_date", c.day, "date"),
        Column("dropout_type", c.required(c.dropout_type, "TYPE_UNKNOWN")),
        Column("cause", c.optional(c.text(60)), aliases=("辍学原因",)),
        Column("current_status", c.optional(c.text(60)), aliases=("现状去向",)),
        Column("is_poor", c.optional(c.flag), "boolean", aliases=("是否脱贫户",)),
        Column("is_disabled", c.optional(c.flag), "boolean", aliases=("是否残疾",)),
        Column("owner", c.optional(c.text(60))),
        Column("visits", c.optional(c.times), "smallint"),
        Column("visit_notes", c.optional(c.text(500))),
        Column("return_date", c.day, "date"),
        Column("return_school", c.optional(c.text(100))),
        Column("placement", c.optional(c.text(30))),
        Column("closed_date", c.day, "date", aliases=("销号时间",)),
        NOTE,
    )
    derived = (
        *PERSON_COLUMNS,
        Derived("stage", shown=True),
        Derived("class_no", "smallint"),
        Derived("case_status"),
    )
    conflicts = (Conflict(("id_no_index",), "id_no"),)
    targets = (
        Target(
            DropoutCase,
            ("person_id",),
            sealed("id_no")
            | sealed("phone")
            | same(
                "person_id",
                "county_id",
                "school_id",
                "id_state",
                "name",
                "sex",
                "town",
                "village",
                "stage",
                "grade",
                "cause",
                "is_poor",
                "is_disabled",
                "guardian",
                "owner",
                "visits",
                "placement",
                "note",
                status="case_status",
                type="dropout_type",
                left_on="dropout_date",
                returned_on="return_date",
                closed_on="closed_date",
            ),
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """School where there was one, county, status, and the order of the days."""
        super().finish(row, context)
        values = row.values
        school = self.find_school(row, context, required=False)
        if school is None:
            self.find_county(row, context)
        place_grade(row, context, school)
        days = [values.get(name) for name in ("dropout_date", "return_date", "closed_date")]
        late = c.out_of_order(*days)
        if late is not None:
            row.refuse("DATE_ORDER", ("dropout_date", "return_date", "closed_date")[late])
        values["case_status"] = _status(values)


def _status(values: dict[str, object]) -> str | None:
    """How far a line of the ledger has come, told by its days; None where the row says nothing of it."""
    if values.get("closed_date"):
        return CaseStatus.CLOSED.value
    if values.get("return_date"):
        return CaseStatus.RETURNED.value
    return CaseStatus.PERSUADING.value if values.get("visits") else None


@roster
class SchoolAgeCheck(PersonRoster):
    """R12 适龄儿童就学排查: where each child of a village is taught, or why not; person, evidence."""

    key = "r12_school_age_check"
    title = "适龄儿童少年就学排查表"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    needs_term = True
    recognised_by = (
        frozenset({"name", "id_no", "must_be_at_school"}),
        frozenset({"name", "id_no", "not_in_school"}),
    )
    columns = (
        SEQ,
        Column("city", c.optional(c.text(30))),
        COUNTY,
        TOWN,
        VILLAGE,
        NAME,
        SEX,
        ID_NO_AS_EVIDENCE,
        Column("must_be_at_school", c.optional(c.flag), "boolean"),
        Column("household_no", c.optional(c.code(30))),
        Column("head_name", c.optional(c.name)),
        PHONE,
        SCHOOL_CODE,
        SCHOOL,
        Column("stage", c.optional(c.stage)),
        Column("grade", c.grade, "smallint"),
        Column("class", c.optional(c.class_no), "smallint", value_field="class_no"),
        STUDENT_NO,
        Column("boarding", c.optional(c.boarding)),
        Column("is_disabled", c.optional(c.flag), "boolean"),
        Column("disability_no", c.optional(c.disability_no), sealed="disability_no"),
        Column("not_in_school", c.optional(c.text(60))),
        Column("category", c.optional(c.categories), "text[]", value_field="categories"),
        Column("in_town", c.optional(c.text(10))),
        Column("in_county", c.optional(c.text(10))),
        Column("in_province", c.optional(c.text(10))),
        Column("aided_this_term", c.optional(c.flag), "boolean"),
        Column("scheme", c.optional(c.text(60))),
        Column("amount", c.optional(c.money()), "numeric"),
        Column("meal_amount", c.optional(c.money()), "numeric"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index",), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The village's county; a child may be taught at a school far away, which the city does not know."""
        super().finish(row, context)
        values = row.values
        self.find_county(row, context)
        counties = self.file_counties(row, context)
        school = context.books["schools"].find(values["school_code"], values["school"], counties)
        if isinstance(school, str):
            if values["school_code"] or values["school"]:
                row.warn(school, "school" if row.has("school") else "school_code")
            place_grade(row, context, None)
        else:
            values["school_id"] = school.id
            place_grade(row, context, school)


@roster
class HomeTeaching(PersonRoster):
    """R13 送教上门记录: a visit to a child who cannot come to school; person + day, evidence."""

    key = "r13_home_teaching"
    title = "送教上门记录"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (
        frozenset({"name", "id_no", "home_teacher"}),
        frozenset({"name", "id_no", "visit_date"}),
    )
    ignored = ("家长签字",)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_AS_EVIDENCE,
        Column("disability_no", c.optional(c.disability_no), sealed="disability_no"),
        Column("disability_kind", c.optional(c.text(30))),
        Column("disability_grade", c.optional(c.text(10))),
        STUDENT_NO,
        Column("home_teacher", c.optional(c.text(60))),
        Column("monthly_visits", c.optional(c.times), "smallint"),
        Column("hours", c.optional(c.whole(high=1000, units=("课时", "节", "小时"))), "smallint"),
        Column("visit_date", c.day, "date"),
        Column("content", c.optional(c.text(500)), value_field="lesson"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "visit_date"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The school whose teachers go."""
        super().finish(row, context)
        self.find_school(row, context)

"""Rosters of meals: R9 营养餐月报 and 营养餐实名名册, and the school calendar they are measured by."""

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
    PUPIL_AGES,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    STUDENT_NO,
    PersonRoster,
    PlacedRoster,
    place_grade,
    same,
)
from nutrition.models import MealMonth


@roster
class MealReport(PlacedRoster):
    """R9 营养餐月报: school + month."""

    key = "r9_meal_month"
    title = "营养餐月报"
    recognised_by = (frozenset({"school", "month", "beneficiaries"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        Column("month", c.required(c.month, "DATE_INVALID")),
        Column("enrolled", c.required(c.people, "NUMBER_MISSING"), "integer"),
        Column("beneficiaries", c.required(c.people, "NUMBER_MISSING"), "integer"),
        Column("days", c.required(c.whole(high=31, units=("天", "日")), "NUMBER_MISSING"), "smallint"),
        Column("person_days", c.required(c.person_times, "NUMBER_MISSING"), "integer"),
        Column("standard", c.money(rate=True), "numeric"),
        Column("due", c.money(), "numeric"),
        Column("received", c.money(), "numeric"),
        Column("spent", c.money(), "numeric"),
        Column("balance", c.money(negative=True), "numeric"),
        Column("mode", c.optional(c.meal_mode)),
        Column("funding", c.optional(c.text(40))),
        NOTE,
    )
    derived = (Derived("school_id", "bigint"), Derived("county_id", "bigint"))
    conflicts = (Conflict(("school_id", "month"), "month"),)
    targets = (
        Target(
            MealMonth,
            ("school_id", "month"),
            same(
                "school_id",
                "county_id",
                "month",
                "enrolled",
                "beneficiaries",
                "days",
                "person_days",
                "standard",
                "due",
                "received",
                "spent",
                "balance",
                "mode",
                "funding",
            ),
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """Find the school."""
        self.find_school(row, context)


@roster
class MealNames(PersonRoster):
    """R9 营养餐实名名册: which pupils eat at school; pupil + school + term, evidence."""

    key = "r9_meal_names"
    title = "营养餐实名名册"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    needs_term = True
    recognised_by = (
        frozenset({"name", "id_no", "school"}),
        frozenset({"name", "id_no", "grade"}),
    )
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_AS_EVIDENCE,
        STUDENT_NO,
        Column("grade", c.grade, "smallint"),
        Column("class", c.optional(c.class_no), "smallint", value_field="class_no"),
        NOTE,
    )
    derived = (*PERSON_COLUMNS, Derived("stage", shown=True))
    conflicts = (Conflict(("id_no_index", "school_id"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """School and grade."""
        super().finish(row, context)
        place_grade(row, context, self.find_school(row, context))


@roster
class SchoolCalendar(PlacedRoster):
    """校历: days of school in each month, of a county or, without one, of the whole city."""

    key = "school_calendar"
    title = "校历"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"month", "school_days"}),)
    columns = (
        SEQ,
        COUNTY,
        Column("month", c.required(c.month, "DATE_INVALID")),
        Column("school_days", c.required(c.whole(high=31, units=("天", "日")), "NUMBER_MISSING"), "smallint"),
        NOTE,
    )
    derived = (Derived("county_id", "bigint"), Derived("place"))
    conflicts = (Conflict(("month", "place"), "month"),)

    def finish(self, row: Row, context: Context) -> None:
        """The county, if any."""
        self.find_county(row, context, required=False)
        row.values["place"] = row.values["county_code"] or ""

"""Roster of meals: R9 营养餐月报."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Conflict, Context, Derived, Row, Target, roster
from datong_edu.registry.imports import same
from datong_edu.registry.rosters import COUNTY, NOTE, SCHOOL, SCHOOL_CODE, SEQ, PlacedRoster
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

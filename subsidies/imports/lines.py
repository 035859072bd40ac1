"""What the rolls of pupils share: their columns, and the checks every line of money needs."""

from typing import ClassVar

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Context, Derived, Row
from datong_edu.registry.books import KnownSchool
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import PUPIL_AGES, PersonRoster, place_grade, same, sealed

STAGE = Column("stage", c.optional(c.stage))
GRADE = Column("grade", c.grade, "smallint")
CLASS = Column("class", c.optional(c.class_no), "smallint", value_field="class_no")
GUARDIAN = Column("guardian", c.optional(c.name))
GUARDIAN_ID = Column("guardian_id", c.identity(strict=False), sealed="id_no")
BANK = Column("bank", c.optional(c.text(80)))
ACCOUNT = Column("account", c.account, sealed="account")
HOLDER = Column("holder", c.optional(c.text(60)))
TERM = Column("term", c.term)
AMOUNT = Column("amount", c.required(c.money(), "AMOUNT_MISSING"), "numeric")
CATEGORIES = Column(
    "category", c.wanted(c.categories, "CATEGORY_MISSING"), "text[]", value_field="categories"
)
ADDRESS = Column("address", c.optional(c.text(200)))
NATION = Column("nation", c.optional(c.nation))

DERIVED = (*PERSON_COLUMNS, Derived("scheme_id"), Derived("roll_term_id"), Derived("category_text"))

WAIVED_BY = (
    frozenset({"name", "id_no", "amount", "school"}),
    frozenset({"name", "id_no", "amount", "grade"}),
)
PAID_BY = (*WAIVED_BY, frozenset({"name", "id_no", "amount", "account"}))
"""Headings of a roll; one with a sheet for each school need not have a column of schools."""

COMMON = sealed("id_no") | same(
    "person_id",
    "county_id",
    "school_id",
    "scheme_id",
    "roll_term_id",
    "name",
    "sex",
    "stage",
    "grade",
    "amount",
    "category_text",
    term_id="term",
)


class AidRoster(PersonRoster):
    """What the rolls share: term, school, grade, and the sum as written."""

    needs_term = True
    ages = PUPIL_AGES
    derived: ClassVar[tuple[Derived, ...]] = DERIVED

    def finish(self, row: Row, context: Context) -> None:
        """Term of the roll, school, grade, holder of the account."""
        super().finish(row, context)
        values = row.values
        values["term"] = values.get("term") or (context.term.code if context.term else None)
        values["roll_term_id"] = values["term"]
        if values["term"] is None:
            row.refuse("TERM_UNKNOWN", "term")
        values["category_text"] = str(row.cell("category") or "")[:100] or None
        place_grade(row, context, self.find_place(row, context))
        if c.holder_mismatch(values.get("holder"), (values.get("name"), values.get("guardian"))):
            row.warn("HOLDER_MISMATCH", "holder")

    def find_place(self, row: Row, context: Context) -> KnownSchool | None:
        """School of the line; one that the portal exported may have none, as those of 雨露计划."""
        values = row.values
        own = bool(values.get("person_uid"))
        if own and not values.get("school") and not values.get("school_code"):
            self.find_county(row, context)
            return None
        return self.find_school(row, context)

"""Roster of children out of school: R11 控辍台账."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Conflict, Context, Derived, Row, Target, roster
from datong_edu.registry.imports import same, sealed
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import (
    COUNTY,
    NAME,
    NOTE,
    PHONE,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    TOWN,
    VILLAGE,
    PersonRoster,
    place_grade,
)
from dropout.enums import CaseStatus
from dropout.models import DropoutCase


@roster
class DropoutLedger(PersonRoster):
    """R11 控辍台账: one line for each child; evidence, so that no child vanishes over a wrong digit."""

    key = "r11_dropout_ledger"
    title = "控辍保学台账"
    recognised_by = (frozenset({"name", "dropout_type"}),)
    columns = (
        SEQ,
        COUNTY,
        TOWN,
        VILLAGE,
        NAME,
        SEX,
        Column("id_no", c.required(c.identity(strict=False), "ID_MISSING"), sealed="id_no"),
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

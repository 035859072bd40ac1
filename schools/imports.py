"""Rosters of schools: 学校名单, and R17 撤并名单, 分流名单 and 资产台账."""

from collections.abc import Mapping, Sequence

from datong_edu.accounts.models import Unit, UnitKind
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
from datong_edu.importing.sheets import SheetsRoster
from datong_edu.importing.staging import ACCEPTED, Stage
from datong_edu.registry.models import School, SchoolAlias
from datong_edu.registry.rosters import (
    COUNTY,
    ID_NO_AS_EVIDENCE,
    NAME,
    NOTE,
    PHONE,
    SEQ,
    STUDENT_NO,
    TOWN,
    PersonRoster,
    PlacedRoster,
    same,
)
from schools.models import Merger


@roster
class SchoolList(PlacedRoster):
    """学校名单: the county of each row counts, whatever the file's county."""

    key = "school_list"
    title = "学校名单"
    recognised_by = (frozenset({"school_code", "school"}),)
    columns = (
        SEQ,
        COUNTY,
        Column("county_code", c.county(), value_field="county_code_as_number"),
        TOWN,
        Column("school_code", c.required(c.school_code, "CODE_MISSING")),
        Column("school", c.required(c.school_name, "NAME_MISSING"), value_field="name"),
        Column("school_kind", c.required(c.school_kind, "KIND_UNKNOWN")),
        Column("seat", c.optional(c.seat)),
        Column("ownership", c.optional(c.ownership)),
        Column("dormitory", c.optional(c.flag), "boolean"),
        Column("years", c.optional(c.text(20))),
        Column("fee_standard", c.optional(c.money()), "numeric"),
        Column("enrolled", c.optional(c.people), "integer"),
        Column("staff", c.optional(c.people), "integer"),
        PHONE,
        Column("closed_date", c.day, "date", aliases=("撤并时间", "撤并日期")),
        Column("receiving_code", c.optional(c.text(20))),
        Column("alias", c.optional(c.text(500))),
        Column("former_name", c.optional(c.text(200))),
    )
    derived = (Derived("county_id", "bigint"), Derived("names", "text[]"))
    conflicts = (Conflict(("school_code",), "school_code"),)
    targets = (
        Target(
            School,
            ("code",),
            same(
                "name",
                "county_id",
                "town",
                "seat",
                "ownership",
                "enrolled",
                "staff",
                code="school_code",
                kind="school_kind",
                has_dormitory="dormitory",
                schooling="years",
                yearly_tuition="fee_standard",
                closed_on="closed_date",
            ),
        ),
    )

    def offered(self, unit: Unit | None) -> Mapping[str, Sequence[str]]:
        """Counties; the names of schools are what this list is to tell."""
        return {"county": super().offered(unit)["county"]}

    def file_counties(self, row: Row, context: Context) -> tuple[int, ...]:
        """Unused here: a school list makes schools, it does not look them up."""
        return ()

    def finish(self, row: Row, context: Context) -> None:
        """County by name or by code; aliases apart."""
        values = row.values
        values["county_code"] = values.get("county_code") or values.pop("county_code_as_number", None)
        self.find_county(row, context)
        written = f"{values.get('alias') or ''};{values.get('former_name') or ''}"
        parts = written.replace("；", ";").replace("、", ";").replace(",", ";").replace("，", ";").split(";")
        values["names"] = sorted({part.strip() for part in parts if part.strip()} - {values.get("name")})

    def after_merge(self, stage: Stage, context: Context) -> None:
        """Add the aliases to what is known, and a unit for each school that may get users."""
        stage.run(
            f"INSERT INTO {SchoolAlias._meta.db_table} (school_id, county_id, name) SELECT t.id, t.county_id,"
            f" n FROM {stage.table} s JOIN {School._meta.db_table} t ON t.code = s.school_code,"
            f" unnest(s.names) n WHERE {ACCEPTED} ON CONFLICT (school_id, name) DO NOTHING"
        )
        stage.run(
            f"INSERT INTO {Unit._meta.db_table} (code, name, kind, parent_id, is_poverty_county,"
            f" is_weak_school_county) SELECT t.code, t.name, %s, t.county_id, false, false"
            f" FROM {stage.table} s JOIN {School._meta.db_table} t ON t.code = s.school_code WHERE {ACCEPTED}"
            f" ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, parent_id = EXCLUDED.parent_id",
            [UnitKind.SCHOOL],
        )
        self._record_mergers(stage, context)

    @staticmethod
    def _record_mergers(stage: Stage, context: Context) -> None:
        """A closed school with a receiver is a merger line."""
        stage.run(
            f"INSERT INTO {Merger._meta.db_table} (closed_school_id, receiver_id, county_id, merged_on,"
            f" source_batch_id, source_sheet, source_row) SELECT t.id, r.id, t.county_id, s.closed_date, %s,"
            f" s.sheet, s.row FROM {stage.table} s JOIN {School._meta.db_table} t ON t.code = s.school_code"
            f" LEFT JOIN {School._meta.db_table} r ON r.code = s.receiving_code AND r.id <> t.id"
            f" WHERE {ACCEPTED} AND s.closed_date IS NOT NULL ON CONFLICT (closed_school_id) DO UPDATE SET"
            f" receiver_id = COALESCE(EXCLUDED.receiver_id, schools_merger.receiver_id),"
            f" merged_on = EXCLUDED.merged_on WHERE (schools_merger.receiver_id, schools_merger.merged_on)"
            f" IS DISTINCT FROM (COALESCE(EXCLUDED.receiver_id, schools_merger.receiver_id),"
            f" EXCLUDED.merged_on)",
            [context.batch_id],
        )


class ClosedSchools(PlacedRoster):
    """R17 撤并名单: a closed school, its receiver and the day; the school itself is closed with it."""

    key = "closed_schools"
    title = "撤并"
    recognised_by = (frozenset({"closing_school", "closed_date"}),)
    columns = (
        SEQ,
        COUNTY,
        Column("closing_school", c.required(c.school_name, "SCHOOL_UNKNOWN"), value_field="school"),
        Column("school_code", c.school_code),
        Column("closed_date", c.required(c.day, "DATE_INVALID"), "date", aliases=("撤并时间", "撤并日期")),
        Column("approval_no", c.optional(c.text(60))),
        Column("enrolled", c.optional(c.people), "integer"),
        Column("staff", c.optional(c.people), "integer"),
        Column("receiving_school", c.optional(c.school_name)),
        NOTE,
    )
    derived = (
        Derived("school_id", "bigint"),
        Derived("county_id", "bigint"),
        Derived("receiver_id", "bigint"),
    )
    conflicts = (Conflict(("school_id",), "closing_school"),)
    targets = (
        Target(
            Merger,
            ("closed_school_id",),
            same("county_id", "receiver_id", closed_school_id="school_id", merged_on="closed_date"),
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """Find both schools; a receiver that is named must be known and be another school."""
        closed = self.find_school(row, context)
        receiver = row.values.get("receiving_school")
        if receiver is None:
            return
        found = context.books["schools"].find(None, receiver, self.file_counties(row, context))
        if isinstance(found, str):
            row.refuse(found, "receiving_school")
        elif closed is not None and found.id == closed.id:
            row.refuse("SCHOOL_AMBIGUOUS", "receiving_school")
        else:
            row.values["receiver_id"] = found.id

    def after_merge(self, stage: Stage, context: Context) -> None:
        """Close the school on the same day."""
        stage.run(
            f"UPDATE {School._meta.db_table} t SET closed_on = s.closed_date FROM {stage.table} s"
            f" WHERE {ACCEPTED} AND t.id = s.school_id AND t.closed_on IS DISTINCT FROM s.closed_date"
        )


@roster
class Placements(PersonRoster):
    """R17 分流名单: to which school each pupil of a closed one goes; person + school, evidence."""

    key = "r17_placements"
    title = "撤并学校学生分流名单"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "id_no", "placed_school"}),)
    columns = (
        SEQ,
        COUNTY,
        NAME,
        ID_NO_AS_EVIDENCE,
        STUDENT_NO,
        Column("origin_code", c.optional(c.school_code)),
        Column("origin_school", c.optional(c.school_name)),
        Column("origin_grade", c.optional(c.text(20))),
        Column("placed_school", c.school_name, value_field="school"),
        Column("arrived_date", c.day, "date"),
        NOTE,
    )
    derived = (*PersonRoster.derived, Derived("origin_id", "bigint"))
    conflicts = (Conflict(("id_no_index", "school_id"), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """Both schools; the closed one is known by its code or its name."""
        super().finish(row, context)
        self.find_school(row, context)
        values = row.values
        origin = context.books["schools"].find(
            values["origin_code"], values["origin_school"], self.file_counties(row, context)
        )
        if isinstance(origin, str):
            row.refuse(origin, "origin_school" if row.has("origin_school") else "origin_code")
        else:
            values["origin_id"] = origin.id


@roster
class MergerAssets(PlacedRoster):
    """R17 撤并学校资产台账: what became of the things of closed schools; two equal lots are two lines."""

    key = "r17_assets"
    title = "撤并学校资产台账"
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"asset", "quantity"}),)
    columns = (
        SEQ,
        COUNTY,
        Column("closing_school", c.school_name, value_field="school"),
        Column("school_code", c.optional(c.school_code)),
        Column("asset", c.required(c.text(100), "NAME_MISSING")),
        Column("model", c.optional(c.text(100))),
        Column(
            "quantity",
            c.required(c.whole(units=("件", "台", "套", "个", "张", "把")), "NUMBER_MISSING"),
            "integer",
        ),
        Column("unit_price", c.money(), "numeric"),
        Column("original_value", c.money(), "numeric"),
        Column("destination", c.optional(c.text(100))),
        Column("disposal", c.optional(c.text(40))),
        Column("handed_by", c.optional(c.text(60))),
        NOTE,
    )
    derived = (Derived("school_id", "bigint"), Derived("county_id", "bigint"))

    def finish(self, row: Row, context: Context) -> None:
        """The closed school where the file names it, else its county."""
        if self.find_school(row, context, required=False) is None:
            self.find_county(row, context)


@roster
class Mergers(SheetsRoster):
    """R17 撤并分流 workbook: sheets 撤并, 分流 and 资产, in any number and order."""

    key = "mergers"
    title = "学校撤并分流名单"
    parts = (ClosedSchools, Placements, MergerAssets)

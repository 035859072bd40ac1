"""Rosters of the base books: schools, student registry, poverty households, civil lists, deaths and moves."""

import re
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from datong_edu.core.codes import Category, EnrolmentStatus
from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import Column, Conflict, Context, Derived, FullRoll, Row, Target, roster
from datong_edu.importing.staging import ACCEPTED, Stage
from datong_edu.registry.enums import LifeEventKind, SpellSource
from datong_edu.registry.models import (
    Enrolment,
    HardshipSpell,
    Household,
    HouseholdMembership,
    LifeEvent,
)
from datong_edu.registry.resolving import PERSON_COLUMNS
from datong_edu.registry.rosters import (
    COUNTY,
    NAME,
    NOTE,
    PHONE,
    PUPIL_AGES,
    SCHOOL,
    SCHOOL_CODE,
    SEQ,
    SEX,
    TOWN,
    VILLAGE,
    PersonRoster,
    place_grade,
    same,
    sealed,
)

POVERTY_REGISTER_SINCE = date(2014, 1, 1)
"""建档立卡 began with 国务院扶贫办《扶贫开发建档立卡工作方案》国开办发〔2014〕24号; a file seldom says when a
household was entered."""
SPELL_SINCE_UNKNOWN = date(2000, 1, 1)
_LIST_OF = re.compile(r"(?:人员|人口|对象)?(?:名单|名册|台账|明细|花名册|表)?$")
_SIDE = re.compile(r"^(低保|特困)[（(]?(城市|农村)[）)]?$")
AIDED_ATTRIBUTES = ("未脱贫", "已脱贫（享受政策）", "返贫")
MONITORED = {"unstable": Category.UNSTABLE, "edge": Category.EDGE, "sudden": Category.SUDDEN}


@roster
class StudentRegistry(PersonRoster):
    """学籍: evidence; a doubtful number is kept as sent, so that the child does not vanish."""

    key = "student_registry"
    title = "学籍名单"
    ages = PUPIL_AGES
    id_no_as_typed = staticmethod(c.identity(strict=False, keeps_000=True))
    needs_term = True
    recognised_by = (frozenset({"student_no", "name"}), frozenset({"name", "id_no", "grade", "school"}))
    columns = (
        SEQ,
        NAME,
        Column("id_no", c.identity(strict=False), sealed="id_no"),
        Column("id_type", c.optional(c.text(30))),
        SEX,
        Column("student_no", c.required(c.student_no, "STUDENT_NO_INVALID"), sealed="student_no"),
        Column("birth", c.day, "date"),
        Column("nation", c.optional(c.nation)),
        SCHOOL_CODE,
        SCHOOL,
        Column("stage", c.optional(c.stage)),
        Column("grade", c.required(c.grade, "GRADE_UNKNOWN"), "smallint"),
        Column("class", c.optional(c.class_no), "smallint", value_field="class_no"),
        Column("enrol_month", c.month),
        Column("boarding", c.optional(c.boarding)),
        Column("hukou", c.optional(c.text(10))),
        Column("status", c.optional(c.enrolment_status)),
        Column("movement", c.optional(c.text(20))),
        Column("movement_date", c.day, "date"),
        Column("guardian", c.optional(c.name)),
        Column("relation", c.optional(c.guardian_relation)),
        Column("guardian_id", c.optional(c.identity(strict=False)), sealed="id_no"),
        PHONE,
        Column("address", c.optional(c.text(200))),
    )
    conflicts = (
        Conflict(("student_no_index", "school_id"), "student_no"),
        Conflict(("student_no_index",), "student_no", "COALESCE(s.status, '在读') = '在读'"),
    )
    targets = (
        Target(
            Enrolment,
            ("student_no_index", "school_id"),
            sealed("student_no")
            | sealed("id_no")
            | sealed("guardian_id")
            | sealed("phone")
            | same(
                "person_id",
                "school_id",
                "county_id",
                "id_type",
                "id_state",
                "id_birth_on",
                "id_sex",
                "name",
                "sex",
                "nation",
                "stage",
                "grade",
                "class_no",
                "enrol_month",
                "boarding",
                "hukou",
                "status",
                "guardian",
                "address",
                birth_on="birth",
                status_event="movement",
                status_on="movement_date",
            ),
            dated=True,
        ),
    )
    full_roll = FullRoll(
        Enrolment,
        {name: name for name in ("person_id", "student_no_index", "id_no_index")},
        "t.since_on <= %(term_start)s AND (t.until_on IS NULL OR t.until_on > %(term_start)s)"
        f" AND t.status = '{EnrolmentStatus.ENROLLED}'",
    )

    def finish(self, row: Row, context: Context) -> None:
        """School, stage and grade; a child without a number needs another kind of paper."""
        super().finish(row, context)
        place_grade(row, context, self.find_school(row, context))

    def after_merge(self, stage: Stage, context: Context) -> None:
        """A 学籍号 that a later term states elsewhere no longer stands where an earlier term had it."""
        stage.run(
            f"UPDATE {Enrolment._meta.db_table} t SET until_on = %(start)s FROM {stage.table} s"
            f" WHERE {ACCEPTED} AND t.student_no_index = s.student_no_index AND t.until_on IS NULL"
            f" AND t.since_on < %(start)s AND t.school_id <> s.school_id"
            f" AND COALESCE(s.status, '在读') = '在读' AND NOT EXISTS (SELECT 1 FROM {stage.table} o"
            f" WHERE o.student_no_index = t.student_no_index AND o.school_id = t.school_id)",
            {"start": context.term.starts_on if context.term else context.as_of},
        )
        self._end_before_later_place(stage, context)

    @staticmethod
    def _end_before_later_place(stage: Stage, context: Context) -> None:
        """A place that a file of an older term adds ends where a later term knows the pupil elsewhere."""
        table = Enrolment._meta.db_table
        stage.run(
            f"UPDATE {table} t SET until_on = n.since_on FROM (SELECT student_no_index, min(since_on) AS"
            f" since_on FROM {table} WHERE since_on > %(start)s GROUP BY student_no_index) n"
            f" WHERE t.student_no_index = n.student_no_index AND t.source_batch_id = %(batch)s"
            f" AND t.since_on = %(start)s AND t.until_on IS NULL",
            {"start": context.term.starts_on if context.term else context.as_of, "batch": context.batch_id},
        )


@roster
class PovertyMembers(PersonRoster):
    """建档立卡户成员, before and after 2021; evidence."""

    key = "poverty_members"
    title = "建档立卡户成员名单"
    id_no_as_typed = staticmethod(c.wanted(c.identity(strict=False, keeps_000=True), "ID_MISSING"))
    recognised_by = (
        frozenset({"household_no", "member_no", "name"}),
        frozenset({"household_no", "name", "id_no"}),
    )
    columns = (
        SEQ,
        COUNTY,
        TOWN,
        VILLAGE,
        Column("household_no", c.required(c.code(30), "NUMBER_MISSING")),
        Column("head_name", c.optional(c.name)),
        Column("member_no", c.required(c.code(30), "NUMBER_MISSING")),
        NAME,
        SEX,
        Column("id_no", c.wanted(c.identity(strict=False), "ID_MISSING"), sealed="id_no"),
        Column("birth", c.optional(c.day), "date"),
        Column("relation", c.optional(c.relation)),
        Column("nation", c.optional(c.nation)),
        Column("education", c.optional(c.text(20))),
        Column("student_status", c.optional(c.student_status)),
        Column("health", c.optional(c.text(40))),
        Column("has_dibao", c.optional(c.flag), "boolean"),
        Column("poverty_attr", c.optional(c.poverty_attribute)),
        Column("exit_year", c.optional(c.year), "smallint"),
        Column("household_kind", c.optional(c.text(20))),
        Column("first_found", c.optional(c.day), "date"),
        Column("monitored_kind", c.optional(c.categories), "text[]"),
        Column("risk_found", c.optional(c.day), "date"),
        Column("risk_over", c.optional(c.flag), "boolean"),
        Column("risk_over_date", c.optional(c.day), "date"),
        Column("cause", c.optional(c.text(60)), aliases=("致贫原因", "主要致贫原因", "致贫原因1")),
        Column("income", c.optional(c.money(exact=False)), "numeric"),
    )
    conflicts = (Conflict(("member_no",), "member_no"),)
    derived = (*PERSON_COLUMNS, Derived("household_id", "bigint", in_sets=True))
    targets = (
        Target(
            HouseholdMembership,
            ("member_no",),
            sealed("id_no")
            | same(
                "person_id",
                "household_id",
                "county_id",
                "member_no",
                "id_state",
                "name",
                "sex",
                "relation",
                "nation",
                "education",
                "student_status",
                "health",
                "has_dibao",
                birth_on="birth",
            ),
        ),
        Target(
            Household,
            ("household_no",),
            same(
                "household_no",
                "county_id",
                "town",
                "village",
                "head_name",
                "poverty_attr",
                "exit_year",
                "cause",
            ),
        ),
    )

    full_roll = FullRoll(
        HouseholdMembership,
        {name: name for name in ("person_id", "member_no", "id_no_index")},
        by_school=False,
    )

    def finish(self, row: Row, context: Context) -> None:
        """County; both 文化程度 and 在校生状况 filled is a warning."""
        super().finish(row, context)
        self.find_county(row, context)
        if c.education_and_status(row.values.get("education"), row.values.get("student_status")):
            row.warn("EDU_AND_STATUS", "education")

    def resolve(self, stage: Stage, context: Context) -> None:
        """Match persons and households."""
        super().resolve(stage, context)
        stage.run(
            f"UPDATE {stage.table} s SET household_id = h.id FROM {Household._meta.db_table} h"
            f" WHERE h.household_no = s.household_no"
        )

    def create_missing(self, stage: Stage, context: Context) -> None:
        """Create persons, and households before their members are merged."""
        super().create_missing(stage, context)
        stage.run(
            f"INSERT INTO {Household._meta.db_table} (household_no, county_id, town, village, head_name,"
            f" poverty_attr, cause, source_batch_id, source_sheet, source_row) SELECT DISTINCT ON"
            f" (household_no) household_no, county_id, '', '', '', '', '', %s, sheet, row"
            f" FROM {stage.table} s WHERE household_id IS NULL AND {ACCEPTED} ORDER BY household_no, seq"
            f" ON CONFLICT (household_no) DO NOTHING",
            [context.batch_id],
        )
        stage.run(
            f"UPDATE {stage.table} s SET household_id = h.id FROM {Household._meta.db_table} h"
            f" WHERE h.household_no = s.household_no AND s.household_id IS NULL"
        )

    def after_merge(self, stage: Stage, context: Context) -> None:
        """State the categories: 建档立卡 while the household enjoys the policy, and the monitored kinds."""
        self._state_poor(stage, context)
        columns = (
            "person_id, county_id, category, source, since_on, until_on, source_batch_id, source_sheet,"
            " source_row"
        )
        stage.run(
            f"INSERT INTO {HardshipSpell._meta.db_table} ({columns}) SELECT DISTINCT ON (s.person_id, k)"
            f" s.person_id, s.county_id, k, %(source)s, COALESCE(s.risk_found, %(since)s),"
            f" CASE WHEN s.risk_over THEN COALESCE(s.risk_over_date, %(as_of)s) END, %(batch)s, s.sheet,"
            f" s.row FROM {stage.table} s, unnest(s.monitored_kind) k WHERE {ACCEPTED}"
            f" ON CONFLICT (person_id, category, source, since_on) DO UPDATE SET"
            f" until_on = EXCLUDED.until_on WHERE registry_hardshipspell.until_on IS DISTINCT FROM"
            f" EXCLUDED.until_on",
            {
                "source": SpellSource.POVERTY,
                "since": POVERTY_REGISTER_SINCE,
                "as_of": context.as_of,
                "batch": context.batch_id,
            },
        )

    @staticmethod
    def _state_poor(stage: Stage, context: Context) -> None:
        table = HardshipSpell._meta.db_table
        values = {
            "source": SpellSource.POVERTY,
            "jdlk": Category.JDLK,
            "since": POVERTY_REGISTER_SINCE,
            "aided": list(AIDED_ATTRIBUTES),
            "as_of": context.as_of,
            "batch": context.batch_id,
        }
        stage.run(
            f"UPDATE {table} t SET until_on = %(as_of)s FROM {stage.table} s WHERE {ACCEPTED}"
            f" AND t.person_id = s.person_id AND t.source = %(source)s AND t.category = %(jdlk)s"
            f" AND t.until_on IS NULL AND s.poverty_attr IS NOT NULL"
            f" AND NOT s.poverty_attr = ANY (%(aided)s)",
            values,
        )
        stage.run(
            f"INSERT INTO {table} (person_id, county_id, category, source, since_on, source_batch_id,"
            f" source_sheet, source_row) SELECT DISTINCT ON (s.person_id) s.person_id, s.county_id, %(jdlk)s,"
            f" %(source)s, COALESCE(s.first_found, %(since)s), %(batch)s, s.sheet, s.row"
            f" FROM {stage.table} s WHERE {ACCEPTED} AND s.poverty_attr = ANY (%(aided)s)"
            f" ORDER BY s.person_id, s.seq ON CONFLICT (person_id, category, source, since_on)"
            f" DO UPDATE SET until_on = NULL"
            f" WHERE {table}.until_on IS NOT NULL",
            values,
        )


@roster
class CivilList(PersonRoster):
    """民政、残联类别名单: one person, several categories, each with its days; evidence."""

    key = "civil_list"
    title = "民政残联类别名单"
    recognised_by = (
        frozenset({"name", "id_no", "category"}),
        frozenset({"name", "id_no", "from_date"}),
        frozenset({"name", "id_no", "disability_no"}),
        frozenset({"name", "id_no", "certificate_no"}),
    )
    columns = (
        SEQ,
        COUNTY,
        TOWN,
        VILLAGE,
        NAME,
        SEX,
        Column("id_no", c.required(c.identity(strict=False), "ID_MISSING"), sealed="id_no"),
        Column("category", c.categories, "text[]", value_field="categories"),
        Column("certificate_no", c.optional(c.text(40)), sealed="disability_no"),
        Column("disability_no", c.optional(c.disability_no), sealed="disability_no"),
        Column("from_date", c.day, "date"),
        Column("to_date", c.day, "date"),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index", "categories", "from_date"), "id_no"),)
    targets = (
        Target(
            HardshipSpell,
            ("person_id", "category", "source", "since_on"),
            same("person_id", "county_id", until_on="to_date")
            | {
                "category": "s.element",
                "source": f"'{SpellSource.CIVIL}'::text",
                "since_on": f"COALESCE(s.from_date, DATE '{SPELL_SINCE_UNKNOWN}')",
            },
            of_value="categories",
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """County; category; the days of a spell must be in order."""
        super().finish(row, context)
        self.find_county(row, context)
        self._find_category(row)
        if c.out_of_order(row.values.get("from_date"), row.values.get("to_date")) is not None:
            row.refuse("DATE_ORDER", "to_date")

    @staticmethod
    def _find_category(row: Row) -> None:
        """A sheet without the column is one of 低保, 特困, 孤儿, 残疾: its name tells."""
        if row.values.get("categories") or any(at == "category" for _, at in row.faults):
            return
        if not row.has("category"):
            row.values["categories"] = _categories_named(row.sheet)
        if row.values["categories"]:
            row.warn("TAKEN_FROM_SHEET_NAME", "category")
        else:
            row.refuse("CATEGORY_UNKNOWN", "category")


def _categories_named(sheet: str) -> list[str]:
    """Categories that the name of a sheet says, such as 残疾人名单 or 低保(城市)."""
    bare = _LIST_OF.sub("", sheet.strip())
    for name in (_SIDE.sub(r"\2\1", bare), bare, sheet):
        try:
            return c.categories(name)
        except c.Refuse:
            continue
    return []


@roster
class DeathMove(PersonRoster):
    """死亡、户口迁出名单 of the police: two sheets, or one sheet, told apart by their date columns."""

    key = "death_move"
    title = "死亡迁出名单"
    recognised_by = (frozenset({"name", "id_no", "death_date"}), frozenset({"name", "id_no", "move_date"}))
    columns = (
        SEQ,
        COUNTY,
        NAME,
        SEX,
        Column("id_no", c.required(c.identity(strict=False), "ID_MISSING"), sealed="id_no"),
        Column("death_date", c.day, "date"),
        Column("move_date", c.day, "date"),
        NOTE,
    )
    derived: ClassVar[tuple[Derived, ...]] = (
        *PERSON_COLUMNS,
        Derived("event"),
        Derived("happened_on", "date"),
    )
    conflicts = (Conflict(("id_no_index", "event", "happened_on"), "id_no"),)
    targets = (
        Target(
            LifeEvent,
            ("person_id", "kind", "happened_on"),
            same("person_id", "county_id", "name", "happened_on", "note", kind="event"),
        ),
    )

    def finish(self, row: Row, context: Context) -> None:
        """County, kind of event and its day."""
        super().finish(row, context)
        self.find_county(row, context)
        died = row.has("death_date") and row.values["move_date"] is None
        row.values["event"] = (LifeEventKind.DEATH if died else LifeEventKind.MOVE_OUT).value
        row.values["happened_on"] = row.values["death_date" if died else "move_date"]
        at = "death_date" if died else "move_date"
        if row.values["happened_on"] is None and not any(field == at for _, field in row.faults):
            row.refuse("DATE_INVALID", at)

    def counties(self, stage: Stage) -> Iterable[int]:
        """Deaths and moves touch every county the persons have facts in."""
        rows = stage.rows(
            f"SELECT DISTINCT unnest(p.county_ids) FROM registry_person p JOIN {stage.table} s"
            f" ON s.person_id = p.id WHERE {ACCEPTED}"
        )
        return [county for (county,) in rows]

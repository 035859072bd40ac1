"""Rosters about pupils beside the registry: who attended, whose hardship is recognised, who graduated."""

from datong_edu.importing import cleaners as c
from datong_edu.importing.declare import NO_LEDGER_YET, Column, Conflict, Context, Derived, Row, roster
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
    place_grade,
)


@roster
class Attendance(PersonRoster):
    """本学期在校名单: on how many days a pupil was at school; pupil + school + term, evidence."""

    key = "attendance"
    title = "本学期在校名单"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    needs_term = True
    recognised_by = (frozenset({"name", "attended_days"}),)
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        Column("id_no", c.identity(strict=False), sealed="id_no"),
        STUDENT_NO,
        Column("grade", c.grade, "smallint"),
        Column("class", c.optional(c.class_no), "smallint", value_field="class_no"),
        Column("attended_days", c.days, "smallint"),
        NOTE,
    )
    derived = (*PERSON_COLUMNS, Derived("stage", shown=True))
    conflicts = (
        Conflict(("id_no_index", "school_id"), "id_no"),
        Conflict(("student_no_index", "school_id"), "student_no"),
    )

    def finish(self, row: Row, context: Context) -> None:
        """School and grade; a pupil is known by one number at least."""
        super().finish(row, context)
        place_grade(row, context, self.find_school(row, context))
        blamed = {at for _, at in row.faults}
        known = [row.values[name] for name in ("id_no", "student_no", "masked_numbers", "person_uid")]
        if not any(known) and not blamed & {"id_no", "student_no"}:
            row.refuse("ID_MISSING", "id_no")


@roster
class Recognition(PersonRoster):
    """困难认定名单: the level of hardship a school recognised; person + term, evidence."""

    key = "recognition"
    title = "家庭经济困难学生认定名单"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    needs_term = True
    recognised_by = (frozenset({"name", "id_no", "level"}),)
    ignored = ("认定学年", "学年", "审核状态", "是否困难", "申请时间")
    columns = (
        SEQ,
        COUNTY,
        SCHOOL_CODE,
        SCHOOL,
        NAME,
        SEX,
        ID_NO_AS_EVIDENCE,
        STUDENT_NO,
        Column("grade", c.optional(c.text(20)), value_field="grade_words"),
        Column("class", c.optional(c.text(20)), value_field="class_words"),
        Column("category", c.optional(c.text(100)), value_field="category_words"),
        Column("level", c.level),
        Column("recognised_date", c.day, "date"),
        Column("recognised_cause", c.optional(c.text(200))),
        NOTE,
    )
    conflicts = (Conflict(("id_no_index",), "id_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """School; a recognition without a level says nothing."""
        super().finish(row, context)
        self.find_school(row, context)
        if row.values["level"] is None and not any(at == "level" for _, at in row.faults):
            row.refuse("TYPE_UNKNOWN", "level")


@roster
class Graduates(PersonRoster):
    """初中毕业生名单: who left which junior school, to be looked for at senior schools; 学籍号, evidence."""

    key = "graduates"
    title = "初中毕业生名单"
    ages = PUPIL_AGES
    ledger_missing = NO_LEDGER_YET
    recognised_by = (frozenset({"name", "student_no", "left_school"}),)
    columns = (
        SEQ,
        COUNTY,
        NAME,
        SEX,
        Column("id_no", c.identity(strict=False), sealed="id_no"),
        Column("student_no", c.required(c.student_no, "STUDENT_NO_INVALID"), sealed="student_no"),
        SCHOOL_CODE,
        Column("left_school", c.school_name, value_field="school"),
        Column("left_month", c.required(c.month, "DATE_INVALID")),
        NOTE,
    )
    conflicts = (Conflict(("student_no_index",), "student_no"),)

    def finish(self, row: Row, context: Context) -> None:
        """The school they left, which may have closed since."""
        super().finish(row, context)
        self.find_school(row, context)

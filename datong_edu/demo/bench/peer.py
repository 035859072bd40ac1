"""The same file imported the way one would without the portal's engine, for comparison.

Both peers check the same faults, seal the same fields and write the same ledger under the same history
triggers.  They are spared what the engine does besides: preview, cell differences, the numbers a person had
before, and the returned workbook.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from import_export.fields import Field
from import_export.resources import ModelResource

from datong_edu.core.names import name_key
from datong_edu.core.sensitive import columns_for
from datong_edu.demo.bench.roll import GRADES
from datong_edu.demo.generator.headings import REGISTRY_HEADINGS
from datong_edu.registry.models import Enrolment, Person, School
from datong_edu.registry.search import name_grams, name_pinyin

BATCH_ROWS = 2_000
SINCE = date(2020, 9, 1)
STAGES = {"小学": "PRI", "初中": "JUN"}
BOARDING = {"住校": "boarder", "走读": "day"}
STUDENT_NO = re.compile(r"[GJL][0-9]{17}[0-9X]")
SEALED = {"学籍号": "student_no", "身份证件号": "id_no", "监护人身份证号": "guardian_id", "联系电话": "phone"}
KINDS = {"guardian_id": "id_no"}
PLAIN = {
    "姓名": "name", "性别": "sex", "身份证件类型": "id_type", "入学年月": "enrol_month", "户口性质": "hukou",
    "学生状态": "status", "异动类别": "status_event", "监护人姓名": "guardian",
}  # fmt: skip
PARSED = ("school_id", "county_id", "birth_on", "stage", "grade", "class_no", "boarding", "since_on")


@cache
def schools_by_code() -> dict[str, tuple[int, int]]:
    """Schools and their counties."""
    return {
        code: (pk, county)
        for pk, code, county in School.objects.whole_city().values_list("pk", "code", "county")
    }


def columns_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the ledger from the cells of one row; a bad row raises ValidationError."""
    number, name, grade, code = (row[heading] or "" for heading in ("学籍号", "姓名", "年级", "学校标识码"))
    if not STUDENT_NO.fullmatch(number):
        raise ValidationError({"student_no": "学籍号不合规则"})
    if not name:
        raise ValidationError({"name": "缺少姓名"})
    if grade not in GRADES:
        raise ValidationError({"grade": "年级不能识别"})
    if code not in schools_by_code():
        raise ValidationError({"school": "学校不在学校名单中"})
    school_id, county_id = schools_by_code()[code]
    columns = {name: row[heading] or "" for heading, name in PLAIN.items()}
    for heading, name in SEALED.items():
        columns |= columns_for(name, KINDS.get(name, name), row[heading])
    return columns | {
        "school_id": school_id,
        "county_id": county_id,
        "birth_on": date.fromisoformat(row["出生日期"]),
        "stage": STAGES[row["学段"]],
        "grade": GRADES.index(grade) + 1,
        "class_no": int(row["班级"].removesuffix("班")),
        "boarding": BOARDING[row["就读方式"]],
        "since_on": SINCE,
        "id_state": "valid",
    }


def person_of(columns: Mapping[str, Any]) -> Person:
    """A person not yet stored, with what makes them findable."""
    same = ("name", "sex", "birth_on", "id_no", "id_no_index", "id_no_masked", "id_state")
    return Person(
        **{name: columns[name] for name in same},
        name_key=name_key(columns["name"]),
        name_grams=list(name_grams(columns["name"])),
        name_pinyin=name_pinyin(columns["name"]),
        county_ids=[columns["county_id"]],
    )


class PupilResource(ModelResource):
    """django-import-export as its manual begins: a resource, a key, its default settings."""

    student_no_index = Field(attribute="student_no_index", column_name="学籍号")
    school_id = Field(attribute="school_id", column_name="学校标识码")

    class Meta:
        model = Enrolment
        import_id_fields = ("student_no_index", "school_id")
        fields = ("student_no_index", "school_id")

    def get_queryset(self) -> Any:
        """All rows: the ledger's manager asks for whom."""
        return Enrolment.objects.whole_city()

    def before_import_row(self, row: Any, **options: Any) -> None:
        """Check and translate the cells."""
        columns = columns_of(row)
        row["columns"] = columns
        row["学籍号"], row["学校标识码"] = columns["student_no_index"], columns["school_id"]

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        """Fill the columns, and find or make the person."""
        columns = row["columns"]
        for name, value in columns.items():
            setattr(instance, name, value)
        if instance.person_id is None:
            person = Person.objects.whole_city().filter(id_no_index=columns["id_no_index"]).first()
            if person is None:
                person = person_of(columns)
                person.save()
            instance.person = person


class TunedPupilResource(PupilResource):
    """The same with what its manual advises for large files: bulk writes, no diff, no look-up of old rows."""

    class Meta(PupilResource.Meta):
        use_bulk = True
        batch_size = BATCH_ROWS
        skip_diff = True
        force_init_instance = True

    def before_import(self, dataset: Any, **options: Any) -> None:
        """Make all persons first: a bulk write cannot make them row by row."""
        good = []
        for row in dataset.dict:
            with suppress(ValidationError):
                good.append(columns_of(row))
        self.persons = _persons_of(good)

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        """Fill the columns; the person is known."""
        for name, value in row["columns"].items():
            setattr(instance, name, value)
        instance.person_id = self.persons[row["columns"]["id_no_index"]]


def through_import_export(path: Path) -> int:
    """Import a workbook with django-import-export; returns the rows it refused."""
    return _import(PupilResource(), path)


def through_tuned_import_export(path: Path) -> int:
    """Import a workbook of new pupils with django-import-export in bulk; returns the rows it refused."""
    return _import(TunedPupilResource(), path)


def _import(resource: PupilResource, path: Path) -> int:
    schools_by_code.cache_clear()
    data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    result = resource.import_data(data, dry_run=False)
    errors = [*result.base_errors, *(error for _, row in result.row_errors() for error in row)]
    if errors:
        raise errors[0].error
    return len(result.invalid_rows)


@transaction.atomic
def through_bulk_create(path: Path) -> int:
    """Import a workbook with openpyxl and `bulk_create(update_conflicts=…)`; returns the rows it refused."""
    schools_by_code.cache_clear()
    refused = 0
    pending: list[dict[str, Any]] = []
    book = openpyxl.load_workbook(path, read_only=True)
    for cells in book.worksheets[0].iter_rows(min_row=2, values_only=True):
        try:
            pending.append(columns_of(dict(zip(REGISTRY_HEADINGS, cells, strict=True))))
        except ValidationError:
            refused += 1
        if len(pending) >= BATCH_ROWS:
            _store(pending)
            pending = []
    _store(pending)
    return refused


def _store(rows: list[dict[str, Any]]) -> None:
    """Write one batch: persons first, then new rows, then those whose key is known."""
    persons = _persons_of(rows)
    known = {
        (number, school): pk
        for pk, number, school in Enrolment.objects.whole_city()
        .filter(student_no_index__in=[row["student_no_index"] for row in rows], until_on=None)
        .values_list("pk", "student_no_index", "school_id")
    }
    new: list[Enrolment] = []
    old: list[Enrolment] = []
    for row in rows:
        pk = known.get((row["student_no_index"], row["school_id"]))
        line = Enrolment(pk=pk, person_id=persons[row["id_no_index"]], **row)
        (new if pk is None else old).append(line)
    Enrolment.objects.bulk_create(new, batch_size=BATCH_ROWS)
    written = [*PLAIN.values(), *PARSED, "id_state"]
    written += [f"{name}{part}" for name in SEALED.values() for part in ("", "_index", "_masked")]
    Enrolment.objects.bulk_create(
        old,
        batch_size=BATCH_ROWS,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[
            name.removesuffix("_id") if name in ("school_id", "county_id") else name for name in written
        ],
    )


def _persons_of(rows: list[dict[str, Any]]) -> dict[Any, int]:
    """Persons of a batch by blind index, made where they are missing."""
    numbers = [row["id_no_index"] for row in rows]
    found = Person.objects.whole_city().filter(id_no_index__in=numbers).values_list("id_no_index", "pk")
    persons: dict[Any, int] = dict(found)
    missing = {row["id_no_index"]: person_of(row) for row in rows if row["id_no_index"] not in persons}
    for person in Person.objects.bulk_create(missing.values(), batch_size=BATCH_ROWS):
        persons[person.id_no_index] = person.pk
    return persons

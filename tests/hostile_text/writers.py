"""Every module of the portal that writes a workbook or a text table, and how hostile texts reach its files.

`found()` reads the modules themselves, so a new writer fails the build until it is filled here too.
"""

import ast
import copy
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import xlsxwriter
from django.core.management import call_command
from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.core import blobs
from datong_edu.desk.comparing import actions as comparing
from datong_edu.desk.comparing.columns import COLUMNS
from datong_edu.importing import blank_workbook, workbook
from datong_edu.importing.declare import ROSTERS, roster_called
from datong_edu.registry import number_exports
from datong_edu.registry.models import Enrolment, HouseholdMembership, Person, School
from datong_edu.web.exports import workbook_of
from datong_edu.web.lists import ScopedListView
from tests import factories as make
from tests.hostile_text.formulas import payloads
from tests.house.sources import modules, name_of
from tests.importing import rosters
from tests.importing.command import import_roster
from tests.importing.test_views import address, checked, client_of, latest

LIBRARIES = {"xlsxwriter", "rustpy_xlsxwriter", "openpyxl", "xlwt", "pyexcelerate", "odf"}
INVENTED = "datong_edu/demo/"
"""The invented city and the bench write rosters to be read in; nothing anybody typed gets into them."""
CODE_WORDS = {"subject_type", "stage", "grade", "class_no", "kind", "boarding", "status", "rule_code"}
"""Columns and keys that only the code fills."""
Files = Iterator[tuple[str, bytes]]


def writes(source: str) -> bool:
    """Whether a module writes spreadsheets: by a library, as delimited text, or by parts into an archive."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names) if {one.name.partition(".")[0] for one in names} & LIBRARIES:
                return True
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] in LIBRARIES:
                return True
            case ast.Call(func=ast.Attribute(attr="writer" | "DictWriter", value=ast.Name(id="csv"))):
                return True
            case ast.Call(func=ast.Attribute(attr="ZipFile"), args=[_, ast.Constant(value="w" | "a"), *_]):
                return True
            case ast.Constant(value=str(text)) if text.startswith("text/csv"):
                return True
    return False


def found() -> list[str]:
    """Modules that write spreadsheets, as paths of the repository."""
    every = {name_of(path): path for path in modules()}
    return [
        name
        for name, path in every.items()
        if not name.startswith(INVENTED) and writes(path.read_text(encoding="utf-8"))
    ]


class Held(list[Any]):
    """Rows in memory where a writer expects them from the database."""

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        """One by one."""
        return iter(self)


def spoilt(row: Any, text: str, depth: int = 3) -> Any:
    """A copy of a row, and of the rows it points to, a few steps far; every free text says `text`."""
    twin = copy.copy(row)
    twin.__dict__ = dict(row.__dict__)
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for name, value in twin.__dict__.items():
        field = fields.get(name)
        if isinstance(value, str) and name not in CODE_WORDS and not (field and field.flatchoices):
            twin.__dict__[name] = text
        elif isinstance(value, dict):
            kept = {key: one if key in CODE_WORDS else text for key, one in value.items()}
            twin.__dict__[name] = kept | {text: text} if name == "detail" else kept
    twin._state = copy.copy(row._state)
    twin._state.fields_cache = {
        name: spoilt(value, text, depth - 1) if depth and hasattr(value, "_meta") else value
        for name, value in row._state.fields_cache.items()
    }
    return twin


def lists(patterns: Iterable[Any] | None = None, before: str = "") -> Iterator[str]:
    """URL names of every list."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            prefix = f"{before}{each.namespace}:" if each.namespace else before
            yield from lists(each.url_patterns, prefix)
        elif isinstance(each, URLPattern) and issubclass(
            getattr(each.callback, "view_class", object), ScopedListView
        ):
            yield f"{before}{each.name}"


def view_of(name: str) -> ScopedListView:
    """A list as the first office sees it that may export it."""
    match = resolve(reverse(name))
    kind: type[ScopedListView] = match.func.view_class  # type: ignore[attr-defined]
    wanted = kind.required_permission, kind.export_permission
    for role in (Role.COUNTY_HEAD, Role.COUNTY_CLERK, Role.AUDITOR, Role.AUDIT_ADMIN):
        unit = make.city() if role in (Role.AUDITOR, Role.AUDIT_ADMIN) else make.county()
        user = make.user(role, unit)
        if all(user.may(permission) for permission in wanted if permission):
            break
    request = HttpRequest()
    request.method, request.path, request.user = "GET", reverse(name), user
    request.GET, request.resolver_match = QueryDict(""), match
    view = kind()
    view.setup(request)
    return view


def _of_lists(folder: Path) -> Files:
    """Every list, each of its texts spoilt in five hundred rows."""
    _one_of_each(folder)
    for name in lists():
        view = view_of(name)
        row = view.found.first()
        assert row is not None, f"{name} shows nothing: make a row in `_one_of_each`"
        rows = Held(spoilt(row, text) for text in payloads())
        content, written = workbook_of(rows, table_of=view.table_of, title=view.title, by=view.user)  # type: ignore[arg-type]
        assert written == len(rows)
        yield "list.xlsx", content


def _one_of_each(folder: Path) -> None:
    school = make.school()
    child = make.poor_child(school=school)
    make.award(child)
    make.dropout_case(child.person, stage="PRI", grade=4)
    make.allowance(school=school)
    make.post(school=school)
    make.meal_month(school=school)
    make.finding(person=child.person)
    import_roster(rosters.save(folder, [rosters.pupil()]), "student_registry")


def _of_full_numbers(folder: Path) -> Files:
    """Lists with whole numbers, before they are locked."""
    _one_of_each(folder)
    for name in lists():
        view = view_of(name)
        if not view.table_class.unmasked():
            continue
        first = view.found.defer(None).first()
        rows = Held(spoilt(first, text) for text in payloads())
        by = view.user
        by.name, by.username = payloads()[0], payloads()[1]
        export = SimpleNamespace(requested_by=by, uid="1", rows=len(rows))
        wanted = SimpleNamespace(view=view, title=view.title, rows=rows)
        run = SimpleNamespace(progress=lambda *told: None)
        content, written = number_exports._workbook(export, wanted, run)  # type: ignore[arg-type]
        assert written == len(rows)
        yield "numbers.xlsx", content


def _hostile_roll() -> list[dict[str, object]]:
    """Five hundred pupils of whom everything is hostile that may be."""
    return [
        rosters.pupil(姓名=text, 班级=text, 监护人姓名=text, 现住址=text, 备注=text, **{"=2+3": text})
        for text in payloads()
    ]


def as_xlsx(lines: list[dict[str, object]], title: str = "名单") -> bytes:
    """A workbook that says of each text that it is one."""
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        for row, cells in enumerate([headings, *([line[name] for name in headings] for line in lines)]):
            for column, cell in enumerate(cells):
                sheet._write_string(row, column, str(cell))
    return target.getvalue()


def _of_disappeared(folder: Path) -> Files:
    """Whoever a full roll leaves out."""
    lines = [
        rosters.pupil(make.id_number(born), 出生日期=born.isoformat()) for born, _ in _birthdays(payloads())
    ]
    answer = import_roster(rosters.save(folder, lines), "student_registry")
    assert answer.count("new") == len(payloads()), answer.said["counts"]
    for row, text in zip(Enrolment.objects.whole_city().order_by("pk"), payloads(), strict=True):
        # A name that begins like a formula is refused at the door; the books may hold one all the same.
        Enrolment.objects.whole_city().filter(pk=row.pk).update(name=text[:50])
        School.objects.whole_city().filter(pk=row.school_id).update(name=text)
    clerk = client_of()
    content = rosters.save(folder, [rosters.pupil()], "全量.xlsx").read_bytes()
    batch = checked(clerk, content=content, name="全量.xlsx", kind="student_registry", is_full="on")
    yield "gone.xlsx", clerk.get(address(batch, "disappeared")).content


def _of_marked(folder: Path) -> Files:
    """The clerk's file in place, and one written anew; every row is refused, and mended by a hostile text."""
    lines = [line | {"年级": text} for line, text in zip(_hostile_roll(), payloads(), strict=True)]
    for name in ("名册.xlsx", "名册.csv"):
        content = as_xlsx(lines, "=1+1") if name.endswith("xlsx") else _as_csv(lines)
        clerk = client_of()
        batch = checked(clerk, content=content, name=name, kind="student_registry")
        sheet = next(iter(batch.mapping))
        typed = [((sheet, row), "class", text) for row, text in enumerate(payloads(), start=2)]
        with mock.patch.object(workbook, "typed_cells_of", lambda batch, typed=typed: iter(typed)):
            yield "marked.xlsx", workbook.build(latest(), roster_called(batch.kind)).read()


def _as_csv(lines: list[dict[str, object]]) -> bytes:
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    target = io.StringIO()
    writer = csv.DictWriter(target, headings)
    writer.writeheader()
    writer.writerows(lines)
    return target.getvalue().encode()


def _of_templates(folder: Path) -> Files:
    """Blank workbooks, whose drop-downs name the county's schools."""
    number = range(len(payloads()))
    School.objects.bulk_create(
        School(code=f"2114{at:06}", name=text, county=make.county(), kind="211")
        for at, text in zip(number, payloads(), strict=True)
    )
    for roster in ROSTERS.values():
        yield "template.xlsx", blank_workbook.build(roster, make.county())


def compared(name: str, content: bytes, by: User) -> bytes:
    keys = [column.key for column in COLUMNS]
    blob = comparing.compare_roster(file_name=name, data=content, columns=keys, term=make.term(), by=by)
    blob.refresh_from_db()
    return blobs.content_of(blob).data


def _of_compared(folder: Path) -> Files:
    """A list that is compared with books whose names and schools are hostile: into its own xlsx, or anew."""
    lines = []
    for born, text in _birthdays(payloads()):
        number = make.id_number(born)
        child = make.enrolment(school=make.school(name=text), born_on=born, number=number)
        make.identifier(child.person, number)
        Person.objects.whole_city().filter(pk=child.person.pk).update(name=text)
        Enrolment.objects.whole_city().filter(pk=child.pk).update(name=text[:50])
        lines.append({"姓名": text, "身份证号": number, "备注": text})
    clerk = make.user(Role.COUNTY_CLERK, make.county())
    with mock.patch.object(comparing, "_is_large", return_value=False):
        yield "own.xlsx", compared("a.xlsx", as_xlsx(lines), clerk)
        yield "anew.xlsx", compared("a.csv", _as_csv(lines), clerk)


def _birthdays(texts: list[str]) -> Iterator[tuple[date, str]]:
    """Each text with a birthday; a day has fewer ID numbers than there are texts."""
    return ((date(2011, 3, 1 + at % 20), text) for at, text in enumerate(texts))


def _of_findings(folder: Path) -> Files:
    """The ledger as the command prints it, about members whose 人编号 are hostile."""
    home = make.household()
    who = make.person()
    rows = [
        HouseholdMembership(
            person=who, household=home, county=home.county, member_no=f"{text[:26]}{at:04}", name=text[:50]
        )
        for at, text in enumerate(payloads())
    ]
    first = make.finding(subject_kind="member")
    for member in HouseholdMembership.objects.bulk_create(rows):
        make.finding(subject_kind="member", subject_id=str(member.pk), first_run=first.first_run)
    for form in ("csv", "text"):
        target = io.StringIO()
        call_command("findings", "--format", form, stdout=target)
        yield f"findings.{form}", target.getvalue().encode()


EXPORTS: dict[str, Callable[[Path], Files]] = {
    "datong_edu/web/exports.py": _of_lists,
    "datong_edu/registry/number_exports.py": _of_full_numbers,
    "datong_edu/importing/views.py": _of_disappeared,
    "datong_edu/importing/workbook.py": _of_marked,
    "datong_edu/importing/blank_workbook.py": _of_templates,
    "datong_edu/desk/comparing/appending.py": _of_compared,
    "datong_edu/desk/comparing/rewriting.py": _of_compared,
    "datong_edu/crosschecks/rules/management/commands/findings.py": _of_findings,
}
"""Writer → the files it makes of five hundred hostile texts."""

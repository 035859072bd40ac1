"""Parameter files into the table: all or nothing, safe to repeat, never over an officer's value."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.core import audit
from datong_edu.standards.declarations import PARAMETERS, Declaration, DeclaredValue, Scope, read_all
from datong_edu.standards.enums import DIMENSIONS, Origin
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.models import Standard, StandardValue

_OWN_FIELDS = ("app", "title", "description", "unit", "value_type", "dimensions")
_VALUE_FIELDS = ("number", "text", "until_on", "source_title", "source_number", "source_link")


@dataclass
class LoadReport:
    """What a loading did, counted in values; `kept` names what an officer's value replaces."""

    standards: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        line = (
            f"标准 {self.standards} 项：取值新增 {self.added}、变更 {self.changed}、"
            f"撤下 {self.removed}、无变化 {self.unchanged}"
        )
        return f"{line}；保留标准管理员录入的 {len(self.kept)} 处" if self.kept else line


def load(root: Path = PARAMETERS, *, by: User | None = None) -> LoadReport:
    """Read every file, then write the differences in one transaction.

    A fault in any file raises `StandardsError` with file and line and nothing is written.  A day for which
    the officer has added a value in the browser keeps that value.  Standards missing from the files stay.
    """
    declarations = read_all(root)
    with transaction.atomic():
        counties = dict(Unit.objects.filter(kind=UnitKind.COUNTY).values_list("code", "pk"))
        report = LoadReport(standards=len(declarations))
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE standards_standardvalue IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET CONSTRAINTS standard_value_no_overlap DEFERRED")
            for declaration in declarations:
                _write(_standard(declaration), _wanted(declaration, counties), report)
            cursor.execute("SET CONSTRAINTS standard_value_no_overlap IMMEDIATE")
        if report.added or report.changed or report.removed:
            counts = {name: getattr(report, name) for name in ("added", "changed", "removed")}
            audit.record(action="standards.load", by=by, source="command", detail=counts)
    return report


def _standard(declaration: Declaration) -> Standard:
    """The standard of a file, made or brought up to date; untouched when nothing differs."""
    wanted = {name: getattr(declaration, name) for name in _OWN_FIELDS}
    wanted["dimensions"] = list(declaration.dimensions)
    standard = Standard.objects.filter(key=declaration.key).first()
    if standard is None:
        return Standard.objects.create(key=declaration.key, **wanted)
    if any(getattr(standard, name) != value for name, value in wanted.items()):
        if (
            standard.value_type != declaration.value_type
            and standard.values.filter(origin=Origin.DESK).exists()
        ):
            raise StandardsError(
                f"{declaration.where}：标准 {declaration.key} 已有标准管理员录入的取值，不能改取值类型。"
            )
        for name, value in wanted.items():
            setattr(standard, name, value)
        standard.save()
    return standard


def _wanted(declaration: Declaration, counties: dict[str, int]) -> list[StandardValue]:
    """The rows of a file, each ending where the next of its scope begins."""
    series: dict[Scope, list[DeclaredValue]] = defaultdict(list)
    for value in declaration.values:
        series[value.scope].append(value)
        if value.scope.county and value.scope.county not in counties:
            raise StandardsError(f"{value.where}：没有代码为 {value.scope.county} 的县区，请先载入单位。")
    return [
        StandardValue(
            **{name: getattr(scope, name) for name in DIMENSIONS},
            county_id=counties.get(scope.county),
            number=value.number,
            text=value.text,
            from_on=value.from_on,
            until_on=following.from_on if following else None,
            source_title=value.source.title,
            source_number=value.source.number,
            source_link=value.source.link,
        )
        for scope, values in series.items()
        for value, following in zip(values, [*values[1:], None], strict=True)
    ]


def _write(standard: Standard, wanted: Iterable[StandardValue], report: LoadReport) -> None:
    """Bring the file's rows of one standard in line with the file, around the officer's rows."""
    rows = list(standard.values.all())
    desk = [row for row in rows if row.origin == Origin.DESK]
    old = {_place(row): row for row in rows if row.origin == Origin.FILE}
    for new in wanted:
        if not _yields(new, desk):
            report.kept.append(f"{standard.key} {new.from_on}")
            continue
        row = old.pop(_place(new), None)
        if row is None:
            new.standard = standard
            new.save()
            report.added += 1
        elif any(getattr(row, name) != getattr(new, name) for name in _VALUE_FIELDS):
            for name in _VALUE_FIELDS:
                setattr(row, name, getattr(new, name))
            row.save()
            report.changed += 1
        else:
            report.unchanged += 1
    for row in old.values():
        row.delete()
        report.removed += 1


def _yields(new: StandardValue, desk: Iterable[StandardValue]) -> bool:
    """End a file's row where the officer's value begins; False when it begins within one."""
    for row in desk:
        if _scope(row) != _scope(new):
            continue
        if row.from_on <= new.from_on and (row.until_on is None or new.from_on < row.until_on):
            return False
        if new.from_on < row.from_on and (new.until_on is None or row.from_on < new.until_on):
            new.until_on = row.from_on
    return True


def _scope(row: StandardValue) -> tuple[object, ...]:
    """For whom a row holds, comparable."""
    return (*(getattr(row, name) for name in DIMENSIONS), row.county_id)


def _place(row: StandardValue) -> tuple[tuple[object, ...], date]:
    """Where a row stands within its standard."""
    return _scope(row), row.from_on

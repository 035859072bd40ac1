"""Which heading of a file holds which field: exact alias, then what this unit decided before, then the clerk.

A mapping is `{sheet: {column letter: field}}`; an empty field means the column is left out on purpose.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datong_edu.accounts.models import Unit, User
from datong_edu.core.exceptions import PortalError
from datong_edu.importing.cleaning import SheetMapping
from datong_edu.importing.declare import Roster
from datong_edu.importing.headings import is_lookalike, match_columns, normalise_heading
from datong_edu.importing.layout import SheetLayout, SheetRole, Vocabulary
from datong_edu.importing.models import RememberedMapping
from datong_edu.importing.template_marks import is_template

Mapping = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Proposal:
    """A mapping and the columns a person has to confirm before anything is read under it."""

    mapping: Mapping
    to_confirm: tuple[tuple[str, str], ...]
    incomplete: bool = False


def vocabulary(roster: Roster, *, loose: bool = False) -> Vocabulary:
    """The headings a roster knows, as the reading process needs them.

    `loose` also finds a sheet that lacks headings the roster is known by: a person then says which column is
    which.
    """
    fields = {column.field: column.aliases for column in roster.columns}
    return Vocabulary.of_fields(fields, () if loose else roster.recognised_by, roster.ignored)


def propose(
    roster: Roster, unit: Unit, sheets: Iterable[SheetLayout], *, incomplete: bool = False
) -> Proposal:
    """Map every data sheet; identity, money and account columns new to this unit are to be confirmed.

    `incomplete` says that the headings alone did not tell the kind of the file, so that a person must look.
    The portal's own template leaves no doubt.
    """
    sheets = list(sheets)
    is_ours = is_template(roster, sheets)
    remembered = dict(
        RememberedMapping.objects.filter(unit=unit, kind=roster.key).values_list("heading", "field")
    )
    fields = {column.field: column.aliases for column in roster.columns}
    mapping: Mapping = {}
    doubtful: list[tuple[str, str]] = []
    for sheet in sheets:
        if sheet.role is not SheetRole.DATA:
            continue
        headings = [column.heading for column in sheet.columns]
        taken: dict[str, str] = {}
        for column, match in zip(sheet.columns, match_columns(headings, fields), strict=True):
            heading = normalise_heading(column.heading)
            field_name = remembered.get(heading, match.field if match else "")
            if field_name in taken.values() or roster.column_for(field_name) is None:
                field_name = ""
            taken[column.letter] = field_name
            declared = roster.column_for(field_name)
            if declared is not None and declared.confirm and heading not in remembered and not is_ours:
                doubtful.append((sheet.name, column.letter))
        mapping[sheet.name] = taken
    return Proposal(mapping, tuple(doubtful), incomplete)


def check_mapping(roster: Roster, sheets: Iterable[SheetLayout], mapping: Mapping) -> None:
    """Refuse a mapping that gives a field twice or takes a lookalike for an identity column."""
    for sheet in sheets:
        if sheet.role is not SheetRole.DATA:
            continue
        chosen = [field for field in mapping.get(sheet.name, {}).values() if field]
        twice = {field for field in chosen if chosen.count(field) > 1}
        if twice:
            raise PortalError(f"工作表“{sheet.name}”中有两列对应同一字段，请只保留一列。")
        for column in sheet.columns:
            field_name = mapping.get(sheet.name, {}).get(column.letter, "")
            if field_name and roster.column_for(field_name) is None:
                raise PortalError(f"“{column.heading}”对应的字段“{field_name}”不属于{roster.title}。")
            if field_name and is_lookalike(column.heading, field_name):
                raise PortalError(f"“{column.heading}”不是该字段，不能这样对应。请选择正确的列。")


def remember(roster: Roster, unit: Unit, sheets: Iterable[SheetLayout], mapping: Mapping, by: User) -> None:
    """Keep what the unit decided, heading by heading."""
    decided = {}
    for sheet in sheets:
        for column in sheet.columns:
            if column.letter in mapping.get(sheet.name, {}):
                decided[normalise_heading(column.heading)] = mapping[sheet.name][column.letter]
    RememberedMapping.objects.bulk_create(
        [
            RememberedMapping(unit=unit, kind=roster.key, heading=heading, field=field_name, decided_by=by)
            for heading, field_name in decided.items()
            if heading
        ],
        update_conflicts=True,
        unique_fields=["unit", "kind", "heading"],
        update_fields=["field", "decided_by", "decided_at"],
    )


def sheet_mapping(sheet: SheetLayout, mapping: Mapping) -> SheetMapping:
    """The mapping of one sheet by position of its columns."""
    chosen = mapping.get(sheet.name, {})
    fields = {c.index: chosen[c.letter] for c in sheet.columns if chosen.get(c.letter)}
    return SheetMapping(sheet.name, fields, {c.index: c.heading for c in sheet.columns})


def from_file(path: Path) -> Mapping:
    """A mapping saved as JSON: `{"工作表": {"A": "name"}}`; `*` stands for every sheet."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PortalError(f"读不了对应关系文件 {path.name}，应为 JSON 格式。") from error
    shaped = isinstance(content, dict) and all(isinstance(columns, dict) for columns in content.values())
    if not shaped:
        raise PortalError('对应关系文件应写成 {"工作表名": {"A": "name", "B": "id_no"}}。')
    return {sheet: {str(k): str(v) for k, v in columns.items()} for sheet, columns in content.items()}

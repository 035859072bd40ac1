"""Which heading of a file holds which field: exact alias, what this unit decided before, content, the clerk.

A mapping is `{sheet: {column letter: field}}`; an empty field means the column is left out on purpose.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from datong_edu.accounts.models import Unit, User
from datong_edu.core.exceptions import PortalError
from datong_edu.importing.cleaning import SheetMapping
from datong_edu.importing.content import WORDS, Cells, People, Sought, doubt, guess_columns
from datong_edu.importing.declare import Roster
from datong_edu.importing.headings import fields_said, is_lookalike, match_columns, normalise_heading
from datong_edu.importing.layout import SheetLayout, SheetRole, Vocabulary
from datong_edu.importing.models import RememberedMapping
from datong_edu.importing.template_marks import is_template

Mapping = dict[str, dict[str, str]]
FirstRows = dict[str, list[list[Any]]]
"""The first data rows of each sheet."""
Remarks = dict[str, dict[str, dict[str, Any]]]
"""What the cells of a column say, by sheet and letter: `field`, `confidence`, `why`; or `doubt`."""


@dataclass(frozen=True)
class Proposal:
    """A mapping and the columns a person has to confirm before anything is read under it."""

    mapping: Mapping
    to_confirm: tuple[tuple[str, str], ...]
    incomplete: bool = False
    remarks: Remarks = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        """Whether neither headings nor cells tell a single field."""
        return not any(name for columns in self.mapping.values() for name in columns.values())


def vocabulary(roster: Roster, *, loose: bool = False) -> Vocabulary:
    """The headings a roster knows, as the reading process needs them.

    `loose` also finds a sheet that lacks headings the roster is known by, and where no sheet has any of them
    takes whatever stands above the rows for headings: a person then says which column is which.
    """
    fields = {column.field: column.aliases for column in roster.columns}
    words = Vocabulary.of_fields(fields, () if loose else roster.recognised_by, roster.ignored)
    words = words.of_a_roster(has_schools={"school", "name"} <= fields.keys())
    return words.taking_any_heading() if loose else words


def propose(
    roster: Roster,
    unit: Unit,
    sheets: Iterable[SheetLayout],
    *,
    incomplete: bool = False,
    first_rows: FirstRows | None = None,
    on: date | None = None,
) -> Proposal:
    """Map every data sheet; identity, money and account columns new to this unit are to be confirmed.

    `incomplete` says that the headings alone did not tell the kind of the file, so that a person must look.
    With `first_rows` and the day `on` the cells speak where headings say nothing; what they propose is always
    to be confirmed, and so is a column whose cells contradict its heading.  The portal's own template leaves
    no doubt.
    """
    sheets = list(sheets)
    is_ours = is_template(roster, sheets)
    remembered = dict(
        RememberedMapping.objects.filter(unit=unit, kind=roster.key).values_list("heading", "field")
    )
    fields = {column.field: column.aliases for column in roster.columns}
    mapping: Mapping = {}
    doubtful: list[tuple[str, str]] = []
    reader = _ContentReader(roster, unit, first_rows, on) if first_rows and on and not is_ours else None
    remarks: Remarks = {}
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
        left_out = {c.letter for c in sheet.columns if remembered.get(normalise_heading(c.heading)) == ""}
        said = reader.remarks(sheet, taken, left_out) if reader else {}
        taken |= {letter: remark["field"] for letter, remark in said.items() if "field" in remark}
        for column in sheet.columns:
            declared = roster.column_for(taken[column.letter])
            is_known = is_ours or (normalise_heading(column.heading) in remembered)
            if column.letter in said or (declared is not None and declared.confirm and not is_known):
                doubtful.append((sheet.name, column.letter))
        mapping[sheet.name], remarks[sheet.name] = taken, said
    if incomplete and mapping:
        known = [{name for name in taken.values() if name} for taken in mapping.values()]
        incomplete = not all(any(group <= names for group in roster.recognised_by) for names in known)
    return Proposal(mapping, tuple(doubtful), incomplete, remarks)


class _ContentReader:
    """Reads what the first rows of a file say of its columns."""

    def __init__(self, roster: Roster, unit: Unit, first_rows: FirstRows, on: date) -> None:
        self.roster, self.first_rows = roster, first_rows
        self.people = People(on, roster.ages)
        self.fields = {column.field: column.aliases for column in roster.columns}
        self.unit = unit

    def remarks(
        self, sheet: SheetLayout, taken: dict[str, str], left_out: set[str]
    ) -> dict[str, dict[str, Any]]:
        """By letter: the field that an open column speaks for, or why a mapped one is doubted.

        Columns that this unit has decided to leave out stay out.
        """
        cells = {column.letter: self._cells(sheet, column.index, column.heading) for column in sheet.columns}
        found: dict[str, dict[str, Any]] = {}
        for letter, name in taken.items():
            words = doubt(name, cells[letter], self.people) if name else ""
            if words:
                found[letter] = {"doubt": words}
        unused = {normalise_heading(heading) for heading in self.roster.ignored}
        open_ = [
            letter
            for letter, name in taken.items()
            if not name and letter not in left_out and normalise_heading(cells[letter].heading) not in unused
        ]
        if not open_:
            return found
        identity = next((cells[letter].raw for letter, name in taken.items() if name == "id_no"), ())
        missing = frozenset(self.fields) - set(taken.values())
        sought = Sought(
            missing,
            self.people,
            {c.field: c.clean for c in self.roster.columns if c.field in WORDS},
            self.roster.known_values(self.unit),
            identity,
        )
        for letter, guess in zip(open_, guess_columns([cells[at] for at in open_], sought), strict=True):
            if guess is not None:
                found[letter] = asdict(guess)
        return found

    def _cells(self, sheet: SheetLayout, index: int, heading: str) -> Cells:
        rows = self.first_rows.get(sheet.name, [])
        raw = [row[index] if index < len(row) else "" for row in rows]
        barred = frozenset(name for name in self.fields if is_lookalike(heading, name))
        return Cells(heading, raw, fields_said(heading, self.fields), barred)


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

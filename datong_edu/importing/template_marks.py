"""How a workbook is known to be the portal's own template: its sheets are called as we called them."""

import hashlib
from collections.abc import Iterable

from datong_edu.importing.declare import Column, Roster
from datong_edu.importing.labels import field_label
from datong_edu.importing.layout import SheetLayout

NOTES_SHEET = "填写说明"
WORDS_SHEET = "选项"


def sheet_title(roster: Roster) -> str:
    """Name of the template's sheet for data."""
    return roster.title[:31]


def version_of(roster: Roster) -> str:
    """Short mark of the columns a template was made with; another mark says that they have changed since."""
    headings = "|".join(heading_of(column) for part in roster.makes() for column in part.template_columns())
    return hashlib.sha256(f"{roster.key}|{headings}".encode()).hexdigest()[:6]


def heading_of(column: Column) -> str:
    """The heading of a column in the template: the roster's own word before the common one."""
    return column.aliases[0] if column.aliases else field_label(column.field)


def is_template(roster: Roster, sheets: Iterable[SheetLayout]) -> bool:
    """Whether a file is our template of this roster; its headings then say for certain what they hold."""
    wanted = {sheet_title(part) for part in roster.makes()} | {NOTES_SHEET}
    return {sheet.name for sheet in sheets} >= wanted

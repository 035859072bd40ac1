"""Rows that name their person by 档案号, and rows whose number is masked.

What the portal exports shows numbers masked, and beside them the 档案号: the person's uid, which tells
nothing by itself.  Such a row means that person, where the importer may see them; its masked numbers must be
theirs, and the numbers themselves are copied from the registry, sealed as they stand there.

A masked number is no number.  Without a 档案号 it finds nobody: whoever is known by nothing else is kept as a
person without number, and only the same name with the same masked text in the same county is that person
again, as when a file is mended and sent anew.
"""

import uuid
from typing import Any

from datong_edu.core import idnumber, sensitive
from datong_edu.importing.cleaners.base import Cell, Refuse, raw_text
from datong_edu.importing.declare import Column, Context, Row
from datong_edu.importing.staging import ACCEPTED, Stage
from datong_edu.registry.enums import IdentifierKind

FIELD = "person_uid"
UNKNOWN, DIFFERS = "PERSON_FILE_UNKNOWN", "PERSON_FILE_DIFFERS"
MASKED_KEY = (
    "CASE WHEN s.masked_numbers IS NOT NULL THEN md5(concat_ws(':', 'masked', s.county_id, s.name_key,"
    " s.masked_numbers[1]))::uuid END"
)
"""SQL of what tells a person without number from another."""


def person_uid(cell: Cell) -> str | None:
    """A 档案号 as exports have it."""
    text = raw_text(cell)
    if not text:
        return None
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Refuse(UNKNOWN) from None


PERSON_FILE = Column(FIELD, person_uid, "uuid", in_template=False)


# --- a row by itself ------------------------------------------------------------------------------------


def note_masked(row: Row, columns: tuple[Column, ...]) -> None:
    """Take down the masked numbers of a row; beside a 档案号 nothing that is masked or blank is at fault."""
    known = bool(row.values.get(FIELD))
    if not known and ("ID_MASKED", "id_no") not in row.notes:
        return
    masked, forgiven = [], set()
    for column in columns:
        if not column.sealed or not row.has(column.field):
            continue
        written = row.words[row.places[column.field]].strip()
        if idnumber.is_masked(written):
            forgiven.add(column.field)
            if column.field in IdentifierKind:
                masked.append(f"{column.field}:{sensitive.mask(column.sealed, idnumber.normalise(written))}")
        elif not written and column.field == IdentifierKind.ID_NO:
            forgiven.add(column.field)
    row.values["masked_numbers"] = masked or None
    if known:
        row.faults = [(key, at) for key, at in row.faults if at not in forgiven]
        row.notes = [(key, at) for key, at in row.notes if at not in forgiven]


# --- all rows in sets -----------------------------------------------------------------------------------


def find_by_file(stage: Stage, context: Context) -> None:
    """Give the rows with a 档案号 their person and numbers; refuse those that contradict the registry.

    Call it before persons are looked for by number.
    """
    if not stage.rows(f"SELECT EXISTS (SELECT FROM {stage.table} WHERE {FIELD} IS NOT NULL)")[0][0]:
        return
    allowed = context.allowed_county_ids
    reach = "" if allowed is None else " AND p.county_ids && %(allowed)s::bigint[]"
    stage.run(
        f"UPDATE {stage.table} s SET person_id = p.id FROM registry_person p"
        f" WHERE p.uid = s.{FIELD} AND {ACCEPTED}{reach}",
        {"allowed": sorted(allowed or ())},
    )
    _refuse(stage, UNKNOWN, "s.person_id IS NULL")
    for kind in IdentifierKind:
        if kind in stage.sealed:
            _take_number(stage, kind)
    stage.run(
        f"UPDATE {stage.table} s SET id_state = (SELECT p.id_state FROM registry_person p WHERE"
        f" p.id = s.person_id AND p.id_no_index = s.id_no_index) WHERE {FIELD} IS NOT NULL"
        f" AND (s.masked_numbers IS NOT NULL OR s.id_no_index IS NULL) AND {ACCEPTED}"
    )
    # Rows of one person met only now contradict each other as rows of one number do.
    stage.mark_conflicts()


def find_masked(stage: Stage) -> None:
    """Find again the persons who are known by nothing but a masked number; keep that text for those."""
    if not stage.rows(f"SELECT EXISTS (SELECT FROM {stage.table} WHERE masked_numbers IS NOT NULL)")[0][0]:
        return
    numbers = [f"s.{kind}_index" for kind in IdentifierKind if kind in stage.sealed]
    nothing = f"COALESCE({', '.join(numbers)}) IS NULL"
    stage.run(
        f"UPDATE {stage.table} s SET person_id = p.id FROM registry_person p WHERE s.person_id IS NULL"
        f" AND {nothing} AND p.id_no_index IS NULL AND 'id_no:' || p.id_no_masked = ANY (s.masked_numbers)"
        f" AND p.name_key = s.name_key AND p.county_ids @> ARRAY[s.county_id] AND {ACCEPTED}"
    )
    if "id_no" in stage.sealed:
        stage.run(
            f"UPDATE {stage.table} s SET id_no_masked = substr(s.masked_numbers[1], length('id_no:') + 1)"
            f" WHERE s.id_no_index IS NULL AND s.masked_numbers[1] LIKE 'id_no:%' AND {ACCEPTED}"
            " AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = s.person_id"
            " AND p.id_no_index IS NOT NULL)"
        )


def _take_number(stage: Stage, kind: IdentifierKind) -> None:
    """Numbers of one kind: a masked one is copied from the person's own, a full one must be the person's.

    A full number that nobody has completes a person without one.
    """
    values: dict[str, Any] = {"kind": kind}
    shown = "%(kind)s::text || ':' || i.value_masked"
    stage.run(
        f"UPDATE {stage.table} u SET {kind} = n.value, {kind}_index = n.value_index, {kind}_masked ="
        " n.value_masked FROM (SELECT DISTINCT ON (s.seq) s.seq, i.value, i.value_index, i.value_masked"
        f" FROM {stage.table} s JOIN registry_personidentifier i ON i.person_id = s.person_id"
        " JOIN registry_person p ON p.id = s.person_id"
        f" WHERE s.{FIELD} IS NOT NULL AND i.kind = %(kind)s AND {shown} = ANY (s.masked_numbers)"
        f" AND {ACCEPTED} ORDER BY s.seq, i.value_index = p.id_no_index DESC, i.id) n WHERE n.seq = u.seq",
        values,
    )
    has_none = "SELECT FROM registry_person p WHERE p.id = s.person_id AND p.id_no_index IS NULL"
    nameless = f" AND NOT EXISTS ({has_none} AND 'id_no:' || p.id_no_masked = ANY (s.masked_numbers))"
    _refuse(
        stage,
        DIFFERS,
        f"s.{kind}_index IS NULL AND EXISTS (SELECT FROM unnest(s.masked_numbers) m"
        f" WHERE m LIKE %(kind)s::text || ':%%'){nameless if kind == IdentifierKind.ID_NO else ''}",
        values,
    )
    owned = "SELECT FROM registry_personidentifier i WHERE i.kind = %(kind)s AND i.value_index ="
    strange = f"EXISTS ({owned} s.{kind}_index AND i.person_id <> s.person_id)"
    if kind == IdentifierKind.ID_NO:
        strange += f" OR NOT EXISTS ({owned} s.{kind}_index) AND NOT EXISTS ({has_none})"
    _refuse(stage, DIFFERS, f"s.{kind}_index IS NOT NULL AND ({strange})", values)


def _refuse(stage: Stage, key: str, condition: str, values: "dict[str, Any] | None" = None) -> None:
    stage.run(
        f"UPDATE {stage.table} s SET fault_keys = s.fault_keys || %(key)s::text,"
        f" fault_fields = s.fault_fields || %(field)s::text"
        f" WHERE s.{FIELD} IS NOT NULL AND {ACCEPTED} AND {condition}",
        {"key": key, "field": FIELD} | (values or {}),
    )

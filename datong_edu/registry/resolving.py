"""Which person a staged row means: exact numbers only, in sets.

Order: identity number (now or before), 学籍号, 残疾人证号, then 人编号 of the poverty register.  Whoever is
found by none becomes a new person; two rows with the same number become one.  Likeness of names is never
enough: that is a candidate for a human to decide.
"""

from datong_edu.importing.declare import Context, Derived
from datong_edu.importing.staging import ACCEPTED, Stage
from datong_edu.registry.enums import IdentifierKind
from datong_edu.registry.person_files import MASKED_KEY, find_by_file, find_masked

PERSON_COLUMNS = (
    Derived("person_id", "bigint", in_sets=True),
    Derived("person_is_new", "boolean", in_sets=True),
    Derived("name_key"),
    Derived("name_grams", "text[]"),
    Derived("name_pinyin"),
    Derived("id_state"),
    Derived("id_birth_on", "date"),
    Derived("id_sex"),
    Derived("school_id", "bigint"),
    Derived("county_id", "bigint"),
    Derived("masked_numbers", "text[]"),
)


def resolve_persons(stage: Stage, context: Context) -> None:
    """Fill `person_id` of the rows whose person is known."""
    stage.run(f"UPDATE {stage.table} SET person_id = NULL WHERE person_id IS NOT NULL")
    find_by_file(stage, context)
    for kind in IdentifierKind:
        if kind in stage.sealed:
            stage.run(
                f"UPDATE {stage.table} s SET person_id = i.person_id FROM registry_personidentifier i"
                f" WHERE s.person_id IS NULL AND i.value_index = s.{kind}_index AND i.kind = %s"
                f" AND {ACCEPTED}",
                [kind],
            )
    if stage.has("member_no"):
        stage.run(
            f"UPDATE {stage.table} s SET person_id = m.person_id FROM registry_householdmembership m"
            f" WHERE s.person_id IS NULL AND m.member_no = s.member_no AND {ACCEPTED}"
        )
    find_masked(stage)


def create_persons(stage: Stage) -> None:
    """Create the persons no row could be matched to, and keep numbers and counties of all of them."""
    sex = _or_blank(stage, "sex", "s.sex")
    birth = "COALESCE(s.birth, s.id_birth_on)" if stage.has("birth") else "s.id_birth_on"
    if _number_new_persons(stage):
        stage.run(
            "INSERT INTO registry_person (id, uid, name, name_key, name_grams, name_pinyin, sex, birth_on,"
            " id_no, id_no_index, id_no_masked, id_state, county_ids) SELECT DISTINCT ON (s.person_id)"
            f" s.person_id, gen_random_uuid(), name, name_key, name_grams, name_pinyin, {sex}, {birth},"
            f" id_no, id_no_index, COALESCE(id_no_masked, ''), id_state, k.counties FROM {stage.table} s JOIN"
            f" (SELECT person_id, array_agg(DISTINCT county_id) AS counties FROM {stage.table} WHERE"
            f" person_is_new GROUP BY person_id) k ON k.person_id = s.person_id WHERE s.person_is_new"
            f" AND {ACCEPTED} ORDER BY s.person_id, s.seq"
        )
    _complete_persons(stage, sex, birth)
    for kind in IdentifierKind:
        if kind in stage.sealed:
            stage.run(
                "INSERT INTO registry_personidentifier (person_id, kind, value, value_index, value_masked,"
                f" source_batch_id, source_sheet, source_row) SELECT DISTINCT ON ({kind}_index) person_id,"
                f" %s, {kind}, {kind}_index, {kind}_masked, %s, sheet, row FROM {stage.table} s WHERE"
                f" {kind}_index IS NOT NULL AND {ACCEPTED} AND NOT EXISTS (SELECT 1 FROM"
                f" registry_personidentifier i WHERE i.value_index = s.{kind}_index AND i.kind = %s)"
                f" ORDER BY {kind}_index, seq ON CONFLICT (value_index, kind) DO NOTHING",
                [kind, stage.batch_id, kind],
            )
    stage.run(
        "UPDATE registry_person p SET county_ids = p.county_ids || f.counties FROM (SELECT person_id,"
        f" array_agg(DISTINCT county_id) AS counties FROM {stage.table} s JOIN registry_person q"
        f" ON q.id = s.person_id WHERE {ACCEPTED} AND s.person_is_new IS NULL"
        " AND NOT q.county_ids @> ARRAY[s.county_id] GROUP BY person_id) f WHERE p.id = f.person_id"
    )


def _number_new_persons(stage: Stage) -> int:
    """Give each new person an id; rows with one number mean one person.  Returns how many rows are theirs."""
    key = number_of_row(stage)
    return stage.run(
        f"UPDATE {stage.table} s SET person_id = f.id, person_is_new = true FROM (SELECT person_key,"
        f" nextval(pg_get_serial_sequence('registry_person', 'id')) AS id FROM (SELECT DISTINCT {key} AS"
        f" person_key FROM {stage.table} s WHERE person_id IS NULL AND {ACCEPTED}) k) f"
        f" WHERE s.person_id IS NULL AND f.person_key = {key} AND {ACCEPTED}"
    )


def number_of_row(stage: Stage) -> str:
    """SQL of the number that tells a new person from another: the first a staged row `s` has."""
    keys = [f"s.{kind}_index" for kind in IdentifierKind if kind in stage.sealed]
    if stage.has("member_no"):
        keys.append("md5('member_no' || s.member_no)::uuid")
    keys.append(MASKED_KEY)
    return f"COALESCE({', '.join(keys)})"


def _complete_persons(stage: Stage, sex: str, birth: str) -> None:
    """Let a roster fill what is still blank of a person; it never overwrites."""
    stage.run(
        "UPDATE registry_person p SET sex = CASE WHEN p.sex = '' THEN f.sex ELSE p.sex END,"
        " birth_on = COALESCE(p.birth_on, f.birth), id_no = COALESCE(p.id_no, f.id_no),"
        " id_no_index = COALESCE(p.id_no_index, f.id_no_index),"
        " id_no_masked = CASE WHEN p.id_no_index IS NULL THEN COALESCE(NULLIF(f.id_no_masked, ''),"
        " p.id_no_masked) ELSE p.id_no_masked END,"
        " id_state = CASE WHEN p.id_no_index IS NULL THEN COALESCE(f.id_state, p.id_state) ELSE p.id_state"
        " END"
        f" FROM (SELECT DISTINCT ON (person_id) person_id, {sex} AS sex, {birth} AS birth, id_no,"
        f" id_no_index, COALESCE(id_no_masked, '') AS id_no_masked, id_state FROM {stage.table} s"
        f" WHERE person_is_new IS NULL AND {ACCEPTED} ORDER BY person_id, seq) f WHERE p.id = f.person_id AND"
        " (p.sex = '' AND f.sex <> '' OR p.birth_on IS NULL AND f.birth IS NOT NULL"
        " OR p.id_no_index IS NULL AND f.id_no_index IS NOT NULL)"
    )


def _or_blank(stage: Stage, column: str, expression: str) -> str:
    return f"COALESCE({expression}, s.id_sex, '')" if stage.has(column) else "COALESCE(s.id_sex, '')"

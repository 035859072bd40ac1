"""Which rows of a table each role sees, derived from the models.

A county sees the rows of its counties, a school those of its pupils, the city and the worker all, the audit
office histories only.  A fact about a person is also seen by whoever sees the person, because a pupil of one
county may be poor in another.  A model that names its county by a bare key says in which column
(`county_key`); one read only through another row (`access = within(…)`) is seen with that row.  A model
without personal data says in `outside_wall` why it has no wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import Model

from datong_edu.core.wall.roles import CHAIN, OF_THE_WEB, WEB, Reach

MINE = "(SELECT portal_counties())::bigint[]"
MY_SCHOOLS = "(SELECT portal_school_ids())::bigint[]"
ME = "(SELECT portal_user())"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_counties() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT coalesce(nullif(current_setting('portal.counties', true), ''), '{}')::bigint[]$$;
CREATE OR REPLACE FUNCTION portal_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT coalesce(nullif(current_setting('portal.user', true), ''), '0')::bigint$$;
CREATE OR REPLACE FUNCTION portal_school_ids() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT coalesce(array_agg(id), '{}') FROM registry_school
   WHERE code = ANY (coalesce(nullif(current_setting('portal.schools', true), ''), '{}')::text[])$$;
"""


@dataclass(frozen=True)
class Policy:
    """The conditions on a table's row under which the web's roles see and write it."""

    table: str
    county: str
    school: str
    append_only: bool = False


def policies() -> Iterator[Policy]:
    """The policy of every table with personal rows, in the order of the models."""
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if is_walled(tracked or model):
            yield policy_of(model, tracked)


def is_walled(model: type[Model]) -> bool:
    """Whether rows of a model are personal: they reach a county or a person, or a row that does."""
    if getattr(model, "outside_wall", ""):
        return False
    if getattr(model, "walled_by_user", ()) or hasattr(model, "county_key"):
        return True
    parent = _parent(model)
    if parent is not None and is_walled(parent.related_model):
        return True
    return bool(_columns(model) & {"county_ids", "person_id"}) or (
        "county_id" in _columns(model) and hasattr(model._default_manager.all(), "scoped")
    )


def policy_of(model: type[Model], tracked: type[Model] | None = None) -> Policy:
    """The policy of one table; a history table is read as the table whose history it is."""
    said, table, columns = tracked or model, model._meta.db_table, _columns(model)
    county, school = [], []
    if "county_ids" in columns:
        # In a CASE the planner takes it for true of half the rows, and goes by the application's own filter.
        county.append(f"CASE WHEN {table}.county_ids && {MINE} THEN true ELSE false END")
        key = "pgh_obj_id" if tracked else "id"
        school.append(_exists("registry_enrolment", f"person_id = {table}.{key}"))
    if "county_id" in columns:
        county.append(f"{table}.county_id = ANY ({MINE})")
    if hasattr(said, "county_key"):
        county.append(f"{table}.{said.county_key} = ANY ({MINE})")
    path = getattr(said, "school_path", "")
    if path:
        field: Any = said._meta.get_field(path.partition("__")[0])
        behind = _exists(field.related_model._meta.db_table, f"id = {table}.{field.column}")
        school.append(behind if "__" in path else f"{table}.{field.column} = ANY ({MY_SCHOOLS})")
    own_county = "county_id" in columns and not getattr(said, "seen_with_person", True)
    if "person_id" in columns and not own_county:
        seen = _exists("registry_person", f"id = {table}.person_id")
        county.append(seen)
        # A place at a school tells who its pupils are; it is never itself seen through the pupil.
        if said._meta.label != "registry.Enrolment":
            school.append(seen)
    parent = _parent(said)
    if parent is not None and not columns & {"person_id", "county_id"}:
        seen = _exists(parent.related_model._meta.db_table, f"id = {table}.{parent.column}")
        county.append(seen)
        school.append(seen)
    for column in getattr(said, "walled_by_user", ()):
        county.append(f"{table}.{column} = {ME}")
        school.append(f"{table}.{column} = {ME}")
        if is_kept(model) and "county_id" in columns:  # a deed of nobody and nowhere, such as a failed log-in
            nobody = f"({table}.{column} IS NULL AND {table}.county_id IS NULL)"
            county.append(nobody)
            school.append(nobody)
    return Policy(table, " OR ".join(county), " OR ".join(school) or "false", is_kept(model))


def walling(policy: Policy) -> list[str]:
    """Statements that put one table behind the wall."""
    table = policy.table
    statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    for reach, seen in (
        (Reach.COUNTY, policy.county),
        (Reach.SCHOOL, policy.school),
        (Reach.AUDIT, "true" if policy.append_only else policy.school),
        (Reach.CITY, "true"),
        (Reach.WORKER, "true"),
    ):
        # What is only ever added to is written by whoever acts, and read by whom it concerns.
        checked = "true" if policy.append_only else seen
        statements += [
            f"CREATE POLICY {reach}_reads ON {table} FOR SELECT TO {reach} USING ({seen})",
            f"CREATE POLICY {reach}_adds ON {table} FOR INSERT TO {reach} WITH CHECK ({checked})",
            f"CREATE POLICY {reach}_changes ON {table} FOR UPDATE TO {reach} USING ({seen})",
            f"CREATE POLICY {reach}_drops ON {table} FOR DELETE TO {reach} USING ({seen})",
        ]
    return statements


def walling_staged(table: str, batch_id: int) -> list[str]:
    """Statements for the staged rows of a batch: the web reads them where it sees the batch."""
    seen = f"(SELECT EXISTS (SELECT FROM importing_importbatch WHERE id = {int(batch_id)}))"
    web = ", ".join(OF_THE_WEB)
    return [
        f"ALTER TABLE {table} OWNER TO {Reach.WORKER}",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {table} TO {web} USING ({seen}) WITH CHECK ({seen})",
        f"GRANT SELECT ON {table} TO {WEB}",
    ]


def is_kept(model: type[Model]) -> bool:
    """Whether rows of a model are only ever added: what the audit chain holds, or a trigger protects so."""
    if (
        model._meta.db_table in CHAIN
        or "audit_deed" in _columns(model)
        or getattr(model, "pgh_tracked_model", None) is not None
    ):
        return True
    registered: Any = pgtrigger.registered()
    return any(trigger.name == "append_only" for owner, trigger in registered if owner is model)


def _columns(model: type[Model]) -> set[str]:
    return {field.column for field in model._meta.local_fields if field.column}


def _parent(model: type[Model]) -> Any:
    """The field whose row a model is read through, if it is one of those."""
    access = getattr(model, "access", None)
    return model._meta.get_field(access.parent) if access is not None and access.parent else None


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {table} seen WHERE seen.{condition})"

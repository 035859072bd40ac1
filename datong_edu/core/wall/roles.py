"""Database roles of the second wall, and what each may touch.  None of them owns a table.

The log-in role of DATABASE_URL owns the tables and runs migrations; it must be a member of these.  Where it
may not make roles itself, the database's administrator runs the statements of `missing_roles`.
"""

from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.utils import CursorWrapper


class Reach(StrEnum):
    """The role that statements run under, by how far somebody sees."""

    COUNTY = "portal_web_county"
    SCHOOL = "portal_web_school"
    CITY = "portal_web_city"
    AUDIT = "portal_web_audit"
    WORKER = "portal_worker"
    REPORT = "portal_report"


WEB = "portal_web"
"""What the roles of the web have in common: their rights, not their rows."""
OF_THE_WEB = (Reach.COUNTY, Reach.SCHOOL, Reach.CITY, Reach.AUDIT)
ALL = (WEB, *Reach)
REPORTED = ("dashboards_snapshot", "core_term", "accounts_unit", "registry_school")
"""What a report may read: figures and names of places, no person."""
CHAIN = {"core_auditlink", "core_auditshape", "core_auditseal"}
"""The audit chain, which the database itself and the log-in role write."""


def creating(names: "tuple[str, ...] | list[str]") -> list[str]:
    """Statements that make roles and let the present log-in act as them; running them again does no harm."""
    made = [
        f"DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        for name in names
    ]
    joined = [f"GRANT {WEB} TO {name}" for name in OF_THE_WEB if name in names]
    return [*made, *joined, *(f"GRANT {name} TO CURRENT_USER" for name in names)]


LEAKPROOF = ("arrayoverlap", "arraycontains")
"""Behind the wall an index answers only operators that cannot tell what rows they met.

These compare arrays of numbers and of texts, whose own comparison is marked so; marking them is a superuser's
right.  Without it a search by name reads every row of the county.
"""
MARKING = tuple(f"ALTER FUNCTION pg_catalog.{name}(anyarray, anyarray) LEAKPROOF" for name in LEAKPROOF)
CREATION = (*creating(ALL), *MARKING)
"""What the superuser of an embedded server runs when it starts."""


def missing_roles(cursor: CursorWrapper) -> list[str]:
    """Roles that the log-in role may not act as, because they do not exist or were not granted to it."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ALL)])
    there = {name for (name,) in cursor.fetchall()}
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) name WHERE pg_has_role(current_user, name::name, 'MEMBER')",
        [sorted(there)],
    )
    granted = {name for (name,) in cursor.fetchall()}
    return [name for name in ALL if name not in granted]


def ensure(cursor: CursorWrapper) -> None:
    """Make the roles that are missing; says what to do where the log-in role may not."""
    missing = missing_roles(cursor)
    if not missing:
        return
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        cursor.execute("SELECT current_user")
        login = cursor.fetchone()[0]
        words = "; ".join(creating(missing)).replace("CURRENT_USER", f'"{login}"')
        raise ImproperlyConfigured(f"数据库缺少角色 {'、'.join(missing)}。请数据库管理员执行：{words}")
    for statement in creating(missing):
        cursor.execute(statement)


def mark_leakproof(cursor: CursorWrapper) -> None:
    """Let the indexes of arrays be used behind the wall, where the log-in role may."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute(";".join(MARKING))


def granting(tables: list[str], append_only: set[str]) -> list[str]:
    """Statements that give the roles their rights on the tables of the portal."""
    listed = ", ".join(f'"{table}"' for table in tables)
    kept = ", ".join(f'"{table}"' for table in sorted(append_only))
    chain = ", ".join(f'"{table}"' for table in sorted(CHAIN & set(tables)))
    both = f"{WEB}, {Reach.WORKER}"
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {both}, {Reach.REPORT}",
        f"GRANT USAGE ON SCHEMA staging TO {both}",
        f"GRANT CREATE ON SCHEMA staging TO {Reach.WORKER}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {listed} TO {both}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {both}",
    ]
    if chain:
        statements.append(f"REVOKE INSERT, UPDATE, DELETE ON {chain} FROM {both}")
    if kept:
        statements.append(f"REVOKE UPDATE, DELETE ON {kept} FROM {both}")
    statements += [f'GRANT SELECT ON "{table}" TO {Reach.REPORT}' for table in REPORTED if table in tables]
    return statements

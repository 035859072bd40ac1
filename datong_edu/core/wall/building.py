"""Puts the wall up after migrations: roles, rights, and the policies of all tables."""

import hashlib
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from datong_edu.core.wall import policies, roles

_MARK = "portal_counties()"
"""The function whose comment tells which wall stands."""


def build(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> bool:
    """Bring the wall in line with the models; whether anything was done.  A receiver of `post_migrate`."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        roles.ensure(cursor)
        roles.mark_leakproof(cursor)
        there = set(connection.introspection.table_names(cursor))
        walls = [policy for policy in policies.policies() if policy.table in there]
        if not walls or "registry_school" not in there:
            return False
        statements = ["CREATE SCHEMA IF NOT EXISTS staging", policies.FUNCTIONS]
        for policy in walls:
            statements += policies.walling(policy)
        kept = {model._meta.db_table for model in apps.get_models() if policies.is_kept(model)}
        known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        statements += roles.granting(sorted(known & there), kept & there)
        mark = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regprocedure(%s))", [_MARK])
        if cursor.fetchone()[0] == mark:
            return False
        cursor.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
        dropped = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {', '.join(roles.ALL)}"]
        dropped += [f'DROP POLICY "{name}" ON "{table}"' for name, table in cursor.fetchall()]
        cursor.execute(";\n".join([*dropped, *statements, f"COMMENT ON FUNCTION {_MARK} IS '{mark}'"]))
        return True

"""Rules of the models: Chinese names, listed personal fields, county scope, history, transition tables."""

import importlib
from enum import Enum
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model, QuerySet
from django.utils.module_loading import module_has_submodule

from datong_edu.accounts.scope import ScopedQuerySet
from datong_edu.core import chain, sealed_columns
from datong_edu.core.sensitive import KINDS, BlindIndexField, EncryptedField, MaskedField
from tests.house.sources import CHINESE, ROOMS, models

ALWAYS_PERSONAL = {
    "guardian", "guardian_name", "phone", "account", "holder", "head_name", "id_no", "student_no",
    "disability_no", "address", "birth_on", "id_birth_on", "id_sex", "name_key", "name_grams", "name_pinyin",
}  # fmt: skip
PERSONAL_BESIDE_A_PERSON = {"name", "sex", "nation", "health", "education", "relation", "note"}
UNSCOPED = {
    "Unit": "the tree of counties itself",
    "StandardValue": "the law is for everybody",
    "Job": "shown to whoever queued it",
    "AuditEvent": "read by the audit office, within its own unit",
    "AuditLink": "the chain itself: keys, counts and digests",
    "AuditSeal": "signed ends of the chain",
    "Run": "a run of the city or of one county; holds counts only",
}


def test_every_model_is_named_in_chinese() -> None:
    found = [m.__name__ for m in models() if not CHINESE.search(str(m._meta.verbose_name))]
    assert not found, f"give class Meta a Chinese verbose_name: {found}"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_personal_columns_are_listed(model: type[Model]) -> None:
    listed = set(getattr(model, "personal_fields", ()))
    fields = {field.name: field for field in model._meta.local_fields}
    sealed = (EncryptedField, BlindIndexField, MaskedField)
    personal = {name for name, field in fields.items() if isinstance(field, sealed)}
    personal |= ALWAYS_PERSONAL & fields.keys()
    if "person" in fields or personal:
        personal |= PERSONAL_BESIDE_A_PERSON & fields.keys()
    assert not personal - listed, f"add to {model.__name__}.personal_fields: {sorted(personal - listed)}"
    assert not listed - fields.keys(), (
        f"{model.__name__} has no such fields: {sorted(listed - fields.keys())}"
    )


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_sealed_values_stand_in_three_columns(model: type[Model]) -> None:
    fields = {field.name for field in model._meta.local_fields}
    sealed = {field.name for field in model._meta.local_fields if isinstance(field, EncryptedField)}
    missing = {f"{name}{part}" for name in sealed for part in ("_index", "_masked")} - fields
    assert not missing, f"{model.__name__}: a sealed value needs its index and its mask: {sorted(missing)}"


def test_sealed_columns_say_which_kind_they_hold() -> None:
    for column in sealed_columns.all_columns():
        assert bool(column.kind) != bool(column.kind_in), f"{column}: a kind, or the column that names it"
        assert not column.kind or column.kind in KINDS, f"{column}: no kind {column.kind}"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_rows_of_a_county_are_read_for_somebody(model: type[Model]) -> None:
    if not _is_county_owned(model):
        return
    rows: QuerySet[Any] = model._default_manager.all()
    assert isinstance(rows, ScopedQuerySet), f"{model.__name__}: objects must be a ScopedManager"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_personal_rows_keep_their_history(model: type[Model]) -> None:
    if not getattr(model, "personal_fields", ()):
        return
    trackers = [
        tracker
        for event in apps.get_models()
        if getattr(event, "pgh_tracked_model", None) is model
        for tracker in event.pgh_trackers or ()
    ]
    kinds = {type(tracker).__name__ for tracker in trackers if tracker.level == pgtrigger.Statement}
    expected = {"InsertEvent", "UpdateEvent", "DeleteEvent"}
    remedy = "decorate it with core.history.protected, or make it append-only as AuditEvent is"
    assert kinds >= expected or _is_append_only(model), f"{model.__name__}: {remedy}"


def test_every_status_has_its_transitions() -> None:
    tables = _transition_tables()
    assert tables, "no TRANSITIONS found; has enums.py moved?"
    for room, table in tables.items():
        statuses = type(next(iter(table)))
        assert issubclass(statuses, Enum), f"{room}: keys of TRANSITIONS are members of one enum"
        assert set(table) == set(statuses), f"{room}: map {set(statuses) ^ set(table)}"
        unknown = {after for steps in table.values() for after in steps} - set(statuses)
        assert not unknown, f"{room}: unknown next statuses {unknown}"


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def _is_append_only(model: type[Model]) -> bool:
    """Guarded by a trigger of its own, or as the tables of the audit chain are (tests/core/test_chain)."""
    triggers = [trigger for owner, trigger in pgtrigger.registered() if owner is model]
    return model in chain.event_models() or any(
        isinstance(trigger, pgtrigger.Protect) for trigger in triggers
    )


def _is_county_owned(model: type[Model]) -> bool:
    names = {field.name for field in model._meta.local_fields}
    return bool(names & {"county", "county_ids"}) and model.__name__ not in UNSCOPED


def _transition_tables() -> dict[str, dict[Any, Any]]:
    found = {}
    for room in apps.get_app_configs():
        if (
            room.name.partition(".")[0] in ROOMS
            and room.module
            and module_has_submodule(room.module, "enums")
        ):
            table = getattr(importlib.import_module(f"{room.name}.enums"), "TRANSITIONS", None)
            if table is not None:
                found[room.name] = table
    return found

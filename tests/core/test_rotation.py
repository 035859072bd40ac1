"""New keys: everything is sealed anew, once, and wrong or missing keys stop the portal at its start."""

import io
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import override_settings
from django.utils import timezone

from datong_edu.accounts import second_factor
from datong_edu.accounts.models import User
from datong_edu.core import blobs, chain, crypto, keys, rotation, sealed_columns
from datong_edu.core.models import AuditLink, KeyCheck, StoredBlob
from datong_edu.importing import prepared
from datong_edu.importing.enums import Purpose
from datong_edu.importing.models import ImportBatch, PreparedFile
from datong_edu.registry.models import Enrolment, Person
from tests import factories as make

SECRET = "JBSWY3DPEHPK3PXP" * 2
LONG = bytes(prepared.PIECE_BYTES) + b"end"
NEW = {"next": b"n" * 32, "sm4-next": b"s" * 32}


@pytest.fixture(autouse=True)
def _fresh_ciphers() -> Iterator[None]:
    yield
    crypto._cipher.cache_clear()


@pytest.fixture
def sealed_city(db: None) -> Person:
    """Pupils with numbers and events, a kept file, a prepared file in pieces, and a user's phone."""
    make.load_reference()
    pupils = [make.poor_child() for _ in range(3)]
    for pupil in pupils:
        number = make.id_number()
        make.identifier(pupil.person, number)
        make.identifier(pupil.person, f"G{number}", kind="student_no")
    Enrolment.objects.whole_city().update(class_no="5")
    blobs.keep(kind="test_file", content=blobs.Content("表.xlsx", b"bytes"), by=make.user())
    clerk = make.user()
    batch = ImportBatch.objects.create(
        kind="student_registry", unit=make.county(), county=make.county(), file_name="名册.xlsx",
        file_size=1, file_sha256="0" * 64, created_by=clerk,
    )  # fmt: skip
    kept = PreparedFile.objects.create(
        batch=batch, purpose=Purpose.PLAN, created_by=clerk, kept_until=timezone.now()
    )
    prepared._keep(kept, io.BytesIO(LONG), prepared.no_progress)
    second_factor.bind(make.user(username="with_phone"), SECRET)
    return pupils[0].person


@pytest.mark.parametrize("key_id", NEW)
def test_rotation_ends_with_nothing_under_the_old_key(key_id: str, sealed_city: Person) -> None:
    number = crypto.decrypt("id_no", sealed_city.id_no, sealed_city.id_no_index)
    owner = User.objects.get(username="with_phone")
    codes = second_factor.recovery_codes(owner)
    phones = Authenticator.objects.filter(user=owner, type=Authenticator.Type.TOTP)
    total = sum(map(_count, sealed_columns.everything_sealed()))
    events = _count_all_events()
    with override_settings(FIELD_KEYS=settings.FIELD_KEYS | NEW, FIELD_KEY_ID=key_id):
        done = rotation.rotate(progress=lambda *_: None)
        assert sum(done.values()) == total > 10
        assert [rotation.left(column) for column in sealed_columns.everything_sealed()] == [0] * len(
            sealed_columns.everything_sealed()
        )
        assert rotation.rotate(progress=lambda *_: None) == {}
        assert rotation.retire() == []
    with override_settings(FIELD_KEYS={key_id: NEW[key_id]}, FIELD_KEY_ID=key_id):
        crypto._cipher.cache_clear()
        sealed_city.refresh_from_db()
        assert crypto.decrypt("id_no", sealed_city.id_no, sealed_city.id_no_index) == number
        assert crypto.key_id_of(sealed_city.id_no) == key_id
        assert blobs.content_of(StoredBlob.objects.get()).data == b"bytes"
        assert b"".join(prepared.pieces_of(PreparedFile.objects.get())) == LONG
        assert [second_factor.ADAPTER.decrypt(one.data["secret"]) for one in phones] == [SECRET]
        assert second_factor.recovery_codes(owner) == codes
        assert all(not sealed_columns.check(column).breaks for column in sealed_columns.all_columns())
        crypto._cipher.cache_clear()
    assert _count_all_events() == events, "the same value under another key is no change"


@pytest.mark.django_db(transaction=True)
def test_chain_outlives_a_rotation(sealed_city: Person) -> None:
    links = AuditLink.objects.count()
    with override_settings(FIELD_KEYS=settings.FIELD_KEYS | NEW, FIELD_KEY_ID="next"):
        call_command("rotate_keys")
    assert AuditLink.objects.count() == links + 1, "the rotation itself is written down"
    assert chain.verify().breaks == []


def test_every_sealed_column_is_known() -> None:
    known = {
        (column.table, column.name) for column in (*sealed_columns.all_columns(), *sealed_columns.all_blobs())
    }
    clear = {("core_auditlink", "hash"), ("core_auditseal", "hash"), ("core_auditseal", "signature")}
    clear |= {("core_keycheck", "value")}
    rooms = ("datong_edu", "subsidies", "dropout", "teachers", "schools", "nutrition")
    found = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in rooms
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField)
    }
    known.remove(("mfa_authenticator", "data"))  # JSON of a foreign model, with sealed texts in it
    assert found - clear == known, "declare it in sealed_columns, so that keys rotate over it"


def test_kill_leaves_work_that_a_second_run_ends(sealed_city: Person) -> None:
    seen: list[int] = []

    def stop_early(column: sealed_columns.Column, done: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    total = sum(map(_count, sealed_columns.everything_sealed()))
    with override_settings(FIELD_KEYS=settings.FIELD_KEYS | NEW, FIELD_KEY_ID="next"):
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(progress=stop_early)
        rest = sum(rotation.rotate(progress=lambda *_: None).values())
        assert 0 < rest < total
        assert sum(map(rotation.left, sealed_columns.everything_sealed())) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_process_is_taken_up_again(sealed_city: Person) -> None:
    common = {
        "name": "甲",
        "name_key": "甲",
        "sex": "男",
        "id_state": "valid",
        "county_ids": [],
        "name_grams": [],
    }
    Person.objects.bulk_create([Person(**common, **_sealed(n)) for n in range(6_000)])
    code = (
        "import django; from django.conf import settings; import datong_edu.settings.test as t;"
        f"t.FIELD_KEYS = t.FIELD_KEYS | {NEW!r}; t.FIELD_KEY_ID = 'next';"
        f"t.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}; django.setup();"
        "from django.core.management import call_command; call_command('rotate_keys')"
    )
    words = [sys.executable, "-c", code]
    process = subprocess.Popen(
        words, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stderr is not None
    process.stderr.readline()
    time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    with override_settings(FIELD_KEYS=settings.FIELD_KEYS | NEW, FIELD_KEY_ID="next"):
        before = sum(map(rotation.left, sealed_columns.everything_sealed()))
        assert before > 0
        done = subprocess.run(words, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
        assert "旧密钥下还有 0 个" in done.stdout
        assert sum(map(rotation.left, sealed_columns.everything_sealed())) == 0
    assert chain.verify().breaks == []


def _sealed(n: int) -> dict[str, object]:
    from datong_edu.core.sensitive import columns_for

    return columns_for("id_no", "id_no", f"14022520110308{n:04}")


def test_value_moved_beside_another_index_is_a_break(
    sealed_city: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_invariants")
    out = capsys.readouterr().out
    assert "密文与索引一致 registry_person.id_no：3 行，正常" in out
    assert "teachers_allowanceline.account：nothing to check" in out
    _run("UPDATE registry_person SET id_no_index = gen_random_uuid() WHERE id = %s", [sealed_city.pk])
    with pytest.raises(CommandError):
        call_command("check_invariants")
    out = capsys.readouterr().out
    assert f"第 {sealed_city.pk} 行密文打不开" in out


# --- refusing to start --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_right_keys_let_the_portal_start() -> None:
    keys.require()
    assert KeyCheck.objects.filter(purpose=f"field:{settings.FIELD_KEY_ID}").exists()
    assert all(settings.INDEX_KEY not in bytes(check.value) for check in KeyCheck.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"INDEX_KEY": b"w" * 32}, "盲索引密钥与数据库中的数据不符"),
        ({"INDEX_HASH": "sm3"}, "盲索引算法（INDEX_HASH）与建库时不同"),
        ({"FIELD_KEYS": {settings.FIELD_KEY_ID: b"w" * 32}}, f"字段加密密钥 {settings.FIELD_KEY_ID}与数据库"),
        (
            {"FIELD_KEYS": {"next": b"n" * 32}, "FIELD_KEY_ID": "next"},
            f"缺少字段加密密钥 {settings.FIELD_KEY_ID}",
        ),
    ],
)
def test_wrong_or_missing_key_stops_the_portal(wrong: dict[str, object], sentence: str) -> None:
    keys.require()
    with override_settings(**wrong), pytest.raises(ImproperlyConfigured, match=sentence):
        keys.require()


@pytest.mark.django_db(transaction=True)
def test_retired_key_may_be_missing(sealed_city: Person) -> None:
    keys.require()
    with override_settings(FIELD_KEYS=settings.FIELD_KEYS | NEW, FIELD_KEY_ID="next"):
        keys.require()
        call_command("rotate_keys")
    with override_settings(
        FIELD_KEYS={"next": NEW["next"], "sm4-next": NEW["sm4-next"]}, FIELD_KEY_ID="next"
    ):
        keys.require()


def _count(column: sealed_columns.Column) -> int:
    return _run(f"SELECT count(*) FROM {column.table} WHERE {column.cipher} IS NOT NULL")


def _count_all_events() -> int:
    return sum(_run(f"SELECT count(*) FROM {model._meta.db_table}") for model in chain.event_models())


def _run(statement: str, parameters: list[object] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0]) if cursor.description else 0

"""The audit chain: one link for each transaction and county, and no way to change the past unseen."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.utils import timezone

from datong_edu.core import audit, chain, history, sealed_columns
from datong_edu.core.models import AuditEvent, AuditLink, AuditSeal
from datong_edu.core.tasks import verify_audit
from datong_edu.registry.models import Enrolment, HardshipSpell, NumberReveal, Person
from datong_edu.settings import env
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("registry_personevent", "registry_enrolmentevent", "registry_hardshipspellevent", "core_auditevent")


@pytest.fixture
def trail() -> None:
    """Some days of work in two counties, each deed a transaction of its own."""
    make.load_reference()
    near, far = make.county(), make.county("140224")
    clerk = make.user()
    with history.context(source="job", user=clerk.pk, job=1), transaction.atomic():
        for place in (near, far):
            for _ in range(4):
                make.poor_child(school=make.school(county=place))
    with history.context(source="page", user=clerk.pk, reason="核实后更正"):
        for pupil in Enrolment.objects.for_county(near):
            pupil.class_no = "9"
            pupil.save()
    with history.context(source="command"), transaction.atomic():
        Enrolment.objects.whole_city().update(class_no="7")
        Person.objects.whole_city().update(sex="女")
    with history.context(source="page", user=clerk.pk):
        HardshipSpell.objects.for_county(far).delete()
    for place in (near, far, None):
        for number in range(3):
            audit.record(action="read_person", by=clerk, county=place, detail={"rows": number})


def test_transaction_makes_one_link_for_each_county(trail: None) -> None:
    before = AuditLink.objects.count()
    with history.context(source="command"), transaction.atomic():
        Enrolment.objects.whole_city().update(class_no="1")
        Enrolment.objects.whole_city().update(class_no="2")
        Person.objects.whole_city().update(sex="男")
    added = list(AuditLink.objects.filter(deed=AuditLink.objects.latest("id").deed).order_by("county"))
    assert [link.county for link in added] == [0, *sorted((make.county().pk, make.county("140224").pk))]
    assert AuditLink.objects.count() == before + 3
    assert [link.events for link in added] == [8, 8, 8]
    assert [said["source"] for link in added for said in link.contexts.values()] == ["command"] * 3


def test_rolled_back_work_leaves_no_link(trail: None) -> None:
    before = AuditLink.objects.count()
    with transaction.atomic():
        mark = transaction.savepoint()
        Person.objects.whole_city().update(sex="男")
        transaction.savepoint_rollback(mark)
    assert AuditLink.objects.count() == before
    assert chain.verify().is_whole


def test_constraints_checked_early_make_the_same_chain(trail: None) -> None:
    with transaction.atomic():
        Person.objects.whole_city().update(sex="男")
        connection.check_constraints()
        Person.objects.whole_city().update(sex="女")
        _run("SET CONSTRAINTS ALL IMMEDIATE")
        Person.objects.whole_city().update(sex="男")
        Person.objects.whole_city().update(sex="女")
        make.user()
    assert AuditLink.objects.filter(county=0, parts__has_key="registry_personevent").latest("id").events == 8
    assert chain.verify().is_whole


def test_honest_trail_is_whole_and_counted(trail: None, capsys: pytest.CaptureFixture[str]) -> None:
    chain.sign_ends()
    verdict = chain.verify()
    assert verdict.breaks == []
    assert verdict.events == sum(_count(model._meta.db_table) for model in chain.event_models())
    assert (verdict.links, verdict.seals) == (AuditLink.objects.count(), len(_chains()))
    call_command("verify_audit")
    assert "打开密文" in capsys.readouterr().out


@pytest.mark.parametrize("table", [*TABLES, "core_auditlink", "core_auditseal"])
def test_trail_refuses_to_be_changed(table: str, trail: None) -> None:
    chain.sign_ends()
    column = (
        "signature" if table == "core_auditseal" else "hash" if table == "core_auditlink" else "audit_deed"
    )
    for statement in (
        f"UPDATE {table} SET {column} = {'audit_deed + 1' if column == 'audit_deed' else 'NULL'}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(InternalError, match=r"append_only|pgtrigger: Cannot"):
            _run(statement)


def test_context_may_learn_more_and_never_change(trail: None) -> None:
    _run("UPDATE pghistory_context SET metadata = metadata || '{\"note\": 1}'")
    for statement in (
        'UPDATE pghistory_context SET metadata = metadata || \'{"source": "api"}\'',
        "UPDATE pghistory_context SET metadata = metadata || '{\"user\": 0}' WHERE metadata ? 'user'",
        "DELETE FROM pghistory_context",
    ):
        with pytest.raises(InternalError, match="append_only"):
            _run(statement)


def test_every_table_of_events_is_guarded() -> None:
    expected = {"audit_touch", "audit_due", "audit_guard", "audit_kept"}
    bare = []
    for model in chain.event_models():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
                [model._meta.db_table],
            )
            if not expected <= {name for (name,) in cursor.fetchall()}:
                bare.append(model.__name__)
    assert bare == []
    tracked = {model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert tracked | {AuditEvent, NumberReveal} == set(chain.event_models())
    assert len(tracked) > 15


# --- tampering ----------------------------------------------------------------------------------------------

Deed = Callable[[random.Random], None]


def change_a_cell(dice: random.Random) -> None:
    table = dice.choice(TABLES)
    column = "action" if table == "core_auditevent" else "pgh_label"
    _run(
        f"UPDATE {table} SET {column} = overlay({column} placing 'X' from 2 for 1) WHERE {_one(table, dice)}"
    )


def change_a_day(dice: random.Random) -> None:
    _run(
        "UPDATE registry_enrolmentevent SET pgh_created_at = pgh_created_at + interval '1 microsecond'"
        f" WHERE {_one('registry_enrolmentevent', dice)}"
    )


def delete_an_event(dice: random.Random) -> None:
    table = dice.choice(TABLES)
    _run(f"DELETE FROM {table} WHERE {_one(table, dice)}")


def insert_an_event(dice: random.Random) -> None:
    table = dice.choice(TABLES)
    key = _key(table)
    _run(
        f"CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM {table} WHERE {_one(table, dice)};"
        f"UPDATE forged SET {key} = {key} + 1000000;"
        f"INSERT INTO {table} SELECT * FROM forged; DROP TABLE forged"
    )


def insert_a_deed(dice: random.Random) -> None:
    table = dice.choice(TABLES)
    key = _key(table)
    _run(
        f"CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM {table} WHERE {_one(table, dice)};"
        f"UPDATE forged SET {key} = {key} + 1000000, audit_deed = audit_deed + 1000000;"
        f"INSERT INTO {table} SELECT * FROM forged; DROP TABLE forged"
    )


def swap_two_events(dice: random.Random) -> None:
    table = dice.choice(TABLES)
    key = _key(table)
    one, two = dice.sample(_keys(table), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        _run(f"UPDATE {table} SET {key} = {new} WHERE {key} = {old}")


def move_an_event(dice: random.Random) -> None:
    table = "registry_enrolmentevent"
    county = dice.choice((make.county().pk, make.county("140224").pk))
    one = _one(f"{table} WHERE county_id <> {county}", dice, table)
    _run(f"UPDATE {table} SET county_id = {county} WHERE {one}")


def change_a_link(dice: random.Random) -> None:
    change = dice.choice(
        (
            "hash = set_byte(hash, 5, get_byte(hash, 5) # 1)",
            "at = at + interval '1 microsecond'",
            "events = events + 1",
            "number = number + 100000",
            "contexts = contexts || '{\"x\": 1}'",
        )
    )
    _run(f"UPDATE core_auditlink SET {change} WHERE {_one('core_auditlink', dice)}")


def delete_a_link(dice: random.Random) -> None:
    _run(f"DELETE FROM core_auditlink WHERE {_one('core_auditlink', dice)}")


def change_who(dice: random.Random) -> None:
    _run(
        "UPDATE pghistory_context SET metadata = metadata || '{\"user\": 424242}' WHERE id ="
        " (SELECT id FROM pghistory_context ORDER BY id OFFSET %s LIMIT 1)",
        [dice.randrange(_count("pghistory_context"))],
    )


def forget_who(dice: random.Random) -> None:
    _run(
        "DELETE FROM pghistory_context WHERE id ="
        " (SELECT id FROM pghistory_context ORDER BY id OFFSET %s LIMIT 1)",
        [dice.randrange(_count("pghistory_context"))],
    )


def rewrite_a_whole_chain(dice: random.Random) -> None:
    """As somebody would who knows how hashes are made, and lacks only the key of the seals."""
    county = dice.choice((0, make.county().pk))
    table = "core_auditevent"
    _run(
        f"DELETE FROM {table} WHERE coalesce(county_id, 0) = %s;"
        "DELETE FROM core_auditlink WHERE county = %s AND number = (SELECT max(number) FROM core_auditlink"
        " WHERE county = %s)",
        [county] * 3,
    )


def flip_a_cipher(dice: random.Random) -> None:
    table = dice.choice(("registry_personevent", "registry_enrolmentevent"))
    at = dice.randrange(20, 40)
    one = _one(f"{table} WHERE id_no IS NOT NULL", dice, table)
    _run(f"UPDATE {table} SET id_no = set_byte(id_no, {at}, get_byte(id_no, {at}) # 1) WHERE {one}")


TAMPERINGS: tuple[Deed, ...] = (
    change_a_cell, change_a_day, delete_an_event, insert_an_event, insert_a_deed, swap_two_events,
    move_an_event, change_a_link, delete_a_link, change_who, forget_who, rewrite_a_whole_chain, flip_a_cipher,
)  # fmt: skip


def found_after(seed: int) -> tuple[str, bool]:
    """Tamper once with the triggers off, and say whether the verification noticed; everything is undone."""
    dice = random.Random(seed)
    deed = TAMPERINGS[seed % len(TAMPERINGS)]
    with transaction.atomic():
        for table in (*TABLES, "core_auditlink", "pghistory_context"):
            _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        deed(dice)
        breaks = chain.verify().breaks
        for model in chain.event_models() if not breaks else ():
            for column in sealed_columns.columns_of(model):
                breaks += sealed_columns.check(column).breaks
        transaction.set_rollback(True)
    return deed.__name__, bool(breaks)


def test_tamperings_are_found(trail: None) -> None:
    chain.sign_ends()
    missed = [name for name, found in map(found_after, range(len(TAMPERINGS))) if not found]
    assert missed == []
    assert chain.verify().breaks == []


@pytest.mark.slow
def test_hundred_tamperings_are_found(trail: None) -> None:
    chain.sign_ends()
    found = [found_after(seed) for seed in range(100)]
    print(f"tamperings: {len(found)}, found: {sum(hit for _, hit in found)}")  # noqa: T201  a figure to read
    assert all(hit for _, hit in found), [name for name, hit in found if not hit]
    assert chain.verify().breaks == []


def test_command_says_what_is_broken(trail: None, capsys: pytest.CaptureFixture[str]) -> None:
    _run("ALTER TABLE registry_personevent DISABLE TRIGGER USER")
    _run(
        "UPDATE registry_personevent SET sex = '男' WHERE pgh_id ="
        " (SELECT max(pgh_id) FROM registry_personevent)"
    )
    _run("ALTER TABLE registry_personevent ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="1 处异常"):
        call_command("verify_audit", "--quick")
    assert "registry_personevent：留痕号" in capsys.readouterr().out


# --- cutting ------------------------------------------------------------------------------------------------


def test_cut_is_refused_within_three_years(trail: None) -> None:
    with pytest.raises(InternalError, match="within three years"):
        chain.cut(before=timezone.now() + timedelta(minutes=1))
    assert AuditSeal.objects.count() == 0


def test_chain_survives_a_cut(trail: None) -> None:
    years_ago = timezone.now() - timedelta(days=4 * 366)
    _age_everything(years_ago)
    audit.record(action="read_person", by=None, county=make.county())
    Person.objects.whole_city().update(sex="男")
    links, events = chain.cut(before=years_ago + timedelta(days=1))
    assert links > 0
    assert events > 0
    verdict = chain.verify()
    assert verdict.breaks == []
    assert (verdict.links, verdict.events) == (2, 9)
    audit.record(action="read_person", by=None, county=make.county())
    assert chain.verify().breaks == []
    assert AuditLink.objects.latest("id").number > 2


def test_command_cuts_what_is_older_than_the_years_kept(
    trail: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("cut_audit", "--apply")
    assert "链 0 环" in capsys.readouterr().out
    _age_everything(timezone.now() - timedelta(days=4 * 366))
    call_command("cut_audit")
    assert "可以清理" in capsys.readouterr().out
    assert AuditSeal.objects.count() == 0
    call_command("cut_audit", "--apply")
    assert "已清理" in capsys.readouterr().out
    assert set(AuditSeal.objects.values_list("kind", flat=True)) == {"cut"}
    verify_audit()
    assert AuditEvent.objects.latest("id").detail["breaks"] == 0
    assert AuditEvent.objects.filter(action="cut_audit").latest("id").detail["links"] > 0


def test_broken_trail_is_not_cut(trail: None) -> None:
    _age_everything(timezone.now() - timedelta(days=4 * 366))
    _run("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
    _run("DELETE FROM core_auditevent WHERE id = (SELECT max(id) FROM core_auditevent)")
    _run("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="清理没有进行"):
        call_command("cut_audit", "--apply")
    assert AuditSeal.objects.count() == 0
    verify_audit()
    assert AuditEvent.objects.latest("id").detail["breaks"] > 0


def test_fewer_than_three_years_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_AUDIT_YEARS", "2")
    with pytest.raises(ImproperlyConfigured, match="不能小于 3"):
        env.at_least("PORTAL_AUDIT_YEARS", least=3)


def _age_everything(day: Any) -> None:
    """Let the whole trail be of an earlier day: its links are made anew, as they would have been then."""
    tables = (*TABLES, "core_auditlink", "pghistory_context")
    with transaction.atomic():
        for table in tables:
            _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        _run("UPDATE pghistory_context SET created_at = %s", [day])
        for link in AuditLink.objects.order_by("county", "number"):
            _run(
                "UPDATE core_auditlink l SET at = %s, hash = audit_hash(coalesce((SELECT p.hash FROM"
                " core_auditlink p WHERE p.county = l.county AND p.number = l.number - 1), sha256("
                "convert_to('datong_edu ' || l.county, 'UTF8'))), county, number, deed, %s::timestamptz,"
                " events, parts, contexts) WHERE id = %s",
                [day, day, link.pk],
            )
        for table in tables:
            _run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_day_of_cutting_follows_the_parameter() -> None:
    now = datetime(2028, 2, 29, tzinfo=UTC)
    assert chain.earliest_cut(now, 3).date() == date(2025, 2, 28)
    with pytest.raises(Exception, match="至少保存 3 年"):
        chain.earliest_cut(now, 2)


def _run(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _chains() -> set[int]:
    return set(AuditLink.objects.order_by().values_list("county", flat=True))


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _key(table: str) -> str:
    return "id" if table.partition(" ")[0] in ("core_auditevent", "core_auditlink") else "pgh_id"


def _keys(table: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_key(table)} FROM {table} ORDER BY 1")
        return [key for (key,) in cursor.fetchall()]


def _one(rows: str, dice: random.Random, table: str = "") -> str:
    """Condition of one row drawn from some."""
    return f"{_key(table or rows)} = {dice.choice(_keys(rows))}"

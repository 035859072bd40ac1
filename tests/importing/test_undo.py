"""Taking a batch back: nothing of it is left, nobody's later work is lost, and it can be written again."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.roles import Role
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.core.models import AuditEvent, Job
from datong_edu.importing import undo
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.reversal import Reversal, all_ledgers, citations
from datong_edu.importing.undo import UndoPlan, plan_undo, redo_batch, undo_batch
from datong_edu.registry.models import Enrolment, Person, PersonIdentifier
from dropout.models import DropoutCase
from subsidies.models import AwardLine
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import import_roster

pytestmark = pytest.mark.usefixtures("books")

Line = dict[str, object]
Rows = dict[tuple[str, int], str]
NEXT_TERM = "2020-2021-2"
CHILDREN = [make.id_number() for _ in range(4)]


def ledgers() -> Rows:
    """Every row of every protected ledger, all columns."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for ledger in all_ledgers():
            cursor.execute(f"SELECT id, t::text FROM {ledger.table} t")
            found |= {(ledger.table, key): row for key, row in cursor.fetchall()}
    return found


def imported(folder: Path, lines: list[Line], kind: str = "student_registry", **given: Any) -> ImportBatch:
    """Apply a roster of these lines."""
    answer = import_roster(rosters.save(folder, lines), kind, **given)
    assert answer.code == 0, answer
    return ImportBatch.objects.whole_city().latest("id")


def undone(batch: ImportBatch) -> UndoPlan:
    """Undo a batch; what was done equals what the dry run said."""
    by = service_account()
    before = ledgers()
    said = plan_undo(batch, by)
    assert ledgers() == before
    done = undo_batch(batch=batch, by=by, reason="错文件")
    assert (done.counts, done.kept) == (said.counts, said.kept)
    batch.refresh_from_db()
    return done


def test_undo_gives_back_the_former_state_and_redo_the_later_one(tmp_path: Path) -> None:
    lines = [rosters.pupil() for _ in range(4)]
    imported(tmp_path, lines[:3])
    before = ledgers()
    lines[1]["班级"] = "2班"
    batch = imported(tmp_path, lines)
    after = ledgers()
    counts = undone(batch).counts
    assert ledgers() == before
    assert batch.state == "undone"
    assert counts["edited"] == counts["blocked"] == 0
    redo_batch(batch=batch, by=service_account())
    assert ledgers() == after
    batch.refresh_from_db()
    assert batch.state == "applied"
    undone(batch)
    assert ledgers() == before


def test_succession_of_terms_is_taken_back_whole(tmp_path: Path) -> None:
    line = rosters.pupil()
    imported(tmp_path, [line])
    before = ledgers()
    batch = imported(tmp_path, [line | {"学校名称": rosters.RURAL}], term=NEXT_TERM)
    assert Enrolment.objects.whole_city().filter(until_on=None).count() == 1
    undone(batch)
    assert ledgers() == before


def test_row_edited_later_is_kept_and_named(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")])
    pupil = Enrolment.objects.whole_city().get(name="侯明远")
    pupil.class_no = 9
    with pghistory.context(url="/people/"):
        pupil.save()
    plan = undone(batch)
    assert [row.name for row in Enrolment.objects.whole_city()] == ["侯明远"]
    named = next(kept for kept in plan.kept if kept.why == "之后被改动")
    assert "侯明远" in named.subject
    assert (named.ledger, named.changed) == ("学籍", "班级")
    assert named.at is not None
    assert "*" in named.subject
    assert str(pupil.id_no_masked) in named.subject
    # The child and their numbers stay with the row that stays.
    assert Person.objects.whole_city().count() == 1
    assert PersonIdentifier.objects.whole_city().count() == 2


def test_roster_that_changed_a_row_is_named_as_the_later_edit(tmp_path: Path) -> None:
    make.user(username="hunyuan", name="县经办")
    line = rosters.pupil()
    first = imported(tmp_path, [line])
    imported(tmp_path, [line | {"班级": "3班"}], by="hunyuan")
    kept = plan_undo(first, service_account()).kept
    named = next(one for one in kept if one.ledger == "学籍")
    assert (named.who, named.through) == ("县经办", "导入学籍名单（名册.xlsx）")


def test_later_roster_that_was_itself_undone_is_in_nobodys_way(tmp_path: Path) -> None:
    before = ledgers()
    line = rosters.pupil()
    first = imported(tmp_path, [line])
    undone(imported(tmp_path, [line | {"班级": "3班"}]))
    undone(first)
    assert ledgers() == before


def test_number_that_a_later_roster_went_by_stays(tmp_path: Path) -> None:
    number = make.id_number()
    first = imported(tmp_path, [rosters.pupil(number)])
    imported(tmp_path, [rosters.listed(number, "低保")], "civil_list", term=None)
    undone(first)
    assert Enrolment.objects.whole_city().count() == 0
    assert {one.kind for one in PersonIdentifier.objects.whole_city()} == {"id_no", "student_no"}
    imported(tmp_path, [rosters.pupil(number)])
    assert Person.objects.whole_city().count() == 1


def test_line_that_was_paid_later_is_blocked(tmp_path: Path) -> None:
    number = make.id_number()
    pending = rosters.aid("L1", number, "500", 发放状态="待发放", 发放日期="")
    other = rosters.aid("L2", make.id_number(), "500", 发放状态="待发放", 发放日期="")
    first = imported(tmp_path, [pending, other], "aid_roll")
    imported(tmp_path, [rosters.aid("L1", number, "500")], "aid_roll")
    plan = undone(first)
    assert [line.line_no for line in AwardLine.objects.whole_city()] == ["L1"]
    assert "之后已发放资金" in {kept.why for kept in plan.kept}


def test_case_goes_back_against_the_usual_steps(tmp_path: Path) -> None:
    line: Line = {
        "县区": "浑源县",
        "姓名": "侯明远",
        "身份证号": make.id_number(),
        "辍学类型": "疑似辍学",
        "辍学时间": "2020-09-10",
    }
    imported(tmp_path, [line], "r11_dropout_ledger", term=None)
    before = ledgers()
    batch = imported(tmp_path, [line | {"复学时间": "2020-10-10"}], "r11_dropout_ledger", term=None)
    assert DropoutCase.objects.whole_city().get().status == "returned"
    undone(batch)
    assert ledgers() == before


def test_same_bytes_go_in_again_after_an_undo_and_then_bar_the_redo(tmp_path: Path) -> None:
    lines = [rosters.pupil()]
    path = rosters.save(tmp_path, lines)
    import_roster(path, "student_registry")
    first = ImportBatch.objects.whole_city().latest("id")
    undone(first)
    assert import_roster(path, "student_registry").count("new") == 1
    assert ImportBatch.objects.whole_city().latest("id") != first
    with pytest.raises(Conflict, match="另一批次"):
        redo_batch(batch=first, by=service_account())


def test_redo_leaves_out_children_who_came_in_another_way(tmp_path: Path) -> None:
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡")]
    first = imported(tmp_path, lines)
    undone(first)
    imported(tmp_path, [lines[0] | {"班级": "7班"}])
    now = ledgers()
    plan = redo_batch(batch=first, by=service_account())
    assert now.items() <= ledgers().items()
    assert sorted(row.name for row in Enrolment.objects.whole_city()) == ["侯明远", "姚静怡"]
    assert Person.objects.whole_city().count() == 2
    assert plan.blocked > 0


def test_undo_twice_is_a_conflict(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    undone(batch)
    with pytest.raises(Conflict):
        undo_batch(batch=batch, by=service_account(), reason="再来一次")


def test_undo_after_thirty_days_is_refused(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    late = timezone.now() - timedelta(days=31)
    ImportBatch.objects.whole_city().filter(pk=batch.pk).update(applied_at=late)
    with pytest.raises(PortalError, match="超过 30 天"):
        undo_batch(batch=batch, by=service_account(), reason="太晚")
    assert Enrolment.objects.whole_city().count() == 1


def test_undo_by_another_county_is_refused(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    foreign = make.user(Role.COUNTY_CLERK, make.county("140213"), username="pingcheng")
    for deed in (plan_undo, lambda one, by: undo_batch(batch=one, by=by, reason="越权")):
        with pytest.raises(PortalError, match="没有撤销"):
            deed(batch, foreign)


def test_undo_wants_a_reason(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    with pytest.raises(PortalError, match="原因"):
        undo.start_undo(batch=batch, by=service_account(), reason=" ")


def test_undo_broken_off_half_way_leaves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = imported(tmp_path, [rosters.pupil(), rosters.pupil()])
    before = ledgers()
    restore = Reversal._restore

    def broken(self: Reversal, ledger: Any) -> None:
        restore(self, ledger)
        if ledger.model is Enrolment:
            raise ConnectionError

    monkeypatch.setattr(Reversal, "_restore", broken)
    with pytest.raises(ConnectionError):
        undo_batch(batch=batch, by=service_account(), reason="断电")
    assert ledgers() == before
    batch.refresh_from_db()
    assert batch.state == "applied"


def test_undo_leaves_a_trace_and_wakes_the_check(tmp_path: Path) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    Job.objects.all().delete()
    undone(batch)
    event = AuditEvent.objects.filter(action="undo_batch").get()
    assert event.subject_id == str(batch.pk)
    assert event.detail["reason"] == "错文件"
    assert set(Job.objects.values_list("kind", flat=True)) >= {"crosschecks.recheck_county"}


def test_command_says_what_it_would_do_and_does_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = imported(tmp_path, [rosters.pupil()])
    call_command("undo_import", str(batch.pk))
    assert "学籍：将删除 1 条" in capsys.readouterr().out
    assert Enrolment.objects.whole_city().count() == 1
    call_command("undo_import", str(batch.uid), "--apply")
    assert "学籍：已删除 1 条" in capsys.readouterr().out
    assert Enrolment.objects.whole_city().count() == 0
    with pytest.raises(SystemExit) as stop:
        call_command("undo_import", str(batch.pk), "--apply")
    assert stop.value.code == 1
    call_command("undo_import", str(batch.pk), "--redo", "--apply")
    assert Enrolment.objects.whole_city().count() == 1


# --- any later edit -----------------------------------------------------------------------------------------


def registry(child: int, variant: int) -> Line:
    """A child's line in the registry; variants differ by class, school or guardian."""
    change: Line = [{}, {"班级": "2班"}, {"学校名称": rosters.RURAL}, {"监护人姓名": "侯建业"}][variant]
    return rosters.pupil(CHILDREN[child]) | change


def poverty(child: int, variant: int) -> Line:
    """A child's line in the poverty register."""
    change: Line = [
        {},
        {"文化程度": "小学"},
        {"脱贫属性": "未脱贫"},
        {"户主姓名": "侯建业"},
    ][variant]
    return rosters.member(f"1402250000{child // 2}", child, CHILDREN[child]) | change


def civil(child: int, variant: int) -> Line:
    """A child's line in a civil list."""
    change: Line = [{}, {"终止日期": "2020-06-30"}, {"类别": "孤儿"}, {"起始日期": "2020-01-01"}][variant]
    return rosters.listed(CHILDREN[child], "低保") | change


KINDS: Mapping[str, tuple[Callable[[int, int], Line], str | None]] = {
    "student_registry": (registry, "2020-2021-1"),
    "student_registry/next": (registry, NEXT_TERM),
    "poverty_members": (poverty, None),
    "civil_list": (civil, None),
}
ROLLS = st.tuples(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.integers(0, 3), st.integers(0, 3), min_size=1, max_size=4),
)
BY_HAND = st.tuples(st.sampled_from(["registry_enrolment", "registry_person"]), st.integers(0, 3))


def send(folder: Path, roll: tuple[str, dict[int, int]]) -> ImportBatch | None:
    """Apply a generated roster; None where it changes nothing and is known."""
    name, variants = roll
    line, term = KINDS[name]
    kind = name.partition("/")[0]
    lines = [line(child, variant) for child, variant in sorted(variants.items())]
    latest = ImportBatch.objects.whole_city().order_by("-id").first()
    batch = imported(folder, lines, kind, term=term)
    return None if batch == latest else batch


def edit(table: str, place: int) -> None:
    """Somebody changes a row on a page."""
    rows = Enrolment.objects.whole_city() if table == "registry_enrolment" else Person.objects.whole_city()
    row = rows.order_by("id")[place : place + 1].first()
    if row is not None:
        row.name = f"{row.name}改"
        # Without one, the row would go by the context of the last import: the test is one transaction.
        with pghistory.context(url="/people/"):
            row.save()


def check_undo(
    folder: Path, known: list[Any], roll: Any, later_rolls: list[Any], by_hand: list[tuple[str, int]]
) -> None:
    """Apply, let others work on, undo, redo: every row is where it belongs."""
    for one in known:
        send(folder, one)
    before = ledgers()
    batch = send(folder, roll)
    if batch is None:
        return
    after = ledgers()
    for one in later_rolls:
        send(folder, one)
    for table, place in by_hand:
        edit(table, place)
    later = ledgers()
    written = {key for key in after if after[key] != before.get(key)}
    edited = {key for key in later if later[key] != after.get(key)}
    counts = undone(batch).counts
    now = ledgers()
    assert {key: now.get(key) for key in edited - written} == {key: later[key] for key in edited - written}
    assert {key: now.get(key) for key in edited & written} == {key: later[key] for key in edited & written}
    assert counts["edited"] == len(edited & written)
    back = {key for key in written - edited if now.get(key) == before.get(key)}
    stays = written - edited - back
    assert {key: now.get(key) for key in stays} == {key: later[key] for key in stays}
    assert counts["blocked"] == len(stays)
    assert edited or not stays
    assert all(now.get(key) == row for key, row in later.items() if key not in written)
    redo_batch(batch=batch, by=service_account())
    assert ledgers() == later


def any_edits(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property over what was known, the batch, and what others did later."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        drawn = given(
            known=st.lists(ROLLS, min_size=1, max_size=3),
            roll=ROLLS,
            later_rolls=st.lists(ROLLS, max_size=2),
            by_hand=st.lists(BY_HAND, max_size=2),
        )(test)
        quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        return settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=quiet,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
        )(drawn)

    return decorate


def run_example(**example: Any) -> None:
    """One example, rolled back."""
    with TemporaryDirectory() as folder, transaction.atomic():
        check_undo(Path(folder), **example)
        transaction.set_rollback(True)


@any_edits(20)
def test_undo_spares_whatever_others_did_later(books: None, **example: Any) -> None:
    run_example(**example)


@pytest.mark.slow
@any_edits(150)
def test_undo_spares_whatever_others_did_later_at_length(books: None, **example: Any) -> None:
    run_example(**example)


@pytest.mark.django_db
def test_every_table_that_is_asked_whether_it_cites_a_row_exists() -> None:
    there = set(connection.introspection.table_names())
    asked = {
        other._meta.db_table
        for model in apps.get_models()
        for other, _ in citations(model)
        if other is not model
    }
    assert {"registry_enrolment", "subsidies_awardline"} <= asked
    assert asked - there == set()

"""时间线 of a person: what the books say happened, newest first, with what each import changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from datong_edu.core.codes import AwardStatus, Boarding
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.facts import PersonFacts, award_words, enrolment_words, event_words, origin_of
from datong_edu.desk.tables import rule_words
from datong_edu.registry.models import Enrolment
from datong_edu.web.grades import grade_words
from datong_edu.web.parts import Change, Event

LONGEST = 60


def timeline_of(facts: PersonFacts) -> list[Event]:
    """Events of all books, newest first, at most sixty."""
    events = [
        *_places(facts.enrolments),
        *_corrections(facts.enrolments),
        *_spells(facts),
        *_payments(facts),
        *_doubts(facts.findings),
        *(Event(row.happened_on, "死亡迁出名单", event_words(row), tone="red") for row in facts.life_events),
    ]
    return sorted(events, key=lambda event: event.on, reverse=True)[:LONGEST]


def changes_between(old: Any, new: Any) -> list[Change]:
    """Fields a clerk knows that differ between two states of a registry row."""
    pairs = (
        (
            "年级",
            grade_words(old.stage, old.grade, old.class_no),
            grade_words(new.stage, new.grade, new.class_no),
        ),
        ("就读方式", _boarding(old), _boarding(new)),
        ("状态", old.status, new.status),
        ("异动", old.status_event, new.status_event),
        ("姓名", old.name, new.name),
        ("身份证号", old.id_no_masked, new.id_no_masked),
        ("监护人", old.guardian, new.guardian),
    )
    return [Change(label, before, after) for label, before, after in pairs if before != after]


def _places(rows: list[Enrolment]) -> Iterator[Event]:
    """Each registry row, with what it changed against the one before it."""
    before: Enrolment | None = None
    for row in sorted(rows, key=lambda row: (row.since_on, row.pk)):
        changes = changes_between(before, row) if before and before.school_id == row.school_id else ()
        yield Event(row.since_on, _kind("学籍登记", row), enrolment_words(row), changes=changes)
        before = row
    for row in rows:
        if row.status_on and row.status_event:
            yield Event(row.status_on, "学籍异动", f"{row.status_event}（{row.school}）")


def _corrections(rows: list[Enrolment]) -> Iterator[Event]:
    """What later imports changed inside a registry row; the history table holds every state of it."""
    if not rows:
        return
    history: Any = apps.get_model("registry", "EnrolmentEvent")
    told = {row.pk: row for row in rows}
    before: dict[int, Any] = {}
    for state in history.objects.filter(pgh_obj_id__in=list(told)).order_by("pgh_id"):
        old = before.get(state.pgh_obj_id)
        before[state.pgh_obj_id] = state
        changes = changes_between(old, state) if old is not None else []
        if changes:
            row = told[state.pgh_obj_id]
            kind = _kind("学籍更新", row) if state.source_batch_id == row.source_batch_id else "学籍更新"
            yield Event(
                timezone.localtime(state.pgh_created_at).date(), kind, str(row.school), changes=changes
            )


def _spells(facts: PersonFacts) -> Iterator[Event]:
    for row in facts.spells:
        where = f"（{row.county}）"
        kind = f"困难身份 · {row.get_source_display()}"
        yield Event(row.since_on, kind, f"列入{row.get_category_display()}{where}")
        if row.until_on:
            yield Event(row.until_on, kind, f"不再是{row.get_category_display()}{where}")


def _payments(facts: PersonFacts) -> Iterator[Event]:
    for row in facts.awards:
        tone = (
            "red" if row.status == AwardStatus.FAILED else "green" if row.status == AwardStatus.PAID else ""
        )
        yield Event(row.paid_on or row.roll_term.census_on, _kind("资助", row), award_words(row), tone=tone)


def _doubts(findings: Iterable[Finding]) -> Iterator[Event]:
    for row in findings:
        url = reverse("desk:finding", args=[row.uid])
        rule = rule_words(row.rule_code)
        tone = "red" if row.is_open else ""
        yield Event(row.found_on, "系统比对", f"发现“{rule}”：{row.summary}", url, tone)
        if row.closed_on:
            yield Event(row.closed_on, "系统比对", f"“{rule}”已办结", url, "green")


def _kind(word: str, row: Any) -> str:
    origin = origin_of(row)
    return f"{word} · {origin.roster} {origin.place}".rstrip()


def _boarding(row: Any) -> str:
    return Boarding(row.boarding).label if row.boarding else ""

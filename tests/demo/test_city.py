"""The main job on the invented city: rosters in, cross-check, and exactly the planted faults out."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from datong_edu.core.models import PortalClock
from datong_edu.crosschecks.engine import checks, runner
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.demo.generator import AS_OF

STUDENTS = "2500"


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The city imported and checked once; everything is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stderr=io.StringIO())
        call_command("load_standards", stdout=io.StringIO(), stderr=io.StringIO())
        call_command(
            "seed_city", "--students", STUDENTS, "--import", stdout=io.StringIO(), stderr=io.StringIO()
        )
        yield
        transaction.set_rollback(True)


def _score(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("score_city", *arguments, stdout=said, stderr=io.StringIO())
    except SystemExit as exit_:
        return int(exit_.code or 0), said.getvalue()
    return 0, said.getvalue()


def _forget_findings() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE crosschecks_finding, crosschecks_findinglog CASCADE")


def test_city_lives_on_its_own_day(city: None, db: None) -> None:
    assert PortalClock.objects.get().business_on == AS_OF


def test_exactly_the_planted_faults_are_found(city: None, db: None) -> None:
    code, said = _score()
    assert (code, "查准率 1.000  查全率 1.000  误中陷阱 0" in said.splitlines()[-1]) == (0, True), said


def test_second_run_writes_nothing(city: None, db: None) -> None:
    before = Finding.objects.whole_city().count()
    run = runner.run(as_of=AS_OF)
    assert (run.new, run.changed, run.closed, run.reopened) == (0, 0, 0, 0)
    assert Finding.objects.whole_city().count() == before


@pytest.mark.parametrize("disabled", sorted(checks.CHECKS))
def test_score_fails_with_any_one_rule_disabled(city: None, db: None, disabled: str) -> None:
    _forget_findings()
    runner.run(as_of=AS_OF, codes=[code for code in checks.CHECKS if code != disabled])
    code, said = _score()
    assert code == 1
    assert f"{disabled}  " in said
    assert "查全率 0.000" in next(line for line in said.splitlines() if line.startswith(disabled))


def test_mending_ten_causes_closes_exactly_those(city: None, db: None) -> None:
    code, said = _score("--mend")
    assert (code, said.splitlines()[-1]) == (0, "整改 10 项，消除 10 项"), said


def test_findings_export_tells_the_planted_subjects(city: None, db: None) -> None:
    said = io.StringIO()
    call_command("findings", "--rule", "C25", "--format", "csv", stdout=said, stderr=io.StringIO())
    heading, *lines = said.getvalue().split()
    assert heading == "rule_code,subject,unit,severity,status,found_on,closed_on"
    key = json.loads((Path(settings.PORTAL_DATA) / "demo_city" / "answer_key.json").read_text())
    wanted = {(mark["subject"], mark["county"]) for mark in key["planted"] if mark["rule"] == "C25"}
    assert {tuple(line.split(",")[1:3]) for line in lines} == wanted


def test_past_day_without_rosters_has_no_findings(city: None, db: None) -> None:
    runs = Run.objects.count()
    run = runner.run(as_of=date(2015, 10, 15))
    assert (run.found, Run.objects.count()) == (0, runs + 1)

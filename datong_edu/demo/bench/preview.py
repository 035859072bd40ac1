"""The preview of a long roll: one page of its staged rows, wherever in the file, in every bucket."""

import random
import time
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from datong_edu.accounts.actions import grant_role, service_account
from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core.models import Term
from datong_edu.demo.bench import importing, roll
from datong_edu.demo.bench.figures import Figure, percentile
from datong_edu.demo.bench.importing import WrongCounts, agree, forget_pupils, import_file
from datong_edu.demo.bench.scratch import scratch_folder
from datong_edu.importing import actions
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch

REQUESTS, WARM_UP = 40, 3
KNOWN_SHARE = 20
"""One row in so many is in the books before, so that rows change and rows stay."""
HOST = "localhost"
SEED = 7
BUCKETS = ("new", "changed", "unchanged", "refused")


def measure(rows: int) -> list[Figure]:
    """Milliseconds of a page of each bucket, at any place, with so many rows staged."""
    with scratch_folder() as folder:
        batch = _staged(folder, rows)
    figures = [Figure("preview.rows", sum(batch.counts[name] for name in BUCKETS), "rows")]
    slowest = 0.0
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=[HOST], STORAGES=settings.STORAGES | plain):
        client = Client(HTTP_HOST=HOST)
        client.force_login(_clerk())
        for bucket in BUCKETS:
            found = _pages(client, batch, bucket, rows)
            slowest = max(slowest, found[1].value)
            figures += found
    figures.append(Figure("preview.p95", slowest, "ms"))
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA staging CASCADE")
    forget_pupils()
    return figures


def _staged(folder: Path, rows: int) -> ImportBatch:
    """A roll checked and not applied; some of its pupils are known, some of these with other guardians."""
    schools = roll.found_schools(rows)
    drawn = roll.rows_of_roll(rows, schools)
    unit, term = Unit.objects.city(), Term.objects.get(code=roll.TERM)
    known, file = folder / "known.xlsx", folder / "roll.xlsx"
    roll.write_roll(known, drawn[: rows // KNOWN_SHARE])
    import_file(known, kind=importing.KIND, unit=unit, term=term)
    changed = len(range(roll.CHANGED_AT, rows // KNOWN_SHARE, roll.CHANGED_EVERY))
    roll.change_some(drawn)
    roll.write_roll(file, drawn)
    del drawn
    by = service_account()
    batch = actions.receive_file(
        kind=importing.KIND, unit=unit, term=term, file_name=file.name, data=file.read_bytes(), by=by
    )
    batch.state = BatchState.CHECKING
    batch.save(update_fields=["state"])
    actions.check_batch(batch=batch, by=by)
    if batch.state != BatchState.READY:
        raise WrongCounts(f"{file.name}: {batch.get_state_display()} {batch.message}")
    agree("preview", batch.counts, {"changed": changed, "refused": roll.bad_rows(rows)})
    return batch


def _pages(client: Client, batch: ImportBatch, bucket: str, rows: int) -> list[Figure]:
    """The first page and pages behind random rows."""
    address = reverse("importing:batch", args=[batch.uid])
    chance = random.Random(SEED)
    times, size = [], 0
    for number in range(WARM_UP + REQUESTS):
        params = {"bucket": bucket} | ({"after": str(chance.randrange(rows))} if number % 2 else {})
        begun = time.perf_counter()
        response = client.get(address, params, secure=True)
        took = (time.perf_counter() - begun) * 1000
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        size = max(size, len(response.content))
        if number >= WARM_UP:
            times.append(took)
    with CaptureQueriesContext(connection) as queries:
        client.get(address, {"bucket": bucket}, secure=True)
    return [
        Figure(f"preview.{bucket}.p50", percentile(times, 50), "ms"),
        Figure(f"preview.{bucket}.p95", percentile(times, 95), "ms"),
        Figure(f"preview.{bucket}.queries", len(queries), "queries"),
        Figure(f"preview.{bucket}.size", size / 1000, "kB"),
    ]


def _clerk() -> User:
    """Who imports for the whole city and looks at the preview."""
    city = Unit.objects.city()
    user = User.objects.create_user(username="bench_importer", unit=city, name="测速用户")
    grant_role(user=user, role=Role.OPERATOR, unit=city, since_on=date(2016, 1, 1), by=None)
    return user

"""A whole invented city for the checks and pages, brought in by the import like any county's files."""

from django.db import connection

from datong_edu.accounts.models import Unit
from datong_edu.core.clock import set_business_date
from datong_edu.core.models import Term
from datong_edu.demo.bench.figures import Figure, Watch
from datong_edu.demo.bench.importing import import_file
from datong_edu.demo.bench.scratch import scratch_folder
from datong_edu.demo.generator import AS_OF, build_city, write_city
from datong_edu.importing.actions import writable_rows

LEAST_STUDENTS = 2_500
"""Fewer have no room for every planted doubt."""


def settle(rows: int) -> list[Figure]:
    """Import every roster of a city with so many pupils; at least LEAST_STUDENTS."""
    students = max(rows, LEAST_STUDENTS)
    set_business_date(AS_OF)
    taken = 0
    with scratch_folder() as folder:
        rosters = write_city(build_city(students=students), folder)
        with Watch() as watch:
            for roster in rosters:
                unit, term = Unit.objects.get(code=roster.unit), Term.objects.get(code=roster.term)
                batch = import_file(folder / roster.name, kind=roster.kind, unit=unit, term=term)
                taken += writable_rows(batch.counts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Figure("city.students", students, "pupils"),
        Figure("city.files", len(rosters), "files"),
        Figure("city.rows", taken, "rows"),
        Figure("city.import.speed", taken / watch.seconds, "rows/s"),
    ]

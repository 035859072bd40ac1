"""导出所见: the rows a list shows, as a workbook that can be imported again.

Text is written as text, so a cell that begins with = is never a formula; sensitive columns leave masked, as
on the screen.  Rows stream from the database in chunks; the workbook is built in memory, never in a file.
"""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse
from rustpy_xlsxwriter import FastExcel

from datong_edu.accounts.models import User
from datong_edu.core.exceptions import PortalError
from datong_edu.web.tables import PortalTable

CHUNK = 2_000
ROW_LIMIT = 300_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TableOf = Callable[[list[Any]], PortalTable]


def workbook_of(rows: QuerySet[Any], *, table_of: TableOf, title: str, by: User) -> tuple[bytes, int]:
    """Workbook and number of rows written, with the columns its reader may take along.

    More than 300,000 rows are refused.
    """
    written = 0

    def records() -> Iterator[dict[str, Any]]:
        nonlocal written
        for chunk in chunks(rows):
            values = table_of(chunk).values_for(by)
            heading = [str(cell) for cell in next(values)]
            for line in values:
                written += 1
                if written > ROW_LIMIT:
                    raise PortalError(f"要导出的记录超过 {ROW_LIMIT:,} 条，请先缩小范围再导出。")
                yield dict(zip(heading, line, strict=True))

    lines = records()
    first = next(lines, None)
    if first is None:
        heading = [str(cell) for cell in next(table_of([]).values_for(by))]
        content: Any = [dict.fromkeys(heading, "")]
    else:
        content = _joined(first, lines)
    target = BytesIO()
    FastExcel(target).format(bold_headers=True).freeze(row=1).sheet(title[:31], content).save()
    return target.getvalue(), written


def attachment(content: bytes, *, name: str, on: date) -> HttpResponse:
    """The answer that downloads a workbook as 名称_20201215.xlsx."""
    response = HttpResponse(content, content_type=WORKBOOK)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'{name}_{on:%Y%m%d}.xlsx')}"
    )
    return response


def chunks(rows: QuerySet[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Rows by so many, read through a cursor of the server."""
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=size):
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _joined(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest

"""One request in every way a browser or a program may send it, rolled back afterwards."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from datong_edu.demo.crawl.addresses import Address, parameters
from datong_edu.demo.crawl.callers import HOST, Caller
from datong_edu.demo.crawl.canaries import COMMON, unpacked
from datong_edu.demo.crawl.files import book
from datong_edu.demo.crawl.planting import TERM, Planted
from datong_edu.demo.crawl.seeding import COUNTIES, FOREIGN

SAFE = ("GET", "HEAD", "OPTIONS")
API = "api/"
QUERIES = ("", "export=xlsx", f"q={COMMON}", f"unit={COUNTIES[FOREIGN]}&county={COUNTIES[FOREIGN]}")
QUERIES_OF_ROWS = ("", "export=xlsx", "bucket=refused", "bucket=new")
MOST_REDIRECTS, MOST_LINKS = 4, 3
DEEDS = ("confirm", "false_alarm", "export", "assign", "close", "reopen", "waive", "approve", "skip")
KEPT_BY_READING = frozenset({
    "accounts_portalsession", "core_auditevent", "accounts_user", "django_content_type",
    # the chain of the audit trail, which every reading on record lengthens
    "core_audit_touch", "core_audit_due", "core_audit_part", "core_audit_ready",
    "core_auditlink", "core_auditshape",
    "dashboards_snapshot",  # figures asked for before anything has computed them
    "web_usecount",  # limits on searches and exports
})  # fmt: skip
"""Tables that looking may write to; none holds business rows."""


@dataclass(frozen=True)
class Ask:
    """A request: who, where, by which verb, and what it brings along."""

    caller: Caller
    address: Address
    verb: str
    brings: str = ""

    def __str__(self) -> str:
        return f"{self.caller.name} {self.verb} {self.address.path} [{self.address.place} {self.brings}]"


@dataclass
class Told:
    """What came back: everything to be searched and whose page it is, what failed, what was written, and
    numbers we sent.
    """

    status: int
    pages: list[tuple[str, bytes]] = field(default_factory=list)
    """Path and text of the answer itself and of whatever it led on to."""
    error: str = ""
    wrote: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)


def asks(caller: Caller, address: Address) -> Iterator[Ask]:
    """Every way to ask for an address."""
    queries: tuple[str, ...] = QUERIES_OF_ROWS if address.place else QUERIES
    if address.route.startswith(API):
        queries = ("", *(f"{name}={_words(name)}" for name in parameters(address.route)))
    for query in queries:
        yield Ask(caller, address, "GET", query)
    for verb in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST"):
        yield Ask(caller, address, verb)
    for form in ("own", "foreign"):
        yield Ask(caller, address, "POST", form)


def browser() -> Client:
    """What sends all requests; a fresh one for each would build every middleware anew."""
    return Client(HTTP_HOST=HOST, raise_request_exception=False)


def ask(client: Client, one: Ask, forms: dict[str, Planted], chance: random.Random) -> Told:
    """Send a request, follow where it leads, and undo whatever it did."""
    client.cookies.clear()
    for name, value in one.caller.cookies.items():
        client.cookies[name] = value
    with _undone():
        before = written() if one.verb in SAFE else Counter()
        sent: dict[str, Any] = {}
        if one.verb == "POST" and one.brings:
            sent = _form(forms[one.brings], chance)
        told = Told(0, sent={str(value) for value in sent.values()})
        told.sent |= set(forms[one.brings].territory.numbers) if sent else set()
        answer = _send(client, one, sent)
        told.status = answer.status_code
        _read(told, one.address.path, answer)
        _follow(client, one, answer, told)
        if one.verb in SAFE:
            told.wrote = sorted((written() - before).keys() - KEPT_BY_READING)
    return told


@contextmanager
def _undone() -> Iterator[None]:
    """A savepoint that is always rolled back, and in which a request may ask for a transaction of its own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # else `durable=True` inside would be refused
    with block:
        yield
        transaction.set_rollback(True)


def _send(client: Client, one: Ask, form: dict[str, Any]) -> Any:
    path = one.address.path
    more: dict[str, Any] = {"secure": True}
    if one.caller.token:
        more["headers"] = {"Authorization": f"Bearer {one.caller.token}", "Idempotency-Key": "crawl-1"}
    if one.verb == "POST" and form and one.address.route.startswith(API) and not path.endswith("/imports"):
        plain = {name: value for name, value in form.items() if isinstance(value, str)}
        return client.post(path, json.dumps(plain), content_type="application/json", **more)
    if one.verb == "POST":
        return client.post(path, form, **more)
    query = f"?{one.brings}" if one.brings else ""
    if one.verb in ("PUT", "PATCH"):
        return client.generic(one.verb, path, "{}", content_type="application/json", **more)
    return client.generic(one.verb, path + query, **more)


def _form(place: Planted, chance: random.Random) -> dict[str, Any]:
    """A value for every field that any form of ours has, speaking of one territory's rows."""
    land, rows = place.territory, place.objects
    number = next(number for number, kind in land.numbers.items() if kind == "id_no")
    roster = book([["姓名", "身份证件号"], ["某人", number]])
    assert place.county is not None
    return {
        "deed": chance.choice(DEEDS), "act": chance.choice(DEEDS), "note": "核对后办理", "reason": "核对资料",
        "number": "id_no", "id_no": number, "kind": chance.choice(("id_no", "student_registry")),
        "value": number, "q": number, "key": "name", "pick": str(rows["finding"].uid), "reach": "picked",
        "person": str(rows["person"].uid), "unit": str(place.county.pk), "county": str(place.county.pk),
        "school": rows["school"].code, "term": TERM, "columns": "enrolment", "row": "1", "field": "name",
        "answer": str(rows["answer"].pk), "mend": "1", "decision": "1", "list": "desk:people",
        "narrowing": "", "expected": "1", "proof": "wrong-proof", "username": "crawl-nobody", "name": "新人",
        "password": "wrong-word", "code": "000000", "role": "county_clerk", "since_on": "2020-12-01",
        "next": "/desk/", "back": "/desk/findings/", "from_on": "2020-12-01", "source_title": "文件",
        "file": SimpleUploadedFile("名单.xlsx", roster),
    }  # fmt: skip


def _words(name: str) -> str:
    """A value for a query parameter of the API."""
    return {"county": COUNTIES[FOREIGN], "term": TERM, "limit": "100", "fields": "id"}.get(name, COMMON)


def _read(told: Told, path: str, answer: Any) -> None:
    """Add body, headers and cookies of an answer to what is searched."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = unquote("\n".join(f"{name}: {value}" for name, value in answer.headers.items()))
    cookies = unquote(answer.cookies.output())
    told.pages.append((path, b"\n".join((unpacked(content), headers.encode(), cookies.encode()))))
    if answer.status_code >= 500 and answer.headers.get("Retry-After") is None:
        info = getattr(answer, "exc_info", None)
        told.error = told.error or (repr(info[1])[:300] if info else str(answer.status_code))


def _follow(client: Client, one: Ask, answer: Any, told: Told) -> None:
    """Where the answer leads on; after a deed also the downloads that its page offers."""
    here = one.address.path
    more: dict[str, Any] = {"secure": True}
    for _ in range(MOST_REDIRECTS):
        target = answer.headers.get("Location", "")
        if not 300 <= answer.status_code < 400 or urlsplit(target).netloc or not target.startswith("/"):
            break
        here = urlsplit(target).path
        answer = client.get(target, **more)
        _read(told, here, answer)
    if one.verb == "POST" and one.brings and here != one.address.path:
        links = re.findall(rf'href="({re.escape(here)}[\w/-]+)"', told.pages[-1][1].decode(errors="replace"))
        for link in list(dict.fromkeys(links))[:MOST_LINKS]:
            _read(told, link, client.get(link, **more))


def written() -> "Counter[str]":
    """Rows written to each table so far in this transaction, also by what was rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n FROM (SELECT relname, pg_stat_get_xact_tuples_inserted(oid)"
            " + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS n"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace <> 'pg_catalog'::regnamespace) AS told"
            " WHERE n > 0"
        )
        return Counter(dict(cursor.fetchall()))

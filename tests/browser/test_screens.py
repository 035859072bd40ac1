"""Every page as its users see it: axe content, no English, nothing foreign, no complaint, light enough.

One walk per office: a clerk over the whole bar and what lies behind it, others over what looks different to
them.  Lists are longer than one page.
"""

import os
import re
from collections.abc import Callable
from datetime import date
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Response

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core.clock import set_business_date
from datong_edu.crosschecks.engine import runner
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.registry import number_exports
from datong_edu.registry.models import Enrolment
from datong_edu.standards.models import Standard
from datong_edu.web.navigation import links_for
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
TODAY = date(2020, 12, 15)
CHILDREN = 55
PAGE_LIMIT, OVERVIEW_LIMIT, SWAP_LIMIT = 90_000, 320_000, 15_000
"""Bytes, compressed: first load with CSS and JavaScript, and one htmx swap."""

SEEN = """() => {
    const marked = [...document.querySelectorAll("[placeholder], [title], [aria-label], [alt]")]
    const said = (one) => ["placeholder", "title", "aria-label", "alt"].map((name) => one.getAttribute(name))
    return [document.title, document.body.innerText, ...marked.flatMap(said)].filter(Boolean).join("\\n")
}"""
ENGLISH = re.compile(r"[A-Za-z]{2,}")
NOT_ENGLISH = re.compile(
    r"\bcommand_line\b|\buser\d+|\bportal_\w+|\bhunyuan_\w+|"
    r"Excel|WPS|\S+\.(?:xlsx?|csv|et|ods)\b|\b(?:xlsx?|csv|et|ods)\b|UTF-8|GB18030|[MK]B\b"
)
"""User names, the database's accounts, names of programs, file names and their endings, encodings, sizes."""


class Books:
    """What the walk opens beyond the bar."""

    def __init__(self) -> None:
        make.load_reference()
        set_business_date(TODAY)
        self.school = make.school(name="浑源测试学校")
        make.school_unit(self.school)
        self.children: list[Enrolment] = [make.poor_child(school=self.school) for _ in range(CHILDREN)]
        for child in self.children[::5]:
            make.award(child)
            make.dropout_case(child.person, stage="PRI", grade=4)
        make.allowance(school=self.school)
        make.post(school=self.school)
        make.meal_month(school=self.school)
        runner.run(as_of=TODAY)
        self.finding: Finding = Finding.objects.whole_city().open().order_by("due_on", "pk")[0]
        self.export = number_exports.request_export(
            name="subsidies:list",
            narrowing="",
            reason="向县农商行报送补助发放名单",
            by=make.user(Role.COUNTY_REVIEWER, make.county(), name="县审核甲"),
        )

    def pages(self, user: User, role: Role) -> list[str]:
        """Addresses this office walks over."""
        bar = [link.url for link in links_for(user)]
        person = reverse("desk:person", args=[self.finding.person.uid])
        finding = reverse("desk:finding", args=[self.finding.uid])
        standard, overview = reverse("standards:detail", args=["CE_BOARD"]), reverse("dashboards:overview")
        worklist, desk = reverse("desk:findings"), reverse("desk:home")
        nobody = reverse("desk:person", args=["00000000-0000-0000-0000-000000000000"])
        ways = {
            Role.COUNTY_CLERK: [
                *bar,
                person,
                finding,
                reverse("importing:upload"),
                f"{worklist}?queue=fixed",
            ],
            Role.SCHOOL_CLERK: [desk, worklist, reverse("desk:people"), nobody, standard],
            Role.CITY_STAFF: [overview, desk, f"{worklist}?rule=C01", reverse("teachers:posts")],
            Role.LEADER: [overview, f"{overview}?screen=1", person],
            Role.COUNTY_HEAD: [
                *bar,
                reverse("desk:number-export-decide", args=[self.export.uid]),
                f"{reverse('desk:number-export-request')}?list=subsidies:list&narrowing=",
                reverse("desk:reveal", args=[self.finding.person.uid]),
                reverse("account"),
                reverse("password_change"),
            ],
            Role.AUDITOR: [*bar, reverse("desk:audit-changes"), reverse("offices"), person],
            Role.SYSTEM_ADMIN: [*bar, reverse("offices"), reverse("grant_office"), reverse("new_user")],
            Role.SECURITY_ADMIN: [*bar, reverse("offices"), reverse("account")],
            Role.AUDIT_ADMIN: [*bar, reverse("desk:audit-changes"), f"{reverse('desk:audit')}?q=x"],
            Role.STANDARDS_OFFICER: [*bar, standard, reverse("standards:add", args=["CE_BOARD"])],
        }
        return ways[role]

    def unit_of(self, role: Role) -> Unit:
        """The unit an office of the walk is held at."""
        if role == Role.SCHOOL_CLERK:
            return Unit.objects.get(code=self.school.code)
        return make.county() if role in (Role.COUNTY_CLERK, Role.COUNTY_HEAD) else make.city()


class Eyes:
    """What the browser was heard saying and asked to fetch."""

    def __init__(self, page: Page, home: str, codes: set[str]) -> None:
        self.page, self.home, self.codes = page, home, codes
        self.complaints: list[str] = []
        self.weights: dict[str, int] = {}
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda ask: self._suspect(ask.url))
        page.on("response", self._weigh)
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (event) => console.error('CSP', event.violatedDirective, event.blockedURI))"
        )

    def _hear(self, line: Any) -> None:
        """An error, unless it is the browser's own line about a page that is meant not to exist."""
        if line.type == "error" and "404 (Not Found)" not in line.text:
            self.complaints.append(line.text)

    def _suspect(self, url: str) -> None:
        if not url.startswith((self.home, "data:")):
            self.complaints.append(f"foreign: {url}")

    def _weigh(self, response: Response) -> None:
        if response.url.startswith(self.home) and response.status in (200, 404):
            self.weights[response.url] = len(compress(response.body()))

    def look(self, address: str) -> list[str]:
        """Open a page as for the first time; what is wrong with it, in words."""
        self.weights.clear()
        self.page.goto(f"{self.home}{address}", wait_until="networkidle")
        wrong = [f"{address}: {line}" for line in self.complaints]
        self.complaints.clear()
        wrong += [f"{address}: English “{word}”" for word in english_of(self.page.evaluate(SEEN), self.codes)]
        wrong += [f"{address}: axe {fault}" for fault in self._axe()]
        limit = OVERVIEW_LIMIT if address.startswith(reverse("dashboards:overview")) else PAGE_LIMIT
        weight = sum(self.weights.values())
        wrong += [f"{address}: {weight:,} bytes at first load"] * (weight > limit)
        if pictures := os.environ.get("PORTAL_TEST_PICTURES"):  # to be looked at by eye
            name = re.sub(r"\W+", "_", address)
            self.page.screenshot(path=Path(pictures) / f"{name}.png", full_page=True)
        if self.page.locator("#dt-list").count():
            swap = self.page.request.get(f"{self.home}{address}", headers={"HX-Request": "true"})
            size = len(compress(swap.body()))
            wrong += [f"{address}: {size:,} bytes in a swap"] * (size > SWAP_LIMIT)
        return wrong

    def _axe(self) -> list[str]:
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        return [f"{one['id']} {one['nodes'][0]['html'][:160]}" for one in found]


def english_of(text: str, codes: set[str]) -> list[str]:
    """English words left when codes, names of programs and files are taken out."""
    plain = " ".join(word for word in NOT_ENGLISH.sub("", text).split() if word not in codes)
    return sorted(set(ENGLISH.findall(plain)))


@pytest.fixture
def visit(page: Page, live_server: Any) -> Callable[[Role], list[str]]:
    """Walk all pages of one office; what is wrong with them."""

    def walk(role: Role) -> list[str]:
        if not AXE.exists():
            # What CI cannot look at it must not call looked at.
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
                "axe-core is not installed (npm ci)"
            )
        books = Books()
        user = make.user(role, books.unit_of(role))
        client = Client()
        client.force_login(user)
        key = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": key, "value": client.cookies[key].value, "url": live_server.url}])
        keys = Standard.objects.values_list("key", flat=True) if role == Role.STANDARDS_OFFICER else ()
        eyes = Eyes(page, live_server.url, set(keys))
        return [fault for address in books.pages(user, role) for fault in eyes.look(address)]

    return walk


LOOKED_AT = [
    Role.COUNTY_CLERK, Role.COUNTY_HEAD, Role.SCHOOL_CLERK, Role.CITY_STAFF, Role.LEADER,
    Role.STANDARDS_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
]  # fmt: skip


@pytest.mark.parametrize("role", LOOKED_AT)
def test_pages_of_an_office(visit: Callable[[Role], list[str]], role: Role) -> None:
    assert visit(role) == []

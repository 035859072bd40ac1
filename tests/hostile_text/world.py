"""A county whose every free text is a script: brought by rosters, typed on screens, or left in old rows."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Role
from datong_edu.core import audit, clock
from datong_edu.core.access import Access
from datong_edu.core.exceptions import PortalError
from datong_edu.core.models import StoredBlob
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.comparing import actions as comparing
from datong_edu.desk.comparing.columns import COLUMNS
from datong_edu.importing.models import ImportBatch
from datong_edu.registry import number_exports
from datong_edu.registry.models import Enrolment, NumberExport, Person, School
from datong_edu.standards.models import StandardValue
from datong_edu.web import doors
from datong_edu.web.doorkeeper import opens_to
from tests import factories as make
from tests.hostile_text.writers import as_xlsx
from tests.importing import rosters
from tests.importing.command import SCHOOLS, import_roster
from tests.importing.mending import lines_of, mend
from tests.importing.test_views import applied, checked, latest, run, uploaded

KIND = "student_registry"
NAME_LIMIT, SHEET_LIMIT = 50, 28
OFFICES = {
    Role.COUNTY_CLERK: "county", Role.COUNTY_HEAD: "county", Role.COUNTY_REVIEWER: "county",
    Role.SCHOOL_CLERK: "school", Role.CITY_STAFF: "city", Role.STANDARDS_OFFICER: "city",
    Role.AUDITOR: "city", Role.SYSTEM_ADMIN: "city", Role.SECURITY_ADMIN: "city", Role.AUDIT_ADMIN: "city",
}  # fmt: skip


OF_A_BATCH = (
    "?bucket=new", "?bucket=changed", "?bucket=refused", "?bucket=warned", "?step=mapping",
    "cause/?reason=SCHOOL_UNKNOWN&field=school", "cause/?reason=GRADE_UNKNOWN&field=grade",
    "cause/?reason=NAME_BROKEN&field=name",
)  # fmt: skip


class World:
    """What was planted, the offices that look at it, and the addresses of everything."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        make.load_reference()
        service_account()
        clock.set_business_date(date(2020, 12, 15))
        assert import_roster(SCHOOLS, "school_list", unit="140200", term=None, as_json=False).code == 0
        self.school = make.school(name="临时学校")
        self.users = {role: self._user(role, place) for role, place in OFFICES.items()}
        self.clerk = self._client(Role.COUNTY_CLERK)
        self._apply()
        self._spoil_old_rows()
        self._leave_batches()
        self._work()

    def _user(self, role: Role, place: str) -> User:
        unit: Unit = {
            "county": make.county, "city": make.city, "school": lambda: make.school_unit(self.school)
        }[place]()  # fmt: skip
        return make.user(role, unit, name=self.texts[0][:50])

    def _client(self, role: Role) -> Client:
        client = Client()
        client.force_login(self.users[role])
        return client

    def _lines(self, **given: str) -> list[dict[str, object]]:
        """A pupil for each text; `given` says which headings hold it."""
        strange = {text: text for text in self.texts[:5]}
        lines = []
        for at, text in enumerate(self.texts):
            born = date(2011, 3, 1 + at % 20)
            line = rosters.pupil(
                make.id_number(born), 出生日期=born.isoformat(), 现住址=text, 学籍变动类型=text
            )
            lines.append(line | strange | dict.fromkeys(given, text))
        return lines

    def _apply(self) -> None:
        """Texts that the importer lets in: addresses, and words of columns nobody depends on."""
        self.lines = self._lines()
        content = as_xlsx(self.lines, _sheet(self.texts[2]))
        applied(self.clerk, content=content, name=_file(self.texts[1]), kind=KIND)
        assert Enrolment.objects.whole_city().count() == len(self.texts)

    def _spoil_old_rows(self) -> None:
        """Names that look like code are refused at the door; rows of before hold them all the same."""
        pupils = list(Enrolment.objects.whole_city().order_by("pk"))
        for pupil, text in zip(pupils, self.texts, strict=True):
            pupil.name = text[:NAME_LIMIT]
            Person.objects.whole_city().filter(pk=pupil.person_id).update(name=text[:NAME_LIMIT])
            make.award(pupil, name=text[:NAME_LIMIT])
            make.dropout_case(pupil.person, stage="PRI", grade=4, name=text[:NAME_LIMIT])
            make.finding(person=pupil.person, summary=text, evidence=[[text, text]], school=pupil.school)
        Enrolment.objects.whole_city().bulk_update(pupils, ["name"])
        schools = list(School.objects.whole_city().filter(county=make.county()).order_by("pk"))
        for school, text in zip(schools, self.texts * 10, strict=False):
            school.name = text
        School.objects.whole_city().bulk_update(schools, ["name"])
        for text in self.texts[:60]:
            school = make.school(name=text)
            make.allowance(school=school, name=text[:NAME_LIMIT])
            make.post(school=school, name=text[:NAME_LIMIT])
            make.meal_month(school=school)
        for value, text in zip(StandardValue.objects.order_by("pk"), self.texts * 10, strict=False):
            StandardValue.objects.filter(pk=value.pk).update(source_title=text, source_number=text[:60])

    def _leave_batches(self) -> None:
        """Batches at the columns, at a preview full of faults, of changes, of who is missing, and refused."""
        bad = self._lines(姓名="", 学校名称="", 年级="", 监护人姓名="")
        self._send(uploaded, bad, self.texts[3])
        batch = self._send(checked, self._lines(学校名称="", 年级="", 学生状态=""), self.texts[4])
        line = lines_of(self.clerk, batch)[0]
        mend(self.clerk, batch, {f"cell-{line.seq}-grade": self.texts[5]})
        run(latest())
        changed = [line | {"现住址": f"改{line['现住址']}"} for line in self.lines]
        self._send(checked, changed, self.texts[6])
        self._send(checked, [rosters.pupil()], self.texts[7], is_full="on")
        for name in (_file(self.texts[8]), f"{self.texts[9][:20]}.txt"):
            form = {"kind": KIND, "unit": make.county().pk, "term": "2020-2021-1"}
            file = SimpleUploadedFile(name.replace("/", "_"), self.texts[9].encode() * 3)
            self.clerk.post(reverse("importing:upload"), form | {"file": file})
            if latest().job_id:
                run(latest())

    def _send(self, deed: Any, lines: list[dict[str, object]], text: str, **more: str) -> ImportBatch:
        content = as_xlsx(lines, _sheet(text))
        batch: ImportBatch = deed(self.clerk, content=content, name=_file(text), kind=KIND, **more)
        return batch

    def _work(self) -> None:
        """Words typed on screens: answers to findings, reasons of exports, events, compared lists."""
        for finding, text in zip(Finding.objects.whole_city().order_by("pk"), self.texts, strict=False):
            self.clerk.post(reverse("desk:deed", args=[finding.uid]), {"deed": "confirm", "note": text})
        reviewer = self.users[Role.COUNTY_REVIEWER]
        for text in self.texts[:2]:
            number_exports.request_export(name="subsidies:list", narrowing="", reason=text, by=reviewer)
        audit.record(action="web.exported", by=reviewer, county=None, detail={self.texts[3]: self.texts[4]})
        for name, text in ((_file(self.texts[10]), "姓名"), (_file(self.texts[11]), self.texts[11])):
            sheet = as_xlsx([{text: one, "备注": one} for one in self.texts], _sheet(self.texts[2]))
            try:
                comparing.compare_roster(
                    file_name=name, data=sheet, columns=[one.key for one in COLUMNS], term=make.term(),
                    by=self.users[Role.COUNTY_CLERK],
                )  # fmt: skip
            except PortalError:  # a list without a heading that is known
                continue

    # --- addresses ----------------------------------------------------------------------------------------

    def screens(self, *, every_row: bool) -> Iterator[tuple[Role, str]]:
        """Every page that answers with HTML, with the first office that it opens to."""
        clients = {role: self._client(role) for role in OFFICES}
        for address, access in self._addresses(every_row=every_row):
            opened = [role for role in OFFICES if opens_to(access, self.users[role])]
            for role in opened[:2]:
                answer = clients[role].get(address)
                if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                    yield role, address
                    break

    def _addresses(self, *, every_row: bool) -> Iterator[tuple[str, Access | None]]:
        for door in doors.views():
            route = "/" + door.name.split(" ")[0]
            if route.startswith(("/admin/", "/api/")) or "(?P" in route or "^" in route:
                continue
            for address in self._filled(route, every_row=every_row):
                is_list = address.endswith(("/findings/", "/people/", "/aid/", "/dropout/", "/schools/"))
                yield (f"{address}?per=200" if is_list else address), door.access
                if route == "/import/<uuid:uid>/":
                    yield from ((address + more, door.access) for more in OF_A_BATCH)

    def _filled(self, route: str, *, every_row: bool) -> list[str]:
        some = slice(None) if every_row else slice(2)
        rows: list[Any] = []
        if "<uuid:" in route:
            models: dict[str, Any] = {
                "/desk/people": Person, "/desk/findings": Finding, "/import": ImportBatch,
                "/desk/compare": StoredBlob, "/desk/numbers": NumberExport,
            }  # fmt: skip
            model = next((one for start, one in models.items() if route.startswith(start)), None)
            if model is None:
                return []
            manager = model.objects
            rows = list(
                (manager.whole_city() if hasattr(manager, "whole_city") else manager.all()).order_by("-pk")
            )
            rows = rows if model in (ImportBatch, StoredBlob) else rows[some]
        routes = [_replace(route, "uuid", str(row.uid)) for row in rows] or [route]
        if "<slug:" in route:
            routes = [_replace(one, "slug", "CE_BOARD") for one in routes]
        if "<int:" in route:
            users = User.objects.values_list("pk", flat=True)[:3]
            routes = [_replace(one, "int", str(pk)) for one in routes for pk in (*users, 1)]
        return routes


def _replace(route: str, kind: str, value: str) -> str:

    return re.sub(rf"<{kind}:\w+>", value, route)


def _file(text: str) -> str:
    """A file of that name; a browser cuts off what stands before a slash."""
    return text.replace("/", "∕")[:80] + ".xlsx"


def _sheet(text: str) -> str:
    return "".join(letter for letter in text if letter not in "[]:*?/\\'")[:SHEET_LIMIT]

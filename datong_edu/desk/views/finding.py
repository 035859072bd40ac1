"""One finding: its rule, evidence, sources and history, and what the user may do about it now."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.core.exceptions import PortalError
from datong_edu.crosschecks.engine import actions, policies
from datong_edu.crosschecks.engine.checks import CHECKS, CrossCheck
from datong_edu.crosschecks.engine.enums import Verdict
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.desk.facts import PersonFacts, Sourced
from datong_edu.desk.forms import Deed, DeedForm
from datong_edu.desk.tables import rule_words
from datong_edu.desk.wording import SEVERITY_TONES, STATUS_TONES, confirm_words, tail
from datong_edu.registry.models import Person
from datong_edu.web.grades import grade_words
from datong_edu.web.parts import Badge
from datong_edu.web.views import PortalView, ScopedDetailView, go_to
from dropout.actions import open_case
from dropout.models import DropoutCase
from dropout.policies import may_open_case

OUT_OF_SCHOOL = "C17"
"""The rule whose findings are children for the dropout ledger."""
DONE_WORDS = {
    Deed.CONFIRM: "已答复属实。",
    Deed.FALSE_ALARM: "已答复误报。",
    Deed.ASSIGN: "已派给学校核实。",
    Deed.CLOSE: "已办结；下次比对会复核原因是否消除。",
    Deed.REOPEN: "已重新打开。",
    Deed.LEDGER: "已列入控辍台账。",
}


@dataclass(frozen=True)
class Doubt:
    """A finding as pages show it, with what the user may do about it."""

    finding: Finding
    rule: CrossCheck | None
    kind: Badge
    status: Badge
    confirm: str
    may_confirm: bool
    may_refute: bool
    may_assign: bool
    may_close: bool
    may_reopen: bool
    may_enter_ledger: bool

    @property
    def may_act(self) -> bool:
        """Whether there is any button."""
        deeds = (self.may_confirm, self.may_refute, self.may_assign, self.may_close, self.may_reopen)
        return any(deeds) or self.may_enter_ledger


def doubt_of(finding: Finding, user: User) -> Doubt:
    """A finding with its words and the user's buttons."""
    may_answer = policies.may_answer(user, finding)
    return Doubt(
        finding=finding,
        rule=CHECKS.get(finding.rule_code),
        kind=Badge(rule_words(finding.rule_code), SEVERITY_TONES[finding.severity]),  # type: ignore[index]
        status=Badge(finding.get_status_display(), STATUS_TONES[finding.status]),  # type: ignore[index]
        confirm=confirm_words(finding.rule_code, finding.amount),
        may_confirm=may_answer and finding.status != Verdict.CONFIRMED,
        may_refute=may_answer and finding.status != Verdict.FALSE_ALARM,
        may_assign=policies.may_assign(user, finding),
        may_close=policies.may_close(user, finding),
        may_reopen=policies.may_reopen(user, finding),
        may_enter_ledger=finding.rule_code == OUT_OF_SCHOOL
        and finding.is_open
        and may_open_case(user, finding.county)
        and not DropoutCase.objects.whole_city().filter(person=finding.person).exists(),
    )


class FindingDetail(ScopedDetailView):
    """The evidence: beside the worklist as a fragment, or as a page of its own."""

    model = Finding
    slug_field = slug_url_kwarg = "uid"
    context_object_name = "finding"
    required_permission = Permission.VIEW_FINDINGS
    template_name = "desk/finding.html"
    nav = "desk:findings"
    notice = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Findings in sight with whom and where."""
        rows = super().get_queryset()
        return rows.select_related("person", "school", "county", "term", "assigned_to", "closed_by")

    def get_template_names(self) -> list[str]:
        """The panel alone when htmx asked."""
        return [f"{self.template_name}#panel"] if self.is_fragment else [self.template_name]

    def get_title(self) -> str:
        """Whom it is about."""
        return str(self.object.person or self.object.school or "比对问题")

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Finding:
        """The finding; reading its evidence is written down, under the person where there is one."""
        finding: Finding = super().get_object(queryset)
        audit.record(
            action="read_finding",
            by=self.user,
            subject=finding.person or finding,
            county=finding.county,
            detail={"finding": str(finding.uid)},
        )
        return finding

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Evidence, sources, history and buttons."""
        finding = self.object
        doubt = doubt_of(finding, self.user)
        facts = PersonFacts(finding.person, self.user) if finding.person else None
        needs_school = doubt.may_assign and finding.school is None
        return super().get_context_data(
            **{
                "doubt": doubt,
                "who": self._who(facts),
                "may_open_file": self._may_open_file(),
                "sources": self._sources(facts),
                "events": finding.log.visible_to(self.user).select_related("by"),
                "schools": schools_of(finding.county) if needs_school else [],
                "today": self.around.today,
                "notice": None,
                **kwargs,
            }
        )

    def _may_open_file(self) -> bool:
        """Whether the person has a file in sight; a school may be asked about a child it does not have."""
        user, person = self.user, self.object.person
        if person is None or not user.may(Permission.VIEW_PERSONS):
            return False
        return bool(Person.objects.visible_to(user).filter(pk=person.pk).exists())

    def _who(self, facts: PersonFacts | None) -> str:
        """男 · 初二(4) · 寄宿."""
        if facts is None:
            return self.object.county.name
        row = facts.enrolment
        place = grade_words(row.stage, row.grade, row.class_no) if row else ""
        parts = (
            facts.person.sex,
            place,
            row.get_boarding_display() if row else "",
            tail(facts.person.id_no_masked),
        )
        return " · ".join(part for part in parts if part)

    def _sources(self, facts: PersonFacts | None) -> list[Sourced]:
        return facts.sourced(self.object.term_id) if facts else []


class FindingDeed(PortalView):
    """One deed on one finding: 属实, 误报, 派给学校, 办结, 重新打开."""

    required_permission = Permission.VIEW_FINDINGS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, uid: Any) -> HttpResponse:
        """Call the action; answer with the panel as it now stands."""
        finding = get_object_or_404(Finding.objects.visible_to(self.user), uid=uid)
        form = DeedForm(request.POST)
        if not form.is_valid():
            raise PortalError(form.first_fault)
        deed = Deed(form.cleaned_data["deed"])
        self._act(finding, deed, form.cleaned_data)
        if "HX-Request" in request.headers and form.cleaned_data["back"] == "":
            return self._panel(request, uid, DONE_WORDS[deed])
        messages.success(request, DONE_WORDS[deed])
        return go_to(request, form.cleaned_data["back"] or reverse("desk:finding", args=[uid]))

    def _act(self, finding: Finding, deed: Deed, said: dict[str, Any]) -> None:
        user, note = self.user, said["note"]
        if deed == Deed.CONFIRM:
            actions.answer_finding(finding=finding, verdict=Verdict.CONFIRMED, note=note, by=user)
        elif deed == Deed.FALSE_ALARM:
            actions.answer_finding(finding=finding, verdict=Verdict.FALSE_ALARM, note=note, by=user)
        elif deed == Deed.CLOSE:
            actions.close_finding(finding=finding, note=note, on=self.around.today, by=user)
        elif deed == Deed.REOPEN:
            actions.reopen_finding(finding=finding, note=note, by=user)
        elif deed == Deed.LEDGER:
            open_case(finding=finding, by=user)
        else:
            actions.assign_to_school(
                finding=finding, school=school_for(finding, said["school"]), note=note, by=user
            )

    def _panel(self, request: HttpRequest, uid: Any, words: str) -> HttpResponse:
        view = FindingDetail()
        view.setup(request, uid=uid)
        view.object = get_object_or_404(view.get_queryset(), uid=uid)
        context = view.get_context_data(notice={"level": "success", "text": words})
        response = render(request, "desk/finding.html#panel", context)
        response.headers["HX-Trigger"] = "dt-changed"
        return response


def schools_of(county: Unit) -> list[Unit]:
    """Schools of a county that may be asked to look into something."""
    return list(county.children.filter(kind=UnitKind.SCHOOL).order_by("name"))


def school_for(finding: Finding, code: str) -> Unit:
    """The school to hand a finding to: the one chosen, or its own."""
    wanted = code or (finding.school.code if finding.school else "")
    unit = Unit.objects.filter(kind=UnitKind.SCHOOL, code=wanted).select_related("parent").first()
    if unit is None:
        raise PortalError("请选择要派给的学校；若名单里没有，请先导入学校名单。")
    return unit

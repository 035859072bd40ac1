"""比对问题: the worklist, and what is done with many findings at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import only_county
from datong_edu.core import audit
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.crosschecks.engine.checks import CHECKS
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.crosschecks.engine.querysets import QUEUES
from datong_edu.desk import bulk
from datong_edu.desk.filters import ALL, FindingFilter
from datong_edu.desk.questions import findings_seen_by
from datong_edu.desk.reach import Reach, reach_of
from datong_edu.desk.tables import FindingTable, rule_words
from datong_edu.web import limits, numbers
from datong_edu.web.exports import attachment, workbook_of
from datong_edu.web.lists import EXPORT, ScopedListView
from datong_edu.web.paging import PARAMETERS
from datong_edu.web.parts import Chip, Empty, Tab
from datong_edu.web.tables import PortalTable
from datong_edu.web.templatetags.portal import instant
from datong_edu.web.views import go_to

_COUNTY_TABS = {
    "todo": "待我处理",
    "assigned": "已派学校",
    "confirmed": "属实待整改",
    "overdue": "超期",
    "week": "本周到期",
    "fixed": "已办结",
    "false_alarm": "误报",
}
_SCHOOL_TABS = {"assigned": "待我处理", "todo": "县区核实中"}
_PLACES_OF_FINDING = ("queue", "status", "overdue", "assigned")
_NOT_A_CHOICE = (*PARAMETERS, "sort", "per", EXPORT)


def tabs_for(reach: Reach) -> dict[str, str]:
    """Queues in the order and words of this desk; the first is what waits for it."""
    if not reach.may_answer:
        return {**_COUNTY_TABS, "todo": "待核"}
    if not reach.is_school:
        return _COUNTY_TABS
    return {key: _SCHOOL_TABS.get(key, _COUNTY_TABS[key]) for key in ("assigned", *QUEUES)}


class FindingList(ScopedListView):
    """Findings in queues, by kind, with the evidence beside them."""

    model = Finding
    table_class = FindingTable
    filterset_class = FindingFilter
    template_name = "desk/findings.html"
    required_permission = Permission.VIEW_FINDINGS
    title = "比对问题"
    nav = "desk:findings"
    ordering = ("due_on", "pk")
    empty = Empty("这里没有需要处理的问题")

    @cached_property
    def reach(self) -> Reach:
        """Whose desk it is."""
        return reach_of(self.user)

    @cached_property
    def wishes(self) -> Mapping[str, str]:
        """Filters of the request; the bare address means the first queue."""
        params = self.request.GET.dict()
        asked = {key: str(value) for key, value in params.items() if key not in _NOT_A_CHOICE and value}
        return asked or {"queue": next(iter(tabs_for(self.reach)))}

    @property
    def queue(self) -> str:
        """The tab shown; everything when the address names a status instead."""
        return self.wishes.get("queue", ALL)

    def rows(self) -> QuerySet[Any]:
        """Findings in sight."""
        return findings_seen_by(self.user)

    @cached_property
    def filterset(self) -> FindingFilter:
        """The filter of the request, or of the first queue."""
        return FindingFilter(self.wishes, queryset=self.rows(), request=self.request)

    def address(self, **changes: str | None) -> str:
        """The list's URL, always with its queue."""
        if "queue" in self.wishes:
            changes.setdefault("queue", self.wishes["queue"])
        return super().address(**changes)

    def table_of(self, rows: list[Any]) -> PortalTable:
        """Boxes for those who may do something; the county where there are several."""
        return FindingTable(
            rows,
            today=self.around.today,
            sort=self.request.GET.get("sort", ""),
            with_pick=self.may_act or self.may_export,
            with_county=self.reach.is_wide,
            with_kind=len(self.chosen_rules) != 1,
        )

    def tabs(self) -> list[Tab]:
        """Queues with their counts under all other filters but the kind."""
        counts = self._narrowed_without(*_PLACES_OF_FINDING, "rule").queue_counts(self.around.today)
        dropped: dict[str, str | None] = dict.fromkeys((*_PLACES_OF_FINDING, "rule"))
        tabs = [
            Tab(
                label,
                self.address(**{**dropped, "queue": key}),
                counts[key],
                current=self.queue == key,
                tone="red" if key == "overdue" and counts[key] else "",
            )
            for key, label in tabs_for(self.reach).items()
        ]
        return [*tabs, Tab("全部", self.address(**{**dropped, "queue": ALL}), current=self.queue == ALL)]

    @cached_property
    def kinds(self) -> dict[str, tuple[int, Decimal | None]]:
        """Number and yuan of each rule under all other filters."""
        rows = self._narrowed_without("rule").order_by("rule_code").values_list("rule_code")
        return {code: (n, yuan) for code, n, yuan in rows.annotate(Count("pk"), Sum("amount"))}

    @property
    def chosen_rules(self) -> set[str]:
        """Codes the address names; none means all."""
        return {code for code in self.wishes.get("rule", "").upper().split(",") if code}

    def chips(self) -> list[Chip]:
        """Kinds of doubt that occur here."""
        now = self.chosen_rules
        total = sum(n for n, _ in self.kinds.values())
        kinds = [
            Chip(
                rule_words(code),
                self.address(rule=code),
                self.kinds.get(code, (0, None))[0],
                current=code in now,
            )
            for code in sorted(self.kinds.keys() | now & CHECKS.keys())
        ]
        return [Chip("全部", self.address(rule=None), total, current=not now), *kinds]

    def summary(self) -> str:
        """Yuan at stake in what is shown."""
        now = self.chosen_rules
        yuan = sum(yuan or 0 for code, (_, yuan) in self.kinds.items() if not now or code in now)
        return f"涉及 {numbers.wan(yuan)}" if yuan else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return bool(self.wishes.keys() - {"queue"})

    @property
    def may_act(self) -> bool:
        """Whether anything may be done with several at once."""
        user = self.user
        return bool(user.may(Permission.CLOSE_FINDINGS) or user.may(Permission.ANSWER_FINDINGS))

    def get_subheading(self) -> str:
        """Whose, and which run the list rests on."""
        run = Run.objects.latest_for(self.reach.county.pk if self.reach.county else None)
        told = f"最近比对 {instant(run.finished_at)}" if run and run.finished_at else "尚未比对"
        return f"{self.reach.name} · {told}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list; a refresh after a deed is no new entry of the browser's history."""
        response = super().get(request, *args, **kwargs)
        if request.headers.get("HX-Trigger") == "dt-refresh":
            response.headers["HX-Push-Url"] = "false"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the bulk bar and the rule chosen."""
        user = self.user
        asked = self.address().partition("?")[2]
        return super().get_context_data(
            **{
                "chips_label": "问题类型",
                "bulk_url": f"{reverse('desk:bulk')}?{asked}" if self.may_act or self.may_export else "",
                "may_assign": user.may(Permission.CLOSE_FINDINGS),
                "may_answer": user.may(Permission.ANSWER_FINDINGS),
                "clear_url": self.address(**dict.fromkeys(self.wishes.keys() - {"queue"}))
                if self.is_narrowed
                else "",
                "rule": CHECKS.get(self.wishes.get("rule", "").upper()),
                **kwargs,
            }
        )

    def _narrowed_without(self, *names: str) -> Any:
        """Findings under the filters of the request but some."""
        return self.filterset.narrowed(Finding.objects.visible_to(self.user), without=names)


class BulkDeed(FindingList):
    """One deed on the findings picked, or on all that match the filters of the address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the filter again, see what the user may do with each, and do it."""
        chosen = self._chosen()
        deed = request.POST.get("deed", "")
        if deed == "export":
            return self._export_chosen(chosen)
        user, note = self.user, request.POST.get("note", "")
        rows = bulk.those(chosen)
        if deed == "assign":
            outcome = bulk.assign_to_their_schools(findings=rows, note=note, by=user)
        elif deed == "false_alarm":
            outcome = bulk.answer_false_alarm(findings=rows, note=note, by=user)
        else:
            raise PortalError("请选择要办理的事项。")
        messages.add_message(request, messages.SUCCESS if outcome.done else messages.WARNING, outcome.words)
        return go_to(request, f"{reverse('desk:findings')}?{request.GET.urlencode()}")

    def _chosen(self) -> QuerySet[Any]:
        """Rows of the filter that were picked; all of them only while they are as many as was shown."""
        if self.request.POST.get("reach") != ALL:
            picked = [uid for uid in self.request.POST.getlist("pick") if bulk.is_key(uid)]
            if not picked:
                raise PortalError("请先勾选问题，再选择要办理的事项。")
            rows: QuerySet[Any] = self.found.filter(uid__in=picked)
            return rows
        expected = self.request.POST.get("expected", "")
        if str(self.found.count()) != expected:
            raise Conflict("符合条件的问题已有变化，与页面显示的条数不同。")
        return self.found

    def _export_chosen(self, chosen: QuerySet[Any]) -> HttpResponse:
        if not self.user.may(self.export_permission):
            raise PermissionDenied
        limits.spend("export", self.user.pk)
        rows = chosen.order_by(*self.order, "pk")
        content, written = workbook_of(rows, table_of=self.table_of, title=self.title, by=self.user)
        audit.record(
            action="web.exported",
            by=self.user,
            county=only_county(self.user),
            detail={"list": "desk:findings", "rows": written},
        )
        return attachment(content, name=self.title, on=self.around.today)

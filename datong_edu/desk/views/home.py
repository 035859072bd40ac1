"""工作台: what waits for me, by when, what the last run found, and what runs in the background."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core.models import Job, JobState
from datong_edu.crosschecks.engine import actions
from datong_edu.crosschecks.engine.models import Finding, Run
from datong_edu.desk.questions import findings_seen_by
from datong_edu.desk.reach import Reach, reach_of
from datong_edu.desk.tables import rule_words
from datong_edu.desk.wording import JOB_TONES, JOB_WORDS
from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.web import numbers
from datong_edu.web.parts import Badge, Bar, Kpi, Todo
from datong_edu.web.views import PortalPage, PortalView, go_to

WAITING_BATCHES = (BatchState.MAPPING, BatchState.READY)
BATCH_TONES = {
    BatchState.READY: "amber",
    BatchState.MAPPING: "amber",
    BatchState.APPLIED: "green",
    BatchState.REFUSED: "red",
}
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
FAILURES_SHOWN_FOR = timedelta(days=3)
SHOWN = 8


class Home(PortalPage):
    """The first page after the log-in."""

    required_permission = Permission.VIEW_FINDINGS
    template_name = "desk/home.html"
    title = "工作台"
    nav = "desk:home"

    def get_template_names(self) -> list[str]:
        """The background jobs alone when the page asks how they stand."""
        return ["desk/home.html#jobs"] if self.is_fragment else [self.template_name]

    def get_subheading(self) -> str:
        """Whose desk, and the day."""
        day = self.around.today
        return f"{reach_of(self.user).name} · {day.year}年{day.month}月{day.day}日"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Queues, deadlines, the last run, imports and jobs."""
        user, today = self.user, self.around.today
        reach = reach_of(user)
        jobs = jobs_of(reach)
        if self.is_fragment:
            return super().get_context_data(**{**job_context(jobs), **kwargs})
        rows = Finding.objects.visible_to(user)
        counts = rows.queue_counts(today)
        batches = batches_of(user)
        waiting = batches.aggregate(n=Count("pk", filter=Q(state__in=WAITING_BATCHES)))["n"]
        first = "assigned" if reach.is_school else "todo"
        urgent = findings_seen_by(user).open().order_by("due_on", "pk")
        if reach.is_school:
            urgent = urgent.filter(assigned_to__isnull=False)
        return super().get_context_data(
            **{
                "kpis": kpis(reach, counts, waiting),
                "todo": [todo_of(row, today) for row in urgent[:SHOWN]],
                "first_queue": _findings(queue=first),
                "first_count": counts[first],
                "first_words": "处理" if reach.may_answer else "查看",
                "by_county": county_bars(rows, today) if reach.is_wide else [],
                "run": Run.objects.latest_for(reach.county.pk if reach.county else None),
                "may_run": reach.may_run,
                "run_label": "立即比对本县" if reach.county else "立即比对全市",
                "may_import": user.may(Permission.IMPORT_ROSTERS),
                "batches": [batch_line(row) for row in batches.select_related("created_by")[:5]],
                "upload_url": _address("importing:upload"),
                "history_url": _address("importing:history"),
                **job_context(jobs),
                **kwargs,
            }
        )


class StartRun(PortalView):
    """立即比对: queue a run over the county, or the city for its staff."""

    required_permission = Permission.RUN_CROSSCHECK
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Queue it and go back to the desk, where its progress shows."""
        actions.start_run(county=reach_of(self.user).county, by=self.user)
        messages.success(request, "比对已排队，进度见右侧“后台任务”，完成后可在比对问题中查看。")
        return go_to(request, reverse("desk:home"))


def kpis(reach: Reach, counts: dict[str, int], waiting: int) -> list[Kpi]:
    """The queues in figures, each leading to its list."""
    first = "assigned" if reach.is_school else "todo"
    figures = [
        _kpi(
            "待我处理" if reach.may_answer else "待核",
            counts[first],
            _findings(queue=first),
            foot="尚未答复的问题",
        ),
        _kpi("超期", counts["overdue"], _findings(queue="overdue"), tone="red", foot="已过办理期限"),
        _kpi("本周到期", counts["week"], _findings(queue="week"), tone="amber", foot="7 天内到期"),
        _kpi("属实待整改", counts["confirmed"], _findings(queue="confirmed"), foot="已确认，整改后办结"),
    ]
    if not reach.is_school:
        figures.append(_kpi("已派学校", counts["assigned"], _findings(queue="assigned"), foot="等待学校答复"))
    if reach.user.may(Permission.IMPORT_ROSTERS):
        url = _address("importing:history")
        figures.append(_kpi("待写入名册", waiting, url, tone="amber", foot="已上传，等待确认", unit="批"))
    return figures


def todo_of(row: Finding, today: Any) -> Todo:
    """An urgent finding as a line."""
    late = row.due_on < today
    return Todo(
        rule_words(row.rule_code),
        f"{row.person or row.school}：{row.summary}",
        reverse("desk:finding", args=[row.uid]),
        note=str(row.school or row.county),
        figure=numbers.deadline(row.due_on, today),
        tone="red" if late else "amber" if (row.due_on - today).days <= 7 else "",
    )


def county_bars(rows: Any, today: Any) -> list[Bar]:
    """Open findings of each county, the late ones in red."""
    opened, late = rows.open().by_county(), rows.overdue(today).by_county()
    bars = []
    for county in Unit.objects.counties():
        n, overdue = opened.get(county.pk, 0), late.get(county.pk, 0)
        if n:
            url = _findings(status="open", unit=county.code)
            told = f"超期 {numbers.count(overdue)}" if overdue else ""
            bars.append(Bar(county.name, n, numbers.count(n), url, late=overdue, late_text=told))
    return sorted(bars, key=lambda bar: -bar.value)


def jobs_of(reach: Reach) -> QuerySet[Job]:
    """Background jobs that concern this desk: its own, and those of its counties."""
    mine = Q(created_by=reach.user) | Q(county__in=reach.scope.county_ids)
    if reach.scope.city:
        mine = Q()
    recent = Q(state__in=UNFINISHED) | Q(
        state=JobState.FAILED, finished_at__gte=timezone.now() - FAILURES_SHOWN_FOR
    )
    return Job.objects.filter(mine, recent).select_related("county", "created_by").order_by("-id")[:SHOWN]


def job_context(jobs: QuerySet[Job]) -> dict[str, Any]:
    """The jobs as lines, and whether one is under way."""
    rows = list(jobs)
    lines = [
        {
            "label": JOB_WORDS.get(job.kind, "后台任务"),
            "where": str(job.county or "全市"),
            "state": Badge(job.get_state_display(), JOB_TONES[job.state]),  # type: ignore[index]
            "phase": job.message if job.state == JobState.FAILED else job.phase,
            "percent": job.percent,
            "running": job.state == JobState.RUNNING,
            "at": job.created_at,
        }
        for job in rows
    ]
    return {
        "jobs": lines,
        "jobs_under_way": sum(job.state in UNFINISHED for job in rows),
        "jobs_failed": sum(job.state == JobState.FAILED for job in rows),
    }


def batches_of(user: User) -> QuerySet[Any]:
    """Import batches in sight."""
    rows: QuerySet[Any] = ImportBatch.objects.visible_to(user)
    return rows.order_by("-id")


def batch_line(row: ImportBatch) -> dict[str, Any]:
    """An import as a line."""
    return {
        "roster": ROSTERS[row.kind].title if row.kind in ROSTERS else "名册",
        "file": row.file_name,
        "state": Badge(row.get_state_display(), BATCH_TONES.get(row.state, "")),  # type: ignore[call-overload]
        "by": row.created_by,
        "at": row.applied_at or row.created_at,
        "url": _address("importing:batch", row.uid),
    }


def _kpi(label: str, count: int, url: str, *, tone: str = "", foot: str = "", unit: str = "条") -> Kpi:
    return Kpi(
        label, numbers.count(count), unit, url, tone if count else "green" if tone == "red" else "", foot
    )


def _findings(**params: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in params.items())
    return f"{reverse('desk:findings')}?{query}"


def _address(name: str, *args: Any) -> str:
    """A page of another room; nothing on a portal that runs without it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

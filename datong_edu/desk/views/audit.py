"""操作留痕: who read, exported or did what, and what every change changed; for the audit office only."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core.models import AuditEvent, AuditLink
from datong_edu.desk import auditing
from datong_edu.desk.deeds import detail_words
from datong_edu.registry.filters import COUNTY_CHOICES
from datong_edu.web.filters import PortalFilterSet
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty, Tab
from datong_edu.web.tables import TIGHT_CELL, PortalTable, exported
from datong_edu.web.views import PortalPage

DEEDS_SHOWN = 200


class AuditTable(PortalTable):
    """One event a line."""

    at = tables.Column("时间", orderable=True, attrs=TIGHT_CELL)
    who = tables.Column("操作人", accessor="pk", attrs=TIGHT_CELL)
    action = tables.Column("操作", attrs=TIGHT_CELL)
    subject = tables.Column("对象", accessor="pk", attrs=TIGHT_CELL)
    county = tables.Column("县区", accessor="pk", attrs=TIGHT_CELL)
    source = tables.Column("来源", attrs=TIGHT_CELL)
    detail = tables.Column("说明", accessor="pk")

    exports = exported(
        "at", "who", "action", "subject", "county", "source", "detail", to=Permission.VIEW_AUDIT
    )

    class Meta(PortalTable.Meta):
        model = AuditEvent
        fields = ("at", "who", "action", "subject", "county", "source", "detail")

    def render_at(self, value: Any) -> str:
        """2020-12-15 08:30:01."""
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"

    def value_at(self, value: Any) -> str:
        """The same."""
        return self.render_at(value)

    def render_who(self, record: AuditEvent) -> str:
        """Name and log-in name; the system where nobody acted."""
        return f"{record.actor}（{record.actor.username}）" if record.actor else "系统"

    def value_who(self, record: AuditEvent) -> str:
        """The same."""
        return self.render_who(record)

    def render_action(self, value: str) -> str:
        """In Chinese."""
        return auditing.action_words(value)

    def value_action(self, value: str) -> str:
        """The same."""
        return auditing.action_words(value)

    def render_subject(self, record: AuditEvent) -> SafeString | str:
        """Kind and key, which leads to all events about it; never a name or number."""
        if not record.subject_type:
            return "—"
        address = f"{reverse('desk:audit')}?subject={record.subject_type}:{record.subject_id}"
        return format_html('<a href="{}">{}</a>', address, self.value_subject(record))

    def value_subject(self, record: AuditEvent) -> str:
        """Kind and key."""
        return f"{auditing.subject_words(record.subject_type)} {record.subject_id}".strip()

    def render_county(self, record: AuditEvent) -> str:
        """The county; events of none are the city's."""
        return str(record.county or "全市")

    def value_county(self, record: AuditEvent) -> str:
        """The same."""
        return self.render_county(record)

    def render_source(self, value: str) -> str:
        """In Chinese."""
        return auditing.source_words(value)

    def value_source(self, value: str) -> str:
        """The same."""
        return auditing.source_words(value)

    def render_detail(self, record: AuditEvent) -> str:
        """What was written down beside the deed, in Chinese."""
        return detail_words(record.detail)[:200]

    def value_detail(self, record: AuditEvent) -> str:
        """The same."""
        return self.render_detail(record)


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date", "aria-label": label, "title": label})
    return django_filters.DateFilter("at", lookup_expr=lookup, label=label, widget=widget)


class AuditFilter(PortalFilterSet):
    """Time, actor, action, county; a subject is reached by its link."""

    search_label = "操作人姓名或用户名"
    text_paths = ("actor__name", "actor__username")
    off_form = ("subject",)

    since = _day("起始日期", "date__gte")
    until = _day("截止日期", "date__lte")
    action = django_filters.ChoiceFilter(label="操作", choices=sorted(auditing.ACTIONS.items()))
    unit = django_filters.ChoiceFilter(field_name="county__code", label="县区", choices=COUNTY_CHOICES)
    subject = django_filters.CharFilter(method="by_subject")

    class Meta:
        model = AuditEvent
        fields = ("since", "until", "action", "unit", "subject")

    def by_subject(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Events about one thing, written as label:key."""
        label, _, key = value.partition(":")
        return rows.filter(Q(subject_type=label, subject_id=key))


class AuditList(ScopedListView):
    """Reads, exports, log-ins and deeds, latest first."""

    model = AuditEvent
    table_class = AuditTable
    filterset_class = AuditFilter
    required_permission = Permission.VIEW_AUDIT
    export_permission = Permission.VIEW_AUDIT
    ordering = ("-id",)
    title = "操作留痕"
    subheading = "只增不改，逐笔成链；导出本表也会留痕"
    empty = Empty("没有符合条件的留痕")

    def rows(self) -> QuerySet[Any]:
        """Events within the audit office's unit."""
        return auditing.events_seen_by(self.user)

    def tabs(self) -> list[Tab]:
        """Deeds and reads here, changes of data next door."""
        return _tabs(changes=False)


class AuditChanges(PortalPage):
    """数据变更: transactions that changed protected tables, latest first."""

    required_permission = Permission.VIEW_AUDIT
    template_name = "desk/audit_changes.html"
    title = "数据变更"
    nav = "desk:audit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The latest transactions in sight of one day, or of all days."""
        links = auditing.links_seen_by(self.user)
        day = forms.DateField(required=False)
        try:
            on = day.clean(self.request.GET.get("on", ""))
        except forms.ValidationError:
            on = None
        if on:
            links = links.filter(at__date=on)
        return super().get_context_data(
            **{
                "deeds": _deeds(links.order_by("-id")[:DEEDS_SHOWN]),
                "on": on,
                "tabs": _tabs(changes=True),
                **kwargs,
            }
        )


class AuditChange(PortalPage):
    """One transaction in one county: every row it changed."""

    required_permission = Permission.VIEW_AUDIT
    template_name = "desk/audit_change.html"
    title = "变更明细"
    nav = "desk:audit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The transaction and its rows; out of sight it does not exist."""
        link = (
            auditing.links_seen_by(self.user)
            .filter(deed=self.kwargs["number"], county=self.kwargs["place"])
            .first()
        )
        if link is None:
            raise Http404
        (deed,) = _deeds([link])
        return super().get_context_data(
            **{
                "deed": deed,
                "changes": list(auditing.changes_of(link)),
                "limit": auditing.ROWS_SHOWN,
                **kwargs,
            }
        )


def _tabs(*, changes: bool) -> list[Tab]:
    return [
        Tab("查看、导出与办理", reverse("desk:audit"), current=not changes),
        Tab("数据变更", reverse("desk:audit-changes"), current=changes),
    ]


def _deeds(links: Any) -> list[auditing.Deed]:
    found: list[AuditLink] = list(links)
    wanted = {one["user"] for link in found for one in link.contexts.values() if one.get("user")}
    users = User.objects.in_bulk(list(wanted))
    units = Unit.objects.in_bulk([link.county for link in found])
    return [auditing.deed_of(link, units, users) for link in found]

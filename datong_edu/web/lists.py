"""The generic scoped list: search, filters, tabs, chips, one page of rows, and 导出所见.

The URL is the only state.  What a user types is posted and answered by a redirect to the list's own address,
so numbers never stand in it.  Results, counts and export link are one fragment, `list` of web/list.html.
"""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import only_county
from datong_edu.core import audit
from datong_edu.web import limits
from datong_edu.web.exports import attachment, workbook_of
from datong_edu.web.filters import NUMBER, SEARCH, PortalFilterSet, sees_several_counties
from datong_edu.web.paging import PAGE_SIZES, PARAMETERS, Page, page_of
from datong_edu.web.parts import Chip, Empty, Tab
from datong_edu.web.tables import PortalTable
from datong_edu.web.views import PortalPage

EXPORT = "export"


class ScopedListView(PortalPage):
    """A list of one scoped model.

    A room sets `required_permission`, `model`, `table_class`, `filterset_class`, `ordering` and `title`;
    `rows()` adds joins.
    """

    template_name = "web/list.html"
    export_permission: ClassVar[Permission] = Permission.EXPORT_ROWS
    model: ClassVar[type[Model]]
    table_class: ClassVar[type[PortalTable]]
    filterset_class: ClassVar[type[PortalFilterSet]]
    ordering: ClassVar[tuple[str, ...]] = ("pk",)
    export_name: ClassVar[str] = ""
    row_noun: ClassVar[str] = "条"
    empty: ClassVar[Empty] = Empty()

    def rows(self) -> QuerySet[Any]:
        """All rows the user may see, with the joins the table needs."""
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(self.user)
        return rows

    def tabs(self) -> list[Tab]:
        """Queues above the list."""
        return []

    def chips(self) -> list[Chip]:
        """Kinds with counts inside the narrowing panel."""
        return []

    def summary(self) -> str:
        """A further figure beside the count, such as 涉及 26,750 元."""
        return ""

    @cached_property
    def filterset(self) -> PortalFilterSet:
        """The filter over the visible rows."""
        return self.filterset_class(self.request.GET, queryset=self.rows(), request=self.request)

    @cached_property
    def found(self) -> QuerySet[Any]:
        """Rows that match; an unreadable filter matches nothing."""
        rows: QuerySet[Any] = self.filterset.qs
        return rows if self.filterset.is_valid() else rows.none()

    @cached_property
    def order(self) -> list[str]:
        """Sort paths of the request."""
        return self.table_class.sort_paths(self.request.GET.get("sort", "")) or list(self.ordering)

    @cached_property
    def current(self) -> Page:
        """The page of rows asked for."""
        wish = self.request.GET.get("per", "")
        size = int(wish) if wish in map(str, PAGE_SIZES) else PAGE_SIZES[0]
        return page_of(self.found, order=self.order, params=self.request.GET, size=size)

    def table_of(self, rows: list[Any]) -> PortalTable:
        """The table over some rows."""
        table = self.table_class(rows, today=self.around.today, sort=self.request.GET.get("sort", ""))
        if not sees_several_counties(self.user):
            table.hide_counties()
        return table

    def address(self, **changes: str | None) -> str:
        """This list's URL with some parameters changed (None removes), from its first page."""
        params = {k: v for k, v in self.request.GET.items() if k not in (*PARAMETERS, EXPORT)}
        params |= {k: v or "" for k, v in changes.items()}
        kept = {k: v for k, v in params.items() if v}
        return f"{self.request.path}?{urlencode(kept)}" if kept else self.request.path

    def get_template_names(self) -> list[str]:
        """The fragment when htmx asked, the whole page otherwise."""
        return [f"{self.template_name}#list"] if self.is_fragment else [str(self.template_name)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, or its export."""
        if request.GET.get(EXPORT) == "xlsx":
            return self.export()
        if request.GET.get(SEARCH) or request.GET.get(NUMBER):
            limits.spend("search", self.user.pk)
        response = super().get(request, *args, **kwargs)
        response.headers["Vary"] = "HX-Request"
        if self.is_fragment:
            response.headers["HX-Push-Url"] = request.get_full_path()
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Filters as typed: whole numbers become blind indexes, then on to the list's own address."""
        typed = {name: ",".join(request.POST.getlist(name)) for name in self.filterset.on_form}
        typed[NUMBER] = self.filterset_class.index_of(typed.get(SEARCH, ""))
        if typed[NUMBER]:
            typed[SEARCH] = ""
        typed |= {
            name: "" for name, value in typed.items() if name != NUMBER and PortalFilterSet.holds_id(value)
        }
        return redirect(self.address(**{name: value.strip() for name, value in typed.items()}))

    def export(self) -> HttpResponse:
        """Exactly the rows found, in their order, with the columns shown; written to the audit trail."""
        if not self.user.may(self.export_permission):
            raise PermissionDenied
        limits.spend("export", self.user.pk)
        name = self.export_name or self.title
        content, written = workbook_of(
            self.found.order_by(*self.order, "pk"), table_of=self.table_of, title=name, by=self.user
        )
        audit.record(
            action="web.exported",
            by=self.user,
            county=only_county(self.user),
            detail={"list": self.view_name, "rows": written},
        )
        return attachment(content, name=name, on=self.around.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what web/list.html shows."""
        page = self.current
        return super().get_context_data(
            **{
                "listing": page,
                "table": self.table_of(page.rows),
                "filterset": self.filterset,
                "tabs": self.tabs(),
                "chips": self.chips(),
                "summary": self.summary(),
                "row_noun": self.row_noun,
                "empty": self.empty,
                "export_url": self.address(export="xlsx") if self.may_export else "",
                "full_url": self._full_url(),
                "clear_url": self.request.path if _is_narrowed(self.request.GET) else "",
                "here": self.address(),
                "pages": self._page_links(page) if page.previous or page.next else [],
                "sizes": [
                    {"size": size, "url": self.address(per=str(size)), "current": size == page.size}
                    for size in PAGE_SIZES
                ],
                **kwargs,
            }
        )

    @property
    def may_export(self) -> bool:
        """Whether the user is shown 导出所见."""
        return bool(self.user.may(self.export_permission))

    def _full_url(self) -> str:
        """Where the same list with whole numbers is asked for; empty for who may not."""
        may = self.may_export and self.user.may(Permission.REQUEST_NUMBERS)
        if not may or not self.table_class.unmasked():
            return ""
        try:
            page = reverse("desk:number-export-request")
        except NoReverseMatch:  # a portal may run without the desk
            return ""
        narrowing = self.address().partition("?")[2]
        return f"{page}?{urlencode({'list': self.view_name, 'narrowing': narrowing})}"

    def _page_links(self, page: Page) -> list[dict[str, str]]:
        neighbours = (
            ("首页", page.first),
            ("上一页", page.previous),
            ("下一页", page.next),
            ("末页", page.last),
        )
        return [
            {"label": label, "url": "" if where is None else self.address(**dict(where))}
            for label, where in neighbours
        ]


def _is_narrowed(params: QueryDict) -> bool:
    return any(value for key, value in params.items() if key not in (*PARAMETERS, "sort", "per", EXPORT))

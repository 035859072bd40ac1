"""A small site of two lists and a gallery, so that web is tested without the rooms above it."""

import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from datong_edu.accounts.roles import Permission
from datong_edu.core.access import users
from datong_edu.core.codes import Ownership
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.registry.models import School
from datong_edu.web.filters import PortalFilterSet
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Chip, Tab
from datong_edu.web.tables import BadgeColumn, CountColumn, DayColumn, MoneyColumn, PortalTable, exported
from datong_edu.web.views import PortalView, ScopedDetailView


class SchoolTable(PortalTable):
    """Schools with every kind of column."""

    name = tables.Column("学校", orderable=True)
    enrolled = CountColumn("在校生", orderable=True)
    yearly_tuition = MoneyColumn("学费（元/年）")
    closed_on = DayColumn("撤并时间")
    ownership = BadgeColumn("办学性质", tones={Ownership.values[0]: "blue"})

    exports = exported(
        "name", "enrolled", "yearly_tuition", "closed_on", "ownership",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = School
        fields = ("name", "enrolled", "yearly_tuition", "closed_on", "ownership")


class SchoolFilter(PortalFilterSet):
    """Search by name; a number is looked up in the identification column of the test."""

    text_paths = ("name",)
    number_paths = {"id_no": "source_batch__uid"}
    search_label = "学校名称"

    class Meta:
        model = School
        fields = ("ownership",)


class SchoolList(ScopedListView):
    """The generic list over schools."""

    required_permission = Permission.VIEW_LEDGERS
    model = School
    table_class = SchoolTable
    filterset_class = SchoolFilter
    title = "学校"
    ordering = ("name",)

    def tabs(self) -> list[Tab]:
        """One queue."""
        return [Tab("全部", self.address(), 3, current=True)]

    def chips(self) -> list[Chip]:
        """One kind."""
        return [Chip("公办", self.address(ownership=Ownership.values[0]), 2)]


class SchoolDetail(ScopedDetailView):
    """One school."""

    model = School
    required_permission = Permission.VIEW_LEDGERS
    template_name = "web/page.html"


class Refusing(PortalView):
    """Refuses every deed."""

    access = users("a test")

    def post(self, request: HttpRequest, how: str) -> HttpResponse:
        """Raise what the test asks for."""
        raise {
            "portal": PortalError("金额超过标准，请核对后重填。"),
            "conflict": Conflict("该记录已被他人处理。"),
            "missing": Http404(),
            "denied": PermissionDenied(),
            "broken": RuntimeError("secret detail"),
        }[how]


rooms = (
    [
        path("", SchoolList.as_view(), name="list"),
        path("<int:pk>/", SchoolDetail.as_view(), name="school"),
        path("refuse/<str:how>/", Refusing.as_view(), name="refuse"),
    ],
    "schools",
)
urlpatterns = [path("", include("datong_edu.web.urls")), path("list/", include(rooms))]
handler400 = "datong_edu.web.errors.bad_request"
handler403 = "datong_edu.web.errors.permission_denied"
handler404 = "datong_edu.web.errors.page_not_found"
handler500 = "datong_edu.web.errors.server_error"

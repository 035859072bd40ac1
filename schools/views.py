"""Pages of schools."""

from typing import Any

from django.db.models import QuerySet

from datong_edu.accounts.roles import Permission
from datong_edu.registry.models import School
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty, Tab
from schools.filters import SchoolFilter
from schools.tables import SchoolTable


class SchoolList(ScopedListView):
    """学校: every identification code, with the receiver of a closed one."""

    required_permission = Permission.VIEW_LEDGERS
    model = School
    table_class = SchoolTable
    filterset_class = SchoolFilter
    title = "学校"
    nav = "schools:list"
    ordering = ("code",)
    row_noun = "所"
    empty = Empty("还没有学校。导入学校名单后，这里逐所列出。")

    def rows(self) -> QuerySet[Any]:
        """Schools with county, merger and receiver."""
        return super().rows().select_related("county", "merger__receiver")

    def tabs(self) -> list[Tab]:
        """At work, closed."""
        chosen = self.request.GET.get("closed", "")
        choices = (("", "全部"), ("0", "在办"), ("1", "已撤并"))
        return [Tab(label, self.address(closed=key or None), current=key == chosen) for key, label in choices]

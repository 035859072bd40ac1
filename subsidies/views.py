"""Pages of aid."""

from typing import Any

from django.db.models import QuerySet, Sum

from datong_edu.accounts.roles import Permission
from datong_edu.web import numbers
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty, Tab
from subsidies.filters import SHOWN, AwardFilter
from subsidies.models import AwardLine
from subsidies.tables import AwardTable


class AwardList(ScopedListView):
    """资助明细: every line of every roll, newest term's filter in the address."""

    required_permission = Permission.VIEW_LEDGERS
    model = AwardLine
    table_class = AwardTable
    filterset_class = AwardFilter
    title = "资助明细"
    nav = "subsidies:list"
    empty = Empty("还没有资助明细。导入资助名册后，这里逐行列出。")

    def rows(self) -> QuerySet[Any]:
        """Lines with what the table names."""
        return super().rows().select_related("person", "county", "school", "scheme", "term", "roll_term")

    def tabs(self) -> list[Tab]:
        """The views behind the leader's figures."""
        chosen = self.request.GET.get("show", "")
        return [
            Tab(label, self.address(show=key or None), current=key == chosen)
            for key, label in {"": "全部明细", **SHOWN}.items()
        ]

    def summary(self) -> str:
        """Sum of the lines found, told on the first page of a list that is counted to its end."""
        page = self.current
        if page.is_capped or page.first_number != 1 or self.request.GET.get("show") == "pupils":
            return ""
        total = self.found.order_by().aggregate(total=Sum("amount"))["total"]
        return f"金额合计 {numbers.wan(total)}" if total is not None else ""

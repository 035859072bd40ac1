"""Pages of meals."""

from typing import Any

from django.db.models import QuerySet

from datong_edu.accounts.roles import Permission
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty
from nutrition.filters import MealMonthFilter
from nutrition.models import MealMonth
from nutrition.tables import MealMonthTable


class MealMonthList(ScopedListView):
    """营养餐月报: heads, days and money of each school and month, latest month first."""

    required_permission = Permission.VIEW_LEDGERS
    model = MealMonth
    table_class = MealMonthTable
    filterset_class = MealMonthFilter
    title = "营养餐月报"
    nav = "nutrition:list"
    ordering = ("-month", "pk")
    row_noun = "份"
    empty = Empty("还没有营养餐月报。")

    def rows(self) -> QuerySet[Any]:
        """Reports with what the table names."""
        return super().rows().select_related("school", "county")

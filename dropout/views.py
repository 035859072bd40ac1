"""Pages of the dropout ledger."""

from typing import Any

from django.db.models import QuerySet

from datong_edu.accounts.roles import Permission
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty, Tab
from dropout.enums import CaseStatus
from dropout.filters import CaseFilter
from dropout.models import DropoutCase
from dropout.tables import CaseTable


class CaseList(ScopedListView):
    """控辍台账: every child out of school or suspected to be, until 销号."""

    required_permission = Permission.VIEW_LEDGERS
    model = DropoutCase
    table_class = CaseTable
    filterset_class = CaseFilter
    title = "控辍台账"
    nav = "dropout:list"
    row_noun = "人"
    empty = Empty("台账上没有学生。")

    def rows(self) -> QuerySet[Any]:
        """Cases with what the table names."""
        return super().rows().select_related("person", "county", "school")

    def tabs(self) -> list[Tab]:
        """One tab for each status."""
        chosen = self.request.GET.get("status", "")
        choices = [("", "全部"), *CaseStatus.choices]
        return [Tab(label, self.address(status=key or None), current=key == chosen) for key, label in choices]

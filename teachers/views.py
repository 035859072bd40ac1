"""Pages of teachers."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from datong_edu.accounts.roles import Permission
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Empty, Tab
from teachers.filters import AllowanceFilter, PostFilter
from teachers.models import AllowanceLine, Post
from teachers.tables import AllowanceTable, PostTable

BOOKS = {"teachers:list": "乡村教师生活补助", "teachers:posts": "教师花名册"}


class _TeacherList(ScopedListView):
    """What both books share: the bar's entry, the joins and the tabs between the books."""

    required_permission = Permission.VIEW_LEDGERS
    nav = "teachers:list"

    def rows(self) -> QuerySet[Any]:
        """Lines with what the table names."""
        return super().rows().select_related("person", "county", "school")

    def tabs(self) -> list[Tab]:
        """The two books."""
        here = self.view_name
        return [Tab(label, reverse(name), current=name == here) for name, label in BOOKS.items()]


class AllowanceList(_TeacherList):
    """乡村教师生活补助: what each teacher was paid for a school in a year."""

    model = AllowanceLine
    table_class = AllowanceTable
    filterset_class = AllowanceFilter
    title = BOOKS["teachers:list"]
    empty = Empty("还没有乡村教师生活补助名册。")


class PostList(_TeacherList):
    """教师花名册: who teaches where, as the staff roster of a day states it."""

    model = Post
    table_class = PostTable
    filterset_class = PostFilter
    title = BOOKS["teachers:posts"]
    row_noun = "人次"
    empty = Empty("还没有教师花名册。")

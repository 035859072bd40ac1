"""学生档案: finding somebody."""

from typing import Any

from django.db.models import QuerySet

from datong_edu.accounts.roles import Permission
from datong_edu.desk.filters import PeopleFilter
from datong_edu.desk.questions import people_seen_by
from datong_edu.desk.tables import PeopleTable
from datong_edu.registry.models import Person
from datong_edu.web.lists import ScopedListView
from datong_edu.web.parts import Chip, Empty


class PeopleList(ScopedListView):
    """Everybody in sight, by name, number or school."""

    model = Person
    table_class = PeopleTable
    filterset_class = PeopleFilter
    required_permission = Permission.VIEW_PERSONS
    title = "学生档案"
    subheading = "一人一档：学籍、户籍困难身份、资助与比对问题在同一份档案里"
    row_noun = "人"
    empty = Empty("还没有人员档案，先导入学籍或户成员名册")

    def rows(self) -> QuerySet[Any]:
        """People with place, tags and open findings."""
        return people_seen_by(self.user, self.around.today)

    def chips(self) -> list[Chip]:
        """Who is meant at all."""
        now = self.request.GET.get("who", "")
        kinds = (("", "全部人员"), ("pupil", "在籍学生"), ("outside", "户内适龄未见学籍"))
        return [Chip(label, self.address(who=who or None), current=now == who) for who, label in kinds]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Names the chips."""
        return super().get_context_data(**{"chips_label": "人员范围", **kwargs})

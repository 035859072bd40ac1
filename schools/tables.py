"""The school list."""

from typing import Any

import django_tables2 as tables

from datong_edu.core.codes import SchoolKind
from datong_edu.registry.models import School
from datong_edu.web.tables import CountColumn, CountyColumn, DayColumn, PortalTable, exported

_KINDS = dict(SchoolKind.choices)


class SchoolTable(PortalTable):
    """One school a row, a closed one with its receiver."""

    code = tables.Column("学校标识码", orderable=True, attrs={"td": {"class": "dt-nowrap"}})
    name = tables.Column("学校", orderable=True)
    county = CountyColumn()
    town = tables.Column("乡镇")
    kind = tables.Column("办学类型")
    seat = tables.Column("驻地类别")
    ownership = tables.Column("公办民办")
    has_dormitory = tables.Column("有无宿舍")
    enrolled = CountColumn("在校生数", orderable=True)
    staff = CountColumn("教职工数", orderable=True)
    closed_on = DayColumn("撤并时间", orderable=True)
    receiver = tables.Column("接收学校", accessor="merger__receiver__name", default="")

    exports = exported(
        "code", "name", "county", "town", "kind", "seat", "ownership", "has_dormitory", "enrolled", "staff",
        "closed_on", "receiver",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = School
        fields = (
            "code", "name", "county", "town", "kind", "seat", "ownership", "has_dormitory", "enrolled",
            "staff", "closed_on", "receiver",
        )  # fmt: skip

    def render_kind(self, value: str) -> str:
        """The name of the kind; an unknown code as it is."""
        return _KINDS.get(value, value)

    def value_kind(self, value: Any) -> str:
        """The name of the kind."""
        return self.render_kind(value)

    def render_has_dormitory(self, value: bool) -> str:
        """有 or 无."""
        return "有" if value else "无"

    def value_has_dormitory(self, value: bool) -> str:
        """有 or 无."""
        return self.render_has_dormitory(value)

"""The meal reports as a list."""

import django_tables2 as tables

from datong_edu.web.tables import CountColumn, CountyColumn, MoneyColumn, PortalTable, exported
from nutrition.models import MealMonth


class MealMonthTable(PortalTable):
    """One school and month a row."""

    school = tables.Column("学校", accessor="school__name", orderable=True)
    county = CountyColumn()
    month = tables.Column("年月", orderable=True, attrs={"td": {"class": "dt-nowrap"}})
    enrolled = CountColumn("在校生数", orderable=True)
    beneficiaries = CountColumn("享受人数", orderable=True)
    days = CountColumn("供餐天数", orderable=True)
    person_days = CountColumn("人次", orderable=True)
    standard = MoneyColumn("标准（元/天）")
    due = MoneyColumn("应拨（元）")
    received = MoneyColumn("实拨（元）")
    spent = MoneyColumn("实支（元）", orderable=True)
    balance = MoneyColumn("结余（元）", orderable=True)
    mode = tables.Column("供餐模式")
    funding = tables.Column("资金来源")

    exports = exported(
        "school", "county", "month", "enrolled", "beneficiaries", "days", "person_days", "standard", "due",
        "received", "spent", "balance", "mode", "funding",
    )  # fmt: skip

    class Meta(PortalTable.Meta):
        model = MealMonth
        fields = (
            "school", "county", "month", "enrolled", "beneficiaries", "days", "person_days", "standard",
            "due", "received", "spent", "balance", "mode", "funding",
        )  # fmt: skip

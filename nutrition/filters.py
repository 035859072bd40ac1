"""What the meal reports can be narrowed by."""

import django_filters

from datong_edu.core.codes import MealMode
from datong_edu.registry.filters import CountyFilter
from datong_edu.web.filters import PortalFilterSet
from nutrition.models import MealMonth


class MealMonthFilter(PortalFilterSet):
    """County, month and way of serving; searched by school."""

    unit = CountyFilter()
    month = django_filters.CharFilter(label="年月")
    mode = django_filters.ChoiceFilter(label="供餐模式", choices=MealMode.choices)

    text_paths = ("school__name",)
    search_label = "学校名称"

    class Meta:
        model = MealMonth
        fields = ("unit", "month", "mode")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["month"].widget.attrs |= {"placeholder": "年月，如 2020-09", "maxlength": "7"}

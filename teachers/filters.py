"""What the teachers' lists can be narrowed by."""

import django_filters

from datong_edu.core.codes import PostStatus, Seat, Stage
from datong_edu.registry.filters import CountyFilter, PersonLineFilter
from teachers.models import AllowanceLine, Post


class AllowanceFilter(PersonLineFilter):
    """County, seat of the school, year."""

    unit = CountyFilter()
    seat = django_filters.ChoiceFilter(label="驻地类别", choices=Seat.choices)
    year = django_filters.NumberFilter(label="年度")

    search_label = "姓名、身份证号"

    class Meta:
        model = AllowanceLine
        fields = ("unit", "seat", "year")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["year"].widget.attrs |= {
            "placeholder": "年度，如 2020",
            "min": "2000",
            "max": "2100",
        }


class PostFilter(PersonLineFilter):
    """County, stage taught, status, special post."""

    unit = CountyFilter()
    stage = django_filters.ChoiceFilter(label="任教学段", choices=Stage.choices)
    status = django_filters.ChoiceFilter(label="在岗状态", choices=PostStatus.choices)

    search_label = "姓名、身份证号"

    class Meta:
        model = Post
        fields = ("unit", "stage", "status")

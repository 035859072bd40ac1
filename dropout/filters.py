"""What the dropout ledger can be narrowed by."""

import django_filters

from datong_edu.core.codes import DropoutType, Stage
from datong_edu.registry.filters import CountyFilter, PersonLineFilter
from dropout.enums import CaseStatus
from dropout.models import DropoutCase


class CaseFilter(PersonLineFilter):
    """County, type and stage; the status is set by the tabs."""

    unit = CountyFilter()
    type = django_filters.ChoiceFilter(label="辍学类型", choices=DropoutType.choices)
    stage = django_filters.ChoiceFilter(label="学段", choices=Stage.choices)
    status = django_filters.ChoiceFilter(label="状态", choices=CaseStatus.choices)

    off_form = ("status",)

    class Meta:
        model = DropoutCase
        fields = ("unit", "type", "stage", "status")

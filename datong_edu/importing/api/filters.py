"""Filters of the API over imports."""

import django_filters

from datong_edu.importing.enums import BatchState
from datong_edu.importing.models import ImportBatch
from datong_edu.web.api.filtering import PublicIdFilters


class ImportFilters(PublicIdFilters):
    """Imports by kind, term and state."""

    kind = django_filters.CharFilter(max_length=40, help_text="名册种类")
    term = django_filters.CharFilter(field_name="term_id", max_length=11, help_text="学期代码")
    state = django_filters.ChoiceFilter(choices=BatchState.choices, help_text="状态")

    class Meta:
        model = ImportBatch
        fields = ()

"""Findings, read only."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet

from datong_edu.accounts.roles import Permission
from datong_edu.crosschecks.engine.api.filters import FindingFilters
from datong_edu.crosschecks.engine.api.serializers import FindingSerializer
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.web.api.views import ReadViewSet

SEALED_OF_PERSON = ("id_no", "id_no_index", "name_grams", "name_key", "name_pinyin")


class Findings(ReadViewSet):
    """比对问题; each reading is on record."""

    model = Finding
    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    token_scope = "read"
    action_permissions = dict.fromkeys(("list", "retrieve"), Permission.VIEW_FINDINGS)
    told: ClassVar[dict[str, str]] = {
        "list": "本县区的比对问题；涉及人员的读取留痕。",
        "retrieve": "一个比对问题及其证据；读取留痕。",
    }

    def in_sight(self) -> QuerySet[Any]:
        """With person and county."""
        sealed = [f"person__{name}" for name in SEALED_OF_PERSON]
        return super().in_sight().select_related("person", "county").defer(*sealed)

    def person_of(self, row: Any) -> Model | None:
        """Whom it is about; a school's finding is about nobody."""
        found: Model | None = row.person
        return found

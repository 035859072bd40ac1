"""What the API tells of a finding."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datong_edu.crosschecks.engine.checks import CHECKS
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.web.api.identifiers import SCHOOL
from datong_edu.web.api.serializing import ChosenFields, PublicIdField


class EvidenceSerializer(serializers.Serializer[Any]):
    """一条证据."""

    label = serializers.CharField(source="0", help_text="项目")  # type: ignore[assignment]  # the contract says label
    value = serializers.CharField(source="1", help_text="内容，号码已遮蔽", allow_null=True)

    def to_representation(self, pair: Any) -> dict[str, Any]:
        """A rule writes a line as a pair of label and text."""
        label, value = pair
        return {"label": label, "value": value}


class FindingSerializer(ChosenFields):
    """比对问题."""

    id = serializers.UUIDField(source="uid")
    rule_title = serializers.SerializerMethodField(help_text="规则名称")
    person_id = serializers.UUIDField(source="person.uid", allow_null=True, default=None)
    school_id = PublicIdField(SCHOOL, allow_null=True)
    county_code = serializers.CharField(source="county.code", help_text="GB/T 2260 县区代码")
    term = serializers.CharField(source="term_id", help_text="学期代码，如 2020-2021-1")
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Finding
        fields = (
            "id", "rule_code", "rule_title", "severity", "status", "person_id", "school_id", "county_code",
            "term", "summary", "evidence", "amount", "found_on", "due_on", "closed_on", "verified_on",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_rule_title(self, finding: Finding) -> str:
        """The rule in words; a retired rule by its code."""
        rule = CHECKS.get(finding.rule_code)
        return rule.title if rule else finding.rule_code

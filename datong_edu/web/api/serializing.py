"""Serializers of the API: public ids, national codes, and only the fields that were asked for."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from datong_edu.web.api.identifiers import PublicId


@extend_schema_field(OpenApiTypes.UUID)
class PublicIdField(serializers.Field):
    """The public id of a key, such as `school_id` of an enrolment."""

    def __init__(self, made: PublicId, **options: Any) -> None:
        self.made = made
        super().__init__(read_only=True, **options)

    def to_representation(self, value: int) -> str:
        """A UUID as text."""
        return str(self.made.of(value))


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field):
    """A value of ours under its code of a national table; null where it has none."""

    def __init__(self, codes: Mapping[Any, str], **options: Any) -> None:
        self.codes = codes
        super().__init__(read_only=True, allow_null=True, **options)

    def to_representation(self, value: Any) -> str | None:
        """The code."""
        return self.codes.get(value)


class ChosenFields(serializers.ModelSerializer):
    """`fields=a,b` leaves out the rest; a name that does not exist is refused."""

    def get_fields(self) -> dict[str, Any]:
        """Declared fields, narrowed by the request."""
        fields = super().get_fields()
        request = self.context.get("request")
        asked = request.query_params.get("fields") if request and request.method == "GET" else None
        if asked is None:
            return fields
        chosen = [name.strip() for name in asked.split(",") if name.strip()]
        if not chosen or set(chosen) - fields.keys():
            words = f"fields 中有不存在的字段。可用：{'、'.join(fields)}。"
            raise ValidationError({"fields": [ErrorDetail(words, code="unknown_field")]})
        return {name: field for name, field in fields.items() if name in chosen}


class ProblemSerializer(serializers.Serializer[Any]):
    """错误说明（RFC 9457）."""

    type = serializers.CharField(help_text="错误种类的 URN")
    title = serializers.CharField(help_text="错误种类，中文")
    status = serializers.IntegerField(help_text="状态码")
    detail = serializers.CharField(help_text="怎么改正，中文")
    code = serializers.CharField(help_text="稳定的错误代码")

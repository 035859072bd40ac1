"""The OpenAPI file, made from the viewsets that answer: security, problems and tags of every operation."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from datong_edu.web.api import problems
from datong_edu.web.api.serializing import ProblemSerializer

SCHEME = "client_credentials"
TOKEN_PATH = "/api/v1/token"
FIELDS = OpenApiParameter(
    "fields", OpenApiTypes.STR, description="只返回这些字段，多个以逗号分开；不写即为全部。", explode=False
)
ALWAYS = ("400", "401", "403", "405", "406", "429", "500")


class ClientTokenScheme(OpenApiAuthenticationExtension):
    """How clients prove who they are."""

    target_class = "datong_edu.web.api.authentication.ClientToken"
    name = SCHEME

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Client credentials at our token endpoint."""
        scopes = settings.OAUTH2_PROVIDER["SCOPES"]
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": TOKEN_PATH, "scopes": scopes}}}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """The token scope the operation takes."""
        view: Any = auto_schema.view
        return {self.name: [view.token_scope]}


class PortalSchema(AutoSchema):
    """Adds what every operation of ours has."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        """`fields` of whatever is read."""
        return [FIELDS] if self.method == "GET" and self.view.action != "rows" else []

    def get_tags(self) -> list[str]:
        """By resource."""
        return [self.view.basename]

    def get_operation_id(self) -> str:
        """schools_list, persons_lookup …"""
        return f"{self.view.basename}_{self.view.action}"

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's own signature
        """The Chinese sentence of the action, not its docstring, which speaks to programmers."""
        return str(self.view.told.get(self.view.action, ""))

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> Any:
        bodies = super()._get_response_bodies(*args, **kwargs)
        view: Any = self.view
        codes = [*ALWAYS, *(["404"] if "{id}" in self.path else []), *view.refusals.get(view.action, ())]
        problem = self.resolve_serializer(force_instance(ProblemSerializer), "response")
        for code in sorted(set(codes)):
            bodies.setdefault(
                code,
                {
                    "description": problems.phrase(int(code)),
                    "content": {problems.MEDIA_TYPE: {"schema": problem.ref}},
                },
            )
        return bodies


def add_token_endpoint(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: the token endpoint, which is the toolkit's and no viewset."""
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "client_id": {"type": "string", "description": "也可以放在 HTTP Basic 认证中"},
            "client_secret": {"type": "string", "description": "也可以放在 HTTP Basic 认证中"},
            "scope": {"type": "string", "description": "权限范围，以空格分开；不写即为全部"},
        },
    }
    token = {
        "type": "object",
        "required": ["access_token", "expires_in", "token_type", "scope"],
        "properties": {
            "access_token": {"type": "string"},
            "expires_in": {"type": "integer", "description": "有效秒数"},
            "token_type": {"type": "string", "enum": ["Bearer"]},
            "scope": {"type": "string"},
        },
    }
    problem = {
        problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
    }
    result["paths"][TOKEN_PATH] = {
        "post": {
            "operationId": "token_create",
            "tags": ["token"],
            "summary": "换取令牌",
            "security": [{}],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": form}},
            },
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": token}}},
                **{
                    code: {"description": problems.phrase(int(code)), "content": problem}
                    for code in ("400", "401", "405", "429", "500")
                },
            },
        }
    }
    return result


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made

"""The API: how clients prove who they are, how errors and pages look, what the OpenAPI file says."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    # Tokens only: without cookies no other site can make a browser call the API.
    "DEFAULT_AUTHENTICATION_CLASSES": ["datong_edu.web.api.authentication.ClientToken"],
    "DEFAULT_PERMISSION_CLASSES": ["datong_edu.web.api.permissions.MayCall"],
    "DEFAULT_THROTTLE_CLASSES": ["datong_edu.web.api.throttling.Quota"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "datong_edu.web.api.paging.ByCursor",
    "DEFAULT_FILTER_BACKENDS": ["datong_edu.web.api.filtering.StrictFilters"],
    "DEFAULT_SCHEMA_CLASS": "datong_edu.web.api.schema.PortalSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "datong_edu.web.api.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "大同市教育扶贫管理平台接口",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "先用客户端编号和密钥向 /api/v1/token 换取令牌，再以 Authorization: Bearer 令牌 调用。"
        "号码一律遮蔽；按完整号码查人只能用 POST /api/v1/persons/lookup。"
        "错误一律为 application/problem+json（RFC 9457），code 不变，title 和 detail 为中文。"
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "IdentifierKind": "datong_edu.registry.enums.IdentifierKind",
        "RosterKind": "datong_edu.importing.forms.roster_choices",
        "ImportState": "datong_edu.importing.enums.BatchState",
        "JobState": "datong_edu.core.models.JobState",
        "FindingStatus": "datong_edu.crosschecks.engine.enums.Status",
        "Severity": "datong_edu.crosschecks.engine.enums.Severity",
        "Category": "datong_edu.core.codes.Category",
        "Stage": "datong_edu.core.codes.Stage",
        "Seat": "datong_edu.core.codes.Seat",
        "Ownership": "datong_edu.core.codes.Ownership",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "datong_edu.web.api.schema.add_token_endpoint",
    ],
    "TAGS": [
        {"name": "schools", "description": "学校"},
        {"name": "persons", "description": "人员"},
        {"name": "enrolments", "description": "学籍"},
        {"name": "findings", "description": "比对问题"},
        {"name": "imports", "description": "名册导入"},
    ],
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"
# Tables of ways to a token that are shut: the toolkit's models refer to each other, so they stay, empty.
OAUTH2_PROVIDER_GRANT_MODEL = "oauth2_provider.Grant"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth2_provider.IDToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth2_provider.DeviceGrant"
# The toolkit's own 22 migrations are 115 steps that a new database would take one by one.
MIGRATION_MODULES = {"oauth2_provider": "datong_edu.accounts.oauth.migrations"}
OAUTH2_PROVIDER: dict[str, Any] = {
    "SCOPES": {"read": "查询学校、人员、学籍和比对问题", "import": "上传名册并写入"},
    "SCOPES_BACKEND_CLASS": "datong_edu.accounts.clients.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 30 * 60,
    "CLIENT_SECRET_GENERATOR_LENGTH": 64,
    # A token is kept as its checksum, and is taken from the header only.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    # Ways to a token that no client of ours has; shut all the same.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

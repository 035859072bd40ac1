"""Token, OpenAPI file, documentation, and an answer to every address of the API that does not exist."""

from django.urls import path, re_path

from datong_edu.web.api import pages, token

urlpatterns = [
    path("token", token.Token.as_view(), name="api_token"),
    path("schema", pages.Schema.as_view(), name="api_schema"),
    path("docs", pages.Documentation.as_view(), name="api_docs"),
    re_path(r"^.*$", pages.nowhere, name="api_nowhere"),
]

"""The OpenAPI file and its documentation, for whoever is logged in; unknown addresses of the API."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from datong_edu.web.api import problems, schema
from datong_edu.web.views import PortalPage, PortalView


class Schema(PortalView):
    """openapi.json."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The document that the viewsets make."""
        return JsonResponse(schema.document(), json_dumps_params={"ensure_ascii": False})


class Documentation(PortalPage):
    """接口文档: Swagger UI from our own files, without a script in the page."""

    template_name = "web/api_docs.html"
    title = "接口文档"


@csrf_exempt  # nothing is done here
@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    """404 as a problem."""
    return problems.plain(problems.NOT_FOUND)

"""The OpenAPI file and its documentation, for whoever is logged in; unknown addresses of the API."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from datong_edu.core.access import declared, public, users
from datong_edu.web.api import problems, schema
from datong_edu.web.views import PortalPage, PortalView


class Schema(PortalView):
    """openapi.json."""

    access = users("the contract with other systems, which holds nobody's data")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The document that the viewsets make."""
        return JsonResponse(schema.document(), json_dumps_params={"ensure_ascii": False})


class Documentation(PortalPage):
    """接口文档: Swagger UI from our own files, without a script in the page."""

    access = users("the contract with other systems, which holds nobody's data")
    template_name = "web/api_docs.html"
    title = "接口文档"


@csrf_exempt  # nothing is done here
@declared(public("says that the address does not exist"))
def nowhere(request: HttpRequest) -> HttpResponse:
    """404 as a problem."""
    return problems.plain(problems.NOT_FOUND)

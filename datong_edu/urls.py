"""Every address of the portal."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from datong_edu.core.access import declared, public


@declared(public("asked by load balancers; says ok and nothing else"))
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the portal and its database work; for load balancers and container checks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


api = [
    path("", include("datong_edu.registry.api.urls")),
    path("", include("datong_edu.crosschecks.engine.api.urls")),
    path("", include("datong_edu.importing.api.urls")),
    path("", include("datong_edu.web.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("healthz", health, name="health"),
    path("admin/", admin.site.urls),
    path("desk/", include("datong_edu.desk.urls")),
    path("overview/", include("datong_edu.dashboards.urls")),
    path("import/", include("datong_edu.importing.urls")),
    path("aid/", include("subsidies.urls")),
    path("dropout/", include("dropout.urls")),
    path("teachers/", include("teachers.urls")),
    path("schools/", include("schools.urls")),
    path("meals/", include("nutrition.urls")),
    path("standards/", include("datong_edu.standards.urls")),
    path("", include("datong_edu.web.urls")),
]

handler400 = "datong_edu.web.errors.bad_request"
handler403 = "datong_edu.web.errors.permission_denied"
handler404 = "datong_edu.web.errors.page_not_found"
handler500 = "datong_edu.web.errors.server_error"

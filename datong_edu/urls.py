"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the portal and its database work; for load balancers and container checks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", health, name="health"),
    path("admin/", admin.site.urls),
]

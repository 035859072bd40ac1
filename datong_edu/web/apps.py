"""The shell every page stands in: base views, lists, tables, paging, refusals."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class WebConfig(AppConfig):
    name = "datong_edu.web"
    label = "web"
    verbose_name = "页面"

    def ready(self) -> None:
        """Kept answers of the API follow new keys."""
        from datong_edu.core import sealed_columns
        from datong_edu.web.api.repeating import BLOB  # models exist only now

        sealed_columns.declare_blob("web.RepeatableCall", "cipher", kind=BLOB)


class PortalAdminConfig(AdminConfig):
    """django.contrib.admin with our site."""

    default_site = "datong_edu.web.administration.PortalAdmin"

"""The shell every page stands in: base views, lists, tables, paging, refusals."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class WebConfig(AppConfig):
    name = "datong_edu.web"
    label = "web"
    verbose_name = "页面"


class PortalAdminConfig(AdminConfig):
    """django.contrib.admin with our site."""

    default_site = "datong_edu.web.administration.PortalAdmin"

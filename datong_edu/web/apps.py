"""The shell every page stands in: base views, lists, tables, paging, refusals."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "datong_edu.web"
    label = "web"
    verbose_name = "页面"

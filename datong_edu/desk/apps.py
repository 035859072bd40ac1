"""Pages where rooms meet: the desk, the findings worklist and one person's file.  Owns no table."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "datong_edu.desk"
    label = "desk"
    verbose_name = "工作台"

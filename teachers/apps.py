"""Teachers: posts and the rural living allowance."""

from django.apps import AppConfig


class TeachersConfig(AppConfig):
    name = "teachers"
    label = "teachers"
    verbose_name = "教师队伍"

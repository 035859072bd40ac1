"""The base books 基础库: who and where, once."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "datong_edu.registry"
    label = "registry"
    verbose_name = "基础库"

"""The base books 基础库: who and where, once."""

from django.apps import AppConfig

from datong_edu.core import sealed_columns

EXPORTS_SEALED_AS = "registry.number_export"


class RegistryConfig(AppConfig):
    name = "datong_edu.registry"
    label = "registry"
    verbose_name = "基础库"

    def ready(self) -> None:
        """Tell the rotation of keys what is sealed outside the fields."""
        for column in ("narrowing", "password"):
            sealed_columns.declare_blob("registry.NumberExport", column, kind=EXPORTS_SEALED_AS)

"""The import engine: it reads, checks, previews and applies rosters, and knows none of them."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportingConfig(AppConfig):
    name = "datong_edu.importing"
    label = "importing"
    verbose_name = "数据导入"

    def ready(self) -> None:
        """Find every room's roster declarations, and what it wants when a batch is undone."""
        autodiscover_modules("imports", "undoing")
        from datong_edu.importing import sealed  # models exist only now

        sealed.declare()

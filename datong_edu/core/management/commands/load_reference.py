"""`manage.py load_reference`: reference rows of every room (terms, units, schemes); safe to repeat."""

import importlib
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from datong_edu.core.commands import PortalCommand


class Command(PortalCommand):
    """Load every room's `reference.py`, ground floor first."""

    help = "载入基础参照表（学期、单位、资助项目），可重复执行"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Call `load()` of each room that has reference rows."""
        for room in apps.get_app_configs():
            if room.module and module_has_submodule(room.module, "reference"):
                line = importlib.import_module(f"{room.name}.reference").load()
                self.stderr.write(f"  {line}")

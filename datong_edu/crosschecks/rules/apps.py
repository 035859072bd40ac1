"""Configuration of the nightly rules: every module `cNN_…` is read at start, so that its rule registers."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class CrossCheckRulesConfig(AppConfig):
    """比对规则: one file for each doubt."""

    name = "datong_edu.crosschecks.rules"
    label = "crosscheck_rules"
    verbose_name = "比对规则"

    def ready(self) -> None:
        """Import the rules."""
        for module in iter_modules([self.path]):
            if module.name[:1] == "c" and module.name[1:3].isdigit():
                import_module(f"{self.name}.{module.name}")

"""Dropout prevention: the ledger of children out of school."""

from django.apps import AppConfig


class DropoutConfig(AppConfig):
    name = "dropout"
    label = "dropout"
    verbose_name = "控辍保学"
